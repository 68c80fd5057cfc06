"""Importance levels by rate and distortion, for networks that started as a transform codec.

Equation 7 asks how the error would change if a bit were sent a little more. Where bits are the digits of a number, a digit that
is not sent has no such gradient and one that is sent hardly any, so learning by it ends with nothing sent. Here every
level is tried on the transform codec instead, and the importance map learns the best one of each position.
"""

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from transform_start import MAXIMUM_BITS, TransformCodec


class ImportanceTeacher(nn.Module):
    """Knows the error of a block for each number of maps sent, and what each map costs on average."""

    def __init__(self, codec: TransformCodec, levels: int):
        super().__init__()
        maps = len(codec.order)
        used = [i for i, count in enumerate(codec.bit_counts) if count]
        self.register_buffer("projection", codec.basis[:, used] / codec.ranges[used])
        self.register_buffer("mean", codec.mean)
        # Squared error of a scaled coefficient in 8-bit units, as a share of the block's 192 values.
        self.register_buffer("importance", codec.ranges[used] ** 2 / 192 * 127.5**2)
        sent = [maps * level // levels for level in range(levels)]
        known = torch.tensor([[codec.order[:count].count(i) for i in used] for count in sent])
        self.register_buffer("known_bits", known)  # (levels, coefficients)
        self.register_buffer("sent_maps", torch.tensor(sent))
        self.register_buffer("map_bits", torch.ones(maps))  # bits a position of each map

    @torch.no_grad()
    def observe(self, bits: Tensor, counted: Tensor):
        """Takes over the cost of bits (N, n, h, w) where `counted` (the same shape) is 1."""
        share = counted.mean((0, 2, 3))
        cost = (bits * counted).mean((0, 2, 3)) / share.clamp(min=1e-6)
        self.map_bits.lerp_(torch.where(share > 0.001, cost.clamp(max=1), self.map_bits), 0.05)

    @torch.no_grad()
    def levels(self, x: Tensor, price: Tensor) -> Tensor:
        """Best levels (N, 1, h, w), whole numbers, of pictures (N, 3, H, W) at `price` (N,): error a bit per pixel."""
        blocks = F.pixel_unshuffle(x, 8)
        count, _, height, width = blocks.shape
        scaled = (blocks.permute(0, 2, 3, 1).reshape(-1, 192) - self.mean) @ self.projection
        # Errors after 0, 1, ... bits of a coefficient: the decoder takes the middle of the interval that is left.
        remaining, sign, value, errors = scaled, torch.ones_like(scaled), torch.zeros_like(scaled), [scaled.square()]
        for bit in range(1, MAXIMUM_BITS + 1):
            # z = +-(2^-bit - |z'|): the interval's middle moves by half its width.
            digit = torch.where(remaining >= 0, 1.0, -1.0)
            sign = sign * digit
            value = value + sign * 2.0**-bit
            errors.append((scaled - value).square())
            remaining = 2.0**-bit - remaining.abs()
            sign = -sign
        errors = torch.stack(errors, 2)  # (positions, coefficients, bits)
        picked = errors.gather(2, self.known_bits.T.unsqueeze(0).expand(len(errors), -1, -1))
        distortion = torch.einsum("pcl,c->pl", picked, self.importance)
        spent = F.pad(self.map_bits.cumsum(0), (1, 0))[self.sent_maps] / 64
        cost = distortion.view(count, -1, len(self.sent_maps)) + price.view(-1, 1, 1) * spent
        return cost.argmin(2).view(count, 1, height, width)
