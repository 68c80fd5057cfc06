"""Exports a checkpoint to safetensors with 16-bit weights, and fixtures of every layer's output."""

import argparse
import hashlib
from pathlib import Path

import torch
from torch import Tensor

from ..common import configuration as configurations
from ..common.command_line import run_program
from ..common.images import centre_crop, image_paths, read_image
from ..common.validation import measure, summarize
from .configuration import Configuration
from .exported import ELEMENT_TYPES, export, round_weights
from .family import CONTENT_WEIGHTED
from .layer_fixtures import untrained_network, write_fixture


def compare_element_types(folder: str, images: list[Tensor], knobs: list[float]):
    """Prints the mean PSNR of the unrounded network and with each element type."""
    for element_type in (None, *ELEMENT_TYPES):
        network, _, _ = CONTENT_WEIGHTED.load(folder)
        if element_type:
            round_weights(network, element_type)
        for t in knobs:
            mean = summarize([measure(network, CONTENT_WEIGHTED.code, image, t) for image in images])
            print(f"{element_type or 'F32':>5}  t {t:.2f}  {mean['psnr_db']:.4f} dB  {mean['estimated_bpp']:.5f} bpp")


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", help="checkpoint folder of train")
    source.add_argument("--untrained", metavar="CONFIG", help="random weights of a YAML file, for fixtures")
    parser.add_argument("--output", required=True, help="safetensors file to write")
    parser.add_argument("--weights", choices=tuple(ELEMENT_TYPES), default="F16")
    parser.add_argument("--fixture", help="safetensors file for the layers' outputs")
    parser.add_argument("--compare", metavar="FOLDER", help="also print the loss of each element type on 8 images")
    parsed = parser.parse_args(arguments)
    training = {}
    if parsed.checkpoint:
        if parsed.compare:
            images = [centre_crop(torch.from_numpy(read_image(p).copy()).permute(2, 0, 1), 256)
                      for p in image_paths(parsed.compare)[::max(1, len(image_paths(parsed.compare)) // 8)][:8]]
            compare_element_types(parsed.checkpoint, images, [0.0, 0.5, 1.0])
        network, configuration, state = CONTENT_WEIGHTED.load(parsed.checkpoint)
        training = {"steps": state["step"], "batch": configuration.data.batch, "patch": configuration.data.patch}
    else:
        configuration = configurations.load(Configuration, parsed.untrained)
        network = untrained_network(configuration)
    output = Path(parsed.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    export(network, configuration, output, parsed.weights, training)
    print(f"{output}: {output.stat().st_size} bytes, SHA-256 {hashlib.sha256(output.read_bytes()).hexdigest()}")
    if parsed.fixture:
        write_fixture(network, Path(parsed.fixture), output)
        print(f"{parsed.fixture}: {Path(parsed.fixture).stat().st_size} bytes")


if __name__ == "__main__":
    run_program(main)
