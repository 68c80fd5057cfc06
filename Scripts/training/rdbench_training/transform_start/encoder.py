"""The encoder of a transform codec in the weights of a content-weighted network: coefficients, and a fold a layer."""

from ..content_weighted.network import ContentWeightedAutoencoder
from .codec import BLOCK, WINDOW, TransformCodec
from .wiring import Affine, Rows, Wiring, modulate


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
