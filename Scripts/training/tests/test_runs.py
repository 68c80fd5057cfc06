"""Whole runs of the programs on made-up images: resume, stop, parts, export, data."""

import os
import signal
import subprocess
import sys
import time

import pytest
import torch
import torch.nn.functional as F

from rdbench_training.common import checkpoints, safetensors_file
from rdbench_training.common.configuration import DataConfiguration
from rdbench_training.common.images import CropSampler, packed_images, refuse_test_sets, source_group, split
from rdbench_training.common.training import Trainer
from rdbench_training.content_weighted import export, train
from rdbench_training.content_weighted.exported import load_exported, round_weights
from rdbench_training.content_weighted.family import CONTENT_WEIGHTED
from rdbench_training.content_weighted.layer_fixtures import CASES, layer_outputs
from rdbench_training.factorized_prior import train as train_factorized_prior

from .support import CONFIGS, TINY, TRAINING, same


def run(folder, images, *more):
    return train.main([TINY, "--data", str(images), "--output", str(folder), "--cache", str(folder) + "-cache",
                       "--precision", "f32", "--compile", "off", "--threads", "1", *more])


SMALL = ("--set", "model.channels=8", "--set", "data.batch=4", "--set", "data.patch=32", "--set", "data.validation_images=2",
         "--set", "data.validation_crop=64")


@pytest.mark.parametrize("program, config, extra", [
    (train, TINY, ()), (train, TINY, ("--set", "data.scales=[1.0,0.5,1.5]", "--set", "loss.error_weight_exponent=0.5")),
    (train_factorized_prior, str(CONFIGS / "modulated.yaml"), SMALL)], ids=["plain", "scales and weights", "noise in the network"])
def test_resume_is_exact(tmp_path, image_folder, monkeypatch, program, config, extra):
    """Eight steps are bit for bit five steps, a stop, a resume and three steps; the phase changes at step 4."""
    def call(folder):
        program.main([config, "--data", str(image_folder), "--output", str(tmp_path / folder), "--cache", str(tmp_path / "cache"),
                      "--precision", "f32", "--compile", "off", "--device", "cpu", "--threads", "1", "--steps", "8", *extra])
        return checkpoints.load(tmp_path / folder)

    whole = call("whole")
    step = Trainer.train_step

    def stopped_after_five(self):
        figures = step(self)
        if self.step == 4:
            self.stopping = "test"
        return figures

    monkeypatch.setattr(Trainer, "train_step", stopped_after_five)
    assert call("halves")["step"] == 5
    monkeypatch.undo()
    halves = call("halves")
    for state in (whole, halves):
        assert state["step"] == 8 and state.pop("elapsed") > 0
    same(whole, halves)


def test_parts_join_and_damage_is_seen(tmp_path, image_folder):
    run(tmp_path, image_folder, "--steps", "1", "--checkpoint-part-size", "0.1")
    parts = sorted(tmp_path.glob("checkpoint-*"))
    assert len(parts) > 2 and all(part.stat().st_size <= 0.1 * 2**20 for part in parts)
    assert checkpoints.load(tmp_path)["step"] == 1
    run(tmp_path, image_folder, "--steps", "2", "--checkpoint-part-size", "0.1")
    assert checkpoints.load(tmp_path)["step"] == 2
    assert not set(parts) & set(tmp_path.glob("checkpoint-*"))
    part = next(tmp_path.glob("checkpoint-*.01"))
    part.write_bytes(b"x" + part.read_bytes()[1:])
    with pytest.raises(ValueError, match="do not match"):
        checkpoints.load(tmp_path)


@pytest.mark.parametrize("form", ["bf16", "drop"])
def test_compact_checkpoints_are_smaller_and_resume(tmp_path, image_folder, form):
    run(tmp_path / "full", image_folder, "--steps", "2")
    run(tmp_path / "compact", image_folder, "--steps", "2", "--checkpoint-compact", form)
    size = {name: sum(p.stat().st_size for p in (tmp_path / name).glob("checkpoint-*")) for name in ("full", "compact")}
    assert size["compact"] < 0.85 * size["full"]
    assert run(tmp_path / "compact", image_folder, "--steps", "3").step == 3


def test_signal_stops_with_a_checkpoint(tmp_path, image_folder):
    process = subprocess.Popen([sys.executable, "-m", "rdbench_training.content_weighted.train", TINY, "--data", str(image_folder), "--output",
                                str(tmp_path), "--precision", "f32", "--threads", "1", "--steps", "1000000"],
                               env={**os.environ, "OMP_NUM_THREADS": "1"}, cwd=TRAINING)
    log = tmp_path / "log.jsonl"
    for _ in range(300):
        if log.exists() and '"train"' in log.read_text():
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=120) == 0  # a hang, not a slow machine, is the fault
    assert checkpoints.load(tmp_path)["step"] >= 5
    assert "SIGTERM" in log.read_text()


def test_time_limit_stops_with_a_checkpoint(tmp_path, image_folder):
    trainer = run(tmp_path, image_folder, "--steps", "1000000", "--time-limit", "0.5")
    assert trainer.stopping == "time limit" and checkpoints.load(tmp_path)["step"] == trainer.step > 0


