"""Measures a checkpoint or an exported model on a folder of images: PSNR and estimated rate per image and knob.

The rates are estimates by adaptive context tables, for choosing and for learning curves; published figures come from
the bytes of the Swift codec. Kodak and CLIC are for the final evidence only: never choose anything by them.
"""

import argparse
import csv
import sys
from pathlib import Path

import torch

from export import load_exported, load_network
from images import image_paths, read_image
from validation import measure, summarize, table

COLUMNS = ("image", "t", "width", "height", "mse", "psnr_db", "raw_bpp", "estimated_bpp", "estimated_map_bpp")


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="checkpoint folder or exported safetensors file")
    parser.add_argument("--images", required=True, help="folder of images")
    parser.add_argument("--knobs", default="0,0.25,0.5,0.75,1", help="values of t, separated by commas")
    parser.add_argument("--output", help="CSV file with one row per image and knob")
    parser.add_argument("--last-weights", action="store_true", help="not the averaged weights of the checkpoint")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int)
    parsed = parser.parse_args(arguments)
    if parsed.threads:
        torch.set_num_threads(parsed.threads)
    if Path(parsed.model).is_dir():
        network = load_network(parsed.model, averaged=not parsed.last_weights)[0]
    else:
        network = load_exported(parsed.model)[0]
    network = network.to(parsed.device, memory_format=torch.channels_last)
    knobs = [float(text) for text in parsed.knobs.split(",")]
    rows: dict[float, list[dict]] = {t: [] for t in knobs}
    records = []
    for path in image_paths(parsed.images):
        image = torch.from_numpy(read_image(path).copy()).permute(2, 0, 1).to(parsed.device)
        for t in knobs:
            row = measure(network, image, t)
            rows[t].append(row)
            records.append({"image": path.name, "t": t, "width": image.shape[2], "height": image.shape[1], **row})
    if parsed.output:
        with open(parsed.output, "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(records)
    print(table({t: summarize(found) for t, found in rows.items()}))


if __name__ == "__main__":
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"evaluate.py: {error}")
