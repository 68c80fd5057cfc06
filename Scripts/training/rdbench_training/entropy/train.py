"""Trains the entropy coder's networks on the codes of a trained encoder, and exports the model with them."""

import argparse
import hashlib
import json
from pathlib import Path

import torch

from ..common import checkpoints, safetensors_file
from ..common.command_line import run_program, use_threads
from ..common.images import centre_crop, packed_images, split
from ..content_weighted.configuration import Configuration
from ..content_weighted.exported import exported_configuration, load_exported, round_weights
from ..content_weighted.family import CONTENT_WEIGHTED
from ..content_weighted.rate_estimates import code_bits, importance_bits, neighbour_bits
from ..transform_start.codec import TransformCodec
from . import integer_network
from .coded_pictures import CodedPicture, coded, coded_pictures, plane_count
from .integer_network import IntegerContextModel, whole_maps
from .model_file import write_fixture, write_model
from .network import EntropyNetwork, bits, train
from .rdoq import KNOBS, Decider, Decisions, calibrate

VALIDATION_RATES = (0, 64, 128, 191, 255)
CALIBRATION_IMAGES = 12


def load(path: str):
    """The network of a checkpoint folder, rounded as an export is, or of an exported file; with its stored configuration."""
    if Path(path).is_dir():
        network, configuration, state = CONTENT_WEIGHTED.load(path)
        round_weights(network, "F16")
        return network, exported_configuration(configuration, "F16", {"steps": state["step"]}), configuration.data.split_seed
    network, stored = load_exported(path)
    return network, stored, Configuration(name=stored["name"], model=network.configuration).data.split_seed


