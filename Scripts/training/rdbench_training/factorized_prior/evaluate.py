"""Measures a checkpoint folder on a folder of images: PSNR and estimated rate per image and knob.

The rates are the information content of the latent under the prior. Kodak and CLIC are for the final evidence only: never
choose anything by them.
"""

from ..common import evaluation
from ..common.command_line import run_program
from .family import FACTORIZED_PRIOR


def main(arguments: list[str] | None = None):
    evaluation.main(FACTORIZED_PRIOR, lambda path: FACTORIZED_PRIOR.load(path)[0], __doc__, arguments)


if __name__ == "__main__":
    run_program(main)
