"""PSNR and rate of a network on whole images, used in training and by evaluate.py."""

import math

import torch
from torch import Tensor

from layers import pad_to_multiple, to_pixels
from rate_estimates import code_bits, importance_bits

VALIDATION_KNOBS = (0.0, 0.25, 0.5, 0.75, 1.0)


@torch.no_grad()
def measure(network, image: Tensor, t: float) -> dict:
    """Codes one image (3, H, W) of bytes at knob t: PSNR of the 8-bit picture, raw and estimated bits per pixel."""
    height, width = image.shape[1:]
    x = ((image.float() - 127.5) / 127.5).unsqueeze(0)
    x = pad_to_multiple(x, network.configuration.latent_stride).contiguous(memory_format=torch.channels_last)
    knob = torch.full((1,), t, device=x.device)
    if network.configuration.kind == "content_weighted":
        coded = network(x, knob)
        picture = to_pixels(coded.reconstruction)
        sent = int(coded.mask.sum())
        bits = code_bits((coded.mask * coded.signs)[0])
        raw = float(sent)
        levels = network.configuration.importance_levels
        map_bits = 0.0
        if coded.importance is not None:
            raw += (levels - 1).bit_length() * coded.importance.numel()
            map_bits = importance_bits(network.levels(coded.importance)[0, 0], levels)
    else:
        reconstruction, latent_bits = network.code(x, knob)
        picture = to_pixels(reconstruction)
        bits = raw = float(latent_bits)
        map_bits = 0.0
    error = (picture[0, :, :height, :width] - image.float()).square().mean().item()
    pixels = height * width
    return {"mse": error, "psnr_db": 10 * math.log10(255**2 / error) if error else math.inf,
            "raw_bpp": raw / pixels, "estimated_bpp": (bits + map_bits) / pixels,
            "estimated_map_bpp": map_bits / pixels}


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
