"""Muon, the learning rate's schedule in steps, the weight average, and which weights go to which optimiser."""

import math

import pytest
import torch
from torch import nn

from rdbench_training.common import configuration
from rdbench_training.common.configuration import OptimizerConfiguration
from rdbench_training.common.muon import Muon, orthogonalize
from rdbench_training.common.optimizers import build_optimizers, rate_factor
from rdbench_training.common.weight_average import WeightAverage
from rdbench_training.content_weighted.family import CONTENT_WEIGHTED
from rdbench_training.factorized_prior.family import FACTORIZED_PRIOR

from .support import CONFIGS, TINY


@pytest.mark.parametrize("shape", [(3, 16, 40), (2, 40, 16)])
def test_orthogonalize_moves_singular_values_near_one(shape):
    values = torch.linalg.svdvals(orthogonalize(torch.randn(shape)))
    assert values.min() > 0.5 and values.max() < 1.3


@pytest.mark.parametrize("shape", [(40, 16), (16, 4, 3, 3)])
def test_muon_steps_along_orthogonalised_nesterov_momentum(shape):
    weight = nn.Parameter(torch.randn(shape))
    optimizer, momentum = Muon([weight], lr=0.1, momentum=0.9), torch.zeros(shape)
    for _ in range(3):
        before, gradient = weight.detach().clone(), torch.randn(shape)
        weight.grad = gradient.clone()
        optimizer.step()
        momentum = 0.9 * momentum + gradient
        rows, columns = shape[0], math.prod(shape[1:])
        direction = orthogonalize((gradient + 0.9 * momentum).reshape(1, rows, columns))[0].reshape(shape)
        assert torch.allclose(before - weight.detach(), 0.1 * 0.2 * max(rows, columns) ** 0.5 * direction, atol=1e-5)


def test_cosine_falls_with_steps_from_one_to_the_final_fraction():
    settings = OptimizerConfiguration(schedule="cosine", final_fraction=0.1, warmup_steps=0)
    factors = [rate_factor(step, 1000, settings) for step in range(1000)]
    assert factors[0] == 1 and factors[500] == pytest.approx(0.55) and factors[-1] == pytest.approx(0.1, abs=1e-4)
    assert factors == sorted(factors, reverse=True)


def test_warm_up_and_the_other_schedules():
    settings = OptimizerConfiguration(schedule="steps", milestones=(0.5, 0.75), warmup_steps=4)
    assert [rate_factor(step, 8, settings) for step in range(8)] == pytest.approx([0.25, 0.5, 0.75, 1, 0.1, 0.1, 0.01, 0.01])
    settings = OptimizerConfiguration(schedule="constant", warmup_steps=2)
    assert [rate_factor(step, 4, settings) for step in range(4)] == [0.5, 1, 1, 1]


def test_weight_average_remembers_little_at_first_and_then_its_decay():
    layer = nn.Linear(1, 1, bias=False)
    average, expected = WeightAverage(layer, 0.6), layer.weight.item()
    for step in range(30):
        with torch.no_grad():
            layer.weight.fill_(math.sin(step))
        average.update(step)
        decay = min(0.6, (step + 1) / (step + 10))
        expected = decay * expected + (1 - decay) * math.sin(step)
        assert average.state_dict()["weight"].item() == pytest.approx(expected, abs=1e-6)
    with pytest.raises(ValueError, match="other parameter names"):
        average.load_state_dict({"bias": torch.zeros(1)})


def test_inner_convolutions_are_muons_and_the_rest_adams():
    settings = OptimizerConfiguration(name="muon", learning_rate=2e-3, adam_learning_rate=1e-4)
    for family, path, inner, other in (
            (CONTENT_WEIGHTED, TINY, "analysis.block1.conv1.weight", ("analysis.conv1.weight", "synthesis.conv5.weight",
                                                                    "analysis.bypass.weight", "importance.conv1.weight")),
            (FACTORIZED_PRIOR, CONFIGS / "balle2017.yaml", "analysis.1.weight", ("analysis.0.weight", "synthesis.2.weight"))):
        network = family.build(configuration.load(family.configuration, path))
        adam, muon = build_optimizers(network, settings, family.is_inner, frozen=("synthesis.0", "synthesis.conv1"))
        of = {id(p): optimizer for optimizer in (adam, muon) for group in optimizer.param_groups for p in group["params"]}
        named = dict(network.named_parameters())
        assert of[id(named[inner])] is muon and all(of[id(named[name])] is adam for name in other)
        assert {name for name, p in named.items() if id(p) not in of} == {
            name for name in named if name.startswith(("synthesis.0", "synthesis.conv1"))}
        assert adam.param_groups[0]["first_lr"] == 1e-4 and muon.param_groups[0]["first_lr"] == 2e-3
