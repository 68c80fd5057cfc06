"""Trains the integer context models of the entropy coder on the codes of a trained encoder. See README.md."""

import argparse
import hashlib
import json
import math
import sys
import time
from pathlib import Path

import torch
from torch import Tensor
import torch.nn.functional as F

import integer_context_model
import safetensors_file
from context_model import ContextModel
from export import load_exported, load_network
from images import CropSampler, centre_crop, packed_images, split
from integer_context_model import IntegerContextModel
from configuration import Configuration, DataConfiguration
from layers import pad_to_multiple
from objectives import ContentWeightedObjective, knobs
from rate_estimates import code_bits, importance_bits

VALIDATION_KNOBS = (0.0, 0.25, 0.5, 0.75, 1.0)


def importance_planes(levels: Tensor, planes: int) -> tuple[Tensor, Tensor]:
    """Levels (N, 1, h, w) as bit planes, most significant first, values -1 and 1 (N, planes, h, w), and the node of the
    binary tree that the planes before lead to: `2^j + (Q >> (planes - j))` for plane j.
    """
    whole = levels.long()
    bits = torch.cat([(whole >> (planes - 1 - j)) & 1 for j in range(planes)], 1)
    nodes = torch.cat([(whole >> (planes - j)) + (1 << j) for j in range(planes)], 1)
    return (2 * bits - 1).float(), nodes


class CodeSource:
    """Codes and levels of a frozen network."""

    def __init__(self, network, configuration: Configuration):
        self.network, self.model = network, configuration.model
        self.objective = ContentWeightedObjective(configuration)
        self.planes = max(1, (self.model.importance_levels - 1).bit_length()) if self.model.importance_levels else 0

    @torch.no_grad()
    def codes(self, x: Tensor, t: Tensor, generator: torch.Generator | None = None) -> dict[str, tuple]:
        """By model name: code (N, maps, h, w) with 0 for bits not sent, and levels or nodes (or None)."""
        fixed = (self.objective.fixed_maps(10**9, t, generator)
                 if self.model.rate_mode == "maps" and generator is not None else None)
        signs, mask, p, _ = self.network.encode(x, t, fixed)
        levels = None if p is None else self.network.levels(p)
        found = {"codes": (mask * signs, levels)}
        if p is not None:
            found["importance"] = importance_planes(levels, self.planes)
        return found


def float_bits(model: ContextModel, code: Tensor, levels: Tensor | None) -> Tensor:
    """Information content of all sent bits under the float model."""
    logits = model(code, levels)
    costs = F.binary_cross_entropy_with_logits(logits, (code > 0).to(logits.dtype), reduction="none")
    return (costs * (code != 0)).sum() / math.log(2)


def report(source: CodeSource, models: dict[str, ContextModel], integers: dict[str, IntegerContextModel],
           images: list[Tensor]) -> list[dict]:
    """Mean bits per pixel on images for each knob: raw, adaptive tables, float model, integer model."""
    rows = []
    for t in VALIDATION_KNOBS if source.model.rate_mode != "fixed" else (1.0,):
        sums: dict[str, float] = {}
        for image in images:
            pixels = image.shape[1] * image.shape[2] * len(images)
            x = pad_to_multiple(((image.float() - 127.5) / 127.5).unsqueeze(0), 8)
            for name, (code, levels) in source.codes(x, torch.full((1,), t, device=x.device)).items():
                if name == "codes":
                    tables = code_bits(code[0])
                else:
                    q = sum(((code[0, j] > 0).long() << (source.planes - 1 - j)) for j in range(source.planes))
                    tables = importance_bits(q, source.model.importance_levels)
                with torch.no_grad():
                    float_size = float_bits(models[name], code, levels).item()
                figures = {"raw": (code != 0).sum().item(), "tables": tables, "float": float_size,
                           "integer": integers[name].bits(code, (code > 0).long(), levels)}
                for key, bits in figures.items():
                    sums[f"{name}_{key}_bpp"] = sums.get(f"{name}_{key}_bpp", 0.0) + bits / pixels
        rows.append({"t": t, **{key: round(value, 6) for key, value in sums.items()}})
    return rows


