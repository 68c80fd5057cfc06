"""Layer shapes, folding of modulation, pixel order, GDN, rate estimates, configuration."""

import math

import pytest
import torch
import torch.nn.functional as F

from rdbench_training.common import configuration as configurations
from rdbench_training.content_weighted.configuration import Configuration
from rdbench_training.content_weighted.family import CONTENT_WEIGHTED
from rdbench_training.content_weighted.rate_estimates import adaptive_bits, code_bits, importance_bits
from rdbench_training.factorized_prior.family import FACTORIZED_PRIOR
from rdbench_training.factorized_prior.network import GDN, FactorizedPrior

from .support import CONFIGS, TINY

FAMILIES = {"balle2017": FACTORIZED_PRIOR, "modulated": FACTORIZED_PRIOR}  # all others are content-weighted
SMALL = ["model.analysis_channels=[8,16,16]", "model.synthesis_channels=[24,16,32,4]", "model.residual_channels=8",
         "model.importance_channels=[8]", "model.code_maps=32"]


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_configuration_trains_one_step(path):
    family = FAMILIES.get(path.stem, CONTENT_WEIGHTED)
    loaded = configurations.load(family.configuration, path)
    assert loaded.name == path.stem
    overrides = SMALL if family is CONTENT_WEIGHTED else ["model.channels=8"]
    if family is CONTENT_WEIGHTED and len(loaded.model.importance_channels) == 2:
        overrides = SMALL[:3] + ["model.importance_channels=[8,8]", "model.code_maps=32"]
    configuration = configurations.load(family.configuration, path, overrides)
    network, objective = family.build(configuration), family.objective(configuration)
    x = torch.rand(2, 3, 32, 32) * 2 - 1
    for step in (0, 10**9):
        loss, figures = objective(network, x, step, torch.Generator().manual_seed(1))
        loss.backward()
        assert torch.isfinite(loss) and figures["mse"] > 0


def test_a_configuration_of_another_family_is_refused():
    for family, name in ((CONTENT_WEIGHTED, "balle2017"), (FACTORIZED_PRIOR, "cw")):
        with pytest.raises(ValueError, match="model"):
            configurations.load(family.configuration, CONFIGS / f"{name}.yaml")


def test_unknown_and_ill_typed_keys_are_refused():
    for values, message in (({"name": "x", "modle": {}}, "modle"), ({"name": "x", "model": {"n": 3}}, "model: unknown key 'n'"),
                            ({"name": "x", "model": {"code_maps": "many"}}, "model.code_maps"),
                            ({"name": "x", "model": {"code_maps": 100}}, "divide"), ({}, "missing key 'name'"),
                            ({"name": "x", "data": {"batch": 1.5}}, "data.batch")):
        with pytest.raises(ValueError, match=message):
            configurations.from_dictionary(Configuration, values)


def test_pixel_shuffle_order_is_the_documented_one():
    r, x = 2, torch.arange(2 * 4 * 2 * 3, dtype=torch.float32).view(1, 8, 2, 3)
    y = F.pixel_shuffle(x, r)
    for c in range(2):
        for dy in range(r):
            for dx in range(r):
                assert torch.equal(y[0, c, dy::r, dx::r], x[0, c * r * r + dy * r + dx])
    assert torch.equal(F.pixel_unshuffle(y, r), x)


def test_modulation_folds_into_weights():
    configuration = configurations.load(Configuration, TINY)
    network = CONTENT_WEIGHTED.build(configuration)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    x, t = torch.rand(1, 3, 16, 16) * 2 - 1, torch.tensor([0.7])
    factors, _ = network.modulate(t)
    layer, factor = network.analysis.conv1, factors["analysis_conv1"]
    expected = layer(x, factor)
    with torch.no_grad():
        layer.weight.mul_(factor.view(-1, 1, 1, 1))
        layer.bias.mul_(factor.flatten())
    assert torch.allclose(layer(x), expected, atol=1e-5)
    assert (factor > 0).all() and (factor != 1).any()


def test_gdn_and_its_inverse():
    """With gamma diagonal and small, inverse GDN of GDN is the identity to first order; the formula holds exactly."""
    x = torch.randn(1, 3, 4, 4)
    gdn = GDN(3)
    beta, gamma = gdn.root_beta.square() + 1e-6, gdn.root_gamma.square()
    norm = beta.view(1, 3, 1, 1) + torch.einsum("ij,njhw->nihw", gamma, x.square())
    assert torch.allclose(gdn(x), x / norm.sqrt(), atol=1e-6)
    inverse = GDN(3, inverse=True)
    assert torch.allclose(inverse(x), x * norm.sqrt(), atol=1e-6)
    with torch.no_grad():
        gdn.root_gamma.zero_(), inverse.root_gamma.zero_()
        gdn.root_beta.fill_(1.7), inverse.root_beta.fill_(1.7)
    assert torch.allclose(inverse(gdn(x)), x, atol=1e-5)


def test_factorized_prior_is_a_distribution():
    prior = FactorizedPrior(2)
    values = torch.arange(-500, 501).float().view(1, 1, 1, -1).expand(1, 2, 1, -1)
    total = (2 ** -prior.bits(values)).sum((0, 2, 3))
    assert torch.allclose(total, torch.ones(2), atol=2e-3)


def test_adaptive_bits_is_the_length_of_a_sequential_coder():
    contexts, bits = torch.randint(3, (200,)), torch.randint(2, (200,))
    counts, expected = torch.full((3, 2), 0.5, dtype=torch.float64), 0.0
    for context, bit in zip(contexts.tolist(), bits.tolist()):
        expected -= math.log2(counts[context, bit] / counts[context].sum())
        counts[context, bit] += 1
    assert adaptive_bits(contexts, bits, 3) == pytest.approx(expected)


def test_estimates_of_simple_codes():
    noise = torch.sign(torch.randn(32, 40, 40))
    assert 0.99 * noise.numel() < code_bits(noise) < 1.2 * noise.numel()
    assert code_bits(torch.ones(32, 40, 40)) < 0.05 * noise.numel()
    assert code_bits(torch.zeros(32, 40, 40)) == 0
    assert importance_bits(torch.full((40, 40), 9.0), 32) < 200
    assert importance_bits(torch.randint(32, (40, 40)).float(), 32) > 4.9 * 1600
