"""Fixtures: every layer's output for made-up pictures, as the article "The forward pass" lists them."""

import hashlib
import json
from pathlib import Path

import torch
from torch import Tensor

from ..common import safetensors_file
from ..common.pictures import from_bytes, pad_to_multiple, to_pixels
from .configuration import Configuration
from .layers import ConvolutionLayer, ResidualBlock
from .network import ContentWeightedAutoencoder, build

CASES = (("a", 21, 35, 200), ("b", 24, 24, 120))  # name, height, width, rate byte


def untrained_network(configuration: Configuration) -> ContentWeightedAutoencoder:
    """A network with random weights where training starts from zeros, so that fixtures exercise every term."""
    torch.manual_seed(configuration.run.seed)
    network = build(configuration)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
        if network.importance is not None:
            network.importance.logit.weight.mul_(40)  # spreads the levels
    return network.eval()


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
    """Every named intermediate result of one image (3, H, W), without batch dimension."""
    model = network.configuration
    found: dict[str, Tensor] = {}
    handles = [module.register_forward_hook(
        lambda module, inputs, output, name=name: found.__setitem__(name, output[0]))
        for name, module in network.named_modules() if isinstance(module, (ConvolutionLayer, ResidualBlock))]
    x = pad_to_multiple(from_bytes(image).unsqueeze(0), 8)
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
