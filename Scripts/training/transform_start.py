"""Starts a content-weighted network as a transform codec: a checkpoint to train on with `train.py --init-from`.

The codes are those of `transform_codec.py`: the encoder computes lapped coefficients, their signs and the digits of their
magnitudes, most telling first, and the decoder turns whatever prefix of them it gets back into coefficients and pixels. Channels
that this does not need start at random and reach nothing yet, so that training can only add to it. README.md describes
the construction.
"""

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor

import checkpoints
import configuration as configurations
from content_weighted import ContentWeightedAutoencoder
from images import packed_images, split
from layers import ConvolutionLayer, ResidualBlock
from transform_codec import BLOCK, MARGIN, WINDOW, TransformCodec
from transform_fit import fit

IMPORTANCE_LOGITS = (-1.0, 6.0)  # at t = 0 and t = 1
KNOBS = 5  # rates that the quantisers are chosen for together
FOLDS_BEFORE_PIXELS = 2  # what block 1 and convolution 2 unfold after the table of convolution 1
OUTPUT_BIAS = 2.0  # makes reconstructed pixels positive, which leaky ReLU passes unchanged


class Affine:
    """A weighted sum of the channels of a tensor, and a constant."""

    def __init__(self, weights: Tensor, constant: float = 0.0):
        self.weights, self.constant = weights, constant

    @classmethod
    def channel(cls, count: int, index: int, scale: float = 1.0, constant: float = 0.0) -> "Affine":
        weights = torch.zeros(count)
        weights[index] = scale
        return cls(weights, constant)

    def __add__(self, other):
        if isinstance(other, Affine):
            return Affine(self.weights + other.weights, self.constant + other.constant)
        return Affine(self.weights, self.constant + other)

    def __mul__(self, scale: float):
        return Affine(self.weights * scale, self.constant * scale)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, constant: float):
        return -self + constant

    __radd__, __rmul__ = __add__, __mul__


class Rows(dict):
    """The output channels of layers that are part of the codec."""

    def set(self, layer: ConvolutionLayer, row: int, value: Affine):
        """Makes an output of a layer the weighted sum of its inputs at the same position."""
        self.clear_row(layer, row)
        centre = layer.weight.shape[2] // 2
        layer.weight[row, :, centre, centre] = value.weights
        if layer.bias is not None:
            layer.bias[row] = value.constant

    def clear_row(self, layer: ConvolutionLayer, row: int):
        """Makes an output 0."""
        self.setdefault(layer, set()).add(row)
        layer.weight[row] = 0
        if layer.bias is not None:
            layer.bias[row] = 0


def modulate(network: ContentWeightedAutoencoder, layer: str, rows: list[int], knee: float, slope: float):
    """Makes outputs of a layer times exp(slope x max(0, knee - t))."""
    if network.modulation is None or knee == 0 or slope == 0:
        return
    ramps = network.modulation.hidden.weight.shape[0] // 2
    unit = 2 * round((1 - knee) * ramps) + 1  # the falling ramp that ends at the knee
    factors = network.modulation.factors[network.modulation.key(layer)]
    factors.weight[rows, unit] = slope


