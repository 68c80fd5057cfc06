"""The decoder of a transform codec in the weights of a content-weighted network: an unfolded digit a layer, then pixels."""

import torch

from ..content_weighted.network import ContentWeightedAutoencoder
from .codec import BLOCK, MARGIN, WINDOW, TransformCodec
from .wiring import Affine, Rows, Wiring, modulate

FOLDS_BEFORE_PIXELS = 2  # what block 1 and convolution 2 unfold after the table of convolution 1
OUTPUT_BIAS = 2.0  # makes reconstructed pixels positive, which leaky ReLU passes unchanged


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
