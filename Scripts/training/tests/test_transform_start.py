"""The transform start: the network is the codec that it is made from, and training leaves it so."""

import dataclasses

import numpy
import pytest
import torch
import torch.nn.functional as F

from rdbench_training.common import checkpoints, configuration
from rdbench_training.content_weighted import train
from rdbench_training.content_weighted.configuration import Configuration
from rdbench_training.transform_start import fit, train_importance
from rdbench_training.transform_start.codec import MAXIMUM_FOLDS, TransformCodec
from rdbench_training.transform_start.importance_teacher import ImportanceTeacher

from .support import CONFIGS, image_set, smooth_pictures


def test_bits_are_spent_where_they_help_and_in_order(started):
    codec = started[0]
    assert len(codec.order) == len(set(codec.order)) == 128
    folds = [codec.folds(i) for i in codec.used]
    assert max(folds) >= 4 and folds[0] > folds[-1]
    for coefficient in codec.used:
        places = [place for place, (found, _) in enumerate(codec.order) if found == coefficient]
        sides = [0, -1] if codec.thresholds[coefficient] > 0 else [0]
        digits = [codec.order[place][1] for place in places]
        assert sorted(digits, key=lambda digit: (digit > 0, abs(digit))) == [*sides, *range(1, codec.folds(coefficient) + 1)]
        if len(digits) > 2 and len(sides) == 2:
            assert codec.place(coefficient, 0) // 4 == codec.place(coefficient, -1) // 4
        assert places == list(range(places[0], places[0] + len(places)))
    values = codec.coefficients(smooth_pictures(20), torch.ones(20))
    errors = []
    for sent in (0, 16, 48, 128):
        code = codec.signs(values)
        code[:, sent:] = 0
        errors.append(float((codec.values(code) - values).square().mean((0, 2, 3)) @ codec.scales.square()))
    assert errors == sorted(errors, reverse=True) and errors[-1] < errors[0] / 10


def test_steps_grow_towards_low_rates_by_the_square_root_of_the_price(started):
    """Coefficients that are not short of digits have a step in proportion to the square root of lambda."""
    codec = started[0]
    knobs = torch.tensor([0.0, 0.25, 0.5])
    factors = codec.factors(knobs)[:, :, 0, 0]
    free = codec.knees >= 0.5
    assert free.any()
    assert torch.allclose((factors[0] / factors[2])[free], torch.tensor((1500 / 20) ** -0.25), rtol=1e-5)
    assert (codec.factors(torch.ones(1)) == 1).all()
    rates = []
    for t in knobs:
        code = codec.signs(codec.coefficients(smooth_pictures(20), t.expand(20)))
        shares = (code > 0).float().mean((0, 2, 3))
        rates.append(float(fit.binary_entropy(shares.double().numpy()).sum()))
    assert rates == sorted(rates) and rates[0] < 0.8 * rates[2]


def test_all_digits_are_the_cell_of_a_uniform_quantiser(started):
    """Worked out as cells instead of by folding; without the means, the middles of the cells."""
    codec = dataclasses.replace(started[0], middles=torch.zeros_like(started[0].middles))
    values = codec.coefficients(smooth_pictures(20), torch.linspace(0, 1, 20))
    decoded = codec.values(codec.signs(values))
    for coefficient in codec.used:
        u, cells = values[:, coefficient], 2 ** codec.folds(coefficient)
        lowest = codec.centres[coefficient] - 0.5
        cell = torch.floor((u.abs() - lowest) * cells).clamp(0, cells - 1)
        expected = torch.sign(u) * (lowest + (cell + 0.5) / cells)
        expected[u.abs() <= codec.thresholds[coefficient]] = 0
        assert torch.allclose(decoded[:, coefficient], expected, atol=1e-5)


