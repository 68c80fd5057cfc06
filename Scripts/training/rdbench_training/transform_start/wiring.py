"""Writing a computation into the weights of convolutions: weighted sums, magnitudes and products in chosen channels."""

import torch
from torch import Tensor

from ..content_weighted.layers import ConvolutionLayer
from ..content_weighted.network import ContentWeightedAutoencoder


class Affine:
    """A weighted sum of the channels of a tensor, and a constant."""

    def __init__(self, weights: Tensor, constant: float = 0.0):
        self.weights, self.constant = weights, constant

    @classmethod
    def channel(cls, count: int, index: int, scale: float = 1.0, constant: float = 0.0) -> "Affine":
        weights = torch.zeros(count)
        weights[index] = scale
        return cls(weights, constant)

    def __add__(self, other):
        if isinstance(other, Affine):
            return Affine(self.weights + other.weights, self.constant + other.constant)
        return Affine(self.weights, self.constant + other)

    def __mul__(self, scale: float):
        return Affine(self.weights * scale, self.constant * scale)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, constant: float):
        return -self + constant

    __radd__, __rmul__ = __add__, __mul__


class Rows(dict):
    """The output channels of layers that are part of the codec."""

    def set(self, layer: ConvolutionLayer, row: int, value: Affine):
        """Makes an output of a layer the weighted sum of its inputs at the same position."""
        self.clear_row(layer, row)
        centre = layer.weight.shape[2] // 2
        layer.weight[row, :, centre, centre] = value.weights
        if layer.bias is not None:
            layer.bias[row] = value.constant

    def clear_row(self, layer: ConvolutionLayer, row: int):
        """Makes an output 0."""
        self.setdefault(layer, set()).add(row)
        layer.weight[row] = 0
        if layer.bias is not None:
            layer.bias[row] = 0


def modulate(network: ContentWeightedAutoencoder, layer: str, rows: list[int], knee: float, slope: float):
    """Makes outputs of a layer times exp(slope x max(0, knee - t))."""
    if network.modulation is None or knee == 0 or slope == 0:
        return
    ramps = network.modulation.hidden.weight.shape[0] // 2
    unit = 2 * round((1 - knee) * ramps) + 1  # the falling ramp that ends at the knee
    factors = network.modulation.factors[network.modulation.key(layer)]
    factors.weight[rows, unit] = slope


class Wiring:
    """Gives output channels of a layer a meaning, one after the other; the others keep their random weights."""

    def __init__(self, layer: ConvolutionLayer, rows: Rows, first: int = 0):
        self.layer, self.rows, self.next = layer, rows, first
        self.outputs = layer.weight.shape[0]
        self.slope = layer.activation.fixed_slope if layer.activation else 1.0

    def reserve(self) -> int:
        """A channel that is 0."""
        if self.next == self.outputs:
            raise ValueError(f"a layer of {self.outputs} channels is too narrow for the transform codec")
        self.rows.clear_row(self.layer, self.next)
        self.next += 1
        return self.next - 1

    def unit(self, value: Affine) -> Affine:
        """A channel that is the activation of a value."""
        index = self.reserve()
        self.rows.set(self.layer, index, value)
        return Affine.channel(self.outputs, index)

    def carry(self, value: Affine) -> Affine:
        """A value that is never negative, as it is."""
        return self.unit(value)

    def halves(self, value: Affine) -> tuple[Affine, Affine]:
        """A value as it is, and its magnitude. Both are 0 where a convolution pads with zeros."""
        positive, negative = self.unit(value), self.unit(-value)
        return (positive - negative) * (1 / (1 + self.slope)), (positive + negative) * (1 / (1 - self.slope))

    def rectified(self, value: Affine, carried: Affine) -> Affine:
        """max(0, value), where `carried` is the value in terms of this layer's outputs."""
        return (self.unit(value) - carried * self.slope) * (1 / (1 - self.slope))

    def product(self, sign: Affine, magnitude: Affine, bound: float, carried_sign: Affine) -> Affine:
        """sign * magnitude for a sign of -1, 0 or 1 and a magnitude in 0...bound; `carried_sign` as above."""
        difference = self.unit(magnitude - bound + sign * bound) - self.unit(magnitude - bound - sign * bound)
        return (difference - carried_sign * (2 * bound * self.slope)) * (1 / (1 - self.slope))
