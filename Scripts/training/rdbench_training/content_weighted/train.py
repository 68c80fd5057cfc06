"""Trains a content-weighted network on a folder of images; stops and resumes at any moment."""

import torch

from ..common import training
from ..common.command_line import run_program
from ..entropy.rdoq import Decider
from .family import CONTENT_WEIGHTED


class ContentWeightedTrainer(training.Trainer):
    """Also trains what started as a transform codec, on codes whose bits weigh their cost if asked to."""

    family = CONTENT_WEIGHTED
    start: dict | None = None  # what transform_start made, kept in every checkpoint
    held: dict[str, torch.Tensor] = {}  # by parameter: the elements that never change

    def state(self) -> dict:
        return {**super().state(), "start": self.start}

    def restore(self, state: dict):
        super().restore(state)
        self.begin_from(state.get("start"))

    def initialize_from(self, state: dict):
        super().initialize_from(state)
        self.begin_from(state.get("start"))

    def begin_from(self, start: dict | None):
        """Takes over which elements never change, and the codec that they make up."""
        self.start = start
        if start is None:
            return
        self.held = {name: mask.to(self.device) for name, mask in start["held"].items()}
        # So does the rest of the encoder: equation 7 cannot teach such an importance map, train_importance does, before.
        for name, parameter in self.network.named_parameters():
            if "synthesis" not in name:
                parameter.requires_grad_(False)

    def begin(self):
        if self.arguments.rdoq:
            if not self.held:
                raise ValueError("--rdoq needs a run that started as a transform codec, whose encoder is left as it is")
            self.network.decider = self.evaluated.decider = Decider.read(self.arguments.rdoq)

    def edit_gradients(self):
        for name, mask in self.held.items():
            gradient = self.network.get_parameter(name).grad
            if gradient is not None:
                gradient.masked_fill_(mask, 0)


def main(arguments: list[str] | None = None) -> ContentWeightedTrainer:
    options = training.parser(__doc__)
    options.add_argument("--rdoq", metavar="FILE", help="exported model that decides the bits, see entropy/rdoq.py; on a CPU")
    return training.main(ContentWeightedTrainer, options, arguments)


if __name__ == "__main__":
    run_program(main)
