"""Fits a transform codec to training images: first the transform, then how each coefficient is quantised.

The transform starts as the Karhunen-Loeve transform of 8x8 blocks and is trained, as in Balle 2017 but linear, with uniform
noise in place of quantisation and a mixture of Laplace densities per coefficient as its rate. Then a search gives
each coefficient dead zone, scale and digits, so that all maps together have the least error / price + entropy over the range of
rates; steps grow towards low rates.
"""

import math
from dataclasses import dataclass, replace

import numpy
import torch
import torch.nn.functional as F
from torch import Tensor

from ..common.images import ImageSet, centre_crop
from ..content_weighted.rate_estimates import code_bits
from .codec import BLOCK, MARGIN, MAXIMUM_FOLDS, TransformCodec

CROP = 256
STEPS = (24.0, 40.0, 64.0)  # quantiser steps in 8-bit units that the transform is trained at
KNEES = (0.0, 0.25, 0.5, 0.75, 1.0)
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
    """One way to quantise a coefficient, and what that costs on the samples it was tried on, in bits."""

    error: float  # squared error / price
    entropy: float
    maps: int
    scale: float = 1.0
    centre: float = 0.5
    threshold: float = 0.0
    knee: float = 0.0
    middles: tuple[float, ...] = ()  # mean of each z, the one after the last digit included
    errors: tuple[float, ...] = ()  # with nothing, after the sign and after each fold
    entropies: tuple[float, ...] = ()  # of the sign and of each fold

    @property
    def cost(self) -> float:
        return self.error + self.entropy


def binary_entropy(share: numpy.ndarray) -> numpy.ndarray:
    share = numpy.clip(share, 1e-12, 1 - 1e-12)
    return -share * numpy.log2(share) - (1 - share) * numpy.log2(1 - share)


def measured(u: numpy.ndarray, weights: numpy.ndarray, centre: float, threshold: float, folds: int, **known) -> Quantizer:
    """What a quantiser does to samples u (T, S), scaled for each of T knobs; `weights` (T,) make squared errors bits."""
    size, weights = numpy.abs(u), weights[:, None]
    significant = size > threshold if threshold > 0 else numpy.ones_like(size, bool)
    share, kept = significant.mean(1), significant * weights
    mean = lambda z: float((kept * z).sum() / max(kept.sum(), 1e-12))
    digits, middles, z = [], [], centre - size
    entropies = [float(((threshold > 0) * binary_entropy(share) + share).mean())]
    for fold in range(1, folds + 2):
        middles.append(mean(z))
        if fold <= folds:
            digits.append(numpy.where(z >= 0, 1.0, -1.0))
            positive = ((digits[-1] > 0) & significant).mean(1)
            entropies.append(float((share * binary_entropy(positive / numpy.maximum(share, 1e-12))).mean()))
            z = 2.0 ** -(fold + 1) - numpy.abs(z)
    quiet = float((weights * size**2 * ~significant).mean())
    errors = [float((weights * size**2).mean())]
    for sent in range(folds + 1):
        guess = middles[sent]
        for fold in range(sent, 0, -1):
            guess = digits[fold - 1] * (2.0 ** -(fold + 1) - guess)
        errors.append(quiet + float((kept * (size - centre + guess) ** 2).mean()))
    return Quantizer(errors[-1], sum(entropies), (2 if threshold > 0 else 1) + folds, centre=centre, threshold=threshold,
                     middles=tuple(middles), errors=tuple(errors), entropies=tuple(entropies), **known)


def candidates(values: numpy.ndarray, prices: numpy.ndarray, knobs: numpy.ndarray, slope: float) -> list[Quantizer]:
    """The best quantiser of each kind and number of digits for samples (S,), over all knobs (T,) and their prices (T,) together,
    and none at all. Steps are near those of uniform quantisation at the same price, so they grow towards low knobs;
    a coefficient that would need more digits than it has keeps a coarser one from some knob on."""
    found = [Quantizer(float((values**2).mean() * (1 / prices).mean()), 0.0, 0)]
    finest = math.sqrt(prices.min() / PRICE)
    for folds in range(MAXIMUM_FOLDS + 1):
        signs, dead_zones = [], []
        for knee in KNEES if len(knobs) > 1 else (1.0,):
            for share in (0.8, 1.0):
                scale = share * finest * math.exp(slope * (1 - knee)) * 2**folds
                scales = scale * numpy.exp(slope * numpy.maximum(0, knee - knobs))
                u, weights = values / scales[:, None], scales**2 / prices
                known = {"scale": scale, "knee": knee}
                signs.append(measured(u, weights, 0.5 if folds else float(numpy.abs(u).mean()), 0.0, folds, **known))
                for threshold in (0.55, 0.65, 0.8) if folds < MAXIMUM_FOLDS else ():
                    threshold /= 2**folds
                    beyond = weights[:, None] * (numpy.abs(u) > threshold)
                    centre = threshold + 0.5
                    if not folds and beyond.any():
                        centre = float((beyond * numpy.abs(u)).sum() / beyond.sum())
                    dead_zones.append(measured(u, weights, centre, threshold, folds, **known))
        found += [min(tried, key=lambda one: one.cost) for tried in (signs, dead_zones) if tried]
    return found


