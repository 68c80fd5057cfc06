"""Gradients of equations 3 and 7 and the mask rule of equation 5."""

import math

import pytest
import torch

from rdbench_training.content_weighted.configuration import (Configuration, LossConfiguration, ModelConfiguration,
                                                             RunConfiguration)
from rdbench_training.content_weighted.network import Coded, ContentWeightedAutoencoder
from rdbench_training.content_weighted.objective import ContentWeightedObjective
from rdbench_training.content_weighted.quantizers import (Binarize, ImportanceMask, StraightThroughSign, code_signs,
                                                          map_thresholds, quantize_importance)


def surrogate(e):
    """The proxy whose derivative is equation 3: e clamped to 0...1."""
    return torch.clamp(e, 0, 1)


def test_binarizer_is_equation_1():
    e = torch.tensor([-0.1, 0.0, 0.5, 0.500001, 1.0])
    assert Binarize.apply(e).tolist() == [0, 0, 0, 1, 1]


def test_binarizer_gradient_is_that_of_its_proxy():
    e = torch.tensor([-0.3, 0.2, 0.5, 0.8, 1.4], dtype=torch.float64, requires_grad=True)
    weights = torch.tensor([1.0, -2.0, 3.0, 4.0, 5.0], dtype=torch.float64)
    (Binarize.apply(e) * weights).sum().backward()
    step = 1e-6
    with torch.no_grad():
        finite = (surrogate(e + step) - surrogate(e - step)) / (2 * step) * weights
    assert torch.allclose(e.grad, finite, atol=1e-6)


@pytest.mark.parametrize("nonlinearity", ["tanh", "sigmoid"])
def test_code_signs_and_gradient(nonlinearity):
    logits = torch.linspace(-2, 2, 10, dtype=torch.float64).requires_grad_()
    signs = code_signs(logits, nonlinearity)
    assert torch.equal(signs, torch.where(logits > 0, 1.0, -1.0).double())
    signs.sum().backward()
    smooth = (lambda x: torch.tanh(x)) if nonlinearity == "tanh" else (lambda x: 2 * torch.sigmoid(x) - 1)
    with torch.no_grad():
        finite = (smooth(logits + 1e-6) - smooth(logits - 1e-6)) / 2e-6
    assert torch.allclose(logits.grad, finite, atol=1e-6)


def test_zero_is_bit_zero():
    assert StraightThroughSign.apply(torch.zeros(1)).item() == -1


@pytest.mark.parametrize("n, levels", [(64, 16), (128, 32), (16, 8), (12, 4), (8, 8)])
def test_mask_by_brute_force(n, levels):
    p = torch.cat([torch.arange(levels) / levels, torch.rand(40), torch.tensor([0.0, 1.0, 1 - 1e-7])]).view(1, 1, 1, -1)
    mask = ImportanceMask.apply(p, map_thresholds(n, levels), levels, 1.0)
    for position, value in enumerate(p.flatten().tolist()):
        q = min(math.floor(levels * value), levels - 1)
        sent = sum(1 for k in range(n) if math.ceil((k + 1) * levels / n) <= q)
        assert sent == n * q // levels  # equation 5: n Q / L maps
        assert mask[0, :, 0, position].tolist() == [1.0] * sent + [0.0] * (n - sent)


@pytest.mark.parametrize("scale", [1.0, 1 / 3])
def test_mask_gradient_is_equation_7(scale):
    n, levels = 16, 8
    p = torch.rand(2, 1, 3, 5, dtype=torch.float64).requires_grad_()
    weights = torch.randn(2, n, 3, 5, dtype=torch.float64)
    (ImportanceMask.apply(p, map_thresholds(n, levels), levels, scale) * weights).sum().backward()
    for i in range(2):
        for y in range(3):
            for x in range(5):
                value, expected = p[i, 0, y, x].item(), 0.0
                for k in range(n):
                    if levels * value - 1 <= math.ceil((k + 1) * levels / n) < levels * value + 2:
                        expected += levels * scale * weights[i, k, y, x].item()
                assert p.grad[i, 0, y, x].item() == pytest.approx(expected)


