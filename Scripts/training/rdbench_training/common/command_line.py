"""What the programs' command lines share."""

import sys
from typing import Callable

import torch


def run_program(main: Callable[[], object]):
    """Runs a program's `main`; what is wrong with its input ends it with one line that begins with the program's name."""
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        specification = sys.modules["__main__"].__spec__
        sys.exit(f"{specification.name if specification else sys.argv[0]}: {error}")


def use_threads(count: int | None):
    """Sets the number of CPU threads, if one is given."""
    if count:
        torch.set_num_threads(count)
