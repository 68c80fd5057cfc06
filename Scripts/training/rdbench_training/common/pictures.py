"""Between the bytes of pictures and what networks read and write. Shapes are (N, C, H, W)."""

import torch
from torch import Tensor
import torch.nn.functional as F


def from_bytes(pixels: Tensor) -> Tensor:
    """Network input of pixel values 0...255 of any shape: `(v - 127.5) / 127.5`, float in -1...1."""
    return (pixels.float() - 127.5) / 127.5


def to_pixels(y: Tensor) -> Tensor:
    """The 8-bit picture of a network output, as float: `round(clamp(127.5 y + 127.5, 0, 255))`."""
    return torch.round(torch.clamp(127.5 * y.float() + 127.5, 0, 255))


def pad_to_multiple(x: Tensor, multiple: int) -> Tensor:
    """Pads right and bottom by repeating the edge until height and width are multiples of `multiple`."""
    height, width = x.shape[-2:]
    return F.pad(x, (0, -width % multiple, 0, -height % multiple), mode="replicate")