def write_fixture(path: Path, integers: dict[str, IntegerContextModel], source: CodeSource, entropy_path: Path, seed: int = 1):
    """Made-up codes and levels with the probabilities that a reader must reproduce exactly."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    levels_count, n = source.model.importance_levels, source.model.code_maps
    height, width = 6, 7
    levels = torch.randint(max(1, levels_count), (1, 1, height, width), generator=generator)
    k = torch.arange(1, n + 1).view(1, n, 1, 1)
    sent = (k * levels_count + n - 1) // n <= levels if levels_count else (k <= n // 2).expand(1, n, height, width)
    code = (2 * torch.randint(2, (1, n, height, width), generator=generator) - 1) * sent
    inputs = {"codes": (code.float(), levels if levels_count else None)}
    if levels_count:
        inputs["importance"] = importance_planes(levels, source.planes)
        tensors["levels"] = levels[0, 0].int()
    for name, (values, conditions) in inputs.items():
        tensors[f"{name}.values"] = values[0].to(torch.int8)
        tensors[f"{name}.probabilities"] = integers[name].probabilities(values, conditions)[0]
    safetensors_file.write(path, tensors, {"format": "rdbench-entropy-fixture", "config": json.dumps(
        {"entropy_sha256": hashlib.sha256(entropy_path.read_bytes()).hexdigest()})})


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="checkpoint folder, or exported file (as will be shipped)")
    parser.add_argument("--data", required=True, help="folder of training images")
    parser.add_argument("--cache", required=True, help="folder for the decoded images")
    parser.add_argument("--output", required=True, help="safetensors file to write")
    parser.add_argument("--fixture", help="safetensors file of made-up codes and their probabilities")
    parser.add_argument("--hidden", type=int, default=24)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--time-limit", type=float, default=0, help="seconds of training; 0: none")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--patch", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=4e-3)
    parser.add_argument("--validation-images", type=int, default=12)
    parser.add_argument("--validation-crop", type=int, default=256)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int)
    parsed = parser.parse_args(arguments)
    if parsed.threads:
        torch.set_num_threads(parsed.threads)
    torch.manual_seed(1)
    if Path(parsed.model).is_dir():
        network, configuration, _ = load_network(parsed.model)
        name = configuration.name
    else:
        network, stored = load_exported(parsed.model)
        name, configuration = stored["name"], Configuration(name=stored["name"], model=network.configuration)
    network = network.to(parsed.device, memory_format=torch.channels_last).eval()
    source = CodeSource(network, configuration)
    model = configuration.model
    models = {"codes": ContextModel(model.code_maps, max(1, model.importance_levels), parsed.hidden)}
    if model.importance_levels:
        models["importance"] = ContextModel(source.planes, 1 << source.planes, parsed.hidden)
    for context_model in models.values():
        context_model.to(parsed.device)

    images = packed_images(parsed.data, parsed.cache)
    training, validation = split(images.names, parsed.validation_images, configuration.data.split_seed)
    held_out = [centre_crop(images.image(i), parsed.validation_crop).to(parsed.device) for i in validation]
    if parsed.device != "cpu":
        images = images.to(parsed.device)
    sampler = CropSampler(images, training, DataConfiguration(patch=parsed.patch, batch=parsed.batch))
    generator = torch.Generator().manual_seed(1)
    optimizer = torch.optim.Adam([p for m in models.values() for p in m.parameters()], lr=parsed.learning_rate)
    begun, step, inputs = time.monotonic(), 0, {}
    while step < parsed.steps:
        spent = time.monotonic() - begun
        progress = max(step / parsed.steps, spent / parsed.time_limit if parsed.time_limit else 0)
        if progress >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = parsed.learning_rate * min(1, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * progress))
        x = sampler.batch(generator)
        inputs = source.codes(x, knobs(parsed.batch, generator, x.device), generator)
        costs = {key: float_bits(models[key], code, levels) / (code != 0).sum().clamp_min(1)
                 for key, (code, levels) in inputs.items()}
        optimizer.zero_grad(set_to_none=True)
        sum(costs.values()).backward()
        optimizer.step()
        step += 1
        if step % 100 == 0:
            print(f"step {step}: " + ", ".join(f"{key} {cost.item():.4f} bit/bit" for key, cost in costs.items()), flush=True)

    integers = {key: IntegerContextModel.quantized(models[key].cpu(), code.cpu(), None if levels is None else levels.cpu())
                for key, (code, levels) in inputs.items()}
    for context_model in models.values():
        context_model.to(parsed.device)
    rows = report(source, models, integers, held_out)
    config = {"model": name, "hidden": parsed.hidden, "code_maps": model.code_maps,
              "importance_levels": model.importance_levels, "training": {"steps": step, "validation": rows}}
    output = Path(parsed.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    integer_context_model.write(output, integers, config)
    if parsed.fixture:
        write_fixture(Path(parsed.fixture), integers, source, output)
    for row in rows:
        print(json.dumps(row))
    print(f"{output}: {output.stat().st_size} bytes")


if __name__ == "__main__":
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"train_entropy.py: {error}")
