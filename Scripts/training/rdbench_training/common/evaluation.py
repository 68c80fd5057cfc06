"""Measures a network on a folder of images: PSNR and estimated rate per image and knob."""

import argparse
import csv
from typing import Callable

import torch
from torch import nn

from .command_line import use_threads
from .family import Family
from .images import image_paths, read_image
from .validation import measure, summarize, table

COLUMNS = ("image", "t", "width", "height", "mse", "psnr_db", "raw_bpp", "estimated_bpp", "estimated_map_bpp")


def main(family: Family, load: Callable[[str], nn.Module], description: str, arguments: list[str] | None = None):
    """A family's `evaluate` program; `load` gives the network that the first argument names."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="what to measure")
    parser.add_argument("--images", required=True, help="folder of images")
    parser.add_argument("--knobs", default="0,0.25,0.5,0.75,1", help="values of t, separated by commas")
    parser.add_argument("--output", help="CSV file with one row per image and knob")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int)
    parsed = parser.parse_args(arguments)
    use_threads(parsed.threads)
    network = load(parsed.model).to(parsed.device, memory_format=torch.channels_last)
    knobs = [float(text) for text in parsed.knobs.split(",")]
    rows: dict[float, list[dict]] = {t: [] for t in knobs}
    records = []
    for path in image_paths(parsed.images):
        image = torch.from_numpy(read_image(path).copy()).permute(2, 0, 1).to(parsed.device)
        for t in knobs:
            row = measure(network, family.code, image, t)
            rows[t].append(row)
            records.append({"image": path.name, "t": t, "width": image.shape[2], "height": image.shape[1], **row})
    if parsed.output:
        with open(parsed.output, "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(records)
    print(table({t: summarize(found) for t, found in rows.items()}))