def test_frozen_parameters_stay(tmp_path, image_folder):
    run(tmp_path / "first", image_folder, "--steps", "1")
    trainer = run(tmp_path / "second", image_folder, "--steps", "3", "--init-from", str(tmp_path / "first"),
                  "--set", "run.freeze=[synthesis, modulation]", "--set", "run.phase_one_steps=0",
                  "--set", "optimizer.warmup_steps=1")
    first = checkpoints.load(tmp_path / "first")["average"]
    for name, parameter in trainer.network.named_parameters():
        assert torch.equal(parameter, first[name]) == name.startswith(("synthesis", "modulation")), name


def test_another_model_is_refused(tmp_path, image_folder):
    run(tmp_path, image_folder, "--steps", "1")
    with pytest.raises(ValueError, match="another model"):
        run(tmp_path, image_folder, "--steps", "2", "--set", "model.bypass=false")


def test_export_round_trip(tmp_path, image_folder):
    run(tmp_path, image_folder, "--steps", "2")
    output, fixture = tmp_path / "model.safetensors", tmp_path / "fixture.safetensors"
    export.main(["--checkpoint", str(tmp_path), "--output", str(output), "--fixture", str(fixture)])
    network, stored = load_exported(output)
    rounded, _, _ = CONTENT_WEIGHTED.load(tmp_path)
    round_weights(rounded, "F16")
    for (name, a), (other, b) in zip(network.named_parameters(), rounded.named_parameters()):
        assert name == other and torch.equal(a, b)
    assert stored["code_maps"] == 16 and stored["rate_mode"] == "lambda" and stored["weights"] == "F16"
    outputs, _ = safetensors_file.read(fixture)
    again = layer_outputs(network, outputs["a.image"], 200)
    assert all(torch.equal(outputs[f"a.{name}"], tensor) for name, tensor in again.items())


def test_untrained_fixture_is_small_and_clear_of_thresholds(tmp_path):
    """No logit and no importance is so near a threshold that another order of sums could change a bit."""
    output, fixture = tmp_path / "tiny.safetensors", tmp_path / "fixture.safetensors"
    export.main(["--untrained", TINY, "--output", str(output), "--fixture", str(fixture)])
    assert output.stat().st_size + fixture.stat().st_size < 320_000
    tensors, _ = safetensors_file.read(fixture)
    for name, _, _, _ in CASES:
        assert tensors[f"{name}.analysis.logits"].abs().min() > 1e-5
        scaled = 8 * tensors[f"{name}.importance.p"]
        assert (scaled - scaled.round()).abs().min() > 1e-5
        assert len(tensors[f"{name}.importance.levels"].unique()) >= 3


def test_split_holds_out_whole_groups():
    names = [f"{group}_{member}.png" for group in "abcdef" for member in range(3)]
    training, validation = split(names, 2, seed=1)
    held = {source_group(names[i]) for i in validation}
    assert len(held) == len(validation) == 2 and len(training) == 12
    assert not held & {source_group(names[i]) for i in training}
    assert (training, validation) == split(names, 2, seed=1)


def test_test_sets_are_refused(tmp_path):
    with pytest.raises(ValueError, match="test set"):
        refuse_test_sets(tmp_path, [tmp_path / "kodim01.png"])


def test_crops_are_parts_of_the_image(image_folder, tmp_path):
    images = packed_images(image_folder, tmp_path)
    sampler = CropSampler(images, [3], DataConfiguration(patch=16, batch=6))
    crops = torch.round(sampler.batch(torch.Generator().manual_seed(3)) * 127.5 + 127.5)
    picture = images.image(3).float()
    windows = picture.unfold(1, 16, 1).unfold(2, 16, 1).permute(1, 2, 0, 3, 4).reshape(-1, 3, 16, 16)
    for crop in crops:
        forms = [form for turned in (crop, crop.transpose(1, 2)) for flip in ((), (1,), (2,), (1, 2))
                 for form in [turned.flip(flip) if flip else turned]]
        assert any((windows == form).all((1, 2, 3)).any() for form in forms)


def test_crops_at_half_scale_are_enlarged_parts_of_the_image(image_folder, tmp_path):
    images = packed_images(image_folder, tmp_path)
    sampler = CropSampler(images, [3], DataConfiguration(patch=32, batch=6, scales=(0.5,)))
    crops = torch.round(sampler.batch(torch.Generator().manual_seed(3)) * 127.5 + 127.5)
    picture = images.image(3).float()
    windows = picture.unfold(1, 16, 1).unfold(2, 16, 1).permute(1, 2, 0, 3, 4).reshape(-1, 3, 16, 16)
    forms = {}
    for turned in (False, True):
        for flips in ((), (2,), (3,), (2, 3)):
            form = windows.flip(flips) if flips else windows
            forms[turned, flips] = form.transpose(2, 3) if turned else form
    for crop in crops:
        small = F.interpolate(crop[None], size=(16, 16), mode="area")
        distances = torch.cat([(form - small).abs().mean((1, 2, 3)) for form in forms.values()]).sort().values
        assert crop.shape == (3, 32, 32) and distances[0] < 3.5 < 5 < distances[1]  # one window, and no other
