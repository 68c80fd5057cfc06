"""Packs training images into a folder of at most a given size, to carry them to another machine.

Images are taken in turn from every source group, so that a small pack is as varied as it can be; each is cut to its
middle and written as WebP. Group names are kept, so the held-out split of the packed folder goes by source as well.
"""

import argparse
import io
import random
from pathlib import Path

import torch
from PIL import Image

from .command_line import run_program
from .images import centre_crop, image_paths, read_image, refuse_test_sets, source_group


def turns(paths: list[Path], seed: int) -> list[Path]:
    """All paths, one of each source group in turn, groups and their members in random order."""
    chooser = random.Random(seed)
    groups: dict[str, list[Path]] = {}
    for path in paths:
        groups.setdefault(source_group(path.name), []).append(path)
    queues = [groups[name] for name in sorted(groups)]
    for queue in queues:
        chooser.shuffle(queue)
    chooser.shuffle(queues)
    return [queue[turn] for turn in range(max(map(len, queues))) for queue in queues if turn < len(queue)]


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", help="folder of images")
    parser.add_argument("output", help="folder to write, must be empty or new")
    parser.add_argument("--size", type=float, default=25, help="MiB in all")
    parser.add_argument("--side", type=int, default=512, help="longest side of a packed image in pixels")
    parser.add_argument("--quality", type=int, default=88, help="WebP quality; 100 is lossless")
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args(arguments)
    output = Path(parsed.output)
    output.mkdir(parents=True, exist_ok=True)
    if any(output.iterdir()):
        raise ValueError(f"{output} is not empty")
    paths = image_paths(parsed.images)
    refuse_test_sets(parsed.images, paths)
    total = count = 0
    for path in turns(paths, parsed.seed):
        pixels = torch.from_numpy(read_image(path).copy()).permute(2, 0, 1)
        crop = centre_crop(pixels, parsed.side).permute(1, 2, 0).contiguous().numpy()
        buffer = io.BytesIO()
        Image.fromarray(crop).save(buffer, "WEBP", quality=parsed.quality, lossless=parsed.quality == 100, method=6)
        if total + buffer.tell() > parsed.size * 2**20:
            break
        (output / f"{path.stem}.webp").write_bytes(buffer.getvalue())
        total += buffer.tell()
        count += 1
    print(f"{count} of {len(paths)} images, {total / 2**20:.1f} MiB in {output}")


if __name__ == "__main__":
    run_program(main)
