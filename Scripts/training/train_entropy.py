"""Trains the entropy coder's networks on the codes of a trained encoder, and exports the model with them. See README.md.

With --explore it trains networks of several sizes instead and prints size against work as a table.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import torch
from torch import Tensor

import checkpoints
import integer_context_model
import safetensors_file
from coded_pictures import CodedPicture, coded, coded_pictures, plane_count
from entropy_network import EntropyNetwork, bits, train
from export import exported_configuration, load_exported, load_network, round_weights
from images import centre_crop, packed_images, split
from integer_context_model import IntegerContextModel, whole_maps
from configuration import Configuration
from rate_estimates import code_bits, importance_bits, neighbour_bits
from rdoq import KNOBS, Decider, Decisions, calibrate, decide
from reference_network import PaperNetwork
from transform_codec import TransformCodec

VALIDATION_RATES = (0, 64, 128, 191, 255)
CALIBRATION_IMAGES = 12
EXPLORED = ((8, 8, True), (16, 16, False), (16, 16, True), (32, 16, True), (32, 32, False), (32, 32, True), (64, 32, True))


def load(path: str):
    """The network of a checkpoint folder, rounded as an export is, or of an exported file; with its stored configuration."""
    if Path(path).is_dir():
        network, configuration, state = load_network(path)
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
    coder = integer_context_model.read(safetensors_file.read(deciding)[0])
    if "codes" not in coder:
        raise ValueError(f"{deciding}: no entropy networks")
    decisions = Decisions.of(codec, network.rate_weights(torch.linspace(0, 1, KNOBS if network.modulation is not None else 1)))
    chosen = [images.image(i) for i in training[::max(1, len(training) // CALIBRATION_IMAGES)]]
    crops = [centre_crop(image, side) for image in chosen if min(image.shape[1:]) >= side]
    calibrate(decisions, codec, coder["codes"], network, torch.stack(crops))
    return Decider(decisions, coder["codes"])


def networks(model, first: int, second: int, map_weights: bool = True) -> dict[str, EntropyNetwork]:
    """Untrained networks for codes and importance map."""
    found = {"codes": EntropyNetwork(model.code_maps, max(1, model.importance_levels), first, second, map_weights)}
    planes = plane_count(model)
    if planes:
        found["importance"] = EntropyNetwork(planes, 1 << planes, first, second, map_weights)
    return found


@torch.no_grad()
def size(network: torch.nn.Module | IntegerContextModel, sample: dict[str, Tensor], sent: Tensor) -> float:
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


def write_fixture(path: Path, integers: dict[str, IntegerContextModel], model, digest: str, decisions: Decisions | None = None):
    """Made-up codes with the probabilities that a reader must reproduce exactly, and made-up logits with the bits decided."""
    generator = torch.Generator().manual_seed(1)
    levels = torch.randint(model.importance_levels, (6, 7), generator=generator) if model.importance_levels else None
    made_up = CodedPicture(torch.rand((model.code_maps, 6, 7), generator=generator) < 0.5, levels, 100, model)
    tensors = {}
    for name, maps in made_up.maps().items():
        tensors[f"{name}.values"] = maps.values.reshape(maps.shape).to(torch.int32)
        tensors[f"{name}.conditions"] = maps.conditions.reshape(maps.shape).to(torch.int32)
        tensors[f"{name}.probabilities"] = integers[name].probabilities(whole_maps(maps)).reshape(maps.shape).to(torch.int32)
    if decisions is not None:
        logits = 0.3 * torch.randn(made_up.bits.shape, generator=generator)
        limits = decisions.limits(logits[None], torch.tensor([made_up.rate_byte / 255]))
        conditions = torch.zeros_like(limits[:, 0]) if levels is None else levels[None]
        decided = decide(integers["codes"], limits, made_up.sent[None], conditions, [made_up.rate_byte], passes=limits[0, 0].numel())
        tensors |= {"rdoq.logits": logits, "rdoq.limits": limits[0].int(), "rdoq.bits": decided[0].int()}
    safetensors_file.write(path, tensors, {"format": "rdbench-entropy-fixture", "config": json.dumps(
        {"model_sha256": digest, "rate_byte": made_up.rate_byte})})


def write_model(path: Path, network, stored: dict, integers: dict[str, IntegerContextModel], decisions: Decisions | None = None):
    """The model with its entropy networks and the tables of what decides the bits, if anything does."""
    dtype = {"F16": torch.float16, "BF16": torch.bfloat16}[stored["weights"]]
    units = integers["codes"].tensors
    stored = {**stored, "entropy_units": [units["zeros"].shape[2], units["second_biases"].shape[1]]}
    tensors = {name: p.detach().to(dtype) for name, p in network.named_parameters()}
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = {}
    if decisions is not None:
        tables = {name: tensor.to(dtype) for name, tensor in decisions.tensors().items()}
        stored = {**stored, "rdoq_knobs": decisions.slopes.shape[1]}
    safetensors_file.write(path, {**tensors, **integer_context_model.stored(integers), **tables},
                           {"format": "rdbench-model", "config": json.dumps(stored)})


def explore(model, training: list[CodedPicture], validation: list[CodedPicture], parsed):
    """Prints work and size of several networks for the codes, the paper's among them if asked for."""
    maps = [p.maps()["codes"] for p in training]
    samples = [(whole_maps(held), held.values != 0) for held in (p.maps()["codes"] for p in validation)]
    raw = sum(int(sent.sum()) for _, sent in samples)
    print("| network | products per bit | size, % of raw bits |\n|---|---|---|")
    tried = [(f"{u}, {v}, weights {'of each map' if own else 'common'}", lambda u=u, v=v, own=own: EntropyNetwork(
        model.code_maps, max(1, model.importance_levels), u, v, own), parsed.bits_per_map, parsed.steps) for u, v, own in EXPLORED]
    if parsed.reference_steps:
        tried.append(("Li et al. 2017, released", PaperNetwork, 1, parsed.reference_steps))
    for name, build, bits_per_map, steps in tried:
        torch.manual_seed(1)
        network = build()
        train(network, maps, steps, parsed.batch, bits_per_map, parsed.learning_rate)
        if isinstance(network, PaperNetwork):
            generator = torch.Generator().manual_seed(2)
            drawn = [held.sample(4, generator) for held in (p.maps()["codes"] for p in validation)]
            with torch.no_grad():
                share = sum(float((bits(network(s["context"], s["links"], s["condition"], s["rate"]), s["bit"]) * s["weight"]).sum())
                            for s in drawn) / sum(float(s["weight"].sum()) for s in drawn)
        else:
            share = sum(size(network, sample, sent) for sample, sent in samples) / raw
        print(f"| {name} | {network.products_per_bit()} | {100 * share:.2f} |", flush=True)
    tables = sum(code_bits(p.code.float()) for p in validation), sum(neighbour_bits(p.code.float()) for p in validation)
    print(f"| adaptive table, 6 neighbours | | {100 * tables[0] / raw:.2f} |")
    print(f"| adaptive table, 8 neighbours | | {100 * tables[1] / raw:.2f} |")


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="checkpoint folder, or exported file")
    parser.add_argument("--data", required=True, help="folder of training images")
    parser.add_argument("--cache", required=True, help="folder for the decoded images and their codes")
    parser.add_argument("--output", help="model file to write, with entropy networks")
    parser.add_argument("--rdoq", metavar="FILE", help="exported model whose entropy networks decide the bits, see rdoq.py")
    parser.add_argument("--calibration-crop", type=int, default=256, help="side of the pictures that say what bits cost in the mean")
    parser.add_argument("--fixture", help="safetensors file of made-up codes and their probabilities")
    parser.add_argument("--explore", action="store_true", help="print a table of sizes instead of writing a model")
    parser.add_argument("--reference-steps", type=int, default=0, help="with --explore: also the paper's network")
    parser.add_argument("--first", type=int, default=32, help="units of the first layer")
    parser.add_argument("--second", type=int, default=32, help="units of the second layer")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=8, help="pictures a step")
    parser.add_argument("--bits-per-map", type=int, default=64, help="bits a step of each map of a picture")
    parser.add_argument("--learning-rate", type=float, default=4e-3)
    parser.add_argument("--crop", type=int, default=320)
    parser.add_argument("--pictures", type=int, default=0, help="training pictures; 0: all")
    parser.add_argument("--validation-images", type=int, default=12)
    parser.add_argument("--threads", type=int)
    parsed = parser.parse_args(arguments)
    if not parsed.explore and not parsed.output:
        parser.error("--output is needed unless --explore is given")
    if parsed.threads:
        torch.set_num_threads(parsed.threads)
    network, stored, seed = load(parsed.model)
    model = network.configuration
    images = packed_images(parsed.data, parsed.cache)
    training, held_out = split(images.names, parsed.validation_images, seed)
    training = training[:parsed.pictures or None]
    decisions = None
    if parsed.rdoq:
        network.decider = decider(parsed.model, parsed.rdoq, network, images, training, parsed.calibration_crop)
        decisions = network.decider.decisions
    say = lambda line: print(line, flush=True)
    pictures = coded_pictures(network, images, training, parsed.crop, Path(parsed.cache), say)
    rates = VALIDATION_RATES if model.rate_mode != "fixed" else (0,)
    held = [(centre_crop(images.image(i), parsed.crop), rate) for i in held_out for rate in rates]
    validation = coded(network, *map(list, zip(*held)), say)
    if parsed.explore:
        explore(model, pictures, validation, parsed)
        return
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
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"train_entropy.py: {error}")
