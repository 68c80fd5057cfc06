"""Probability of each code bit from the 5x5x4 cuboid of bits before it (Li et al. 2017, section 4.1).

One masked first layer over the cuboid, then 1x1 layers only, so the same function runs bit by bit and over whole
maps. Values are -1 and 1 for available bits and 0 for unavailable ones; the input has a second plane of availability,
so the first layer can give the three values any three weights.
"""

import torch
from torch import Tensor, nn
import torch.nn.functional as F

DEPTH, WINDOW = 4, 5  # this map and the three before it; 5x5 positions


def causal_mask() -> Tensor:
    """(4, 5, 5): maps k-3, k-2, k-1 wholly, map k only rows above and, in the same row, columns to the left."""
    mask = torch.ones(DEPTH, WINDOW, WINDOW)
    mask[-1, WINDOW // 2, WINDOW // 2:] = 0
    mask[-1, WINDOW // 2 + 1:] = 0
    return mask


def windows(code: Tensor) -> Tensor:
    """(N, n, h, w) -> (N n, 8, h, w): values, then availability, of maps k-3 ... k; maps before the first are 0."""
    count, maps, height, width = code.shape
    padded = F.pad(code, (0, 0, 0, 0, DEPTH - 1, 0))
    stacked = torch.stack([padded[:, d:d + maps] for d in range(DEPTH)], 2).reshape(-1, DEPTH, height, width)
    return torch.cat([stacked, stacked.abs()], 1)


class ContextModel(nn.Module):
    """Logits that bits are 1, from a code (N, n, h, w) and a map index.

    A map adds a learned vector to the first layer's sum; both hidden layers have `hidden` units.
    """

    def __init__(self, maps: int, hidden: int = 24):
        super().__init__()
        self.first = nn.Conv2d(2 * DEPTH, hidden, WINDOW, padding=WINDOW // 2, bias=False)
        nn.init.normal_(self.first.weight, std=0.05)
        self.map_bias = nn.Parameter(torch.zeros(maps, hidden))
        self.second = nn.Conv2d(hidden, hidden, 1)
        self.third = nn.Conv2d(hidden, 1, 1)
        nn.init.zeros_(self.third.weight)
        nn.init.zeros_(self.third.bias)
        self.register_buffer("causal", causal_mask().repeat(2, 1, 1).unsqueeze(0), persistent=False)

    def forward(self, code: Tensor) -> Tensor:
        """Logits (N, n, h, w)."""
        count, maps, height, width = code.shape
        y = F.conv2d(windows(code), self.first.weight * self.causal, padding=WINDOW // 2)
        y = y.view(count, maps, -1, height, width) + self.map_bias.view(1, maps, -1, 1, 1)
        y = F.relu(y).flatten(0, 1)
        return self.third(F.relu(self.second(y))).view(count, maps, height, width)
