"""Exports a checkpoint to safetensors with 16-bit weights, and fixtures of every layer's output. See README.md."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

import checkpoints
import configuration as configurations
import safetensors_file
from content_weighted import ContentWeightedAutoencoder
from images import centre_crop, image_paths, read_image
from layers import ConvolutionLayer, ResidualBlock, pad_to_multiple, to_pixels
from models import build
from validation import measure, summarize

ELEMENT_TYPES = {"F16": torch.float16, "BF16": torch.bfloat16}


def load_network(folder: str | Path, averaged: bool = True) -> tuple[nn.Module, configurations.Configuration, dict]:
    """The network of a checkpoint, with its averaged weights if it holds them, and the checkpoint's state."""
    state = checkpoints.load(folder)
    configuration = configurations.from_dictionary(configurations.Configuration, state["configuration"])
    network = build(configuration)
    network.load_state_dict(state["network"])
    if averaged and state["average"] is not None:
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                parameter.copy_(state["average"][name])
    return network.eval(), configuration, state


def untrained_network(configuration: configurations.Configuration) -> nn.Module:
    """A network with random weights where training starts from zeros, so that fixtures exercise every term."""
    torch.manual_seed(configuration.run.seed)
    network = build(configuration)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
        if getattr(network, "importance", None) is not None:
            network.importance.logit.weight.mul_(40)  # spreads the levels
    return network.eval()


def exported_configuration(configuration: configurations.Configuration, element_type: str, training: dict) -> dict:
    """The JSON object stored under `config`."""
    model = configurations.to_dictionary(configuration.model)
    return {"format_version": configurations.FORMAT_VERSION, "name": configuration.name, "weights": element_type,
            **model, "rate_mode": configuration.model.rate_mode, "training": training}


def round_weights(network: nn.Module, element_type: str):
    """Rounds all parameters to the element type, in place."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.to(ELEMENT_TYPES[element_type]).float())
            if not torch.isfinite(parameter).all():
                raise ValueError(f"a weight does not fit {element_type}")


def export(network: nn.Module, configuration: configurations.Configuration, path: Path, element_type: str,
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
    if stored["format_version"] != configurations.FORMAT_VERSION:
        raise ValueError(f"{path}: format version {stored['format_version']} is unknown")
    keys = {key: value for key, value in stored.items()
            if key not in ("format_version", "name", "weights", "rate_mode", "training", "entropy_units", "rdoq_knobs")}
    model = configurations.from_dictionary(configurations.ModelConfiguration, keys, "model")
    network = build(configurations.Configuration(name=stored["name"], model=model))
    network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()
                             if not name.startswith(("entropy.", "rdoq."))})
    return network.eval(), stored


# Fixtures

CASES = (("a", 21, 35, 200), ("b", 24, 24, 120))  # name, height, width, rate byte


def synthetic_image(height: int, width: int, seed: int) -> Tensor:
    """A made-up picture (3, H, W), whole values 0...255: two gradients, a disc and noise."""
    generator = torch.Generator().manual_seed(seed)
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    disc = ((y - height / 2) ** 2 + (x - width / 3) ** 2 < (height / 4) ** 2).float()
    planes = [255 * x / width, 255 * y / height, 128 + 100 * disc]
    image = torch.stack(planes) + 20 * torch.randn(3, height, width, generator=generator)
    return torch.round(torch.clamp(image, 0, 255))


@torch.no_grad()
def layer_outputs(network: ContentWeightedAutoencoder, image: Tensor, rate_byte: int) -> dict[str, Tensor]:
    """Every named intermediate result of one image (3, H, W), as README.md lists them, without batch dimension."""
    model = network.configuration
    found: dict[str, Tensor] = {}
    handles = [module.register_forward_hook(
        lambda module, inputs, output, name=name: found.__setitem__(name, output[0]))
        for name, module in network.named_modules() if isinstance(module, (ConvolutionLayer, ResidualBlock))]
    x = pad_to_multiple(((image - 127.5) / 127.5).unsqueeze(0), 8)
    t = torch.tensor([rate_byte / 255])
    signs, mask, p, factors = network.encode(x, t)
    y = network.synthesis(mask * signs, factors)
    for handle in handles:
        handle.remove()
    modulated, shifts = network.modulate(network.knob(t))
    layers = {layer.replace(".", "_"): layer for layer in network.modulated_layers()}
    for key, factor in modulated.items():
        found[f"factor.{layers[key]}"] = factor.flatten()
    for key, shift in shifts.items():
        found[f"shift.{layers[key]}"] = shift.flatten()
    found["analysis.logits"] = found["analysis.code"] + (found["analysis.bypass"] if model.bypass else 0)
    found["bits"] = (signs[0] + 1) / 2
    if p is not None:
        found["importance.p"], found["importance.levels"] = p[0], network.levels(p)[0]
    found.update({"image": image, "t": t, "input": x[0], "code": (mask * signs)[0], "synthesis.output": y[0],
                  "picture": to_pixels(y)[0, :, :image.shape[1], :image.shape[2]]})
    return {name: tensor.float().contiguous() for name, tensor in found.items()}


def write_fixture(network: ContentWeightedAutoencoder, path: Path, model_path: Path):
    """Writes the intermediate results of all cases."""
    tensors, cases = {}, []
    for number, (name, height, width, rate_byte) in enumerate(CASES):
        outputs = layer_outputs(network, synthetic_image(height, width, number), rate_byte)
        tensors.update({f"{name}.{key}": value for key, value in outputs.items()})
        cases.append({"name": name, "height": height, "width": width, "rate_byte": rate_byte})
    config = {"model_sha256": hashlib.sha256(model_path.read_bytes()).hexdigest(), "cases": cases}
    safetensors_file.write(path, tensors, {"format": "rdbench-fixture", "config": json.dumps(config)})


def compare_element_types(folder: str, images: list[Tensor], knobs: list[float]):
    """Prints the mean PSNR of the unrounded network and with each element type."""
    for element_type in (None, *ELEMENT_TYPES):
        network, _, _ = load_network(folder)
        if element_type:
            round_weights(network, element_type)
        for t in knobs:
            mean = summarize([measure(network, image, t) for image in images])
            print(f"{element_type or 'F32':>5}  t {t:.2f}  {mean['psnr_db']:.4f} dB  {mean['estimated_bpp']:.5f} bpp")


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", help="checkpoint folder of train.py")
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
        network, configuration, state = load_network(parsed.checkpoint)
        training = {"steps": state["step"], "batch": configuration.data.batch, "patch": configuration.data.patch,
                    "seconds": round(state["elapsed"])}
    else:
        configuration = configurations.load(parsed.untrained)
        network = untrained_network(configuration)
    output = Path(parsed.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    export(network, configuration, output, parsed.weights, training)
    print(f"{output}: {output.stat().st_size} bytes, SHA-256 {hashlib.sha256(output.read_bytes()).hexdigest()}")
    if parsed.fixture:
        write_fixture(network, Path(parsed.fixture), output)
        print(f"{parsed.fixture}: {Path(parsed.fixture).stat().st_size} bytes")


if __name__ == "__main__":
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"export.py: {error}")
