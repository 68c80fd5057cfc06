#!/usr/bin/env python3
"""Compares results.csv with what other programs get from the same libraries at the same settings.

    pip install -r Scripts/crosscheck/requirements.txt
    Scripts/crosscheck/crosscheck.py results.csv IMAGES                 the libraries' own programs
    Scripts/crosscheck/crosscheck.py results.csv IMAGES --with pillow   Pillow and its own libraries

IMAGES is the folder of the dataset. Each row of jpeg, jpeg2000 and webp that is `ok` is encoded and
decoded again outside rdbench; the table shows, for each codec, configuration and quality, the
means over the images and how far they are apart. The script exits 1 when a mean differs by more
than 0.05 dB or 1 % of bits per pixel.

The programs are cjpeg, djpeg, opj_compress, opj_decompress, cwebp and dwebp (Debian packages
libjpeg-turbo-progs, libopenjp2-tools and webp). They use the libraries that rdbench uses, so every
difference is a fault. Pillow brings libraries of its own versions, which the script prints.
"""

import argparse
import collections
import concurrent.futures
import csv
import io
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
from PIL import Image, features

MAXIMUM_DECIBELS = 0.05
MAXIMUM_RATE_DIFFERENCE = 0.01
SUBSAMPLING = {"420": "2x2", "422": "2x1", "444": "1x1"}


def parameters_of(row):
    return dict(pair.split("=", 1) for pair in row["parameters"].split(";") if pair)


def channel_count(image):
    return len(image.getbands())


def commands(row, image, source, coded, decoded):
    """The command lines of encoder and decoder, with rdbench's parameters as the program's own."""
    parameters, quality = parameters_of(row), float(row["quality"])
    if row["codec"] == "jpeg":
        encode = ["cjpeg", "-baseline", "-dct", "int", "-quality", f"{quality:g}"]
        encode += ["-arithmetic" if parameters.get("arithmetic") == "true" else "-optimize"]
        encode += ["-sample", SUBSAMPLING[parameters["subsampling"]]]
        encode += ["-progressive"] if parameters["progressive"] == "true" else []
        decode = ["djpeg", "-dct", "int", "-pnm", "-outfile", decoded, coded]
        return encode + ["-outfile", coded, source], decode
    if row["codec"] == "jpeg2000":
        aim = ["-q", f"{quality:g}"]
        if parameters["mode"] == "rate":
            aim = ["-r", f"{8 * channel_count(image) / quality:.9g}"]
        resolutions = min(6, int(math.log2(min(image.size))) + 1)
        encode = ["opj_compress", "-I", "-i", source, "-o", coded, "-n", f"{resolutions}"]
        return encode + aim, ["opj_decompress", "-i", coded, "-o", decoded]
    encode = ["cwebp", "-quiet", "-m", parameters["method"], "-q", f"{quality:g}"]
    encode += ["-sharp_yuv"] if parameters["sharp_yuv"] == "true" else []
    decode = ["dwebp", "-quiet", "-ppm", coded, "-o", decoded]
    return encode + [source, "-o", coded], decode


def with_programs(row, image):
    extension = {"jpeg": "jpg", "jpeg2000": "j2k", "webp": "webp"}[row["codec"]]
    with tempfile.TemporaryDirectory() as folder:
        source, decoded = f"{folder}/source.ppm", f"{folder}/decoded.ppm"
        coded = f"{folder}/coded.{extension}"
        image.save(source)
        for command in commands(row, image, source, coded, decoded):
            subprocess.run(command, check=True, capture_output=True)
        with Image.open(decoded) as result:
            return os.path.getsize(coded), result.convert(image.mode)


def with_pillow(row, image):
    parameters, quality = parameters_of(row), float(row["quality"])
    if row["codec"] == "jpeg":
        options = {
            "format": "JPEG", "quality": int(quality), "optimize": True,
            "subsampling": ["444", "422", "420"].index(parameters["subsampling"]),
            "progressive": parameters["progressive"] == "true",
        }  # fmt: skip
    elif row["codec"] == "jpeg2000":
        is_rate = parameters["mode"] == "rate"
        aim = 8 * channel_count(image) / quality if is_rate else quality
        options = {
            "format": "JPEG2000", "no_jp2": True, "irreversible": True,
            "mct": int(channel_count(image) == 3), "quality_mode": "rates" if is_rate else "dB",
            "quality_layers": [aim],
        }  # fmt: skip
    else:
        options = {"format": "WEBP", "quality": quality, "method": int(parameters["method"])}
    buffer = io.BytesIO()
    image.save(buffer, **options)
    with Image.open(buffer) as result:
        return len(buffer.getvalue()), result.convert(image.mode)


def can_pillow(row):
    """Pillow offers neither arithmetic coding nor sharp YUV."""
    parameters = parameters_of(row)
    return parameters.get("arithmetic") != "true" and parameters.get("sharp_yuv") != "true"


def measure(row, folder, run):
    """Bits per pixel and PSNR of one row, made anew."""
    with Image.open(folder / row["image"]) as file:
        image = file.convert("L" if file.mode in ("1", "L", "LA") else "RGB")
    byte_count, decoded = run(row, image)
    difference = numpy.asarray(image, numpy.float64) - numpy.asarray(decoded, numpy.float64)
    mse = numpy.mean(difference**2)
    psnr = math.inf if mse == 0 else 10 * math.log10(255**2 / mse)
    return 8 * byte_count / (image.width * image.height), psnr


def mean(values):
    finite = [value for value in values if math.isfinite(value)]
    return sum(finite) / len(finite) if finite else math.inf


def report(groups):
    """Prints the table and returns how many means are too far apart."""
    print("codec     quality      n  bpp       other     diff      dB       other    diff     ")
    fault_count = 0
    for (codec, parameters, quality), pairs in groups.items():
        bpp, other_bpp = mean([p[0][0] for p in pairs]), mean([p[1][0] for p in pairs])
        psnr, other_psnr = mean([p[0][1] for p in pairs]), mean([p[1][1] for p in pairs])
        rate_difference = bpp / other_bpp - 1
        decibels = 0 if psnr == other_psnr else psnr - other_psnr
        is_fault = (
            abs(rate_difference) > MAXIMUM_RATE_DIFFERENCE or abs(decibels) > MAXIMUM_DECIBELS
        )
        fault_count += is_fault
        print(
            f"{codec:9} {quality:>7} {len(pairs):>6}  {bpp:<9.5f} {other_bpp:<9.5f}"
            f" {100 * rate_difference:+.3f} %  {psnr:<8.4f} {other_psnr:<8.4f} {decibels:+.4f}"
            f"  {parameters}{'  TOO FAR' if is_fault else ''}"
        )
    return fault_count


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("--with", dest="other", choices=["programs", "pillow"], default="programs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()

    with open(options.results, newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["codec"] in ("jpeg", "jpeg2000", "webp") and row["status"] == "ok"
        ]
    run = with_programs
    if options.other == "pillow":
        rows, run = [row for row in rows if can_pillow(row)], with_pillow
        for name in ("libjpeg_turbo", "jpg_2000", "webp"):
            print(f"{name} {features.version(name)}")
    if not rows:
        sys.exit("results.csv has no row of jpeg, jpeg2000 or webp that can be compared")

    groups = collections.defaultdict(list)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        others = pool.map(lambda row: measure(row, options.images, run), rows)
        for row, other in zip(rows, others):
            own = (float(row["bits_per_pixel"]), float(row["psnr_db"]))
            groups[row["codec"], row["parameters"], row["quality"]].append((own, other))
    sys.exit(1 if report(groups) else 0)


if __name__ == "__main__":
    main()
