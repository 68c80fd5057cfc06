"""The autoencoders with a factorised prior as a family for the common programs."""

from torch import Tensor

from ..common.training import Family
from ..common.validation import Measured
from .configuration import Configuration
from .network import FactorizedPriorAutoencoder
from .objective import FactorizedPriorObjective


def build(configuration: Configuration) -> FactorizedPriorAutoencoder:
    """The untrained network of a configuration."""
    return FactorizedPriorAutoencoder(configuration.model)


def code(network: FactorizedPriorAutoencoder, x: Tensor, t: Tensor) -> Measured:
    """Codes a picture (1, 3, H, W) at knob t (1,); the rate is the information content under the prior."""
    reconstruction, bits = network.code(x, t)
    return Measured(reconstruction, float(bits), float(bits))


def is_inner(name: str, parameter: Tensor) -> bool:
    """Weights for Muon: convolutions but the first and the last layer."""
    return parameter.ndim == 4 and name.startswith(("analysis.1.", "analysis.2.", "synthesis.0.", "synthesis.1."))


FACTORIZED_PRIOR = Family(Configuration, build, FactorizedPriorObjective, code, is_inner)
