#!/usr/bin/env python3
"""Gathers published Kodak figures into Results/published/kodak.csv, each line with its source.

Nothing is converted or rounded: every number is the text that stands in its source. With --check
the committed file is compared with the sources instead of written.

Sources:
  git clone https://github.com/tensorflow/compression && git -C compression checkout dda8cb4
  git clone https://github.com/limuhit/CWIC && git -C CWIC checkout f7bce6d8de401dd94790fcfa41b9fbff96d14a92
  Scripts/published/kodak.py --check \\
    --tensorflow-compression compression/results/image_compression/kodak --cwic CWIC/results/kodak.txt
"""

import argparse
import csv
import hashlib
import io
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE.parent.parent / "Results" / "published" / "kodak.csv"
HEADER = [
    "system", "dataset", "metric", "bits_per_pixel", "value", "rate_kind", "obtained", "source",
]

BALLE_2017 = "Ballé; Laparra; Simoncelli: End-to-end optimized image compression (arXiv:1611.01704)"
BALLE_2018 = (
    "Ballé; Minnen; Singh et al.: Variational image compression with a scale hyperprior"
    " (arXiv:1802.01436)"
)

# System, file, kind of rate, and the paper. A file of a standardised format is the only rate such a
# codec has; of the learned ones TensorFlow Compression's tables do not say how the rate was taken.
TENSORFLOW_SYSTEMS = [
    ("JPEG (4:2:0)", "jpeg420", "actual", None),
    ("JPEG 2000 (OpenJPEG)", "j2k-opj5", "actual", None),
    ("JPEG 2000 (Kakadu)", "j2k-kdu5", "actual", None),
    ("WebP", "webp", "actual", None),
    ("BPG (4:2:0)", "bpg420", "actual", None),
    ("BPG (4:4:4)", "bpg444", "actual", None),
    ("Ballé 2017", "balle-2017-iclr", "unstated", BALLE_2017),
    ("Ballé 2018 (MSE)", "balle-2018-iclr-opt-mse", "unstated", BALLE_2018),
]
TENSORFLOW_METRICS = [
    ("PSNR_sRGB_RGB", "psnr_db"),
    ("PSNR_sRGB_Y", "psnr_y_db"),
    ("MS-SSIM_sRGB_RGB", "ms_ssim"),
    ("MS-SSIM_sRGB_Y", "ms_ssim_y"),
]

# Table I of the report, as printed: bits per pixel, PSNR.
ZHENG_LIANG = [
    ("0.1317", "24.5593"), ("0.3007", "25.8503"), ("0.7090", "23.4678"), ("1.7309", "26.1979"),
]


def tensorflow_rows(folder):
    digests = dict(
        reversed(line.split()) for line in (HERE / "kodak.sha256").read_text().splitlines()
    )
    for system, name, kind, paper in TENSORFLOW_SYSTEMS:
        for metric, column in TENSORFLOW_METRICS:
            path = folder / metric / f"{name}.txt"
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != digests[f"{metric}/{name}.txt"]:
                sys.exit(f"{path} is not the file of tensorflow/compression at dda8cb4")
            source = f"tensorflow/compression@dda8cb4 kodak/{metric}/{name}.txt (Apache-2.0)"
            if paper:
                source = f"{paper}; figures: {source}"
            for line in content.decode().splitlines():
                if line and not line.startswith("#"):
                    rate, value = (field.strip() for field in line.split(","))
                    yield [system, "kodak", column, rate, value, kind, "authors_file", source]


def cwic_rows(path):
    """The two models of the content-weighted codec's second version, PSNR only.

    The file does not say of which colour space its MS-SSIM is.
    """
    source = "limuhit/CWIC@f7bce6d results/kodak.txt; rate: entropy of the context model (test.py)"
    text = path.read_text()
    for title, system in [("MSE", "CWIC (MSE)"), ("MS-SSIM", "CWIC (MS-SSIM)")]:
        block = re.search(rf"Ours\({title}\)\s+Rate \[(.*?)\]\s+PSNR \[(.*?)\]", text)
        rates, values = ([field.strip() for field in group.split(",")] for group in block.groups())
        for rate, value in zip(rates, values, strict=True):
            yield [system, "kodak", "psnr_db", rate, value, "estimated", "authors_file", source]


def report_rows():
    source = (
        "Zheng; Liang: Learning based image compression (final report) Table I; rate: entropy of the"
        " data likelihoods; non-monotone as printed"
    )
    for rate, value in ZHENG_LIANG:
        yield [
            "Zheng and Liang (single rate)", "kodak", "psnr_db", rate, value, "estimated", "table",
            source,
        ]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tensorflow-compression", type=pathlib.Path, required=True)
    parser.add_argument("--cwic", type=pathlib.Path, required=True)
    parser.add_argument("--check", action="store_true", help="compare rather than write")
    arguments = parser.parse_args()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(tensorflow_rows(arguments.tensorflow_compression))
    writer.writerows(cwic_rows(arguments.cwic))
    writer.writerows(report_rows())
    if not arguments.check:
        OUTPUT.write_text(text.getvalue())
    elif OUTPUT.read_text() != text.getvalue():
        sys.exit(f"{OUTPUT.name} differs from its sources")
    else:
        print(f"{OUTPUT.name} agrees with its sources")


if __name__ == "__main__":
    main()
