"""Trains the importance map of a network that started as a transform codec, with everything else as it is.

The error of every level at every position is known (`importance_teacher`), and a context model trained along with all maps
sent knows what each bit costs there, so the importance map is trained on error + lambda x rate itself: linear between the
levels, with the cost of the map's own steps estimated.
"""

import argparse
import dataclasses
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from ..common import checkpoints
from ..common import configuration as configurations
from ..common.command_line import run_program, use_threads
from ..common.images import CropSampler, centre_crop, packed_images, split
from ..common.objectives import knobs
from ..common.validation import VALIDATION_KNOBS, measure, summarize, table
from ..content_weighted.coding import code
from ..content_weighted.configuration import Configuration
from ..entropy.context_model import ContextModel
from ..content_weighted.network import ContentWeightedAutoencoder
from ..content_weighted.quantizers import code_signs
from .codec import TransformCodec
from .importance_teacher import ImportanceTeacher

CONTEXT_LEARNING_RATE = 1e-3  # of Adam


def map_bits(positions: Tensor) -> Tensor:
    """Roughly the bits a position of an importance map (N, 1, h, w) in levels: one for each doubling of a step to the left or
    upper neighbour, their mean."""
    steps = [torch.log2(1 + positions.diff(dim=dim).abs()).mean() for dim in (2, 3)]
    return sum(steps) / 2


def loss(p: Tensor, costs: Tensor, price: Tensor) -> Tensor:
    """Mean over the positions of error / lambda + rate in bits per pixel, of p (N, 1, h, w) between the levels' costs (N, L, h, w),
    and of what the map itself costs; a slight pull to the best level helps where costs are flat."""
    levels = costs.shape[1]
    positions = levels * p - 0.5  # where p lies among the levels' middles
    floor = positions.detach().floor().clamp(0, levels - 2).long()
    low, high = (costs.gather(1, floor + step) for step in (0, 1))
    best, index = costs.min(1, keepdim=True)
    excess = low + (high - low) * (positions - floor) - best
    pull = F.binary_cross_entropy(p, (index + 0.5) / levels)
    return (excess / price.view(-1, 1, 1, 1)).mean() + map_bits(positions) / 64 + 0.002 * pull


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", help="folder of a run that began with transform_start.start")
    parser.add_argument("--data", required=True, help="folder of training images")
    parser.add_argument("--cache", required=True, help="folder for the decoded images")
    parser.add_argument("--output", required=True, help="folder for the checkpoint")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--context-steps", type=int, default=200, help="steps before, for the context model alone")
    parser.add_argument("--batch", type=int, default=8, help="crops a step")
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="of Adam, falling to 0 as a cosine")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parsed = parser.parse_args(arguments)
    use_threads(parsed.threads)
    state = checkpoints.load(parsed.run)
    if not state.get("start") or not state["configuration"]["model"]["importance_levels"]:
        raise ValueError(f"{parsed.run} is not a run of a network with importance map that began with transform_start.start")
    settings = configurations.from_dictionary(Configuration, state["configuration"])
    network = ContentWeightedAutoencoder(settings.model)
    network.load_state_dict({**state["network"], **(state["average"] or {})})
    teacher = ImportanceTeacher(TransformCodec(**state["start"]["codec"]), settings.model.importance_levels)

    images = packed_images(parsed.data, parsed.cache)
    training, validation = split(images.names, settings.data.validation_images, settings.data.split_seed)
    sampler = CropSampler(images, training, dataclasses.replace(settings.data, batch=parsed.batch))
    for name, parameter in network.named_parameters():
        parameter.requires_grad = name.startswith(("importance.", "modulation.factors.importance", "modulation.shifts.importance"))
    context = ContextModel(settings.model.code_maps)
    context_optimizer = torch.optim.Adam(context.parameters(), lr=CONTEXT_LEARNING_RATE)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=parsed.learning_rate)
    generator = torch.Generator().manual_seed(settings.run.seed)
    torch.manual_seed(settings.run.seed)
    total = 0.0
    for step in range(-parsed.context_steps, parsed.steps):
        x = sampler.batch(generator)
        t = knobs(len(x), generator, x.device)
        price = network.rate_weights(t)
        factors, shifts = network.modulate(t)
        with torch.no_grad():
            features, logits = network.analysis(x, factors)
            signs = code_signs(logits, settings.model.code_nonlinearity)
        bits = F.binary_cross_entropy_with_logits(context(signs), (signs + 1) / 2, reduction="none")
        context_optimizer.zero_grad()
        bits.sum(1).mean().backward()
        context_optimizer.step()
        if step < 0:
            continue
        costs = teacher.errors(x, t) + price.view(-1, 1, 1, 1) * teacher.spent(bits.detach() / math.log(2)) / 64
        for group in optimizer.param_groups:
            group["lr"] = parsed.learning_rate * 0.5 * (1 + math.cos(math.pi * step / parsed.steps))
        p = torch.sigmoid(network.importance(features, factors, shifts))
        value = loss(p, costs, price)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        total += value.item()
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}: loss {total / 100:.4f}", flush=True)
            total = 0.0
    with torch.no_grad():
        crops = [centre_crop(images.image(i), settings.data.validation_crop) for i in validation]
        print(table({t: summarize([measure(network, code, crop, t) for crop in crops]) for t in VALIDATION_KNOBS}), flush=True)
    checkpoints.save(Path(parsed.output), {**state, "network": network.state_dict(), "average": None}, 0)


if __name__ == "__main__":
    run_program(main)
