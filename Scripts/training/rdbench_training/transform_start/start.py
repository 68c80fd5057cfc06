"""Starts a content-weighted network as a transform codec: a checkpoint to train on with `train --init-from`.

The codes are those of `codec`: the encoder computes lapped coefficients, their signs and the digits of their magnitudes, most
telling first, and the decoder turns whatever prefix of them it gets back into coefficients and pixels. Channels that this does not
need start at random and reach nothing yet, so that training can only add to it.
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor

from ..common import checkpoints
from ..common import configuration as configurations
from ..common.command_line import run_program, use_threads
from ..common.images import packed_images, split
from ..content_weighted.configuration import Configuration
from ..content_weighted.layers import ResidualBlock
from ..content_weighted.network import ContentWeightedAutoencoder
from .codec import TransformCodec
from .decoder import start_decoder
from .encoder import start_encoder
from .fit import fit
from .wiring import Rows

IMPORTANCE_LOGITS = (-1.0, 6.0)  # at t = 0 and t = 1
KNOBS = 5  # rates that the quantisers are chosen for together


@torch.no_grad()
def start_importance(network: ContentWeightedAutoencoder):
    """An importance map that is the same everywhere: the rate is that of the steps, but at low rates the last coefficients cost
    more than they are worth."""
    low, high = IMPORTANCE_LOGITS
    if network.modulation is None:
        network.importance.logit.bias.fill_(high)
    else:
        shift = network.modulation.shifts["importance_logit"]
        shift.weight.zero_()
        shift.weight[:, 0] = high - low
        shift.bias.fill_(low)


@torch.no_grad()
def start(network: ContentWeightedAutoencoder, codec: TransformCodec) -> dict[str, Tensor]:
    """Overwrites a freshly initialised network; returns which elements of its parameters make up the codec."""
    model = network.configuration
    if not (model.activation == "leaky_relu" and model.extra_convolutions and model.bypass
            and not model.activation_after_sum and not model.activation_on_branch):
        raise ValueError("a transform start needs leaky ReLU, the extra convolutions, the bypass and plain residual sums")
    for part in (network.analysis, network.synthesis):
        for name, module in part.named_modules():
            if isinstance(module, ResidualBlock):
                module.conv2.weight.zero_()
                module.conv2.bias.zero_()
    network.synthesis.conv5.weight.zero_()
    if network.importance is not None:
        start_importance(network)
    rows = Rows()
    start_encoder(network, codec, rows)
    start_decoder(network, codec, rows)
    for part in (network.analysis, network.synthesis):
        for number in (1, 2, 3):
            # What a block adds to a channel of the codec is part of it, also where it adds nothing.
            block = getattr(part, f"block{number}").conv2
            rows[block] = rows.get(block, set()) | rows[getattr(part, f"conv{number}")]
    return held(network, rows)


def held(network: ContentWeightedAutoencoder, rows: Rows) -> dict[str, Tensor]:
    """Masks of the elements of each parameter that make up the codec."""
    masks = {}
    for name, layer in network.named_modules():
        found = sorted(rows.get(layer, ()))
        if not found:
            continue
        mask = torch.zeros_like(layer.weight, dtype=torch.bool)
        mask[found] = True
        if layer is network.synthesis.conv5:
            mask[:, 3:] = False  # what training adds to the pixels
        masks[f"{name}.weight"] = mask
        if layer.bias is not None and layer is not network.synthesis.conv5:
            masks[f"{name}.bias"] = torch.zeros_like(layer.bias, dtype=torch.bool).index_fill_(0, torch.tensor(found), True)
        for parameter in ("weight", "bias"):
            factor = f"modulation.factors.{name.replace('.', '_')}.{parameter}"
            if factor in dict(network.named_parameters()):
                mask = torch.zeros_like(network.get_parameter(factor), dtype=torch.bool)
                mask[found] = True
                masks[factor] = mask
    if network.modulation is not None:
        for name, parameter in network.modulation.hidden.named_parameters():
            masks[f"modulation.hidden.{name}"] = torch.ones_like(parameter, dtype=torch.bool)
    return masks


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", help="YAML file of configs/")
    parser.add_argument("--data", required=True, help="folder of training images")
    parser.add_argument("--cache", required=True, help="folder for the decoded images")
    parser.add_argument("--output", required=True, help="folder for the checkpoint")
    parser.add_argument("--transform-steps", type=int, default=2400, help="steps that the transform is trained for")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="change the configuration")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parsed = parser.parse_args(arguments)
    use_threads(parsed.threads)
    settings = configurations.load(Configuration, parsed.config, parsed.set)
    images = packed_images(parsed.data, parsed.cache)
    training, _ = split(images.names, settings.data.validation_images, settings.data.split_seed)
    maps, levels = settings.model.code_maps, settings.model.importance_levels
    torch.manual_seed(settings.run.seed)
    network = ContentWeightedAutoencoder(settings.model)
    # A model of one rate has quantisers for one price.
    prices = network.rate_weights(torch.linspace(0, 1, KNOBS if network.modulation is not None else 1))
    codec = fit(images, training, maps, maps // levels if levels else 0, prices, steps=parsed.transform_steps)
    fixed = start(network, codec)
    checkpoints.save(Path(parsed.output), {"configuration": configurations.to_dictionary(settings), "step": 0,
                                           "network": network.state_dict(), "average": None,
                                           "start": {"held": fixed, "codec": codec.dictionary()}}, 0)
    dead = sum(float(codec.thresholds[i]) > 0 for i in codec.used)
    print(f"{len(codec.used)} coefficients, {dead} with dead zone, folds {[codec.folds(i) for i in codec.used]}")


if __name__ == "__main__":
    run_program(main)
