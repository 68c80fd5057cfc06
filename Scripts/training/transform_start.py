"""Starts a content-weighted network as a transform codec: a checkpoint to train on with `train.py --init-from`.

The codes are the Gray codes of uniformly quantised Karhunen-Loeve coefficients of 8x8 blocks, most telling bit first; the
decoder turns whatever prefix of them it gets back into coefficients and pixels. Channels that this does not need start at
random and reach nothing yet, so that training can only add to it. README.md describes the construction.

A coefficient s in -1...1 has the bits of the signs of z1 = s, z2 = 1/2 - |z1|, z3 = 1/4 - |z2|, ... (each fold halves the
interval). The decoder goes backwards: |zk| = 2^-k - z(k+1), zk = sign * |zk|, where a bit that was not sent is 0 and says zk = 0.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

import checkpoints
import configuration as configurations
from content_weighted import ContentWeightedAutoencoder
from images import ImageSet, centre_crop, packed_images, split
from layers import ConvolutionLayer, ResidualBlock

MAXIMUM_BITS = 6  # of a coefficient: as many as the layers can fold and unfold
PIXEL_BIAS = 1.25  # makes pixels of -1...1 positive, which leaky ReLU passes unchanged
OUTPUT_BIAS = 2.0  # the same for reconstructed pixels, which overshoot


# The codec as such


@dataclass
class TransformCodec:
    """Orthonormal basis (192, 192) of space-to-depth blocks, one column per coefficient, and how finely each is quantised."""

    basis: Tensor
    mean: Tensor  # (192,)
    ranges: Tensor  # (192,): coefficients are quantised between -range and range
    bit_counts: list[int]  # (192,)
    order: list[int]  # the coefficient of each code map; its bits come in falling order of significance

    def dictionary(self) -> dict:
        """All of it, as a checkpoint keeps it."""
        return {"basis": self.basis, "mean": self.mean, "ranges": self.ranges, "order": self.order}

    @classmethod
    def from_dictionary(cls, found: dict) -> "TransformCodec":
        counts = [found["order"].count(i) for i in range(len(found["mean"]))]
        return cls(found["basis"], found["mean"], found["ranges"], counts, found["order"])

    def place(self, coefficient: int, bit: int) -> int:
        """The code map of bit 1 ... of a coefficient."""
        return [index for index, found in enumerate(self.order) if found == coefficient][bit - 1]

    def signs(self, blocks: Tensor) -> Tensor:
        """Code bits (N, n) as -1 and 1 of blocks (N, 192): what the network's encoder computes."""
        scaled = (blocks - self.mean) @ self.basis / self.ranges
        found, z = torch.zeros(len(blocks), len(self.order)), scaled
        for bit in range(1, MAXIMUM_BITS + 1):
            for coefficient, count in enumerate(self.bit_counts):
                if bit <= count:
                    found[:, self.place(coefficient, bit)] = torch.where(z[:, coefficient] >= 0, 1.0, -1.0)
            z = 2.0**-bit - z.abs()
        return found

    def blocks(self, code: Tensor) -> Tensor:
        """Blocks (N, 192) from codes (N, n) of -1, 0 and 1: what the network's decoder computes."""
        scaled = torch.zeros(len(code), self.basis.shape[1])
        for coefficient, count in enumerate(self.bit_counts):
            for bit in range(count, 0, -1):
                magnitude = 2.0**-bit - (scaled[:, coefficient] if bit < count else 0)
                scaled[:, coefficient] = code[:, self.place(coefficient, bit)] * magnitude
        return scaled * self.ranges @ self.basis.T + self.mean


