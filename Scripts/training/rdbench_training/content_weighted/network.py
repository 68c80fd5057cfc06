"""The content-weighted autoencoder (Li et al. 2017; layers of the CLIC 2018 implementation) and its baseline.

Letters: N images, n code maps, L importance levels, H x W pixels (multiples of 8), h x w = H/8 x W/8.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from .configuration import Configuration, ModelConfiguration
from .layers import ConvolutionLayer, Modulation, ResidualBlock
from .quantizers import ImportanceMask, code_signs, map_thresholds, quantize_importance

START_IMPORTANCE = (0.1, 0.7)  # p at t = 0 and t = 1 before training


class Analysis(nn.Module):
    """x (N, 3, H, W) -> features f(x) (N, C, h, w) and code logits (N, n, h, w)."""

    def __init__(self, model: ModelConfiguration):
        super().__init__()
        first, second, third = model.analysis_channels
        self.conv1 = ConvolutionLayer(3, first, 8, model, stride=4, padding=2)
        self.block1 = ResidualBlock(first, model)
        self.conv2 = ConvolutionLayer(first, second, 4, model, stride=2, padding=1)
        self.block2 = ResidualBlock(second, model)
        self.conv3 = ConvolutionLayer(second, third, 3, model) if model.extra_convolutions else None
        self.block3 = ResidualBlock(third if model.extra_convolutions else second, model)
        features = third if model.extra_convolutions else second
        self.code = ConvolutionLayer(features, model.code_maps, 1, model, activation=False)
        self.bypass = (ConvolutionLayer(3 * 64, model.code_maps, 1, model, activation=False, bias=False)
                       if model.bypass else None)

    def forward(self, x: Tensor, factors: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        y = self.block1(self.conv1(x, factors.get("analysis_conv1")))
        y = self.block2(self.conv2(y, factors.get("analysis_conv2")))
        if self.conv3 is not None:
            y = self.conv3(y, factors.get("analysis_conv3"))
        features = self.block3(y)
        logits = self.code(features)
        if self.bypass is not None:
            logits = logits + self.bypass(F.pixel_unshuffle(x, 8))
        return features, logits


class Importance(nn.Module):
    """f(x) (N, C, h, w) -> importance logit (N, 1, h, w); p is its sigmoid."""

    def __init__(self, inputs: int, model: ModelConfiguration):
        super().__init__()
        self.names = [f"conv{index + 1}" for index in range(len(model.importance_channels))]
        for name, channels in zip(self.names, model.importance_channels):
            self.add_module(name, ConvolutionLayer(inputs, channels, 3, model))
            inputs = channels
        self.logit = ConvolutionLayer(inputs, 1, 1, model, activation=False)

    def forward(self, features: Tensor, factors: dict[str, Tensor], shifts: dict[str, Tensor]) -> Tensor:
        y = features
        for name in self.names:
            y = getattr(self, name)(y, factors.get(f"importance_{name}"))
        return self.logit(y, factors.get("importance_logit"), shifts.get("importance_logit"))


class Synthesis(nn.Module):
    """c (N, n, h, w), values -1, 0 and 1 -> y (N, 3, H, W)."""

    def __init__(self, model: ModelConfiguration):
        super().__init__()
        first, second, third, fourth = model.synthesis_channels
        self.conv1 = ConvolutionLayer(model.code_maps, first, model.first_synthesis_kernel, model)
        self.block1 = ResidualBlock(first, model)
        self.conv2 = ConvolutionLayer(first, second, 3, model) if model.extra_convolutions else None
        self.block2 = ResidualBlock(second if model.extra_convolutions else first, model)
        self.conv3 = ConvolutionLayer((second if model.extra_convolutions else first) // 4, third, 3, model)
        self.block3 = ResidualBlock(third, model)
        self.conv4 = ConvolutionLayer(third // 16, fourth, 3, model)
        self.conv5 = ConvolutionLayer(fourth, 3, model.last_synthesis_kernel, model, activation=False)
        self.bypass = (ConvolutionLayer(model.code_maps, 3 * 64, 1, model, activation=False, bias=False)
                       if model.bypass else None)

    def forward(self, c: Tensor, factors: dict[str, Tensor]) -> Tensor:
        y = self.block1(self.conv1(c, factors.get("synthesis_conv1")))
        if self.conv2 is not None:
            y = self.conv2(y, factors.get("synthesis_conv2"))
        y = F.pixel_shuffle(self.block2(y), 2)
        y = self.block3(self.conv3(y, factors.get("synthesis_conv3")))
        y = F.pixel_shuffle(y, 4)
        y = self.conv5(self.conv4(y, factors.get("synthesis_conv4")))
        if self.bypass is not None:
            y = y + F.pixel_shuffle(self.bypass(c), 8)
        return y


@dataclass
class Coded:
    """What one forward pass yields."""

    reconstruction: Tensor  # (N, 3, H, W), scale of the input
    signs: Tensor  # (N, n, h, w), 2B - 1
    mask: Tensor  # (N, n, h, w), 0 or 1
    importance: Tensor | None  # p (N, 1, h, w)


class ContentWeightedAutoencoder(nn.Module):
    """Encoder, importance map, quantisers and decoder; `forward` is the differentiable round trip."""

    def __init__(self, model: ModelConfiguration):
        super().__init__()
        self.configuration = model
        self.analysis = Analysis(model)
        features = self.analysis.code.weight.shape[1]
        self.importance = Importance(features, model) if model.importance_levels else None
        self.synthesis = Synthesis(model)
        self.modulation = None
        if model.modulation_hidden:
            shifts = {"importance.logit": 1} if self.importance is not None else {}
            self.modulation = Modulation(model.modulation_hidden, self.modulated_layers(), shifts)
        self.register_buffer("thresholds", map_thresholds(model.code_maps, model.importance_levels or 1),
                             persistent=False)
        self.mask_gradient_scale = 1 / 3
        # Decides signs in place of the logits' own, from logits, mask, levels and t (entropy/rdoq.py); no gradient passes it.
        self.decider = None
        initialize(self, model)

    def modulated_layers(self) -> dict[str, int]:
        """Names and channel counts of the layers that have a channel factor, in the order of the forward pass."""
        names = ["analysis.conv1", "analysis.conv2", "analysis.conv3"]
        if self.importance is not None:
            names += [f"importance.{name}" for name in self.importance.names] + ["importance.logit"]
        names += ["synthesis.conv1", "synthesis.conv2", "synthesis.conv3", "synthesis.conv4"]
        channels = {}
        for name in names:
            part, layer = name.split(".")
            found = getattr(getattr(self, part), layer)
            if found is not None:
                channels[name] = found.weight.shape[0]
        return channels

    def compiled_modules(self) -> list[nn.Module]:
        """The parts that torch.compile gets: all but the quantisers, whose gradients are our own."""
        return [part for part in (self.analysis, self.importance, self.synthesis) if part is not None]

    def modulate(self, t: Tensor | None) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Factors and shifts for rate knobs t (N,); empty without modulation."""
        return ({}, {}) if self.modulation is None else self.modulation(t)

    def maps_sent(self, t: Tensor) -> Tensor:
        """Number of maps of the baseline for knob t (N,): `min(n, max(1, floor(n t + 0.5)))`."""
        n = self.configuration.code_maps
        return torch.clamp(torch.floor(n * t + 0.5), 1, n)

    def knob(self, t: Tensor) -> Tensor:
        """What the network is conditioned on for knob t (N,): t itself, or the share of the maps that are sent."""
        return self.maps_sent(t) / self.configuration.code_maps if self.configuration.rate_mode == "maps" else t

    def prefix_mask(self, maps: Tensor, like: Tensor) -> Tensor:
        """Mask of the shape of `like` (N, n, h, w) that sends the first `maps` maps, (N,) or (N, 1, h, w)."""
        k = torch.arange(like.shape[1], device=like.device).view(1, -1, 1, 1)
        maps = maps if maps.dim() == 4 else maps.view(-1, 1, 1, 1)
        return (k < maps).to(like.dtype).expand_as(like)

    def encode(self, x: Tensor, t: Tensor, fixed_maps: Tensor | None = None):
        """Signs, mask, p and modulation factors of x. `fixed_maps`, (N,) or (N, 1, h, w), overrules the importance map."""
        if self.configuration.rate_mode == "maps":
            fixed_maps = self.maps_sent(t) if fixed_maps is None else fixed_maps
            t = fixed_maps / self.configuration.code_maps
        factors, shifts = self.modulate(t)
        features, logits = self.analysis(x, factors)
        signs = code_signs(logits.float(), self.configuration.code_nonlinearity)
        p = None
        if self.importance is not None:
            p = torch.sigmoid(self.importance(features, factors, shifts).float())
        if fixed_maps is not None:
            mask = self.prefix_mask(fixed_maps, signs)
        else:
            mask = ImportanceMask.apply(p, self.thresholds, self.configuration.importance_levels,
                                        self.mask_gradient_scale)
        if self.decider is not None:
            levels = None if p is None else self.levels(p)[:, 0].long()
            signs = self.decider(logits.float(), mask > 0, levels, t)
        return signs, mask, p, factors

    def forward(self, x: Tensor, t: Tensor, fixed_maps: Tensor | None = None) -> Coded:
        signs, mask, p, factors = self.encode(x, t, fixed_maps)
        return Coded(self.synthesis(mask * signs, factors), signs, mask, p)

    def levels(self, p: Tensor) -> Tensor:
        """Q of p (N, 1, h, w)."""
        return quantize_importance(p, self.configuration.importance_levels)

    def rate_weights(self, t: Tensor) -> Tensor:
        """`lambda = lambda_max (lambda_min / lambda_max)^t`, shape of t."""
        model = self.configuration
        return model.lambda_max * (model.lambda_min / model.lambda_max) ** t


