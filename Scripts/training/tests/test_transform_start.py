"""The transform start: the network is the codec that it is made from, and training leaves it so."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

import checkpoints
import configuration
import train
import transform_start
from content_weighted import ContentWeightedAutoencoder
from importance_teacher import ImportanceTeacher

CONFIGS = Path(__file__).parents[1] / "configs"


def smooth_pictures(count, side=32):
    """Pictures (count, 3, side, side) in -1...1 with slopes, edges and noise."""
    coarse = F.interpolate(torch.randn(count, 3, 5, 5), side, mode="bicubic")
    edges = torch.where(torch.arange(side) > side // 3, 0.3, -0.3)
    return (0.4 * coarse + edges + 0.05 * torch.randn(count, 3, side, side)).clamp(-1, 1)


def blocks(pictures):
    return F.pixel_unshuffle(pictures, 8).permute(0, 2, 3, 1).reshape(-1, 192)


@pytest.fixture(scope="module")
def started():
    torch.manual_seed(1)
    settings = configuration.load(str(CONFIGS / "cw.yaml"), [])
    codec = transform_start.fit(blocks(smooth_pictures(400)), settings.model.code_maps)
    network = ContentWeightedAutoencoder(settings.model)
    masks = transform_start.start(network, codec)
    return codec, network, masks


def test_bits_are_spent_where_they_help_and_in_order(started):
    codec = started[0]
    assert sum(codec.bit_counts) == 128 == len(codec.order)
    assert max(codec.bit_counts) == transform_start.MAXIMUM_BITS and codec.bit_counts[0] > codec.bit_counts[20]
    pictures = blocks(smooth_pictures(20))
    errors = []
    for sent in (8, 32, 64, 128):
        code = codec.signs(pictures)
        code[:, sent:] = 0
        errors.append(float((codec.blocks(code) - pictures).square().mean()))
    assert errors == sorted(errors, reverse=True) and errors[-1] < errors[0] / 10


def test_quantised_coefficients_are_the_middles_of_their_cells(started):
    """Six bits, worked out by hand as the cell of a uniform quantiser instead of by folding."""
    codec = started[0]
    pictures = blocks(smooth_pictures(20))
    scaled = (pictures - codec.mean) @ codec.basis / codec.ranges
    decoded = (codec.blocks(codec.signs(pictures)) - codec.mean) @ codec.basis / codec.ranges
    for coefficient, bits in enumerate(codec.bit_counts):
        step = 2 / 2**bits
        cells = torch.floor(scaled[:, coefficient] / step).clamp(-2**bits // 2, 2**bits // 2 - 1)
        expected = (cells + 0.5) * step if bits else torch.zeros_like(cells)
        assert torch.allclose(decoded[:, coefficient], expected, atol=1e-5)


@pytest.mark.parametrize("sent", [128, 61, 17, 1])
@torch.no_grad()
def test_network_is_the_codec(started, sent):
    codec, network, _ = started
    pictures = smooth_pictures(6)
    factors, _ = network.modulate(torch.linspace(0, 1, 6))
    _, logits = network.analysis(pictures, factors)
    signs = codec.signs(blocks(pictures))
    found = logits.permute(0, 2, 3, 1).reshape(-1, 128)
    # A coefficient on the border of a cell may round either way.
    assert ((found >= 0) == (signs > 0))[found.abs() > 1e-4].all()
    signs[:, sent:] = 0
    decoded = network.synthesis(signs.view(6, 4, 4, 128).permute(0, 3, 1, 2), factors)
    assert torch.allclose(blocks(decoded), codec.blocks(signs), atol=1e-4)


def test_training_adds_and_does_not_change(started, tmp_path, image_folder):
    codec, network, masks = started
    settings = configuration.load(str(CONFIGS / "cw.yaml"), [])
    checkpoints.save(tmp_path / "start", {"configuration": configuration.to_dictionary(settings), "step": 0,
                                          "network": network.state_dict(), "average": None,
                                          "start": {"held": masks, "codec": codec.dictionary()}})
    trainer = train.main([str(CONFIGS / "cw.yaml"), "--data", str(image_folder), "--output", str(tmp_path / "run"),
                          "--init-from", str(tmp_path / "start"), "--steps", "2", "--set", "data.patch=32",
                          "--set", "data.batch=4", "--set", "data.validation_images=1", "--set", "data.validation_crop=32",
                          "--set", "run.phase_one_steps=0"])
    changed = 0
    for name, parameter in trainer.network.named_parameters():
        before = dict(network.named_parameters())[name]
        if name in masks:
            assert torch.equal(parameter[masks[name]], before[masks[name]]), name
        changed += int((parameter != before).sum())
    assert changed > 1_000_000
    assert checkpoints.load(tmp_path / "run")["start"]["held"].keys() == masks.keys()
    # The importance map learned, though no gradient reaches it through the mask.
    assert trainer.objective.teacher is not None and trainer.network.mask_gradient_scale == 0
    assert not torch.equal(trainer.network.importance.logit.weight, network.importance.logit.weight)


def test_teacher_finds_the_best_level_by_trying_all(started):
    codec = started[0]
    teacher = ImportanceTeacher(codec, 32)
    teacher.map_bits.copy_(torch.rand(128))
    pictures, price = smooth_pictures(3), torch.tensor([20.0, 200.0, 1500.0])
    costs = []
    for level in range(32):
        code = codec.signs(blocks(pictures))
        code[:, 4 * level:] = 0
        error = (codec.blocks(code) - blocks(pictures)).square().mean(1) * 127.5**2
        costs.append(error.view(3, 16) + price.view(3, 1) * teacher.map_bits[:4 * level].sum() / 64)
    best = torch.stack(costs, 2).argmin(2)
    assert torch.equal(teacher.levels(pictures, price).flatten(1), best)
    assert best.float().mean(1).diff().lt(0).all()


def test_teacher_learns_what_maps_cost(started):
    teacher = ImportanceTeacher(started[0], 32)
    bits = torch.full((2, 128, 4, 4), 0.25)
    counted = torch.zeros_like(bits)
    counted[:, :10] = 1
    for _ in range(200):
        teacher.observe(bits, counted)
    assert torch.allclose(teacher.map_bits[:10], torch.tensor(0.25), atol=1e-3)
    assert (teacher.map_bits[10:] == 1).all()