class Wiring:
    """Gives output channels of a layer a meaning, one after the other; the others keep their random weights."""

    def __init__(self, layer: ConvolutionLayer, rows: Rows, first: int = 0):
        self.layer, self.rows, self.next = layer, rows, first
        self.outputs = layer.weight.shape[0]
        self.slope = layer.activation.fixed_slope if layer.activation else 1.0

    def reserve(self) -> int:
        """A channel that is 0."""
        if self.next == self.outputs:
            raise ValueError(f"a layer of {self.outputs} channels is too narrow for the transform codec")
        self.rows.clear_row(self.layer, self.next)
        self.next += 1
        return self.next - 1

    def unit(self, value: Affine) -> Affine:
        """A channel that is the activation of a value."""
        index = self.reserve()
        self.rows.set(self.layer, index, value)
        return Affine.channel(self.outputs, index)

    def carry(self, value: Affine) -> Affine:
        """A value that is never negative, as it is."""
        return self.unit(value)

    def halves(self, value: Affine) -> tuple[Affine, Affine]:
        """A value as it is, and its magnitude. Both are 0 where a convolution pads with zeros."""
        positive, negative = self.unit(value), self.unit(-value)
        return (positive - negative) * (1 / (1 + self.slope)), (positive + negative) * (1 / (1 - self.slope))

    def rectified(self, value: Affine, carried: Affine) -> Affine:
        """max(0, value), where `carried` is the value in terms of this layer's outputs."""
        return (self.unit(value) - carried * self.slope) * (1 / (1 - self.slope))

    def product(self, sign: Affine, magnitude: Affine, bound: float, carried_sign: Affine) -> Affine:
        """sign * magnitude for a sign of -1, 0 or 1 and a magnitude in 0...bound; `carried_sign` as above."""
        difference = self.unit(magnitude - bound + sign * bound) - self.unit(magnitude - bound - sign * bound)
        return (difference - carried_sign * (2 * bound * self.slope)) * (1 / (1 - self.slope))


