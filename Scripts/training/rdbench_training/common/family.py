"""What the common programs have to know of a family of models, and its networks in checkpoints."""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import torch
from torch import Tensor, nn

from . import checkpoints
from . import configuration as configurations
from .validation import Coding


@dataclass(frozen=True)
class Family:
    """One family of models.

    Networks have `configuration` (the section `model`, with `latent_stride` and `rate_mode`) and `compiled_modules()`. A loss is
    called with the network, a batch, the step and the generator of all random choices, and returns itself and figures to log.
    """

    configuration: type  # of its YAML files
    build: Callable[[configurations.Configuration], nn.Module]
    objective: Callable[[configurations.Configuration], Callable]
    code: Coding
    is_inner: Callable[[str, Tensor], bool]  # which weights are Muon's

    def load(self, folder: str | Path) -> tuple[nn.Module, configurations.Configuration, dict]:
        """The network of a checkpoint, with its averaged weights if it holds them, its configuration and the checkpoint's state."""
        state = checkpoints.load(folder)
        configuration = configurations.from_dictionary(self.configuration, state["configuration"])
        network = self.build(configuration)
        network.load_state_dict(state["network"])
        if state["average"] is not None:
            with torch.no_grad():
                for name, parameter in network.named_parameters():
                    parameter.copy_(state["average"][name])
        return network.eval(), configuration, state
