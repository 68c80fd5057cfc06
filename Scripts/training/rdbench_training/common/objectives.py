"""What training losses of all families are made of: rate knobs and squared error in 8-bit units."""

import torch
from torch import Tensor


def knobs(count: int, generator: torch.Generator, device) -> Tensor:
    """Rate knobs (count,), one from each of `count` equal parts of 0...1, in random order: every batch sees all rates."""
    order = torch.randperm(count, generator=generator)
    return ((order + torch.rand(count, generator=generator)) / count).to(device, non_blocking=True)


def squared_error(reconstruction: Tensor, x: Tensor) -> Tensor:
    """Mean squared error per image in 8-bit units, shape (N,)."""
    return (reconstruction.float() - x).square().mean((1, 2, 3)) * 127.5**2
