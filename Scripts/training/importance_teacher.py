"""Importance levels by rate and distortion, for networks that started as a transform codec.

Equation 7 asks how the error would change if a bit were sent a little more. Where bits are the digits of a number, a digit that
is not sent has no such gradient and one that is sent hardly any, so learning by it ends with nothing sent. Here every
level is tried on the transform codec instead, and the importance map learns the best one of each position.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transform_codec import TransformCodec


class ImportanceTeacher(nn.Module):
    """Knows the error of a position for each number of maps sent, and what each map costs on average."""

    def __init__(self, codec: TransformCodec, levels: int):
        super().__init__()
        self.codec, maps = codec, len(codec.order)
        # Squared error of a scaled coefficient in 8-bit units, as a share of the block's 192 values.
        weights = codec.synthesis.square().sum((1, 2, 3)) * codec.scales**2 / 192 * 127.5**2
        self.register_buffer("weights", weights.view(1, -1, 1, 1))
        self.sent_maps = [maps * level // levels for level in range(levels)]  # of each level
        self.register_buffer("map_bits", torch.full((maps,), 0.5))  # bits a position of each map

    @torch.no_grad()
    def observe(self, bits: Tensor, counted: Tensor):
        """Takes over the cost of bits (N, n, h, w) where `counted` (the same shape) is 1."""
        share = counted.mean((0, 2, 3))
        cost = (bits * counted).mean((0, 2, 3)) / share.clamp(min=1e-6)
        self.map_bits.lerp_(torch.where(share > 0.001, cost.clamp(max=1), self.map_bits), 0.05)

    def maps_of(self, levels: Tensor) -> Tensor:
        """How many maps are sent at levels, the same shape."""
        return torch.tensor(self.sent_maps, device=levels.device)[levels]

    @torch.no_grad()
    def errors(self, x: Tensor) -> Tensor:
        """Mean squared error in 8-bit units of each position at each level, (N, L, h, w), of pictures (N, 3, H, W)."""
        values = self.codec.coefficients(x)
        code, found = self.codec.signs(values), []
        for sent in self.sent_maps:
            known = torch.cat([code[:, :sent], torch.zeros_like(code[:, sent:])], 1)
            found.append(((self.codec.values(known) - values).square() * self.weights).sum(1))
        return torch.stack(found, 1)

    def spent(self, bits: Tensor) -> Tensor:
        """What each level costs at each position, (N, L, h, w), where each bit (N, n, h, w) costs `bits`."""
        return F.pad(bits.cumsum(1), (0, 0, 0, 0, 1, 0))[:, self.sent_maps]

    def bits(self) -> Tensor:
        """What each level costs, (L,), in bits per pixel."""
        return torch.stack([self.map_bits[:sent].sum() for sent in self.sent_maps]) / 64

    @torch.no_grad()
    def levels(self, x: Tensor, price: Tensor) -> Tensor:
        """Best levels (N, 1, h, w), whole numbers, of pictures (N, 3, H, W) at `price` (N,): error a bit per pixel."""
        costs = self.errors(x) + price.view(-1, 1, 1, 1) * self.bits().view(1, -1, 1, 1)
        return costs.argmin(1, keepdim=True)
