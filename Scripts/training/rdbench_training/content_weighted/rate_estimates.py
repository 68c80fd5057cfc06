"""Estimated sizes of code bits and importance maps under adaptive context tables (no bytes are written).

The size is the exact length of an ideal adaptive coder with Krichevsky-Trofimov counts, learning cost included:
it depends only on the final counts of a context, so no bit-by-bit run is needed. Contexts are causal in the order
of coding: map after map, row after row.
"""

import math

import torch
from torch import Tensor
import torch.nn.functional as F

MAP_GROUPS = 16


def adaptive_bits(contexts: Tensor, bits: Tensor, count: int) -> float:
    """Code length in bits of `bits` (0 or 1) under adaptive tables indexed by `contexts` in 0 ..< count."""
    ones = torch.bincount(contexts[bits > 0], minlength=count).double()
    zeros = torch.bincount(contexts, minlength=count).double() - ones
    log_beta = torch.lgamma(zeros + 0.5) + torch.lgamma(ones + 0.5) - torch.lgamma(zeros + ones + 1)
    return float((math.log(math.pi) - log_beta).sum() / math.log(2))


def _shifted(maps: Tensor, down: int, right: int) -> Tensor:
    """The value `down` rows above and `right` columns to the left of each position; 0 outside. Maps (K, h, w)."""
    height, width = maps.shape[1:]
    padded = F.pad(maps, (max(right, 0), max(-right, 0), down, 0))
    return padded[:, :height, max(-right, 0):max(-right, 0) + width]


def code_bits(code: Tensor) -> float:
    """Estimated bits of a code (n, h, w) with values -1, 0 (not sent) and 1.

    Context: W, NW, N, NE in this map, the same position in the two maps before, and the group of maps: 729 x 16.
    """
    return _table_bits(code, ((0, 1), (1, 1), (1, 0), (1, -1)))


def neighbour_bits(code: Tensor) -> float:
    """As `code_bits` with eight neighbours: also WW and NN in this map, 6561 contexts x 16."""
    return _table_bits(code, ((0, 1), (1, 1), (1, 0), (1, -1), (0, 2), (2, 0)))


def _table_bits(code: Tensor, neighbours) -> float:
    """Estimated bits with some neighbours (rows up, columns to the left) and the same position in the two maps before."""
    count, size = code.shape[0], 3 ** (len(neighbours) + 2)
    values = (torch.sign(code).long() % 3).float()  # 0 unavailable, 1 bit 1, 2 bit 0
    before = F.pad(values, (0, 0, 0, 0, 2, 0))
    context = torch.zeros_like(values)
    for neighbour in (*(_shifted(values, *step) for step in neighbours), before[1:1 + count], before[:count]):
        context = 3 * context + neighbour
    group = torch.arange(count, device=code.device) * MAP_GROUPS // count
    context = context.long() + size * group.view(-1, 1, 1)
    sent = code != 0
    return adaptive_bits(context[sent], (code > 0)[sent].long(), size * MAP_GROUPS)


def importance_bits(levels: Tensor, count: int) -> float:
    """Estimated bits of an importance map (h, w) of whole levels 0 ..< count, coded as binary planes.

    Context: the planes already coded at this position (a node of the binary tree) and whether W and N agree with
    those planes and have this bit set.
    """
    planes = max(1, (count - 1).bit_length())
    levels = levels.long()
    total = 0.0
    west, north = (_shifted(levels.unsqueeze(0) + 1, *step)[0].long() - 1 for step in ((0, 1), (1, 0)))
    for plane in reversed(range(planes)):
        prefix = levels >> (plane + 1)
        context = prefix
        for neighbour in (west, north):
            other = neighbour >> (plane + 1)
            state = torch.where(other < prefix, 1, torch.where(other > prefix, 2, 3 + ((neighbour >> plane) & 1)))
            context = 5 * context + torch.where(neighbour < 0, 0, state)
        total += adaptive_bits(context.flatten(), ((levels >> plane) & 1).flatten(), 25 << (planes - 1 - plane))
    return total
