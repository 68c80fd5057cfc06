"""What a content-weighted network makes of a picture, its rate estimated by adaptive tables."""

from torch import Tensor

from ..common.validation import Measured
from .network import ContentWeightedAutoencoder
from .rate_estimates import code_bits, importance_bits


def code(network: ContentWeightedAutoencoder, x: Tensor, t: Tensor) -> Measured:
    """Codes a picture (1, 3, H, W) at knob t (1,)."""
    coded = network(x, t)
    raw, bits, map_bits = float(coded.mask.sum()), code_bits((coded.mask * coded.signs)[0]), 0.0
    if coded.importance is not None:
        levels = network.configuration.importance_levels
        raw += (levels - 1).bit_length() * coded.importance.numel()
        map_bits = importance_bits(network.levels(coded.importance)[0, 0], levels)
    return Measured(coded.reconstruction, raw, bits, map_bits)
