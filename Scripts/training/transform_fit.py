"""Fits a transform codec to training images: first the transform, then how each coefficient is quantised.

The transform starts as the Karhunen-Loeve transform of 8x8 blocks and is trained, as in Balle 2017 but linear, with uniform
noise in place of quantisation and a mixture of Laplace densities per coefficient as its rate. Then a search gives
each coefficient dead zone, scale and digits, so that all maps together have the least error + price x entropy.
"""

import math
from dataclasses import dataclass

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from images import ImageSet, centre_crop
from transform_codec import BLOCK, MARGIN, MAXIMUM_FOLDS, WINDOW, TransformCodec

CROP = 256
STEPS = (24.0, 40.0, 64.0)  # quantiser steps in 8-bit units that the transform is trained at
PRICE = 0.1155  # error that a bit is worth, in squared steps: the slope of uniform quantisation, ln 4 / 12


def crops(images: ImageSet, indices: list[int]) -> Tensor:
    """The middles of images, in -1...1."""
    return torch.stack([(centre_crop(images.image(i), CROP).float() - 127.5) / 127.5 for i in indices])


def karhunen_loeve(pictures: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The first basis functions of 8x8 blocks, (count, 3, 8, 8), and their deviations."""
    blocks = F.pixel_unshuffle(pictures, BLOCK).permute(0, 2, 3, 1).reshape(-1, 3 * BLOCK * BLOCK)
    blocks = blocks - blocks.mean(0)
    variances, basis = torch.linalg.eigh(blocks.T @ blocks / len(blocks))
    return (basis.flip(1)[:, :count].T.reshape(count, 3, BLOCK, BLOCK),
            variances.flip(0)[:count].clamp(min=1e-9).sqrt())


def laplace_mixture_bits(values: Tensor, step: Tensor, scales: Tensor, weights: Tensor) -> Tensor:
    """Bits of coefficients (N, K, h, w) quantised with steps (N, 1, 1, 1); scales and weights are (K, mixture)."""
    def cumulative(x: Tensor) -> Tensor:
        tail = torch.exp(-x.abs()) / 2
        return torch.where(x < 0, tail, 1 - tail)
    total = torch.zeros_like(values)
    for scale, weight in zip(scales.exp().unbind(1), weights.softmax(1).unbind(1)):
        scale, weight = scale.view(1, -1, 1, 1), weight.view(1, -1, 1, 1)
        total = total + weight * (cumulative((values + step / 2) / scale) - cumulative((values - step / 2) / scale))
    return -torch.log2(total.clamp(min=1e-9))


def fit_transform(images: ImageSet, indices: list[int], count: int, steps: int, seed: int = 1) -> tuple[Tensor, Tensor]:
    """Analysis and synthesis, (count, 3, 16, 16) each."""
    generator = torch.Generator().manual_seed(seed)
    basis, deviations = karhunen_loeve(crops(images, indices[::5]), count)
    analysis, synthesis = (F.pad(basis, (MARGIN,) * 4).clone().requires_grad_() for _ in range(2))
    scales = (deviations.log().unsqueeze(1) + torch.tensor([-2.0, -0.5, 0.8])).clone().requires_grad_()
    weights = torch.zeros_like(scales).requires_grad_()
    optimizer = torch.optim.Adam([{"params": [analysis, synthesis], "lr": 4e-4},
                                  {"params": [scales, weights], "lr": 2e-2}])
    first = [group["lr"] for group in optimizer.param_groups]
    for number in range(steps):
        for group, rate in zip(optimizer.param_groups, first):
            group["lr"] = rate * min(1, 2 * (1 - number / steps))
        chosen = torch.randint(len(indices), (6,), generator=generator).tolist()
        x = crops(images, [indices[i] for i in chosen])
        if number % 2:
            x = x.flip(3)
        step = torch.tensor([STEPS[i % len(STEPS)] for i in range(len(x))]).view(-1, 1, 1, 1) / 127.5
        values = F.conv2d(x, analysis, stride=BLOCK, padding=MARGIN)
        noisy = values + (torch.rand(values.shape, generator=generator) - 0.5) * step
        bits = laplace_mixture_bits(noisy, step, scales, weights).sum((1, 2, 3)) / (x.shape[2] * x.shape[3])
        decoded = F.conv_transpose2d(noisy, synthesis, stride=BLOCK, padding=MARGIN)
        error = (decoded - x).square().mean((1, 2, 3))
        # A block has 192 samples and 64 pixels, so an error a bit is worth a third of it in mean error and bits a pixel.
        price = PRICE / 3 * step.flatten() ** 2
        loss = (error / price + bits).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return analysis.detach(), synthesis.detach()


@dataclass
class Quantizer:
    """One way to quantise a coefficient, and what that costs on the samples it was tried on."""

    error: float  # squared error
    entropy: float  # bits
    maps: int
    scale: float = 1.0
    centre: float = 0.5
    threshold: float = 0.0
    middles: tuple[float, ...] = ()  # mean of each z, the one after the last digit included
    errors: tuple[float, ...] = ()  # with nothing, after the sign and after each fold
    entropies: tuple[float, ...] = ()  # of the sign and of each fold


def binary_entropy(share: float) -> float:
    return 0.0 if share <= 0 or share >= 1 else -share * math.log2(share) - (1 - share) * math.log2(1 - share)


def measured(values: numpy.ndarray, scale: float, centre: float, threshold: float, folds: int) -> Quantizer:
    """What a quantiser does to samples."""
    u = numpy.abs(values) / scale
    significant = u > threshold if threshold > 0 else numpy.ones(len(u), bool)
    share, quiet, kept = float(significant.mean()), float((u[~significant] ** 2).sum()), u[significant]
    if len(kept) == 0:
        kept = numpy.array([centre])
    digits, middles, entropies, z = [], [], [binary_entropy(share) + share], centre - kept
    for fold in range(1, folds + 2):
        middles.append(float(z.mean()))
        if fold <= folds:
            digits.append(numpy.where(z >= 0, 1.0, -1.0))
            entropies.append(share * binary_entropy(float((digits[-1] > 0).mean())))
            z = 2.0 ** -(fold + 1) - numpy.abs(z)
    errors = [float((values**2).mean())]
    for sent in range(folds + 1):
        guess = middles[sent]
        for fold in range(sent, 0, -1):
            guess = digits[fold - 1] * (2.0 ** -(fold + 1) - guess)
        errors.append((quiet + float(((kept - centre + guess) ** 2).sum())) / len(u) * scale**2)
    return Quantizer(errors[-1], sum(entropies), (2 if threshold > 0 else 1) + folds, scale, centre, threshold,
                     tuple(middles), tuple(errors), tuple(entropies))


def candidates(values: numpy.ndarray, price: float) -> list[Quantizer]:
    """The best quantiser of each kind and number of digits for samples, and none at all."""
    deviation = float(values.std()) + 1e-9
    found = [Quantizer(float((values**2).mean()), 0.0, 0)]
    for folds in range(MAXIMUM_FOLDS + 1):
        for kind in ("sign", "dead zone"):
            if kind == "dead zone" and folds == MAXIMUM_FOLDS:
                continue
            tried = []
            scales = deviation * numpy.geomspace(0.6, 8, 12) if folds else [deviation]
            for scale in scales:
                if kind == "sign":
                    centre = 0.5 if folds else float(numpy.abs(values).mean()) / scale
                    tried.append(measured(values, scale, centre, 0.0, folds))
                    continue
                for share in (0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2):
                    threshold = share * deviation / scale
                    if folds:
                        centres = [max(0.5, threshold + step) for step in (0.35, 0.5)]
                    else:
                        beyond = numpy.abs(values)[numpy.abs(values) > share * deviation]
                        centres = [float(beyond.mean()) / scale if len(beyond) else 1.0]
                    tried += [measured(values, scale, centre, threshold, folds) for centre in sorted(set(centres))]
            found.append(min(tried, key=lambda one: one.error + price * one.entropy))
    return found


def allocate(choices: list[list[Quantizer]], price: float, maps: int) -> list[Quantizer]:
    """One quantiser for each coefficient with the least error + price x entropy among those of `maps` maps in all."""
    cost = lambda one: one.error + price * one.entropy

    def chosen(each: float) -> list[Quantizer]:
        return [min(options, key=lambda one: cost(one) + each * one.maps) for options in choices]

    low, high = 0.0, max(options[0].error for options in choices)
    if sum(one.maps for one in chosen(low)) > maps:
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if sum(one.maps for one in chosen(middle)) > maps else (low, middle)
        low = high
    found = chosen(low)
    while (left := maps - sum(one.maps for one in found)) > 0:
        # What is left goes where another map helps most, or hurts least.
        changes = [((cost(other) - cost(one)) / (other.maps - one.maps), i, other)
                   for i, (one, options) in enumerate(zip(found, choices)) for other in options
                   if 0 < other.maps - one.maps <= left]
        if not changes:
            raise ValueError(f"{len(choices)} coefficients have no use for {maps} maps")
        _, i, other = min(changes, key=lambda change: change[:2])
        found[i] = other
    return found


def ordered_maps(quantizers: list[Quantizer], group: int) -> list[tuple[int, int]]:
    """Coefficient and digit of each map, those first that lower the error most for a bit. Both sides of a dead zone are in one
    of the groups of maps that the importance map sends or leaves."""
    steps = []
    for coefficient, one in enumerate(quantizers):
        # Digits that help less than the next one are worth what both are worth together.
        pools: list[tuple[float, float, int]] = []  # gain, entropy, digits
        for digit, entropy in enumerate(one.entropies):
            pools.append((one.errors[digit] - one.errors[digit + 1], max(entropy, 1e-3), 1))
            while len(pools) > 1 and pools[-1][0] / pools[-1][1] >= pools[-2][0] / pools[-2][1]:
                last, before = pools.pop(), pools.pop()
                pools.append(tuple(a + b for a, b in zip(before, last)))
        slopes = [gain / entropy for gain, entropy, digits in pools for _ in range(digits)]
        steps += [(-slope, coefficient, digit) for digit, slope in enumerate(slopes)]
    waiting, order = sorted(steps), []
    while waiting:
        # A pair that would fall into two groups lets the next single digit go first.
        single = lambda step: step[2] > 0 or quantizers[step[1]].threshold == 0
        split = len(order) % group == group - 1
        chosen = next((step for step in waiting if not split or single(step)), waiting[0])
        waiting.remove(chosen)
        _, coefficient, digit = chosen
        order.append((coefficient, digit))
        if not single(chosen):
            order.append((coefficient, -1))
    return order


def fit(images: ImageSet, indices: list[int], maps: int, group: int, *, coefficients: int = 64, steps: int = 2400,
        price: float = 60.0, samples: int = 8_000, transform: tuple[Tensor, Tensor] | None = None) -> TransformCodec:
    """The whole codec; `price` is squared error in 8-bit units a bit per pixel, as in the training loss."""
    analysis, synthesis = transform or fit_transform(images, indices, coefficients, steps)
    values = F.conv2d(crops(images, indices[::5]), analysis, stride=BLOCK, padding=MARGIN).permute(1, 0, 2, 3).flatten(1)
    values = values[:, torch.randperm(values.shape[1], generator=torch.Generator().manual_seed(1))[:samples]]
    weights = synthesis.square().sum((1, 2, 3)).sqrt()  # what an error of a coefficient does to pixels
    # 192 samples and 64 pixels a block, as above.
    price = 3 * price / 127.5**2
    found = allocate([candidates(one.double().numpy(), price) for one in values * weights.view(-1, 1)], price, maps)
    kept = [i for i, one in enumerate(found) if one.maps]
    found = [found[i] for i in kept]
    middles = torch.zeros(len(found), MAXIMUM_FOLDS + 1)
    for row, one in zip(middles, found):
        row[:len(one.middles)] = torch.tensor(one.middles)
    scales, centres, thresholds = (torch.tensor([getattr(one, name) for one in found], dtype=torch.float32)
                                   for name in ("scale", "centre", "threshold"))
    return TransformCodec(analysis[kept], synthesis[kept], scales / weights[kept], centres, thresholds, middles,
                          ordered_maps(found, group))
