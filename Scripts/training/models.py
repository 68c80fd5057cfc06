"""Networks and losses by the kind that a configuration names."""

from torch import nn

from configuration import Configuration
from content_weighted import ContentWeightedAutoencoder
from objectives import ContentWeightedObjective, FactorizedPriorObjective


def build(configuration: Configuration) -> nn.Module:
    """The untrained network of a configuration."""
    if configuration.model.kind == "content_weighted":
        network = ContentWeightedAutoencoder(configuration.model)
        network.mask_gradient_scale = configuration.loss.mask_gradient_scale
        return network
    from balle import FactorizedPriorAutoencoder
    return FactorizedPriorAutoencoder(configuration.model)


def build_objective(configuration: Configuration) -> nn.Module:
    """The training loss of a configuration."""
    if configuration.model.kind == "content_weighted":
        return ContentWeightedObjective(configuration)
    return FactorizedPriorObjective(configuration)
