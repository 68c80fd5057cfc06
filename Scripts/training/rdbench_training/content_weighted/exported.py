"""Exported models: safetensors files with 16-bit weights and the configuration, as the article "The model file" describes."""

import json
from pathlib import Path

import torch
from torch import nn

from ..common import configuration as configurations
from ..common import safetensors_file
from .configuration import FORMAT_VERSION, Configuration, ModelConfiguration
from .network import build

ELEMENT_TYPES = {"F16": torch.float16, "BF16": torch.bfloat16}


def exported_configuration(configuration: Configuration, element_type: str, training: dict) -> dict:
    """The JSON object stored under `config`."""
    model = configurations.to_dictionary(configuration.model)
    return {"format_version": FORMAT_VERSION, "name": configuration.name, "weights": element_type,
            **model, "rate_mode": configuration.model.rate_mode, "training": training}


def round_weights(network: nn.Module, element_type: str):
    """Rounds all parameters to the element type, in place."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.to(ELEMENT_TYPES[element_type]).float())
            if not torch.isfinite(parameter).all():
                raise ValueError(f"a weight does not fit {element_type}")


def export(network: nn.Module, configuration: Configuration, path: Path, element_type: str,
           training: dict) -> dict:
    """Rounds the weights in place, writes them and returns the stored configuration."""
    round_weights(network, element_type)
    stored = exported_configuration(configuration, element_type, training)
    tensors = {name: p.detach().to(ELEMENT_TYPES[element_type]) for name, p in network.named_parameters()}
    safetensors_file.write(path, tensors, {"format": "rdbench-model", "config": json.dumps(stored)})
    return stored


def load_exported(path: str | Path) -> tuple[nn.Module, dict]:
    """The network of an exported file, for checks."""
    tensors, metadata = safetensors_file.read(path)
    stored = json.loads(metadata["config"])
    if stored["format_version"] != FORMAT_VERSION:
        raise ValueError(f"{path}: format version {stored['format_version']} is unknown")
    keys = {key: value for key, value in stored.items()
            if key not in ("format_version", "name", "weights", "rate_mode", "training", "entropy_units", "rdoq_knobs")}
    model = configurations.from_dictionary(ModelConfiguration, keys, "model")
    network = build(Configuration(name=stored["name"], model=model))
    network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()
                             if not name.startswith(("entropy.", "rdoq."))})
    return network.eval(), stored