def test_a_third_of_equation_7_is_the_finite_difference_of_the_ramp():
    """Each map's ramp rises from 0 to 1 over the three levels where equation 7 is not zero."""
    levels, n = 8, 8
    g = map_thresholds(n, levels).double().view(1, n, 1, 1)
    p = torch.full((1, 1, 1, 1), 0.437, dtype=torch.float64, requires_grad=True)
    ImportanceMask.apply(p, map_thresholds(n, levels), levels, 1 / 3).sum().backward()

    def ramp(value):
        return torch.clamp((levels * value + 2 - g) / 3, 0, 1).sum().item()

    assert p.grad.item() == pytest.approx((ramp(0.437 + 1e-6) - ramp(0.437 - 1e-6)) / 2e-6)


def test_quantizer_never_reaches_the_last_level_count():
    assert quantize_importance(torch.tensor([0.0, 0.99999, 1.0]), 32).tolist() == [0, 31, 31]


def test_lambda_falls_with_the_knob():
    network = ContentWeightedAutoencoder(ModelConfiguration(analysis_channels=(4, 4, 4), synthesis_channels=(4, 4, 16, 4),
                                                            importance_channels=(4,), residual_channels=4))
    t = torch.linspace(0, 1, 256)
    weights = network.rate_weights(t)
    assert (weights.diff() < 0).all()
    assert weights[0].item() == pytest.approx(1200) and weights[-1].item() == pytest.approx(30)


def test_baseline_sends_more_maps_with_the_knob():
    network = ContentWeightedAutoencoder(ModelConfiguration(
        importance_levels=0, analysis_channels=(4, 4, 4), synthesis_channels=(4, 4, 16, 4), residual_channels=4))
    maps = network.maps_sent(torch.arange(256) / 255)
    assert maps[0] == 1 and maps[-1] == 128 and (maps.diff() >= 0).all()


def test_training_draws_the_baselines_maps_between_its_bounds():
    model = ModelConfiguration(importance_levels=0, analysis_channels=(4, 4, 4), synthesis_channels=(4, 4, 16, 4),
                               residual_channels=4)
    t = torch.linspace(0, 1, 64)
    for fewest, expected in ((4, (4, 128)), (40, (40, 128)), (128, (128, 128)), (500, (128, 128))):
        loss = LossConfiguration(minimum_maps=fewest)
        maps = ContentWeightedObjective(Configuration("baseline", model=model, loss=loss)).fixed_maps(0, t)
        assert (maps.min(), maps.max()) == expected


@pytest.mark.parametrize("exponent", [0.0, 0.5])
def test_error_weight_changes_each_patchs_share_alone(exponent):
    """The gradient is that of the squared error times the weight `(D / 60 + 0.05)^-b`, which is no part of it."""
    x, generator = torch.zeros(3, 3, 8, 8), torch.Generator().manual_seed(1)
    reconstruction = torch.stack([torch.full((3, 8, 8), v) for v in (0.02, 0.1, 0.4)]).requires_grad_()
    model = ModelConfiguration(importance_levels=0)
    loss = LossConfiguration(lambda_weight_exponent=0.0, error_weight_exponent=exponent)
    objective = ContentWeightedObjective(Configuration("baseline", model=model, loss=loss))

    class Fixed:
        def __call__(self, x, t, fixed):
            return Coded(reconstruction, torch.ones(3, 128, 1, 1), torch.ones(3, 128, 1, 1), None)

        def rate_weights(self, t):
            return torch.ones_like(t)

    objective(Fixed(), x, 0, generator)[0].backward()
    for patch, value in enumerate((0.02, 0.1, 0.4)):
        weight = ((127.5 * value) ** 2 / 60 + 0.05) ** -exponent
        expected = weight * 2 * value / (3 * 64) / 3
        assert reconstruction.grad[patch].flatten().tolist() == pytest.approx([expected] * 192, rel=1e-5)


def test_phase_one_sends_all_maps_and_then_the_importance_map_rules():
    configuration = Configuration("cw", run=RunConfiguration(phase_one_steps=3))
    objective, t = ContentWeightedObjective(configuration), torch.linspace(0, 1, 8)
    assert objective.fixed_maps(2, t).tolist() == [128.0] * 8 and objective.fixed_maps(3, t) is None
