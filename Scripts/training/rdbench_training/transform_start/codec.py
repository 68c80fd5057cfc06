"""A transform codec whose bits a content-weighted network can make and read: lapped transform, dead zones, folded digits.

Pictures are (N, 3, H, W) in -1...1; coefficients (N, K, H/8, W/8) belong to windows of 16x16 pixels around each 8x8 block. With
u = factor(t) x coefficient / scale, where the factor makes steps coarser towards low rates, the maps of a coefficient are its sign (`u >= 0`) or, with a dead zone, two maps (`u > threshold`,
`-u > threshold`); then come digits of the magnitude, the signs of z1 = centre - |u|, z2 = 1/4 - |z1|, z3 = 1/8 - |z2|, ...: each
fold halves the interval. The way back is |zk| = 2^-(k+1) - z(k+1), zk = digit |zk|, |u| = centre - z1, where the z of a digit that
was not sent (0), or that comes after the last, is its mean.
"""

from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import Tensor

BLOCK, WINDOW = 8, 16
MARGIN = (WINDOW - BLOCK) // 2
MAXIMUM_FOLDS = 5  # as many as the layers can fold and unfold


@dataclass
class TransformCodec:
    """Transform and quantisers of K coefficients; `order` says what each code map holds."""

    analysis: Tensor  # (K, 3, 16, 16)
    synthesis: Tensor  # (K, 3, 16, 16)
    scales: Tensor  # (K,)
    centres: Tensor  # (K,): the magnitude |u| at which the first digit changes
    thresholds: Tensor  # (K,): half the dead zone; 0: none, and one map for the sign
    middles: Tensor  # (K, MAXIMUM_FOLDS + 1): the mean of z1, z2, ...
    order: list[tuple[int, int]]  # coefficient and digit: 0 its sign or positive side, -1 the negative side, 1 ... folds
    knees: Tensor  # (K,): the knob t below which the step grows
    slope: float  # how much its logarithm grows per unit of t

    def dictionary(self) -> dict:
        """All of it, as a checkpoint keeps it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def used(self) -> list[int]:
        """The coefficients that have maps."""
        return sorted({coefficient for coefficient, _ in self.order})

    def folds(self, coefficient: int) -> int:
        """How many digits of the magnitude a coefficient has."""
        return max((digit for found, digit in self.order if found == coefficient), default=0)

    def place(self, coefficient: int, digit: int) -> int:
        """The code map of a digit."""
        return self.order.index((coefficient, digit))

    def factors(self, t: Tensor) -> Tensor:
        """What coefficients are multiplied by at knobs t (N,), (N, K, 1, 1)."""
        return torch.exp(-self.slope * F.relu(self.knees - t.unsqueeze(1)))[:, :, None, None]

    def coefficients(self, pictures: Tensor, t: Tensor) -> Tensor:
        """Coefficients u of pictures at knobs t (N,)."""
        values = F.conv2d(pictures, self.analysis / self.scales.view(-1, 1, 1, 1), stride=BLOCK, padding=MARGIN)
        return values * self.factors(t)

    def pictures(self, coefficients: Tensor, t: Tensor) -> Tensor:
        """Pictures of coefficients u at knobs t (N,)."""
        values = coefficients / self.factors(t) * self.scales.view(1, -1, 1, 1)
        return F.conv_transpose2d(values, self.synthesis, stride=BLOCK, padding=MARGIN)

    def signs(self, coefficients: Tensor) -> Tensor:
        """Code bits (N, n, h, w) as -1 and 1 of scaled coefficients: what the network's encoder computes."""
        found = {}
        for digit, z in self._comparisons(coefficients):
            found[digit] = torch.where(z >= 0, 1.0, -1.0)
        return torch.stack([found[digit][:, coefficient] for coefficient, digit in self.order], 1)

    def _comparisons(self, u: Tensor):
        threshold, centre = self.thresholds.view(1, -1, 1, 1), self.centres.view(1, -1, 1, 1)
        yield 0, u - threshold
        yield -1, -u - threshold
        z = centre - u.abs()
        for fold in range(1, MAXIMUM_FOLDS + 1):
            yield fold, z
            z = 2.0 ** -(fold + 1) - z.abs()

    def values(self, code: Tensor) -> Tensor:
        """Scaled coefficients from codes (N, n, h, w) of -1, 0 and 1: what the network's decoder computes."""
        shape = (len(code), len(self.scales), *code.shape[2:])
        sign, folds = code.new_zeros(shape), [0] * len(self.scales)
        digits = [code.new_zeros(shape) for _ in range(MAXIMUM_FOLDS)]
        for index, (coefficient, digit) in enumerate(self.order):
            if digit > 0:
                digits[digit - 1][:, coefficient] = code[:, index]
                folds[coefficient] = max(folds[coefficient], digit)
            else:
                share = 0.5 if self.thresholds[coefficient] > 0 else 1.0
                sign[:, coefficient] += code[:, index] * (share if digit == 0 else -share)
        folds = torch.tensor(folds, device=code.device)
        middles = self.middles.view(1, *self.middles.shape, 1, 1)
        z = self.middles.gather(1, folds.view(-1, 1)).view(1, -1, 1, 1).expand(shape)
        for fold in range(MAXIMUM_FOLDS, 0, -1):
            digit = digits[fold - 1]
            folded = digit * (2.0 ** -(fold + 1) - z) + (1 - digit.abs()) * middles[:, :, fold - 1]
            z = torch.where((folds >= fold).view(1, -1, 1, 1), folded, z)
        return sign * (self.centres.view(1, -1, 1, 1) - z)
