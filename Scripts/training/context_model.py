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
    """Logits that bits are 1, from a code (N, n, h, w), a map index and the importance level at the position.

    Map and level add one learned vector each to the first layer's sum; both hidden layers have `hidden` units.
    """

    def __init__(self, maps: int, levels: int, hidden: int = 24):
        super().__init__()
        self.maps, self.levels = maps, levels
        self.first = nn.Conv2d(2 * DEPTH, hidden, WINDOW, padding=WINDOW // 2, bias=False)
        nn.init.normal_(self.first.weight, std=0.05)
        self.map_bias = nn.Parameter(torch.zeros(maps, hidden))
        self.level_bias = nn.Parameter(torch.zeros(levels, hidden))
        self.second = nn.Conv2d(hidden, hidden, 1)
        self.third = nn.Conv2d(hidden, 1, 1)
        nn.init.zeros_(self.third.weight)
        nn.init.zeros_(self.third.bias)
        self.register_buffer("causal", causal_mask().repeat(2, 1, 1).unsqueeze(0), persistent=False)

    def forward(self, code: Tensor, levels: Tensor | None) -> Tensor:
        """Logits (N, n, h, w); `levels` whole numbers (N, 1 or n, h, w) in any type, None adds nothing."""
        count, maps, height, width = code.shape
        y = F.conv2d(windows(code), self.first.weight * self.causal, padding=WINDOW // 2)
        y = y.view(count, maps, -1, height, width) + self.map_bias.view(1, maps, -1, 1, 1)
        if levels is not None:
            y = y + F.embedding(levels.long(), self.level_bias).permute(0, 1, 4, 2, 3)
        y = F.relu(y).flatten(0, 1)
        return self.third(F.relu(self.second(y))).view(count, maps, height, width)

    def rate(self, coded, levels: Tensor | None, code_gradient: float) -> tuple[Tensor, Tensor]:
        """Bits per latent position (N,) whose gradient reaches the mask (and the codes, if `code_gradient` > 0),
        and the context model's own loss (N,), which reaches nothing else.

        The own loss also counts the bits that are nearly sent, so that their price is known to the mask's gradient.
        """
        code, bits = coded.mask * coded.signs, (coded.signs + 1) / 2
        logits = self(code.detach(), levels)
        own = F.binary_cross_entropy_with_logits(logits, bits.detach(), reduction="none")
        with torch.no_grad():
            near = F.max_pool3d(coded.mask.unsqueeze(1), (2 * (self.maps // self.levels) + 1, 1, 1), 1,
                                (self.maps // self.levels, 0, 0)).squeeze(1)
        price = own.detach() / 0.6931471805599453
        if code_gradient:
            # d cost / d bit = -logit: makes the bits easier to guess from their context.
            price = price - code_gradient * logits.detach() / 0.6931471805599453 * (bits - bits.detach())
        return (coded.mask * price).sum(1).mean((1, 2)), (near * own).sum(1).mean((1, 2))
