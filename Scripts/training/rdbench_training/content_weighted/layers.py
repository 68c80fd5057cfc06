"""Layers of content-weighted networks: convolution with modulation and activation, residual block, rate modulation.

Shapes are (N, C, H, W). Parameter names are the tensor names of the exported file.
"""

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from .configuration import ModelConfiguration


class Activation(nn.Module):
    """ReLU, leaky ReLU with a fixed slope, or PReLU with one learned slope per channel (`slope`, shape (C,))."""

    def __init__(self, channels: int, kind: str, slope: float):
        super().__init__()
        self.kind, self.fixed_slope = kind, slope
        self.slope = nn.Parameter(torch.full((channels,), slope)) if kind == "prelu" else None

    def forward(self, x: Tensor) -> Tensor:
        if self.kind == "relu":
            return F.relu(x)
        if self.kind == "leaky_relu":
            return F.leaky_relu(x, self.fixed_slope)
        return F.prelu(x, self.slope.to(x.dtype))


class ConvolutionLayer(nn.Module):
    """`activation(factor * (convolution(x) + bias) + shift)`: all three of the latter are optional.

    Factors are positive, so they commute with every activation here and fold into weight and bias.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, model: ModelConfiguration, *, stride: int = 1,
                 padding: int | None = None, activation: bool = True, bias: bool = True):
        super().__init__()
        convolution = nn.Conv2d(inputs, outputs, kernel, bias=bias)
        self.weight, self.bias = convolution.weight, convolution.bias
        self.stride, self.padding = stride, kernel // 2 if padding is None else padding
        self.activation = Activation(outputs, model.activation, model.activation_slope) if activation else None

    def forward(self, x: Tensor, factor: Tensor | None = None, shift: Tensor | None = None) -> Tensor:
        y = F.conv2d(x, self.weight, self.bias, self.stride, self.padding)
        if factor is not None:
            y = y * factor.to(y.dtype)
        if shift is not None:
            y = y + shift.to(y.dtype)
        return y if self.activation is None else self.activation(y)


class ResidualBlock(nn.Module):
    """`x + conv2(activation(conv1(x)))`, both 3x3 with the block's inner width; C channels in and out.

    Options: an activation on the branch before the sum (released code), an activation after the sum (papers).
    """

    def __init__(self, channels: int, model: ModelConfiguration):
        super().__init__()
        inner = model.residual_channels
        self.conv1 = ConvolutionLayer(channels, inner, 3, model)
        self.conv2 = ConvolutionLayer(inner, channels, 3, model, activation=model.activation_on_branch)
        self.activation = (Activation(channels, model.activation, model.activation_slope)
                           if model.activation_after_sum else None)

    def forward(self, x: Tensor) -> Tensor:
        y = x + self.conv2(self.conv1(x))
        return y if self.activation is None else self.activation(y)


class Modulation(nn.Module):
    """Channel factors `exp(W relu(a t + b) + c)` of every layer in `factors`, shifts without exp in `shifts`.

    One hidden layer is shared by all layers; t has shape (N,), a factor (N, C, 1, 1). The hidden units start as
    ramps with breakpoints spread over 0...1, the outputs at factor 1, so an untrained modulation changes nothing.
    The idea is the modulated autoencoder's (`fc, ReLU, fc, exp` per layer).
    """

    def __init__(self, hidden: int, factors: dict[str, int], shifts: dict[str, int] | None = None):
        super().__init__()
        self.hidden = nn.Linear(1, hidden)
        with torch.no_grad():
            sign = torch.ones(hidden)
            sign[1::2] = -1
            breakpoints = (torch.arange(hidden) // 2) / max(1, hidden // 2)
            self.hidden.weight.copy_(sign.unsqueeze(1))
            self.hidden.bias.copy_(torch.where(sign > 0, -breakpoints, 1 - breakpoints))
        self.factors = nn.ModuleDict({self.key(name): self._zero_linear(hidden, c) for name, c in factors.items()})
        self.shifts = nn.ModuleDict({self.key(name): self._zero_linear(hidden, c) for name, c in (shifts or {}).items()})

    @staticmethod
    def key(name: str) -> str:
        """A layer's name as a module key: points are not allowed in keys."""
        return name.replace(".", "_")

    @staticmethod
    def _zero_linear(inputs: int, outputs: int) -> nn.Linear:
        linear = nn.Linear(inputs, outputs)
        nn.init.zeros_(linear.weight)
        nn.init.zeros_(linear.bias)
        return linear

    def forward(self, t: Tensor) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        with torch.autocast(t.device.type, enabled=False):
            hidden = F.relu(self.hidden(t.float().unsqueeze(1)))
            factors = {key: torch.exp(linear(hidden))[:, :, None, None] for key, linear in self.factors.items()}
            shifts = {key: linear(hidden)[:, :, None, None] for key, linear in self.shifts.items()}
        return factors, shifts
