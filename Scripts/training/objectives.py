"""The training losses: w (distortion + lambda rate), distortion in squared 8-bit units, rate in bits per pixel."""

import torch
from torch import Tensor, nn

from configuration import Configuration
from content_weighted import START_IMPORTANCE
from context_model import ContextModel


def knobs(count: int, generator: torch.Generator, device) -> Tensor:
    """Rate knobs (count,), one from each of `count` equal parts of 0...1, in random order: every batch sees all rates."""
    order = torch.randperm(count, generator=generator)
    return ((order + torch.rand(count, generator=generator)) / count).to(device, non_blocking=True)


def squared_error(reconstruction: Tensor, x: Tensor) -> Tensor:
    """Mean squared error per image in 8-bit units, shape (N,)."""
    return (reconstruction.float() - x).square().mean((1, 2, 3)) * 127.5**2


class ContentWeightedObjective(nn.Module):
    """Loss of the content-weighted codec and of its baseline; holds the context model of the entropy-aware rate."""

    def __init__(self, configuration: Configuration):
        super().__init__()
        self.loss, self.model = configuration.loss, configuration.model
        self.phase_one_steps, self.phase_one_mask = configuration.run.phase_one_steps, configuration.run.phase_one_mask
        self.context = None
        if self.loss.rate_term == "context":
            self.context = ContextModel(self.model.code_maps, max(1, self.model.importance_levels))

    def fixed_maps(self, step: int, t: Tensor, generator: torch.Generator) -> Tensor | None:
        """How many maps each image sends while the importance map is not learned; None once it is."""
        n, mode = self.model.code_maps, self.model.rate_mode
        jitter = torch.rand(len(t), generator=generator).to(t.device, non_blocking=True)
        if mode == "maps":
            most = min(self.loss.maximum_maps or n, n)
            low = min(self.loss.minimum_maps, most) / most
            return torch.clamp(torch.floor(most * low ** (1 - t) + 0.5), 1, n)
        if step >= self.phase_one_steps:
            return None
        if self.phase_one_mask == "open":
            return torch.full_like(t, n)
        expected = START_IMPORTANCE[0] + (START_IMPORTANCE[1] - START_IMPORTANCE[0]) * t
        return torch.clamp(torch.floor(n * expected * (0.5 + jitter)), 1, n)

    def forward(self, network, x: Tensor, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        """Loss and figures to log (tensors on the device, never read here)."""
        model, loss = self.model, self.loss
        t = knobs(x.shape[0], generator, x.device)
        weighted = network.rate_weights(t) if model.rate_mode == "lambda" else torch.full_like(t, model.lambda_max)
        fixed = self.fixed_maps(step, t, generator)
        coded = network(x, t, fixed)
        levels = None if coded.importance is None else network.levels(coded.importance)
        distortion = squared_error(coded.reconstruction, x)
        n, area = model.code_maps, model.latent_stride**2
        sent_bpp = n / area * coded.mask.mean((1, 2, 3))
        rate = torch.zeros_like(distortion)
        auxiliary = torch.zeros_like(distortion)
        if self.context is not None:
            rate, auxiliary = self.context.rate(coded, levels, loss.code_gradient_to_rate)
            rate, auxiliary = rate / area, auxiliary / area
        elif coded.importance is not None:
            rate = n / area * coded.importance.mean((1, 2, 3))
        weight = (network.rate_weights(t) / model.lambda_max) ** -loss.lambda_weight_exponent
        # No gradient through the weight: each patch is led by its squared error, only its share of the batch changes.
        weight = weight * (distortion.detach() / 60 + 0.05) ** -loss.error_weight_exponent
        if loss.rate_term == "paper":
            # Mean squared error in -1...1 plus gamma max(0, sum(p) - r), the sum over the 256 positions of a 128x128 patch.
            excess = torch.relu(coded.importance.mean((1, 2, 3)) - loss.target_bpp * area / n) if fixed is None else rate * 0
            objective = distortion + loss.gamma * 256 * 127.5**2 * excess
        elif fixed is None or (self.context is not None and loss.code_gradient_to_rate > 0):
            objective = distortion + weighted * rate
        else:
            objective = distortion
        total = (weight * objective).mean() / 127.5**2 + auxiliary.mean()
        return total, {"loss": total.detach(), "mse": distortion.detach().mean(), "raw_bpp": sent_bpp.detach().mean(),
                       "rate_bpp": rate.detach().mean()}


class FactorizedPriorObjective(nn.Module):
    """Loss of the Balle 2017 and modulated autoencoders: bits of the noisy latent under the learned prior."""

    def __init__(self, configuration: Configuration):
        super().__init__()
        self.loss, self.model = configuration.loss, configuration.model

    def forward(self, network, x: Tensor, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        t = knobs(x.shape[0], generator, x.device)
        reconstruction, bits = network(x, t)
        distortion = squared_error(reconstruction, x)
        rate = bits / (x.shape[2] * x.shape[3])
        weights = network.rate_weights(t)
        weight = (weights / self.model.lambda_max) ** -self.loss.lambda_weight_exponent
        total = (weight * (distortion + weights * rate)).mean() / 127.5**2
        return total, {"loss": total.detach(), "mse": distortion.detach().mean(), "raw_bpp": rate.detach().mean(),
                       "rate_bpp": rate.detach().mean()}