@pytest.mark.parametrize("threshold, folds", [(0.0, 0), (0.0, 5), (0.2, 0), (0.2, 3)])
def test_search_measures_what_the_codec_does(started, threshold, folds):
    """Errors after each digit of the search's quantiser and of the codec, which uses the mean of what is not known."""
    samples = numpy.random.default_rng(1).laplace(size=5000)
    found = fit.measured(samples[None] / 4, numpy.array([16.0]), 0.6, threshold, folds)
    order = [(0, 0), (0, -1)][:2 if threshold else 1] + [(0, fold) for fold in range(1, folds + 1)]
    middles = torch.zeros(1, MAXIMUM_FOLDS + 1)
    middles[0, :folds + 1] = torch.tensor(found.middles)
    codec = TransformCodec(torch.zeros(1, 3, 16, 16), torch.zeros(1, 3, 16, 16), torch.tensor([4.0]),
                                         torch.tensor([0.6]), torch.tensor([threshold]), middles, order, torch.zeros(1), 0.0)
    u = torch.tensor(samples / 4, dtype=torch.float32).view(1, 1, 1, -1)
    code, errors = codec.signs(u), [float(numpy.mean(samples**2))]
    for sent in range(len(order) - folds, len(order) + 1):
        known = torch.cat([code[:, :sent], torch.zeros_like(code[:, sent:])], 1)
        errors.append(float((codec.values(known) - u).square().mean()) * 16)
    assert found.errors == pytest.approx(errors, rel=1e-3)
    assert found.maps == len(order)


def test_mixture_bits_are_those_of_a_probability():
    values = torch.arange(-400, 401).float().view(1, 1, 1, -1)
    scales, weights = torch.tensor([[0.0, 2.0]]), torch.tensor([[0.3, -0.4]])
    bits = fit.laplace_mixture_bits(values, torch.ones(1, 1, 1, 1), scales, weights)
    assert float((2.0**-bits).sum()) == pytest.approx(1, abs=1e-4)


def test_refining_mends_a_bad_step(started):
    """A coefficient with a step far too fine gets a coarser one, and what all cost together falls nearly to what it was."""
    codec, pictures, prices = started[0], smooth_pictures(2, 64), torch.tensor([1500.0, 80.0])
    good = fit.measured_cost(codec, pictures, prices, 124)
    scales = codec.scales.clone()
    scales[codec.used[1]] *= 0.1
    bad = dataclasses.replace(codec, scales=scales)
    mended = fit.refine(bad, pictures, prices, 124)
    assert fit.measured_cost(bad, pictures, prices, 124) > 1.2 * good
    assert fit.measured_cost(mended, pictures, prices, 124) < 1.02 * good
    assert mended.scales[codec.used[1]] > 3 * scales[codec.used[1]]


def test_fitting_the_transform_lowers_error_and_rate():
    """With rounding in place of noise, and the coefficients' own entropies in place of the densities."""
    torch.manual_seed(2)
    images, pictures, step = image_set(smooth_pictures(12, 256)), smooth_pictures(12, 256), 40 / 127.5

    def cost(steps):
        analysis, synthesis = fit.fit_transform(images, list(range(12)), 32, steps)
        levels = torch.round(F.conv2d(pictures, analysis, stride=8, padding=4) / step)
        error = (F.conv_transpose2d(levels * step, synthesis, stride=8, padding=4) - pictures).square().mean()
        shares = [torch.unique(one, return_counts=True)[1] / one.numel() for one in levels.unbind(1)]
        entropy = sum(float(-(share * share.log2()).sum()) for share in shares)
        return float(error) + fit.PRICE / 3 * step**2 * entropy / 64

    assert cost(60) < 0.97 * cost(0)


@pytest.mark.parametrize("sent", [128, 60, 16, 4])
@torch.no_grad()
def test_network_is_the_codec(started, sent):
    codec, network, _ = started
    pictures = smooth_pictures(6)
    t = torch.linspace(0, 1, 6)
    factors, _ = network.modulate(t)
    _, logits = network.analysis(pictures, factors)
    signs = codec.signs(codec.coefficients(pictures, t))
    # A coefficient on the border of a cell may round either way.
    assert ((logits >= 0) == (signs > 0))[logits.abs() > 1e-4].all()
    signs[:, sent:] = 0
    assert torch.allclose(network.synthesis(signs, factors), codec.pictures(codec.values(signs), t), atol=1e-4)