def allocate(choices: list[list[Quantizer]], maps: int) -> list[Quantizer]:
    """One quantiser for each coefficient, of least cost together among those of `maps` maps in all."""
    def chosen(each: float) -> list[Quantizer]:
        return [min(options, key=lambda one: one.cost + each * one.maps) for options in choices]

    low, high = 0.0, max(options[0].error for options in choices)
    if sum(one.maps for one in chosen(low)) > maps:
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if sum(one.maps for one in chosen(middle)) > maps else (low, middle)
        low = high
    found = chosen(low)
    while (left := maps - sum(one.maps for one in found)) > 0:
        # What is left goes where another map helps most, or hurts least.
        changes = [((other.cost - one.cost) / (other.maps - one.maps), i, other)
                   for i, (one, options) in enumerate(zip(found, choices)) for other in options
                   if 0 < other.maps - one.maps <= left]
        if not changes:
            raise ValueError(f"{len(choices)} coefficients have no use for {maps} maps")
        _, i, other = min(changes, key=lambda change: change[:2])
        found[i] = other
    return found


def ordered_maps(quantizers: list[Quantizer], group: int) -> list[tuple[int, int]]:
    """Coefficient and digit of each map: those coefficients first that lower the error most for a bit, and the maps of each side
    by side, where the entropy coder sees one when it codes the next. Where it can be, both sides of a dead zone are in one of
    the groups of maps that the importance map sends or leaves: one side alone says something wrong."""
    def worth(one: Quantizer) -> float:
        return max((one.errors[0] - one.errors[digits]) / max(sum(one.entropies[:digits]), 1e-3)
                   for digits in range(1, len(one.errors)))

    order = []
    for coefficient in sorted(range(len(quantizers)), key=lambda i: -worth(quantizers[i])):
        one = quantizers[coefficient]
        digits = [*([0, -1] if one.threshold > 0 else [0]), *range(1, len(one.entropies))]
        if one.threshold > 0 and len(digits) > 2 and len(order) % group == group - 1:
            digits[:3] = digits[2], *digits[:2]
        order += [(coefficient, digit) for digit in digits]
    return order


def measured_cost(codec: TransformCodec, pictures: Tensor, prices: Tensor, sent: int) -> float:
    """Error / price + bits per pixel of pictures, mean over knobs spaced evenly over 0...1, where the bits are those of an ideal
    coder with adaptive contexts (`content_weighted/rate_estimates.py`) and the first `sent` maps are coded."""
    total = 0.0
    for knob, price in zip(torch.linspace(0, 1, len(prices)), prices.tolist()):
        t = knob.expand(len(pictures))
        code = codec.signs(codec.coefficients(pictures, t))
        code[:, sent:] = 0
        error = (codec.pictures(codec.values(code), t).clamp(-1, 1) - pictures).square().mean().item() * 127.5**2
        bits = sum(code_bits(one) for one in code) / (pictures.numel() / 3)
        total += error / price + bits
    return total / len(prices)


def refine(codec: TransformCodec, pictures: Tensor, prices: Tensor, sent: int) -> TransformCodec:
    """Changes one coefficient's step, dead zone or knee after the other as long as `measured_cost` falls: the first search knows
    nothing of contexts and borders."""
    best = measured_cost(codec, pictures, prices, sent)

    def changed(coefficient: int, name: str, change: float) -> TransformCodec | None:
        values = {one: getattr(codec, one).clone() for one in ("scales", "thresholds", "centres", "knees")}
        old = float(values[name][coefficient])
        new = old + change if name == "knees" else old * change
        if new == old or (name == "knees" and not (0 <= new <= 1 and codec.slope > 0)):
            return None
        values[name][coefficient] = new
        if name == "thresholds":
            values["centres"][coefficient] += new - old
        return replace(codec, **values)

    for coefficient in codec.used:
        for name, changes in (("scales", (0.8, 1.25)), ("thresholds", (0.85, 1.2)), ("knees", (-0.25, 0.25))):
            before = best
            for change in changes:
                while (tried := changed(coefficient, name, change)) is not None:
                    cost = measured_cost(tried, pictures, prices, sent)
                    if cost >= best:
                        break
                    codec, best = tried, cost
                if best < before:
                    break  # the other way leads back
    return codec


def fit(images: ImageSet, indices: list[int], maps: int, group: int, prices: Tensor, *, coefficients: int = 64, steps: int = 2400,
        samples: int = 8_000, refined: int = 16, transform: tuple[Tensor, Tensor] | None = None) -> TransformCodec:
    """The whole codec, whose last `group` maps are never sent (none if 0); `prices` (T,) are squared error in 8-bit units a bit per
    pixel, as in the training loss, at knobs spaced evenly over 0...1."""
    analysis, synthesis = transform or fit_transform(images, indices, coefficients, steps)
    values = F.conv2d(crops(images, indices[::5]), analysis, stride=BLOCK, padding=MARGIN).permute(1, 0, 2, 3).flatten(1)
    values = values[:, torch.randperm(values.shape[1], generator=torch.Generator().manual_seed(1))[:samples]]
    weights = synthesis.square().sum((1, 2, 3)).sqrt()  # what an error of a coefficient does to pixels
    # 192 samples and 64 pixels a block, as above.
    each = 3 * prices.double().numpy() / 127.5**2
    knobs, slope = numpy.linspace(0, 1, len(each)), 0.5 * math.log(each[0] / each[-1])
    found = allocate([candidates(one.double().numpy(), each, knobs, slope) for one in values * weights.view(-1, 1)], maps)
    kept = [i for i, one in enumerate(found) if one.maps]
    found = [found[i] for i in kept]
    middles = torch.zeros(len(found), MAXIMUM_FOLDS + 1)
    for row, one in zip(middles, found):
        row[:len(one.middles)] = torch.tensor(one.middles)
    scales, centres, thresholds, knees = (torch.tensor([getattr(one, name) for one in found], dtype=torch.float32)
                                          for name in ("scale", "centre", "threshold", "knee"))
    codec = TransformCodec(analysis[kept], synthesis[kept], scales / weights[kept], centres, thresholds, middles,
                           ordered_maps(found, group or 2), knees, slope)
    return refine(codec, crops(images, indices[2::len(indices) // refined]), prices, maps - group)
