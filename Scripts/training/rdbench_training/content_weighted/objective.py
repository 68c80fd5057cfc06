"""The loss of the content-weighted codec and its baseline: w (distortion + lambda rate), in squared 8-bit units and bits per
pixel."""

import torch
from torch import Tensor

from ..common.objectives import knobs, squared_error
from .configuration import Configuration


class ContentWeightedObjective:
    """Loss of the content-weighted codec and of its baseline."""

    def __init__(self, configuration: Configuration):
        self.loss, self.model = configuration.loss, configuration.model
        self.phase_one_steps = configuration.run.phase_one_steps

    def fixed_maps(self, step: int, t: Tensor) -> Tensor | None:
        """How many maps each image sends while the importance map is not learned; None once it is."""
        n = self.model.code_maps
        if self.model.rate_mode == "maps":
            low = min(self.loss.minimum_maps, n) / n
            return torch.clamp(torch.floor(n * low ** (1 - t) + 0.5), 1, n)
        return torch.full_like(t, n) if step < self.phase_one_steps else None

    def __call__(self, network, x: Tensor, step: int, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        """Loss and figures to log (tensors on the device, never read here)."""
        model, loss = self.model, self.loss
        t = knobs(x.shape[0], generator, x.device)
        weighted = network.rate_weights(t) if model.rate_mode == "lambda" else torch.full_like(t, model.lambda_max)
        fixed = self.fixed_maps(step, t)
        coded = network(x, t, fixed)
        distortion = squared_error(coded.reconstruction, x)
        n, area = model.code_maps, model.latent_stride**2
        sent_bpp = n / area * coded.mask.mean((1, 2, 3))
        rate = torch.zeros_like(distortion)
        if coded.importance is not None:
            rate = n / area * coded.importance.mean((1, 2, 3))
        weight = (network.rate_weights(t) / model.lambda_max) ** -loss.lambda_weight_exponent
        # No gradient through the weight: each patch is led by its squared error, only its share of the batch changes.
        weight = weight * (distortion.detach() / 60 + 0.05) ** -loss.error_weight_exponent
        if loss.rate_term == "paper":
            # Mean squared error in -1...1 plus gamma max(0, sum(p) - r), the sum over the 256 positions of a 128x128 patch.
            excess = torch.relu(coded.importance.mean((1, 2, 3)) - loss.target_bpp * area / n) if fixed is None else rate * 0
            objective = distortion + loss.gamma * 256 * 127.5**2 * excess
        elif fixed is None:
            objective = distortion + weighted * rate
        else:
            objective = distortion
        total = (weight * objective).mean() / 127.5**2
        return total, {"loss": total.detach(), "mse": distortion.detach().mean(), "raw_bpp": sent_bpp.detach().mean(),
                       "rate_bpp": rate.detach().mean()}
