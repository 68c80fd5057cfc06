"""Balle 2017: GDN transforms with a factorised prior; with modulation, the modulated autoencoder.

Letters: N images, C = `channels` channels everywhere, latent (N, C, H/16, W/16).
"""

import math

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from .configuration import ModelConfiguration


class GDN(nn.Module):
    """`y_i = x_i / sqrt(beta_i + sum_j gamma_ij x_j^2)` (Balle et al. 2016); `inverse` multiplies instead.

    beta and gamma are squares of the parameters, hence never negative.
    """

    def __init__(self, channels: int, inverse: bool = False):
        super().__init__()
        self.inverse = inverse
        self.root_beta = nn.Parameter(torch.ones(channels))
        self.root_gamma = nn.Parameter(0.01 + (math.sqrt(0.1) - 0.01) * torch.eye(channels))

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            weight = self.root_gamma.square()[:, :, None, None]
            norm = F.conv2d(x.float().square(), weight, self.root_beta.square() + 1e-6)
            y = x.float() * (torch.sqrt(norm) if self.inverse else torch.rsqrt(norm))
        return y.to(x.dtype)


class LayerModulation(nn.Module):
    """Channel factors `exp(fc(relu(fc(u))))` with C/2 hidden units (modulated autoencoder), shape (N, C, 1, 1)."""

    def __init__(self, channels: int):
        super().__init__()
        self.hidden = nn.Linear(1, channels // 2)
        self.output = nn.Linear(channels // 2, channels)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, u: Tensor) -> Tensor:
        with torch.autocast(u.device.type, enabled=False):
            return torch.exp(self.output(F.relu(self.hidden(u.float().unsqueeze(1)))))[:, :, None, None]


class FactorizedPrior(nn.Module):
    """A learned density for each channel: cumulative logits by four small monotone layers (Balle et al. 2018, 6.1)."""

    WIDTHS = (1, 3, 3, 3, 1)

    def __init__(self, channels: int):
        super().__init__()
        self.matrices, self.biases, self.gates = nn.ParameterList(), nn.ParameterList(), nn.ParameterList()
        scale = 10 ** (1 / (len(self.WIDTHS) - 1))
        for inputs, outputs in zip(self.WIDTHS, self.WIDTHS[1:]):
            start = math.log(math.expm1(1 / scale / outputs))
            self.matrices.append(nn.Parameter(torch.full((channels, outputs, inputs), start)))
            self.biases.append(nn.Parameter(torch.rand(channels, outputs, 1) - 0.5))
            self.gates.append(nn.Parameter(torch.zeros(channels, outputs, 1)))

    def cumulative_logits(self, values: Tensor) -> Tensor:
        """Values (C, 1, M) -> logits of the cumulative distribution, same shape."""
        y = values
        for index, (matrix, bias, gate) in enumerate(zip(self.matrices, self.biases, self.gates)):
            y = F.softplus(matrix) @ y + bias
            if index + 1 < len(self.matrices):
                y = y + torch.tanh(gate) * torch.tanh(y)
        return y

    def bits(self, latent: Tensor) -> Tensor:
        """-log2 of the probability of the unit interval around each value (N, C, h, w), same shape."""
        with torch.autocast(latent.device.type, enabled=False):
            count, channels = latent.shape[:2]
            values = latent.float().transpose(0, 1).reshape(channels, 1, -1)
            lower, upper = self.cumulative_logits(values - 0.5), self.cumulative_logits(values + 0.5)
            sign = -torch.sign(lower + upper).detach()  # on the side where the two sigmoids do not cancel
            probability = (torch.sigmoid(sign * upper) - torch.sigmoid(sign * lower)).abs()
            bits = -torch.log2(probability.clamp_min(1e-9))
        return bits.view(channels, count, *latent.shape[2:]).transpose(0, 1)


class FactorizedPriorAutoencoder(nn.Module):
    """conv 9x9 stride 4, GDN, conv 5x5 stride 2, GDN, conv 5x5 stride 2; the decoder mirrors it with inverse GDN."""

    def __init__(self, model: ModelConfiguration):
        super().__init__()
        self.configuration = model
        c = model.channels
        self.analysis = nn.ModuleList([nn.Conv2d(3, c, 9, 4, 4), nn.Conv2d(c, c, 5, 2, 2), nn.Conv2d(c, c, 5, 2, 2)])
        self.analysis_gdn = nn.ModuleList([GDN(c), GDN(c)])
        self.synthesis = nn.ModuleList([nn.ConvTranspose2d(c, c, 5, 2, 2, 1), nn.ConvTranspose2d(c, c, 5, 2, 2, 1),
                                        nn.ConvTranspose2d(c, 3, 9, 4, 4, 3)])
        self.synthesis_gdn = nn.ModuleList([GDN(c, inverse=True), GDN(c, inverse=True)])
        self.prior = FactorizedPrior(c)
        self.modulation = (nn.ModuleList([LayerModulation(c) for _ in range(6)])
                           if model.modulated else None)

    def rate_weights(self, t: Tensor) -> Tensor:
        """lambda of our loss (rate weight) for t (N,); lambda_max for a fixed rate. The papers' is 255^2 over ours."""
        model = self.configuration
        if self.modulation is None:
            return torch.full_like(t, model.lambda_max)
        return model.lambda_max * (model.lambda_min / model.lambda_max) ** t

    def compiled_modules(self) -> list[nn.Module]:
        """What torch.compile gets."""
        return [self]

    def _factors(self, t: Tensor):
        """Modulation for the three analysis convolutions, and the inputs of the three synthesis ones."""
        if self.modulation is None:
            return [1.0] * 6
        u = self.configuration.lambda_min / self.rate_weights(t)  # the papers' lambda / lambda_max
        return [layer(u) for layer in self.modulation]

    def encode(self, x: Tensor, factors) -> Tensor:
        """x (N, 3, H, W) -> unquantised latent (N, C, H/16, W/16) as float."""
        y = x
        for index, convolution in enumerate(self.analysis):
            y = convolution(y) * factors[index]
            if index < 2:
                y = self.analysis_gdn[index](y)
        return y.float()

    def decode(self, latent: Tensor, factors) -> Tensor:
        y = latent
        for index, convolution in enumerate(self.synthesis):
            y = convolution(y * factors[3 + index])
            if index < 2:
                y = self.synthesis_gdn[index](y)
        return y

    def forward(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """Reconstruction and bits per image (N,), with uniform noise in place of rounding."""
        factors = self._factors(t)
        latent = self.encode(x, factors)
        noisy = latent + torch.rand_like(latent) - 0.5
        return self.decode(noisy, factors), self.prior.bits(noisy).sum((1, 2, 3))

    def code(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """Reconstruction from the rounded latent and its information content in bits, summed over the images."""
        factors = self._factors(t)
        latent = torch.round(self.encode(x, factors))
        return self.decode(latent, factors), self.prior.bits(latent).sum()
