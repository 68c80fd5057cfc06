"""The entropy coder's networks and tables in a model file, and fixtures of what they say."""

import json
from pathlib import Path

import torch

from ..common import safetensors_file
from ..content_weighted.exported import ELEMENT_TYPES
from . import integer_network
from .coded_pictures import CodedPicture
from .integer_network import IntegerContextModel, whole_maps
from .rdoq import Decisions, decide


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
    dtype = ELEMENT_TYPES[stored["weights"]]
    units = integers["codes"].tensors
    stored = {**stored, "entropy_units": [units["zeros"].shape[2], units["second_biases"].shape[1]]}
    tensors = {name: p.detach().to(dtype) for name, p in network.named_parameters()}
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = {}
    if decisions is not None:
        tables = {name: tensor.to(dtype) for name, tensor in decisions.tensors().items()}
        stored = {**stored, "rdoq_knobs": decisions.slopes.shape[1]}
    safetensors_file.write(path, {**tensors, **integer_network.stored(integers), **tables},
                           {"format": "rdbench-model", "config": json.dumps(stored)})
