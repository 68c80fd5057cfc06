"""Whole runs of the programs on made-up images: resume, stop, parts, export, data."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

import checkpoints
import export
import safetensors_file
import train
from images import CropSampler, packed_images, refuse_test_sets, source_group, split
from configuration import DataConfiguration

TRAINING = Path(__file__).parents[1]
TINY = str(TRAINING / "configs" / "tiny.yaml")


def run(folder, images, *more):
    return train.main([TINY, "--data", str(images), "--output", str(folder), "--cache", str(folder) + "-cache",
                       "--precision", "f32", "--compile", "off", "--threads", "1", *more])


def same(a, b, path=""):
    """Fails at the first difference of two nested states."""
    if isinstance(a, torch.Tensor):
        assert torch.equal(a, b), path
    elif isinstance(a, dict):
        assert a.keys() == b.keys(), path
        for key in a:
            same(a[key], b[key], f"{path}/{key}")
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), path
        for index, pair in enumerate(zip(a, b)):
            same(*pair, f"{path}/{index}")
    else:
        assert a == b, path


@pytest.mark.parametrize("extra", [(), ("--set", "loss.rate_term=context", "--set", "data.scales=[1.0,1.5]",
                                       "--set", "data.hard_fraction=0.5")], ids=["plain", "all-options"])
def test_resume_is_exact(tmp_path, image_folder, extra):
    """Eight steps are bit for bit five steps, a resume and three steps; the phase changes at step 4."""
    schedule = ("--set", "optimizer.schedule=constant")
    run(tmp_path / "whole", image_folder, "--steps", "8", *schedule, *extra)
    run(tmp_path / "halves", image_folder, "--steps", "5", *schedule, *extra)
    run(tmp_path / "halves", image_folder, "--steps", "8", *schedule, *extra)
    whole, halves = checkpoints.load(tmp_path / "whole"), checkpoints.load(tmp_path / "halves")
    for state in (whole, halves):
        del state["elapsed"]
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
    process = subprocess.Popen([sys.executable, str(TRAINING / "train.py"), TINY, "--data", str(image_folder), "--output",
                                str(tmp_path), "--precision", "f32", "--threads", "1", "--steps", "1000000"],
                               env={**os.environ, "OMP_NUM_THREADS": "1"})
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
    network, stored = export.load_exported(output)
    rounded, _, _ = export.load_network(tmp_path)
    export.round_weights(rounded, "F16")
    for (name, a), (other, b) in zip(network.named_parameters(), rounded.named_parameters()):
        assert name == other and torch.equal(a, b)
    assert stored["code_maps"] == 16 and stored["rate_mode"] == "lambda" and stored["weights"] == "F16"
    outputs, _ = safetensors_file.read(fixture)
    again = export.layer_outputs(network, outputs["a.image"], 200)
    assert all(torch.equal(outputs[f"a.{name}"], tensor) for name, tensor in again.items())


def test_untrained_fixture_is_small_and_clear_of_thresholds(tmp_path):
    """No logit and no importance is so near a threshold that another order of sums could change a bit."""
    output, fixture = tmp_path / "tiny.safetensors", tmp_path / "fixture.safetensors"
    export.main(["--untrained", TINY, "--output", str(output), "--fixture", str(fixture)])
    assert output.stat().st_size + fixture.stat().st_size < 320_000
    tensors, _ = safetensors_file.read(fixture)
    for name, _, _, _ in export.CASES:
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
