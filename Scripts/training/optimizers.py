"""Muon for inner convolution weights, Adam for the rest, the learning-rate schedule and weight averaging."""

import math

import torch
from torch import Tensor, nn

from configuration import OptimizerConfiguration

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # quintic of Jordan's Muon, steep at zero


def orthogonalize(matrices: Tensor, steps: int = 5) -> Tensor:
    """Moves the singular values of a stack of matrices (B, rows, columns) near 1 by Newton-Schulz iterations.

    In bf16 on CUDA, in f32 elsewhere.
    """
    a, b, c = NEWTON_SCHULZ
    x = matrices.bfloat16() if matrices.is_cuda else matrices.float()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.transpose(1, 2)
        x = a * x + torch.baddbmm(gram, gram, gram, beta=b, alpha=c) @ x
    return (x.transpose(1, 2) if tall else x).to(matrices.dtype)


class Muon(torch.optim.Optimizer):
    """Orthogonalised Nesterov momentum; the update is scaled by 0.2 sqrt(max(rows, columns)), on a par with Adam's.

    A convolution weight (O, I, k, k) counts as an (O, I k k) matrix; equal shapes are orthogonalised together.
    """

    def __init__(self, parameters, lr: float, momentum: float = 0.95):
        super().__init__(list(parameters), {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            parameters = [p for p in group["params"] if p.grad is not None]
            buffers = []
            for p in parameters:
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                buffers.append(state["momentum"])
            gradients = [p.grad for p in parameters]
            torch._foreach_mul_(buffers, group["momentum"])
            torch._foreach_add_(buffers, gradients)
            updates = torch._foreach_add(gradients, buffers, alpha=group["momentum"])
            stacks: dict[tuple[int, int], list[int]] = {}
            for index, p in enumerate(parameters):
                stacks.setdefault((p.shape[0], p[0].numel()), []).append(index)
            for (rows, columns), members in stacks.items():
                directions = orthogonalize(torch.stack([updates[i].reshape(rows, columns) for i in members]))
                scale = -group["lr"] * 0.2 * math.sqrt(max(rows, columns))
                for i, direction in zip(members, directions):
                    parameters[i].add_(direction.reshape(parameters[i].shape), alpha=scale)


def is_inner_convolution(name: str, parameter: Tensor) -> bool:
    """Weights for Muon: convolutions but the first and last layer, the bypass and the importance map."""
    if parameter.ndim != 4 or not name.startswith(("analysis.", "synthesis.")):
        return False
    return not any(part in name for part in ("analysis.conv1.", "synthesis.conv5.", ".bypass."))


def build_optimizers(network: nn.Module, configuration: OptimizerConfiguration, frozen: tuple[str, ...] = (),
                     extra: nn.Module | None = None) -> list[torch.optim.Optimizer]:
    """Optimisers over the parameters that no prefix in `frozen` names; `extra` is always under Adam."""
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(not name.startswith(tuple(frozen)) if frozen else True)
    trained = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    use_muon = configuration.name == "muon"
    inner = [p for name, p in trained if use_muon and is_inner_convolution(name, p)]
    rest = [p for name, p in trained if not (use_muon and is_inner_convolution(name, p))]
    rate = configuration.adam_learning_rate if use_muon else configuration.learning_rate
    groups = [{"params": rest, "lr": rate}] if rest else []
    if extra is not None:
        groups.append({"params": list(extra.parameters()), "lr": configuration.context_learning_rate})
    fused = True if any(p.is_cuda for group in groups for p in group["params"]) else None
    optimizers: list[torch.optim.Optimizer] = []
    if groups:
        optimizers.append(torch.optim.Adam(groups, betas=tuple(configuration.adam_betas), fused=fused))
    if inner:
        optimizers.append(Muon(inner, lr=configuration.learning_rate))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["first_lr"] = group["lr"]
    return optimizers


def rate_factor(step: int, progress: float, configuration: OptimizerConfiguration) -> float:
    """Learning rate over its first value, at `progress` 0...1 of the run."""
    warmup = min(1.0, (step + 1) / max(1, configuration.warmup_steps))
    if configuration.schedule == "constant":
        return warmup
    if configuration.schedule == "steps":
        return warmup * 0.1 ** sum(progress >= milestone for milestone in configuration.milestones)
    low = configuration.final_fraction
    return warmup * (low + (1 - low) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


class WeightAverage:
    """Exponential moving average of parameters, with a shorter memory in the first steps."""

    def __init__(self, network: nn.Module, decay: float):
        self.decay = decay
        self.parameters = list(network.parameters())
        self.names = [name for name, _ in network.named_parameters()]
        self.averages = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self, step: int):
        decay = min(self.decay, (step + 1) / (step + 10))
        torch._foreach_lerp_(self.averages, [p.detach() for p in self.parameters], 1 - decay)

    def state_dict(self) -> dict[str, Tensor]:
        return dict(zip(self.names, self.averages))

    def load_state_dict(self, state: dict[str, Tensor]):
        if sorted(state) != sorted(self.names):
            raise ValueError("weight average: other parameter names than the network's")
        with torch.no_grad():
            for name, average in zip(self.names, self.averages):
                average.copy_(state[name])
