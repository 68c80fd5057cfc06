"""Optimisers of a network, Muon for its inner weights and Adam for the rest, and the learning rate's schedule in steps."""

import math
from typing import Callable

import torch
from torch import Tensor, nn

from .configuration import OptimizerConfiguration
from .muon import Muon


def build_optimizers(network: nn.Module, configuration: OptimizerConfiguration, is_inner: Callable[[str, Tensor], bool],
                     frozen: tuple[str, ...] = ()) -> list[torch.optim.Optimizer]:
    """Optimisers over the parameters that no prefix in `frozen` names; `is_inner` says by name which weights are Muon's."""
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(not name.startswith(tuple(frozen)) if frozen else True)
    trained = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    use_muon = configuration.name == "muon"
    inner = [p for name, p in trained if use_muon and is_inner(name, p)]
    rest = [p for name, p in trained if not (use_muon and is_inner(name, p))]
    rate = configuration.adam_learning_rate if use_muon else configuration.learning_rate
    optimizers: list[torch.optim.Optimizer] = []
    if rest:
        fused = True if any(p.is_cuda for p in rest) else None
        optimizers.append(torch.optim.Adam(rest, lr=rate, betas=tuple(configuration.adam_betas), fused=fused))
    if inner:
        optimizers.append(Muon(inner, lr=configuration.learning_rate))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["first_lr"] = group["lr"]
    return optimizers


def rate_factor(step: int, steps: int, configuration: OptimizerConfiguration) -> float:
    """Learning rate over its first value, at a step of a run of so many."""
    progress = step / steps
    warmup = min(1.0, (step + 1) / max(1, configuration.warmup_steps))
    if configuration.schedule == "constant":
        return warmup
    if configuration.schedule == "steps":
        return warmup * 0.1 ** sum(progress >= milestone for milestone in configuration.milestones)
    low = configuration.final_fraction
    return warmup * (low + (1 - low) * 0.5 * (1 + math.cos(math.pi * progress)))