def start_encoder(network: ContentWeightedAutoencoder, codec: TransformCodec, rows: Rows):
    """Analysis whose logits are what the codec compares with zero."""
    analysis, folds = network.analysis, {i: codec.folds(i) for i in codec.used}
    with_folds = lambda least: [i for i in codec.used if folds[i] >= least]
    centre = {i: float(codec.centres[i]) for i in codec.used}
    # 4x4 pixels a position, the aligned middle of the window: their positive halves, then the negative ones.
    cell = BLOCK // 2
    for channel in range(48):
        color, row, column = channel // 16, channel // 4 % 4, channel % 4
        for half, sign in ((0, 1.0), (48, -1.0)):
            rows.clear_row(analysis.conv1, channel + half)
            analysis.conv1.weight[channel + half, color, row + 2, column + 2] = sign

    # Coefficients of 4x4 of them.
    first = Wiring(analysis.conv2, rows)
    value: dict[int, Affine] = {}
    size: dict[tuple[int, int], Affine] = {}  # |u| at fold 0, then |z| of each fold
    pixel_slope = analysis.conv1.activation.fixed_slope
    for i in codec.used:
        taps = (codec.analysis[i] / codec.scales[i]).view(3, WINDOW // cell, cell, WINDOW // cell, cell)
        taps = taps.permute(0, 2, 4, 1, 3).reshape(48, WINDOW // cell, WINDOW // cell) / (1 + pixel_slope)
        channels = []
        for sign in (1.0, -1.0):
            index = first.reserve()
            analysis.conv2.weight[index, :48] = sign * taps
            analysis.conv2.weight[index, 48:96] = -sign * taps
            channels.append(Affine.channel(first.outputs, index))
        modulate(network, "analysis.conv2", [first.next - 2, first.next - 1], float(codec.knees[i]), -codec.slope)
        value[i] = (channels[0] - channels[1]) * (1 / (1 + first.slope))
        size[i, 0] = (channels[0] + channels[1]) * (1 / (1 - first.slope))
    kept = {i: first.reserve() for i in with_folds(2)}
    kept_second = {i: first.reserve() for i in with_folds(5)}

    inner, block = Wiring(analysis.block2.conv1, rows), analysis.block2
    for i in with_folds(2):
        if i not in kept_second:
            rows.set(block.conv2, kept[i], inner.halves(centre[i] - size[i, 0])[1])
            continue
        # Two folds at once.
        size_here = inner.carry(size[i, 0])
        low, middle, high = (inner.rectified(size[i, 0] - bend, size_here - bend)
                             for bend in (centre[i] - 0.25, centre[i], centre[i] + 0.25))
        rows.set(block.conv2, kept[i], centre[i] - size_here + middle * 2)
        rows.set(block.conv2, kept_second[i], centre[i] - 0.25 - size_here + low * 2 - middle * 2 + high * 2)
    for i in with_folds(2):
        size[i, 1] = Affine.channel(first.outputs, kept[i])
    for i in with_folds(5):
        size[i, 2] = Affine.channel(first.outputs, kept_second[i])

    third = Wiring(analysis.conv3, rows)
    after: dict[tuple[int, int], Affine] = {}
    for i in codec.used:
        value[i], after[i, 0] = third.halves(value[i])
    for (i, fold), found in size.items():
        if fold > 0:
            after[i, fold] = third.carry(found)
    for i in with_folds(3):
        last = 2 if folds[i] < 5 else 3
        after[i, last] = third.halves(2.0**-last - size[i, last - 1])[1]
    inner, block = Wiring(analysis.block3.conv1, rows), analysis.block3
    for i in with_folds(4):
        last = 3 if folds[i] < 5 else 4
        index = third.reserve()
        rows.set(block.conv2, index, inner.halves(2.0**-last - after[i, last - 1])[1])
        after[i, last] = Affine.channel(third.outputs, index)

    for row, (i, digit) in enumerate(codec.order):
        rows.clear_row(analysis.bypass, row)
        threshold = float(codec.thresholds[i])
        if digit <= 0:
            rows.set(analysis.code, row, (value[i] if digit == 0 else -value[i]) - threshold)
        elif digit == 1:
            rows.set(analysis.code, row, centre[i] - after[i, 0])
        else:
            rows.set(analysis.code, row, (2.0**-digit - after[i, digit - 1]) * 2.0**digit)


class Unfolding:
    """What the layers of the decoder know of one coefficient: the z of fold `depth`, where fold 0 is the coefficient."""

    def __init__(self, codec: TransformCodec, coefficient: int):
        self.folds, self.depth = codec.folds(coefficient), codec.folds(coefficient)
        self.centre = float(codec.centres[coefficient])
        self.middles = codec.middles[coefficient].tolist()
        maps = len(codec.order)
        digits = {digit: Affine.channel(maps, codec.place(coefficient, digit)) for digit in range(self.folds + 1)}
        if codec.thresholds[coefficient] > 0:
            digits[0] = (digits[0] - Affine.channel(maps, codec.place(coefficient, -1))) * 0.5
        self.digits: dict[int, Affine] = digits  # of the sign and the folds that are not unfolded yet
        self.known: Affine | None = None

    def z(self, depth: int, digits: tuple[float, ...]) -> float:
        """The z of a fold from the digits of this and later folds that were sent."""
        if not digits:
            return self.middles[depth - 1] if depth else 0.0
        return digits[0] * self.magnitude(depth, self.z(depth + 1, digits[1:]))

    def magnitude(self, depth: int, next_z):
        """|z| of a fold from the z of the next one, each a number or a sum of channels."""
        return (2.0 ** -(depth + 1) if depth else self.centre) - next_z

    def look_up(self, wiring: Wiring):
        """The z of the last two digits, or more where the layers after this one would not do: a table of all cases."""
        count = min(max(2, self.folds + 1 - FOLDS_BEFORE_PIXELS), self.folds + 1)
        self.depth = self.folds + 1 - count
        carried = {digit: wiring.halves(value) for digit, value in self.digits.items()}
        digits = [self.digits[self.depth + index] for index in range(count)]
        here = [carried[self.depth + index][0] for index in range(count)]
        sent = carried[self.depth][1]
        unsent, up, down = (self.z(self.depth, prefix) for prefix in ((), (1.0,), (-1.0,)))
        known = here[0] * ((up - down) / 2) + sent * ((up + down) / 2 - unsent) + unsent
        prefixes = [(1.0,), (-1.0,)]
        for length in range(2, count + 1):
            prefixes = [(*prefix, last) for prefix in prefixes for last in (1.0, -1.0)]
            for prefix in prefixes:
                total = sum((digit * sign for digit, sign in zip(digits, prefix)), 1.0 - length)
                total_here = sum((digit * sign for digit, sign in zip(here, prefix)), 1.0 - length)
                change = self.z(self.depth, prefix) - self.z(self.depth, prefix[:-1])
                known = known + wiring.rectified(total, total_here) * change
        self.known = known
        self.digits = {digit: carried[digit][0] for digit in range(self.depth)}

    def unfold(self, wiring: Wiring) -> Affine:
        """One fold back, in terms of the layer's outputs."""
        digit, depth = self.digits.pop(self.depth - 1), self.depth - 1
        carried, sent = wiring.halves(digit)
        bound = 2.0**-depth if depth else self.centre + 0.5
        found = wiring.product(digit, self.magnitude(depth, self.known), bound, carried)
        self.depth = depth
        return found + (1 - sent) * self.middles[depth - 1] if depth else found


def start_decoder(network: ContentWeightedAutoencoder, codec: TransformCodec, rows: Rows):
    """Synthesis that unfolds the digits into coefficients, one fold a layer, and those into pixels."""
    synthesis = network.synthesis
    coefficients = {i: Unfolding(codec, i) for i in codec.used}
    pending = lambda: [one for one in coefficients.values() if one.depth > 0]

    stream = Wiring(synthesis.conv1, rows)
    for one in coefficients.values():
        one.look_up(stream)

    inner, block = Wiring(synthesis.block1.conv1, rows), synthesis.block1
    for one in pending():
        index = stream.reserve()
        rows.set(block.conv2, index, one.unfold(inner))
        one.known = Affine.channel(stream.outputs, index)

    # Convolution 2; its first 192 channels are left for the pixels.
    for pixel in range(192):
        rows.clear_row(synthesis.conv2, pixel)
    wiring = Wiring(synthesis.conv2, rows, first=192)
    for i, one in coefficients.items():
        begin = wiring.next
        one.known = one.unfold(wiring) if one.depth else wiring.halves(one.known)[0]
        modulate(network, "synthesis.conv2", list(range(begin, wiring.next)), float(codec.knees[i]), codec.slope)

    # Its residual block, which ends with the pixels of the 2x2 positions to come. Coefficients have no constant part here, so
    # that those beyond the border, where convolutions pad with zeros, are 0.
    inner, block = Wiring(synthesis.block2.conv1, rows), synthesis.block2
    for one in coefficients.values():
        one.known = inner.halves(one.known)[0]
    weights = torch.stack([one.known.weights for one in coefficients.values()])  # (coefficients, channels)
    functions = codec.synthesis[list(coefficients)] * codec.scales[list(coefficients)].view(-1, 1, 1, 1)
    for pixel in range(192):
        color, row, column = pixel // 64, pixel // 8 % 8, pixel % 8
        channel = 16 * color + 4 * (row % 4) + column % 4
        output = 4 * channel + 2 * (row // 4) + column // 4
        rows.clear_row(block.conv2, output)
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                y, x = row + MARGIN - BLOCK * down, column + MARGIN - BLOCK * right
                if 0 <= y < WINDOW and 0 <= x < WINDOW:
                    block.conv2.weight[output, :, down + 1, right + 1] = functions[:, color, y, x] @ weights

    # Pixels, passed through.
    inputs = synthesis.conv3.weight.shape[1]
    for channel in range(48):
        rows.set(synthesis.conv3, channel, Affine.channel(inputs, channel, constant=OUTPUT_BIAS))
    for channel in range(3):
        rows.set(synthesis.conv4, channel, Affine.channel(synthesis.conv4.weight.shape[1], channel))
        rows.set(synthesis.conv5, channel, Affine.channel(synthesis.conv5.weight.shape[1], channel, constant=-OUTPUT_BIAS))


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
    parsed = parser.parse_args(arguments)
    settings = configurations.load(parsed.config, parsed.set)
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
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"transform_start.py: {error}")