def decider(checkpoint: str, deciding: str, network, images, training: list[int], side: int) -> Decider:
    """What decides bits by the coder of an exported model, for a checkpoint that started as a transform codec."""
    start = checkpoints.load(checkpoint).get("start") if Path(checkpoint).is_dir() else None
    if start is None:
        raise ValueError(f"{checkpoint}: no checkpoint that started as a transform codec, so that --rdoq has no quantisers")
    codec = TransformCodec(**start["codec"])
    coder = integer_network.read(safetensors_file.read(deciding)[0])
    if "codes" not in coder:
        raise ValueError(f"{deciding}: no entropy networks")
    decisions = Decisions.of(codec, network.rate_weights(torch.linspace(0, 1, KNOBS if network.modulation is not None else 1)))
    chosen = [images.image(i) for i in training[::max(1, len(training) // CALIBRATION_IMAGES)]]
    crops = [centre_crop(image, side) for image in chosen if min(image.shape[1:]) >= side]
    calibrate(decisions, codec, coder["codes"], network, torch.stack(crops))
    return Decider(decisions, coder["codes"])


def networks(model, first: int, second: int) -> dict[str, EntropyNetwork]:
    """Untrained networks for codes and importance map."""
    found = {"codes": EntropyNetwork(model.code_maps, max(1, model.importance_levels), first, second)}
    planes = plane_count(model)
    if planes:
        found["importance"] = EntropyNetwork(planes, 1 << planes, first, second)
    return found


@torch.no_grad()
def size(network: EntropyNetwork | IntegerContextModel, sample: dict[str, torch.Tensor], sent: torch.Tensor) -> float:
    """Information content of all sent bits."""
    if isinstance(network, IntegerContextModel):
        cost = network.bits(sample)
    else:
        cost = bits(network(sample["context"], sample["links"], sample["condition"], sample["rate"]), sample["bit"])
    return float(cost[sent].sum())


def report(found: dict, integers: dict[str, IntegerContextModel], pictures: list[CodedPicture]) -> list[dict]:
    """Bits per pixel on held-out pictures for each rate: raw, adaptive tables, float network, integer network."""
    rows = []
    for rate_byte in sorted({p.rate_byte for p in pictures}):
        chosen = [p for p in pictures if p.rate_byte == rate_byte]
        pixels = 64 * sum(p.bits[0].numel() for p in chosen)
        sums: dict[str, float] = {}
        for picture in chosen:
            for name, maps in picture.maps().items():
                sample, sent = whole_maps(maps), maps.values != 0
                code = picture.code.float()
                figures = {"raw": float(sent.sum()), "float": size(found[name], sample, sent),
                           "integer": size(integers[name], sample, sent)}
                if name == "codes":
                    figures |= {"tables": code_bits(code), "eight_neighbours": neighbour_bits(code)}
                else:
                    figures["tables"] = importance_bits(picture.levels, picture.model.importance_levels)
                for key, value in figures.items():
                    sums[f"{name}_{key}_bpp"] = sums.get(f"{name}_{key}_bpp", 0.0) + value / pixels
        rows.append({"rate_byte": rate_byte, **{key: round(value, 6) for key, value in sums.items()}})
    return rows


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="checkpoint folder, or exported file")
    parser.add_argument("--data", required=True, help="folder of training images")
    parser.add_argument("--cache", required=True, help="folder for the decoded images and their codes")
    parser.add_argument("--output", required=True, help="model file to write, with entropy networks")
    parser.add_argument("--rdoq", metavar="FILE", help="exported model whose entropy networks decide the bits, see rdoq")
    parser.add_argument("--calibration-crop", type=int, default=256, help="side of the pictures that say what bits cost in the mean")
    parser.add_argument("--fixture", help="safetensors file of made-up codes and their probabilities")
    parser.add_argument("--first", type=int, default=32, help="units of the first layer")
    parser.add_argument("--second", type=int, default=32, help="units of the second layer")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=8, help="pictures a step")
    parser.add_argument("--bits-per-map", type=int, default=64, help="bits a step of each map of a picture")
    parser.add_argument("--learning-rate", type=float, default=4e-3)
    parser.add_argument("--crop", type=int, default=320)
    parser.add_argument("--validation-images", type=int, default=12)
    parser.add_argument("--threads", type=int)
    parsed = parser.parse_args(arguments)
    use_threads(parsed.threads)
    network, stored, seed = load(parsed.model)
    model = network.configuration
    images = packed_images(parsed.data, parsed.cache)
    training, held_out = split(images.names, parsed.validation_images, seed)
    decisions = None
    if parsed.rdoq:
        network.decider = decider(parsed.model, parsed.rdoq, network, images, training, parsed.calibration_crop)
        decisions = network.decider.decisions
    say = lambda line: print(line, flush=True)
    pictures = coded_pictures(network, images, training, parsed.crop, Path(parsed.cache), say)
    rates = VALIDATION_RATES if model.rate_mode != "fixed" else (0,)
    held = [(centre_crop(images.image(i), parsed.crop), rate) for i in held_out for rate in rates]
    validation = coded(network, *map(list, zip(*held)), say)
    torch.manual_seed(1)
    found, integers = networks(model, parsed.first, parsed.second), {}
    generator = torch.Generator().manual_seed(3)
    for name, entropy in found.items():
        maps = [p.maps()[name] for p in pictures]
        # The planes of the importance map are few: more bits of each.
        bits_per_map = parsed.bits_per_map * (8 if name == "importance" else 1)
        train(entropy, maps, parsed.steps, parsed.batch, bits_per_map, parsed.learning_rate,
              report=lambda line: print(f"{name}: {line}", flush=True))
        drawn = [held.sample(4 * parsed.bits_per_map, generator) for held in maps[:32]]
        integers[name] = IntegerContextModel.quantized(
            entropy, {key: torch.cat([s[key] for s in drawn], 1) for key in drawn[0]})
    output = Path(parsed.output)
    rows = report(found, integers, validation)
    stored["training"] = {**stored["training"], "entropy": {"steps": parsed.steps, "validation": rows}}
    write_model(output, network, stored, integers, decisions)
    if parsed.fixture:
        write_fixture(Path(parsed.fixture), integers, model, hashlib.sha256(output.read_bytes()).hexdigest(), decisions)
    for row in rows:
        print(json.dumps(row))
    print(f"{output}: {output.stat().st_size} bytes")


if __name__ == "__main__":
    run_program(main)