def quantization_error(values: numpy.ndarray, bits: int) -> tuple[float, float]:
    """Least mean squared error of uniform quantisation between -range and range, and that range."""
    deviation, best = float(values.std()) + 1e-9, (float("inf"), 1.0)
    for extent in deviation * numpy.geomspace(0.4, 6, 28):
        step = 2 * extent / 2**bits
        cells = numpy.clip(numpy.floor(values / step), -2**bits // 2, 2**bits // 2 - 1)
        best = min(best, (float(numpy.mean((values - (cells + 0.5) * step) ** 2)), float(extent)))
    return best


def fit(blocks: Tensor, code_maps: int) -> TransformCodec:
    """Basis from the blocks' covariance; bits go one by one to where they lower the squared error most."""
    blocks = blocks.double()
    mean = blocks.mean(0)
    _, basis = torch.linalg.eigh((blocks - mean).T @ (blocks - mean))
    basis = basis.flip(1)
    coefficients = ((blocks - mean) @ basis).numpy()
    counts, order = [0] * coefficients.shape[1], []
    errors, ranges = list((coefficients**2).mean(0)), [1.0] * len(counts)
    upcoming = [quantization_error(coefficients[:, i], 1) for i in range(len(counts))]
    for _ in range(code_maps):
        gains = [error - new[0] if count < MAXIMUM_BITS else 0.0 for error, new, count in zip(errors, upcoming, counts)]
        chosen = int(numpy.argmax(gains))
        counts[chosen] += 1
        order.append(chosen)
        errors[chosen], ranges[chosen] = upcoming[chosen]
        if counts[chosen] < MAXIMUM_BITS:
            upcoming[chosen] = quantization_error(coefficients[:, chosen], counts[chosen] + 1)
    return TransformCodec(basis.float(), mean.float(), torch.tensor(ranges), counts, order)


# The codec as weights


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

    def carry(self, value: Affine, lowest: float) -> Affine:
        """A value that is never below `lowest`, as it is."""
        return self.unit(value - lowest) + lowest

    def magnitude(self, value: Affine) -> Affine:
        """|value|."""
        return (self.unit(value) + self.unit(-value)) * (1 / (1 - self.slope))

    def rectified(self, value: Affine, carried: Affine) -> Affine:
        """max(0, value), where `carried` is the value in terms of this layer's outputs."""
        return (self.unit(value) - carried * self.slope) * (1 / (1 - self.slope))

    def product(self, sign: Affine, magnitude: Affine, bound: float, carried_sign: Affine) -> Affine:
        """sign * magnitude for a sign of -1, 0 or 1 and a magnitude in 0...bound; `carried_sign` as above."""
        difference = self.unit(magnitude - bound + sign * bound) - self.unit(magnitude - bound - sign * bound)
        return (difference - carried_sign * (2 * bound * self.slope)) * (1 / (1 - self.slope))


def start_encoder(network: ContentWeightedAutoencoder, codec: TransformCodec, rows: Rows):
    """Analysis whose logits are the z of the bits, scaled to -1...1."""
    analysis = network.analysis
    counts = codec.bit_counts
    with_bits = lambda least: [i for i, count in enumerate(counts) if count >= least]
    # 4x4 pixels a position: the aligned middle of the window.
    for channel in range(48):
        color, row, column = channel // 16, channel // 4 % 4, channel % 4
        rows.clear_row(analysis.conv1, channel)
        analysis.conv1.weight[channel, color, row + 2, column + 2] = 1
        analysis.conv1.bias[channel] = PIXEL_BIAS

    # Coefficients of 2x2 of them.
    first = Wiring(analysis.conv2, rows)
    size: dict[tuple[int, int], Affine] = {}  # |z| of a coefficient and bit
    for i in with_bits(2):
        scaled = codec.basis[:, i] / codec.ranges[i]
        taps = scaled.view(3, 2, 4, 2, 4).permute(0, 2, 4, 1, 3).reshape(48, 2, 2)
        channels = []
        for sign in (1.0, -1.0):
            index = first.reserve()
            analysis.conv2.weight[index, :48, 1:3, 1:3] = sign * taps
            analysis.conv2.bias[index] = -sign * (PIXEL_BIAS * taps.sum() + codec.mean @ scaled)
            channels.append(Affine.channel(first.outputs, index))
        size[i, 1] = (channels[0] + channels[1]) * (1 / (1 - first.slope))
    kept = {i: first.reserve() for i in with_bits(3)}
    kept_third = {i: first.reserve() for i in with_bits(6)}

    inner, block = Wiring(analysis.block2.conv1, rows), analysis.block2
    for i in with_bits(3):
        if i not in kept_third:
            rows.set(block.conv2, kept[i], inner.magnitude(0.5 - size[i, 1]))
            continue
        # Two folds at once.
        size_here = inner.carry(size[i, 1], 0)
        bends = [inner.rectified(size[i, 1] - bend, size_here - bend) for bend in (0.25, 0.5, 0.75)]
        rows.set(block.conv2, kept[i], 0.5 - size_here + bends[1] * 2)
        rows.set(block.conv2, kept_third[i], 0.25 - size_here + bends[0] * 2 - bends[1] * 2 + bends[2] * 2)
    for i in with_bits(3):
        size[i, 2] = Affine.channel(first.outputs, kept[i])
    for i in with_bits(6):
        size[i, 3] = Affine.channel(first.outputs, kept_third[i])

    third = Wiring(analysis.conv3, rows)
    after: dict[tuple[int, int], Affine] = {}
    for (i, bit), value in size.items():
        after[i, bit] = third.carry(value, 0)
    for i in with_bits(4):
        if counts[i] < 6:
            after[i, 3] = third.magnitude(0.25 - size[i, 2])
        else:
            after[i, 4] = third.magnitude(0.125 - size[i, 3])
    inner, block = Wiring(analysis.block3.conv1, rows), analysis.block3
    for i in with_bits(5):
        last = 4 if counts[i] < 6 else 5
        index = third.reserve()
        rows.set(block.conv2, index, inner.magnitude(2.0**-(last - 1) - after[i, last - 1]))
        after[i, last] = Affine.channel(third.outputs, index)

    for i in with_bits(1):
        row = codec.place(i, 1)
        scaled = codec.basis[:, i] / codec.ranges[i]
        rows.clear_row(analysis.code, row)
        analysis.code.bias[row] = -codec.mean @ scaled
        rows.set(analysis.bypass, row, Affine(scaled))
        for bit in range(2, counts[i] + 1):
            row = codec.place(i, bit)
            rows.set(analysis.code, row, (2.0**-(bit - 1) - after[i, bit - 1]) * 2.0 ** (bit - 1))
            rows.clear_row(analysis.bypass, row)


def start_decoder(network: ContentWeightedAutoencoder, codec: TransformCodec, rows: Rows):
    """Synthesis that unfolds the bits into coefficients, one fold a layer, and those into pixels."""
    synthesis, counts, maps = network.synthesis, codec.bit_counts, len(codec.order)
    used = [i for i, count in enumerate(counts) if count]
    sign = {(i, bit): Affine.channel(maps, codec.place(i, bit)) for i in used for bit in range(1, counts[i] + 1)}
    # What is known of each coefficient: z of the bit `depth`.
    depth = {i: counts[i] for i in used}
    known = {i: sign[i, counts[i]] * 2.0 ** -counts[i] for i in used}

    def unfold(wiring: Wiring, i: int, signs: dict, carried: dict) -> Affine:
        bit = depth[i] - 1
        return wiring.product(signs[i, bit], 2.0**-bit - known[i], 2.0 ** (1 - bit), carried[i, bit])

    def carry_all(wiring: Wiring, wanted: list[tuple[int, int]]) -> dict:
        return {key: wiring.carry(sign[key], -1) for key in wanted}

    # Convolution 1.
    wiring = Wiring(synthesis.conv1, rows)
    carried = carry_all(wiring, list(sign))
    for i in used:
        if counts[i] == 1:
            known[i] = carried[i, 1] * 0.5
        elif counts[i] < 6:
            known[i] = unfold(wiring, i, sign, carried)
            depth[i] -= 1
        else:
            known[i] = unfold_two(wiring, [sign[i, bit] for bit in (4, 5, 6)], [carried[i, bit] for bit in (4, 5, 6)])
            depth[i] = 4
    sign, stream = carried, wiring

    # Its residual block.
    inner, block = Wiring(synthesis.block1.conv1, rows), synthesis.block1
    pending = [i for i in used if depth[i] > 1]
    carried = carry_all(inner, [(i, depth[i] - 1) for i in pending])
    for i in pending:
        index = stream.reserve()
        rows.set(block.conv2, index, unfold(inner, i, sign, carried))
        known[i] = Affine.channel(stream.outputs, index)
        depth[i] -= 1

    # Convolution 2; its first 192 channels are left for the pixels.
    for pixel in range(192):
        rows.clear_row(synthesis.conv2, pixel)
    wiring = Wiring(synthesis.conv2, rows, first=192)
    pending = [i for i in used if depth[i] > 1]
    carried = carry_all(wiring, [(i, bit) for i in pending for bit in range(1, depth[i])])
    for i in used:
        if depth[i] > 1:
            known[i] = unfold(wiring, i, sign, carried)
            depth[i] -= 1
        else:
            known[i] = wiring.carry(known[i], -1)
    sign = carried

    # Its residual block, which ends with the pixels of the 2x2 positions to come.
    inner, block = Wiring(synthesis.block2.conv1, rows), synthesis.block2
    pending = [i for i in used if depth[i] > 1]
    carried = carry_all(inner, [(i, 1) for i in pending])
    known = {i: unfold(inner, i, sign, carried) if i in pending else inner.carry(known[i], -1) for i in used}
    combined = torch.stack([known[i].weights for i in used]), torch.tensor([known[i].constant for i in used])
    scaled = codec.basis[:, used] * codec.ranges[used]
    weights, constants = scaled @ combined[0], scaled @ combined[1] + codec.mean
    for pixel in range(192):
        color, row, column = pixel // 64, pixel // 8 % 8, pixel % 8
        channel = 16 * color + 4 * (row % 4) + column % 4
        rows.set(block.conv2, 4 * channel + 2 * (row // 4) + column // 4, Affine(weights[pixel], float(constants[pixel])))

    # Pixels, passed through.
    inputs = synthesis.conv3.weight.shape[1]
    for channel in range(48):
        rows.set(synthesis.conv3, channel, Affine.channel(inputs, channel, constant=OUTPUT_BIAS))
    for channel in range(3):
        rows.set(synthesis.conv4, channel, Affine.channel(synthesis.conv4.weight.shape[1], channel))
        rows.set(synthesis.conv5, channel, Affine.channel(synthesis.conv5.weight.shape[1], channel, constant=-OUTPUT_BIAS))


def unfold_two(wiring: Wiring, signs: list[Affine], carried: list[Affine]) -> Affine:
    """z4 from the bits 4, 5 and 6 at once: one unit for each pair of signs, then one for each three."""
    value = carried[0] * 2.0**-4
    for a in (1.0, -1.0):
        for b in (1.0, -1.0):
            pair, pair_carried = signs[0] * a + signs[1] * b, carried[0] * a + carried[1] * b
            value = value - wiring.rectified(pair - 1.0, pair_carried - 1.0) * (a * b * 2.0**-5)
            for c in (1.0, -1.0):
                three = wiring.rectified(pair + signs[2] * c - 2.0, pair_carried + carried[2] * c - 2.0)
                value = value + three * (a * b * c * 2.0**-6)
    return value


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
    return masks


def training_blocks(images: ImageSet, indices: list[int], count: int) -> Tensor:
    """Blocks (count, 192) from the middles of images, as the networks see them."""
    found = [F.pixel_unshuffle((centre_crop(images.image(i), 256).float() - 127.5) / 127.5, 8).flatten(1).T for i in indices]
    found = torch.cat(found)
    return found[torch.randperm(len(found), generator=torch.Generator().manual_seed(1))[:count]]


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", help="YAML file of configs/")
    parser.add_argument("--data", required=True, help="folder of training images")
    parser.add_argument("--cache", required=True, help="folder for the decoded images")
    parser.add_argument("--output", required=True, help="folder for the checkpoint")
    parser.add_argument("--blocks", type=int, default=60_000, help="8x8 blocks that basis and quantisers are fitted to")
    parsed = parser.parse_args(arguments)
    settings = configurations.load(parsed.config, [])
    images = packed_images(parsed.data, parsed.cache)
    training, _ = split(images.names, settings.data.validation_images, settings.data.split_seed)
    codec = fit(training_blocks(images, training[::4], parsed.blocks), settings.model.code_maps)
    torch.manual_seed(settings.run.seed)
    network = ContentWeightedAutoencoder(settings.model)
    fixed = start(network, codec)
    checkpoints.save(Path(parsed.output), {"configuration": configurations.to_dictionary(settings), "step": 0,
                                           "network": network.state_dict(), "average": None,
                                           "start": {"held": fixed, "codec": codec.dictionary()}}, 0)
    print(f"{sum(count > 0 for count in codec.bit_counts)} coefficients, bits {[c for c in codec.bit_counts if c]}")


if __name__ == "__main__":
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"transform_start.py: {error}")