def initialize(network: ContentWeightedAutoencoder, model: ModelConfiguration):
    """He's normal initialisation with zero biases; 'scaled' also shrinks residual branches and the last layer.

    The bypass starts as a random projection in the encoder and at zero in the decoder, the importance map flat at
    START_IMPORTANCE (conditioned) or at its mean (fixed).
    """
    slope = {"relu": 0.0}.get(model.activation, model.activation_slope)
    for name, module in network.named_modules():
        if isinstance(module, ConvolutionLayer):
            fan_in = module.weight[0].numel()
            nn.init.normal_(module.weight, std=math.sqrt(2 / (1 + slope**2) / fan_in))
            if module.bias is not None:
                nn.init.zeros_(module.bias)
            if model.initialization == "scaled":
                with torch.no_grad():
                    if ".block" in name and name.endswith(".conv2"):
                        module.weight.mul_(0.2)
                    elif name == "synthesis.conv5":
                        module.weight.mul_(0.3)
    with torch.no_grad():
        if network.synthesis.bypass is not None:
            nn.init.zeros_(network.synthesis.bypass.weight)
        if network.importance is not None:
            network.importance.logit.weight.mul_(0.1)
            low, high = (math.log(p / (1 - p)) for p in START_IMPORTANCE)
            if network.modulation is None:
                network.importance.logit.bias.fill_((low + high) / 2)
            else:
                shift = network.modulation.shifts["importance_logit"]
                shift.bias.fill_(low)
                shift.weight[:, 0] = high - low


def build(configuration: Configuration) -> ContentWeightedAutoencoder:
    """The untrained network of a configuration."""
    network = ContentWeightedAutoencoder(configuration.model)
    network.mask_gradient_scale = configuration.loss.mask_gradient_scale
    return network


def is_inner(name: str, parameter: Tensor) -> bool:
    """Weights for Muon: convolutions but the first and last layer, the bypass and the importance map."""
    if parameter.ndim != 4 or not name.startswith(("analysis.", "synthesis.")):
        return False
    return not any(part in name for part in ("analysis.conv1.", "synthesis.conv5.", ".bypass."))
