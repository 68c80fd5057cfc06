"""PSNR and rate of a network on whole images, used in training and by the families' `evaluate` programs."""

import math
from dataclasses import dataclass
from typing import Callable

import torch
from torch import Tensor, nn

from .pictures import from_bytes, pad_to_multiple, to_pixels

VALIDATION_KNOBS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass
class Measured:
    """What a family's network makes of one picture."""

    reconstruction: Tensor  # (1, 3, H, W), scale of the input
    raw_bits: float  # before entropy coding, side information included
    estimated_bits: float  # after it, by an estimate, side information not included
    estimated_map_bits: float = 0.0  # of the side information


# (network, x (1, 3, H, W) in -1...1, knob (1,)) -> Measured
Coding = Callable[[nn.Module, Tensor, Tensor], Measured]


@torch.no_grad()
def measure(network: nn.Module, code: Coding, image: Tensor, t: float) -> dict:
    """Codes one image (3, H, W) of bytes at knob t: PSNR of the 8-bit picture, raw and estimated bits per pixel."""
    height, width = image.shape[1:]
    x = from_bytes(image).unsqueeze(0)
    x = pad_to_multiple(x, network.configuration.latent_stride).contiguous(memory_format=torch.channels_last)
    found = code(network, x, torch.full((1,), t, device=x.device))
    picture = to_pixels(found.reconstruction)
    error = (picture[0, :, :height, :width] - image.float()).square().mean().item()
    pixels = height * width
    return {"mse": error, "psnr_db": 10 * math.log10(255**2 / error) if error else math.inf,
            "raw_bpp": found.raw_bits / pixels, "estimated_bpp": (found.estimated_bits + found.estimated_map_bits) / pixels,
            "estimated_map_bpp": found.estimated_map_bits / pixels}


def summarize(rows: list[dict]) -> dict:
    """Means over images; `psnr_of_mean_mse_db` beside the mean of the per-image figures."""
    mean = {key: sum(row[key] for row in rows) / len(rows) for key in rows[0]}
    mean["psnr_of_mean_mse_db"] = 10 * math.log10(255**2 / mean["mse"]) if mean["mse"] else math.inf
    return mean


def table(rows: dict[float, dict]) -> str:
    """A short table, one line per t."""
    lines = ["    t   raw bpp  est. bpp   of it map   PSNR dB   of mean MSE"]
    for t, row in rows.items():
        lines.append(f"{t:5.2f} {row['raw_bpp']:9.4f} {row['estimated_bpp']:9.4f} {row['estimated_map_bpp']:11.4f} "
                     f"{row['psnr_db']:9.3f} {row['psnr_of_mean_mse_db']:13.3f}")
    return "\n".join(lines)