def test_training_adds_and_does_not_change(started, tmp_path, image_folder):
    codec, network, masks = started
    settings = configuration.load(Configuration, str(CONFIGS / "cw.yaml"))
    checkpoints.save(tmp_path / "start", {"configuration": configuration.to_dictionary(settings), "step": 0,
                                          "network": network.state_dict(), "average": None,
                                          "start": {"held": masks, "codec": codec.dictionary()}})
    trainer = train.main([str(CONFIGS / "cw.yaml"), "--data", str(image_folder), "--output", str(tmp_path / "run"),
                          "--init-from", str(tmp_path / "start"), "--steps", "2", "--set", "data.patch=32",
                          "--set", "data.batch=4", "--set", "data.validation_images=1", "--set", "data.validation_crop=32"])
    changed = 0
    for name, parameter in trainer.network.named_parameters():
        before = dict(network.named_parameters())[name]
        if name in masks:
            assert torch.equal(parameter[masks[name]], before[masks[name]]), name
        assert "synthesis" in name or torch.equal(parameter, before), name
        changed += int((parameter != before).sum())
    assert changed > 1_000_000
    assert checkpoints.load(tmp_path / "run")["start"]["held"].keys() == masks.keys()

    # Then the importance map alone.
    train_importance.main([str(tmp_path / "run"), "--data", str(image_folder), "--cache", str(tmp_path / "run" / "cache"),
                           "--output", str(tmp_path / "importance"), "--steps", "2", "--batch", "4"])
    before, after = (checkpoints.load(tmp_path / name)["network"] for name in ("run", "importance"))
    average = checkpoints.load(tmp_path / "run")["average"]
    changed = {name.split(".")[0] if name.startswith("importance") else name for name, value in after.items()
               if not torch.equal(value, average.get(name, before[name]))}
    assert "importance" in changed
    assert all(name == "importance" or name.startswith(("modulation.factors.importance", "modulation.shifts.importance"))
               for name in changed), changed


def test_importance_loss_is_least_at_the_best_level():
    generator = torch.Generator().manual_seed(1)
    best = torch.randint(3, 29, (1, 1, 6, 6), generator=generator)
    levels = torch.arange(32).view(1, -1, 1, 1)
    costs = 100 + 3.0 * (levels - best).square()
    at = lambda chosen: train_importance.loss(((chosen + 0.5) / 32).clamp(0.001, 0.999), costs, torch.tensor([100.0])).item()
    smooth = float(train_importance.map_bits(best.float())) / 64
    pull = 0.002 * float(F.binary_cross_entropy((best + 0.5) / 32, (best + 0.5) / 32))
    assert at(best) == pytest.approx(smooth + pull, rel=1e-5)
    assert all(at(best + step) > at(best) for step in (-2, -1, 1, 2))
    # Between two levels it is linear: (3 x 0.5) / 100 at half a step from the best.
    p = torch.full((1, 1, 2, 2), (7 + 1.0) / 32)
    flat = torch.full((1, 1, 2, 2), 7)
    value = train_importance.loss(p, 100 + 3.0 * (levels - flat).square(), torch.tensor([100.0])).item()
    assert value == pytest.approx(0.015 + 0.002 * float(F.binary_cross_entropy(p, (flat + 0.5) / 32)), rel=1e-4)


def test_teacher_knows_what_each_level_costs(started):
    """Against one position and level at a time."""
    codec, generator = started[0], torch.Generator().manual_seed(1)
    teacher, pictures, t = ImportanceTeacher(codec, 32), smooth_pictures(3), torch.tensor([1.0, 0.5, 0.0])
    values, weights = codec.coefficients(pictures, t), (codec.synthesis.flatten(1).norm(dim=1) * codec.scales) ** 2
    weights = weights / codec.factors(t)[:, :, 0, 0].square()
    bits = torch.rand(3, 128, 4, 4, generator=generator)
    errors, spent = teacher.errors(pictures, t), teacher.spent(bits)
    assert errors.shape == spent.shape == (3, 32, 4, 4)
    for image, row, column, level in ((0, 0, 0, 31), (1, 2, 3, 7), (2, 3, 1, 0), (2, 0, 2, 16)):
        at = values[image:image + 1, :, row:row + 1, column:column + 1]
        code = codec.signs(at)
        code[:, 4 * level:] = 0
        error = float(((codec.values(code) - at).flatten() ** 2) @ weights[image]) / 192 * 127.5**2
        assert float(errors[image, level, row, column]) == pytest.approx(error, rel=1e-4)
        assert float(spent[image, level, row, column]) == pytest.approx(float(bits[image, :4 * level, row, column].sum()), rel=1e-5)
