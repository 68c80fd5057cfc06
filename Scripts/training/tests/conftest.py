import numpy
import pytest
import torch
from PIL import Image

from rdbench_training.common import configuration
from rdbench_training.content_weighted.configuration import Configuration
from rdbench_training.content_weighted.network import ContentWeightedAutoencoder
from rdbench_training.transform_start import fit, start

from .support import CONFIGS, image_set, smooth_pictures


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


@pytest.fixture(scope="session")
def started():
    """A transform codec fitted to made-up pictures, a network that starts as it, and what of it stays."""
    torch.manual_seed(1)
    settings = configuration.load(Configuration, str(CONFIGS / "cw.yaml"))
    images = image_set(smooth_pictures(12, 256))
    network = ContentWeightedAutoencoder(settings.model)
    prices = network.rate_weights(torch.linspace(0, 1, 5)) * 4
    codec = fit.fit(images, list(range(12)), settings.model.code_maps, 4, prices, steps=4, samples=3000, refined=1)
    masks = start.start(network, codec)
    return codec, network, masks
