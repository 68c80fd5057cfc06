"""Images for training: a folder decoded once into a packed cache, a held-out split, and random crops on the device."""

import json
import os
import random
import typing
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from PIL import Image
from torch import Tensor
import torch.nn.functional as F

from .configuration import DataConfiguration

EXTENSIONS = {".png", ".webp", ".jpg", ".jpeg", ".ppm", ".bmp"}
FORBIDDEN = ("kodak", "kodim", "clic")


def image_paths(folder: str | Path) -> list[Path]:
    """The images directly in a folder, sorted by name."""
    paths = sorted(p for p in Path(folder).iterdir() if p.suffix.lower() in EXTENSIONS)
    if not paths:
        raise ValueError(f"{folder}: no images found")
    return paths


def read_image(file: str | Path | typing.BinaryIO) -> numpy.ndarray:
    """Decodes to (H, W, 3) bytes; grey and palette pictures become RGB."""
    with Image.open(file) as image:
        return numpy.asarray(image.convert("RGB"))


def refuse_test_sets(folder: str | Path, paths: list[Path]):
    """Training and every choice must never see Kodak or CLIC: their names are refused."""
    for name in [Path(folder).resolve().name, *(p.name for p in paths)]:
        if any(word in name.lower() for word in FORBIDDEN):
            raise ValueError(f"{folder}: {name} looks like a test set, which must not be trained on")


@dataclass
class ImageSet:
    """Images as one flat array of bytes, row by row, interleaved."""

    names: list[str]
    heights: Tensor  # (M,) int64, on the CPU as the two below
    widths: Tensor
    offsets: Tensor  # of the first byte
    pixels: Tensor  # (bytes,) uint8, on any device

    def to(self, device) -> "ImageSet":
        return ImageSet(self.names, self.heights, self.widths, self.offsets, self.pixels.to(device))

    def image(self, index: int) -> Tensor:
        """One image as (3, H, W) bytes."""
        height, width, offset = int(self.heights[index]), int(self.widths[index]), int(self.offsets[index])
        return self.pixels[offset:offset + 3 * height * width].view(height, width, 3).permute(2, 0, 1)


def packed_images(folder: str | Path, cache: str | Path) -> ImageSet:
    """Decodes the images of `folder` into `cache` unless that holds them already, and maps them into memory."""
    paths = image_paths(folder)
    refuse_test_sets(folder, paths)
    stamp = [[p.name, p.stat().st_size] for p in paths]
    cache = Path(cache)
    index_path, data_path = cache / "index.json", cache / "pixels.bin"
    index = json.loads(index_path.read_text()) if index_path.exists() else {}
    if index.get("stamp") != stamp:
        cache.mkdir(parents=True, exist_ok=True)
        shapes = []
        temporary = cache / f"pixels.{os.getpid()}.tmp"
        with open(temporary, "wb") as file:
            for path in paths:
                pixels = read_image(path)
                shapes.append(pixels.shape[:2])
                file.write(pixels.tobytes())
        os.replace(temporary, data_path)
        index = {"stamp": stamp, "shapes": shapes}
        index_path.write_text(json.dumps(index))
    shapes = torch.tensor(index["shapes"], dtype=torch.int64)
    sizes = 3 * shapes[:, 0] * shapes[:, 1]
    offsets = torch.cumsum(sizes, 0) - sizes
    pixels = torch.from_numpy(numpy.memmap(data_path, numpy.uint8, "c"))
    return ImageSet([name for name, _ in stamp], shapes[:, 0], shapes[:, 1], offsets, pixels)


def source_group(name: str) -> str:
    """The photograph or collection that a crop is from: the name before its last underscore."""
    stem = Path(name).stem
    return stem.rpartition("_")[0] or stem


