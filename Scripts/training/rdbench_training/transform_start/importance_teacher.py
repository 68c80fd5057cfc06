"""What importance levels cost, for networks that started as a transform codec.

Equation 7 asks how the error would change if a bit were sent a little more. Where bits are the digits of a number, a digit that
is not sent has no such gradient and one that is sent hardly any, so learning by it ends with nothing sent. Here every
level is tried on the transform codec instead, and `train_importance` learns from what each one costs.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .codec import TransformCodec


class ImportanceTeacher(nn.Module):
    """Knows error and bits of a position for each number of maps sent."""

    def __init__(self, codec: TransformCodec, levels: int):
        super().__init__()
        self.codec, maps = codec, len(codec.order)
        # Squared error of a scaled coefficient in 8-bit units, as a share of the block's 192 values.
        weights = codec.synthesis.square().sum((1, 2, 3)) * codec.scales**2 / 192 * 127.5**2
        self.register_buffer("weights", weights.view(1, -1, 1, 1))
        self.sent_maps = [maps * level // levels for level in range(levels)]  # of each level

    @torch.no_grad()
    def errors(self, x: Tensor, t: Tensor) -> Tensor:
        """Mean squared error in 8-bit units of each position at each level, (N, L, h, w), of pictures (N, 3, H, W) at
        knobs t (N,)."""
        values, weights = self.codec.coefficients(x, t), self.weights / self.codec.factors(t).square()
        code, found = self.codec.signs(values), []
        for sent in self.sent_maps:
            known = torch.cat([code[:, :sent], torch.zeros_like(code[:, sent:])], 1)
            found.append(((self.codec.values(known) - values).square() * weights).sum(1))
        return torch.stack(found, 1)

    def spent(self, bits: Tensor) -> Tensor:
        """What each level costs at each position, (N, L, h, w), where each bit (N, n, h, w) costs `bits`."""
        return F.pad(bits.cumsum(1), (0, 0, 0, 0, 1, 0))[:, self.sent_maps]
