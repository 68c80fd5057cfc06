"""Codes of training pictures, made once by a trained encoder and kept, so that entropy models train without it."""

import hashlib
from pathlib import Path

import numpy
import torch
from torch import Tensor
import torch.nn.functional as F

from ..common.images import ImageSet
from ..common.pictures import from_bytes
from ..content_weighted.quantizers import map_thresholds
from .network import CodedMaps

SCALES = (1.0, 1.6, 0.75)  # pictures as they are, enlarged and reduced: a coder has to do with all of them
CROPS_PER_IMAGE = 2
TOGETHER = 16  # pictures of one size that are coded at once


def importance_planes(levels: Tensor, planes: int) -> tuple[Tensor, Tensor]:
    """Levels (h, w) as bit planes, most significant first, values -1 and 1 (planes, h, w), and the node of the binary
    tree that the planes before lead to: `2^j + (Q >> (planes - j))` for plane j.
    """
    bits = torch.stack([(levels >> (planes - 1 - j)) & 1 for j in range(planes)])
    nodes = torch.stack([(levels >> (planes - j)) + (1 << j) for j in range(planes)])
    return 2 * bits - 1, nodes


class CodedPicture:
    """Bits (n, h, w), levels (h, w) or None, and the rate byte of one picture."""

    def __init__(self, bits: Tensor, levels: Tensor | None, rate_byte: int, model):
        self.bits, self.levels, self.rate_byte, self.model = bits, levels, rate_byte, model
        n, k = model.code_maps, torch.arange(model.code_maps).view(-1, 1, 1)
        if levels is not None:
            self.sent = map_thresholds(n, model.importance_levels).view(-1, 1, 1) <= levels
        else:
            self.sent = (k < min(n, max(1, (2 * n * rate_byte + 255) // 510))).expand_as(bits)

    @property
    def code(self) -> Tensor:
        """Values -1, 0 (not sent) and 1, int8 (n, h, w)."""
        return torch.where(self.sent, 2 * self.bits.to(torch.int8) - 1, torch.zeros((), dtype=torch.int8))

    def maps(self) -> dict[str, CodedMaps]:
        """Codes and, with an importance map, its planes, as the context networks see them."""
        nothing = torch.zeros(self.bits.shape[1:], dtype=torch.long)
        found = {"codes": CodedMaps(self.code, nothing if self.levels is None else self.levels, self.rate_byte)}
        if self.levels is not None:
            planes, nodes = importance_planes(self.levels, plane_count(self.model))
            found["importance"] = CodedMaps(planes.to(torch.int8), nodes, self.rate_byte)
        return found


def plane_count(model) -> int:
    """The bits of an importance level, 0 without importance map."""
    return max(0, model.importance_levels - 1).bit_length()


def encode(network, image: Tensor, rate_byte: int) -> CodedPicture:
    """The codes of a picture (3, H, W) of bytes whose sides are multiples of 8."""
    return encode_together(network, [image], [rate_byte])[0]


@torch.no_grad()
def encode_together(network, images: list[Tensor], rate_bytes: list[int]) -> list[CodedPicture]:
    """The codes of pictures of one size."""
    x = from_bytes(torch.stack(images))
    signs, _, p, _ = network.encode(x, torch.tensor(rate_bytes) / 255)
    levels = [None] * len(images) if p is None else network.levels(p)[:, 0].long()
    return [CodedPicture(*picture, network.configuration) for picture in zip(signs > 0, levels, rate_bytes)]


def random_crop(image: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """A square (3, side, side), or less where the picture is smaller, its sides multiples of 8."""
    height, width = (min(side, extent // 8 * 8) for extent in image.shape[1:])
    y = int(torch.randint(image.shape[1] - height + 1, (), generator=generator))
    x = int(torch.randint(image.shape[2] - width + 1, (), generator=generator))
    return image[:, y:y + height, x:x + width]


def coded(network, crops: list[Tensor], rates: list[int], report) -> list[CodedPicture]:
    """The codes of all crops, in their order."""
    found, by_size = {}, {}
    for number, crop in enumerate(crops):
        by_size.setdefault(crop.shape, []).append(number)
    for numbers in (numbers[i:i + TOGETHER] for numbers in by_size.values() for i in range(0, len(numbers), TOGETHER)):
        found |= zip(numbers, encode_together(network, [crops[i] for i in numbers], [rates[i] for i in numbers]))
        if len(found) // 100 > (len(found) - len(numbers)) // 100:
            report(f"{len(found)} of {len(crops)} pictures coded")
    return [found[number] for number in range(len(crops))]


def coded_pictures(network, images: ImageSet, indices: list[int], side: int, folder: Path,
                   report) -> list[CodedPicture]:
    """Crops of each image at rates that cover 0 ... 255 evenly, from `folder` if they were made before."""
    digest = hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in network.parameters()))
    chosen = indices * CROPS_PER_IMAGE
    digest.update(repr((chosen, side, SCALES)).encode())
    if network.decider is not None:
        digest.update(network.decider.digest())
    path = Path(folder) / f"codes-{digest.hexdigest()[:16]}.npz"
    generator = torch.Generator().manual_seed(1)
    if path.exists():
        pictures = []
        stored = numpy.load(path)
        for number in range(len(chosen)):
            shape, rate_byte = stored[f"shape{number}"], int(stored["rates"][number])
            bits = numpy.unpackbits(stored[f"bits{number}"], count=int(shape.prod())).reshape(shape)
            levels = torch.from_numpy(stored[f"levels{number}"]).long() if f"levels{number}" in stored else None
            pictures.append(CodedPicture(torch.from_numpy(bits).bool(), levels, rate_byte, network.configuration))
        return pictures
    crops, rates = [], []
    for number, index in enumerate(chosen):
        rates.append(int(256 * ((number * 0.6180339887) % 1)))
        image = images.image(index)
        scale = SCALES[number % len(SCALES)]
        if scale != 1:
            image = F.interpolate(image[None].float(), scale_factor=scale, mode="bicubic", antialias=True)[0].round().clamp(0, 255)
        crops.append(random_crop(image, side, generator))
    pictures = coded(network, crops, rates, report)
    arrays = {}
    for number, picture in enumerate(pictures):
        arrays[f"bits{number}"] = numpy.packbits(picture.bits.numpy())
        arrays[f"shape{number}"] = numpy.array(picture.bits.shape)
        if picture.levels is not None:
            arrays[f"levels{number}"] = picture.levels.numpy().astype(numpy.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    numpy.savez(path, rates=numpy.array([p.rate_byte for p in pictures]), **arrays)
    return pictures
