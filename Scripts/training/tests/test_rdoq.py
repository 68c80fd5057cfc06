"""Decisions by cost against the same worked out bit by bit, and against the error and rate that they are to weigh."""

import math

import pytest
import torch

from rdbench_training.common import checkpoints, configuration, safetensors_file
from rdbench_training.content_weighted.configuration import Configuration
from rdbench_training.entropy import integer_network
from rdbench_training.entropy import train as train_entropy
from rdbench_training.entropy.integer_network import IntegerContextModel, probability_table, whole_maps
from rdbench_training.entropy.network import CodedMaps
from rdbench_training.entropy.rdoq import LATER_COST, Decider, Decisions, calibrate, decide

from .support import CONFIGS, random_maps, random_network, smooth_pictures


def random_case():
    maps = random_maps()
    model = IntegerContextModel.quantized(random_network(7, 4), whole_maps(maps))
    limits = torch.randint(256, maps.shape)
    limits[torch.rand(maps.shape) < 0.2] = 0
    return model, limits, maps.values.view(maps.shape) != 0, maps.conditions[0].view(maps.shape[1:])


def test_bits_are_decided_one_after_the_other():
    model, limits, sent, conditions = random_case()
    found = decide(model, limits[None], sent[None], conditions[None], [100], passes=42)[0]
    code = torch.zeros(sent.shape, dtype=torch.int8)
    table = probability_table().long()
    for k, y, x in sent.nonzero().tolist():
        # The walk's own way: all that lies behind this bit is unknown to its context.
        sample = whole_maps(CodedMaps(code, conditions, 100))
        probability = model.probabilities(sample).view(sent.shape)[k, y, x].long()
        index = torch.searchsorted(table, probability)  # equal entries at both ends decide alike
        least = int(limits[k, y, x]) * 1024 // 255
        assert table[min(index, 1023)] == probability
        same = (table == probability).nonzero().flatten()
        if (same >= least).all() or (same < least).all():
            assert bool(found[k, y, x]) == bool(same[0] >= least)
        code[k, y, x] = 1 if found[k, y, x] else -1
    assert not found[~sent].any()


def test_limits_say_at_which_cost_a_bit_turns():
    decisions = Decisions(torch.tensor([[0.1, 0.3], [0.0, 0.0]]), torch.tensor([[1.0, 2.0], [0.0, 0.0]]))
    logits = torch.linspace(-0.8, 0.8, 33).view(1, 1, 1, 33).expand(1, 2, 1, 33)
    limits = decisions.limits(logits, torch.tensor([0.5]))[0]
    for logit, limit, plain in zip(logits[0, 0, 0].tolist(), limits[0, 0].tolist(), limits[1, 0].tolist()):
        assert plain == (0 if logit > 0 else 255)
        for index in range(1024):
            cost = -(index - 512) / 64 / math.log(2)
            if abs(logit - 0.2 * (cost - 1.5)) > 0.2 * 4.1 / 64 / math.log(2):  # half a step of a limit
                assert (index >= limit * 1024 // 255) == (logit > 0.2 * (cost - 1.5))


def test_slopes_weigh_error_against_bits(started):
    """Where a coefficient costs the same either way, by the errors of its two values; orthogonal transforms only have that error."""
    codec, network, _ = started
    prices = network.rate_weights(torch.linspace(0, 1, 3))
    decisions = Decisions.of(codec, prices)
    energies = codec.synthesis.square().sum((1, 2, 3)) * codec.scales**2 * 127.5**2
    for number, t in enumerate((0.0, 0.5, 1.0)):
        factors = codec.factors(torch.tensor([t]))[0, :, 0, 0]
        for place, (i, digit) in enumerate(codec.order):
            slope = float(decisions.slopes[place, number])
            if digit <= 0:
                assert (slope > 0) == (codec.thresholds[i] > 0)
                continue
            # Values half a cell beside the border, in units of u; the logit of digit d has gain 2^d from the second one on.
            cell, cost, price = 2.0 ** -codec.folds(i), 3.0, float(prices[number])
            moved = slope * cost / (1 if digit == 1 else 2**digit)
            scale = float(energies[i] / factors[i]**2)
            errors = [scale * (moved + side * cell / 2)**2 for side in (1, -1)]
            assert errors[0] - errors[1] == pytest.approx(price * cost, rel=1e-4)


def test_deciding_lowers_error_plus_price_times_bits(started):
    codec, network, _ = started
    pictures = ((smooth_pictures(3, 64) + 1) * 127.5).round().clamp(0, 255)
    x = (pictures - 127.5) / 127.5
    model = IntegerContextModel.quantized(random_network(128, 32), whole_maps(random_maps(128, 32)))
    decisions = Decisions.of(codec, network.rate_weights(torch.linspace(0, 1, 3)))
    calibrate(decisions, codec, model, network, pictures)
    assert decisions.means.abs().sum() > 0
    # Random networks make no bit dearer for those before it, so what is taken off for that is put back.
    decisions.means[decisions.means != 0] += LATER_COST
    t = torch.full((3,), 128 / 255)
    signs, mask, p, factors = network.encode(x, t)
    levels = network.levels(p)[:, 0].long()
    network.decider = Decider(decisions, model)
    decided = network.encode(x, t)[0]
    network.decider = None
    assert (signs != decided).any()

    def bits_of(code):
        return sum(float((model.bits(whole_maps(CodedMaps(one, level, 128))) * (one != 0).flatten(1)).sum())
                   for one, level in zip(code.to(torch.int8), levels))

    @torch.no_grad()
    def loss(code):
        error = float((codec.pictures(codec.values(code), t) - x).square().sum()) * 127.5**2 / 3
        return error + float(network.rate_weights(t[0])) * bits_of(code)

    assert loss(mask * decided) < loss(mask * signs)


def test_entropy_networks_learn_from_decided_bits(started, tmp_path, image_folder):
    codec, network, masks = started
    settings = configuration.load(Configuration, str(CONFIGS / "cw.yaml"))
    checkpoints.save(tmp_path / "start", {"configuration": configuration.to_dictionary(settings), "step": 0, "elapsed": 0,
                                          "network": network.state_dict(), "average": None,
                                          "start": {"held": masks, "codec": codec.dictionary()}})
    common = [str(tmp_path / "start"), "--data", str(image_folder), "--cache", str(tmp_path / "cache"), "--threads", "1",
              "--steps", "1", "--batch", "2", "--bits-per-map", "8", "--crop", "64", "--validation-images", "2",
              "--first", "16", "--second", "16"]
    train_entropy.main([*common, "--output", str(tmp_path / "plain.safetensors")])
    train_entropy.main([*common, "--rdoq", str(tmp_path / "plain.safetensors"), "--output", str(tmp_path / "m.safetensors"),
                        "--calibration-crop", "64"])
    tensors, metadata = safetensors_file.read(tmp_path / "m.safetensors")
    assert '"rdoq_knobs": 17' in metadata["config"] and tensors["rdoq.slopes"].shape == (128, 17)
    assert set(integer_network.read(tensors)) == {"codes", "importance"}
    assert len(list((tmp_path / "cache").glob("codes-*.npz"))) == 2
    with pytest.raises(ValueError, match="no checkpoint that started as a transform codec"):
        train_entropy.main([str(tmp_path / "m.safetensors"), *common[1:], "--rdoq", str(tmp_path / "plain.safetensors"),
                            "--output", str(tmp_path / "n.safetensors")])