def split(names: list[str], count: int, seed: int) -> tuple[list[int], list[int]]:
    """Indices for training and validation: one image each of `count` groups, whose other images are not used."""
    groups: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        groups.setdefault(source_group(name), []).append(index)
    if count >= len(groups):
        raise ValueError(f"{count} validation images need more than that many source groups, found {len(groups)}")
    chooser = random.Random(seed)
    held_out = chooser.sample(sorted(groups), count)
    validation = [chooser.choice(groups[group]) for group in held_out]
    dropped = {index for group in held_out for index in groups[group]}
    return [index for index in range(len(names)) if index not in dropped], validation


class CropSampler:
    """Random crops with flips, transposition and rescaling, cut on the device that holds the pixels.

    All choices come from one CPU generator, so they are the same on every device and resume exactly.
    """

    def __init__(self, images: ImageSet, indices: list[int], data: DataConfiguration):
        self.images, self.data = images, data
        shorter = torch.minimum(images.heights, images.widths)
        chosen = torch.tensor(indices)
        self.usable = {}
        for scale in set(data.scales):
            side = round(data.patch * scale)
            self.usable[scale] = chosen[shorter[chosen] >= side]
            if len(self.usable[scale]) == 0:
                raise ValueError(f"no training image is at least {side} pixels wide and high")

    def _cut(self, count: int, scale: float, generator: torch.Generator) -> Tensor:
        """`count` crops (count, 3, P, P), float 0...255."""
        images, device = self.images, self.images.pixels.device
        patch, side = self.data.patch, round(self.data.patch * scale)
        usable = self.usable[scale]
        which = usable[torch.randint(len(usable), (count,), generator=generator)]
        place = torch.rand(count, 2, generator=generator, dtype=torch.float64)
        flips = torch.randint(2, (count, 3), generator=generator)
        top = (place[:, 0] * (images.heights[which] - side + 1)).long()
        left = (place[:, 1] * (images.widths[which] - side + 1)).long()
        first = images.offsets[which] + 3 * (top * images.widths[which] + left)
        plan = torch.stack([first, images.widths[which], *flips.unbind(1)], 1).to(device, non_blocking=True)
        first, width, flip_rows, flip_columns, transpose = (column.view(-1, 1, 1) for column in plan.unbind(1))
        ramp = torch.arange(side, device=device)
        rows, columns = ramp.view(1, -1, 1), ramp.view(1, 1, -1)
        rows, columns = torch.where(transpose == 1, columns, rows), torch.where(transpose == 1, rows, columns)
        rows = torch.where(flip_rows == 1, side - 1 - rows, rows)
        columns = torch.where(flip_columns == 1, side - 1 - columns, columns)
        position = (first + 3 * (rows * width + columns)).unsqueeze(1)
        crops = images.pixels[position + torch.arange(3, device=device).view(1, 3, 1, 1)].float()
        if side != patch:
            crops = F.interpolate(crops, size=(patch, patch), mode="bicubic", antialias=True, align_corners=False)
            crops = torch.round(torch.clamp(crops, 0, 255))
        return crops

    def _scale(self, generator: torch.Generator) -> float:
        return self.data.scales[int(torch.randint(len(self.data.scales), (), generator=generator))]

    def batch(self, generator: torch.Generator) -> Tensor:
        """(N, 3, P, P) in -1...1, channels last."""
        data = self.data
        parts = []
        pieces = min(data.batch, 4 if len(data.scales) > 1 else 1)
        for piece in range(pieces):
            count = data.batch * (piece + 1) // pieces - data.batch * piece // pieces
            parts.append(self._cut(count, self._scale(generator), generator))
        x = (torch.cat(parts) - 127.5) / 127.5
        return x.contiguous(memory_format=torch.channels_last)


def centre_crop(image: Tensor, side: int) -> Tensor:
    """The middle of a (3, H, W) image, at most side x side."""
    height, width = image.shape[1:]
    top, left = max(0, (height - side) // 2), max(0, (width - side) // 2)
    return image[:, top:top + side, left:left + side]
