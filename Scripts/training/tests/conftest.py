import sys
from pathlib import Path

import numpy
import pytest
import torch
from PIL import Image

TRAINING = Path(__file__).parents[1]
sys.path.insert(0, str(TRAINING))


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def image_folder(tmp_path_factory):
    """Eight made-up images of five source groups."""
    folder = tmp_path_factory.mktemp("images")
    generator = numpy.random.default_rng(1)
    for index, group in enumerate(("a", "b", "b", "c", "d", "d", "d", "e")):
        y, x = numpy.mgrid[:70 + index, :90]
        pixels = numpy.stack([x * 2, y * 3, (x + y) % 60 * 4], 2) + generator.integers(0, 20, (70 + index, 90, 3))
        Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8)).save(folder / f"{group}_{index}.png")
    return folder
