"""Measures a checkpoint folder or an exported model on a folder of images: PSNR and estimated rate per image and knob.

The rates are estimates by adaptive context tables, for choosing and for learning curves; published figures come from
the bytes of the Swift codec. Kodak and CLIC are for the final evidence only: never choose anything by them.
"""

from pathlib import Path

from ..common import evaluation
from ..common.command_line import run_program
from .exported import load_exported
from .family import CONTENT_WEIGHTED


def load(path: str):
    """The network of a checkpoint folder or of an exported file."""
    return CONTENT_WEIGHTED.load(path)[0] if Path(path).is_dir() else load_exported(path)[0]


def main(arguments: list[str] | None = None):
    evaluation.main(CONTENT_WEIGHTED, load, __doc__, arguments)


if __name__ == "__main__":
    run_program(main)
