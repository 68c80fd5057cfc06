"""Trains an autoencoder with a factorised prior on a folder of images; stops and resumes at any moment."""

from ..common import training
from ..common.command_line import run_program
from .family import FACTORIZED_PRIOR


class FactorizedPriorTrainer(training.Trainer):
    """The common trainer for this family."""

    family = FACTORIZED_PRIOR


def main(arguments: list[str] | None = None) -> FactorizedPriorTrainer:
    return training.main(FactorizedPriorTrainer, training.parser(__doc__), arguments)


if __name__ == "__main__":
    run_program(main)
