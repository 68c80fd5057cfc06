"""Muon, an optimiser for inner convolution weights: momentum whose singular values are made equal."""

import math

import torch
from torch import Tensor

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
