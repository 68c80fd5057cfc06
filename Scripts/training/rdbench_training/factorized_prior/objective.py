"""The loss of autoencoders with a factorised prior, in squared 8-bit units and bits per pixel."""

import torch
from torch import Tensor

from ..common.objectives import knobs, squared_error
from .configuration import Configuration


class FactorizedPriorObjective:
    """Loss of the Balle 2017 and modulated autoencoders: bits of the noisy latent under the learned prior."""

    def __init__(self, configuration: Configuration):
        self.loss, self.model = configuration.loss, configuration.model

    def __call__(self, network, x: Tensor, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        t = knobs(x.shape[0], generator, x.device)
        reconstruction, bits = network(x, t)
        distortion = squared_error(reconstruction, x)
        rate = bits / (x.shape[2] * x.shape[3])
        weights = network.rate_weights(t)
        weight = (weights / self.model.lambda_max) ** -self.loss.lambda_weight_exponent
        total = (weight * (distortion + weights * rate)).mean() / 127.5**2
        return total, {"loss": total.detach(), "mse": distortion.detach().mean(), "raw_bpp": rate.detach().mean(),
                       "rate_bpp": rate.detach().mean()}
