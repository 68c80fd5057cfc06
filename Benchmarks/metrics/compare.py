"""Times rdbench's metrics and pytorch-msssim on the same pictures and the same core.

    swift build -c release --product MetricsBenchmark
    python3 Benchmarks/metrics/compare.py [--reference PICTURE] [--quality 50]

Without a reference it makes a 768×512 picture from a seed. The distorted picture is the reference
after JPEG. Both programs run single-threaded, in turns, on one core. Times are processor time, so
that other work on the machine does not count, and the table shows the median of the rounds.
"""

import argparse
import os
import platform
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from pytorch_msssim import ms_ssim, ssim

ROOT = Path(__file__).resolve().parents[2]


def synthetic_picture(width=768, height=512, seed=1):
    """Noise with a 1/f spectrum, full range."""
    random = np.random.default_rng(seed)
    fy, fx = np.meshgrid(np.fft.fftfreq(height), np.fft.rfftfreq(width), indexing="ij")
    attenuation = 1 / np.maximum(np.hypot(fy, fx), 1 / width)
    planes = [
        np.fft.irfft2(np.fft.rfft2(random.standard_normal((height, width))) * attenuation,
                      s=(height, width))
        for _ in range(3)]
    picture = np.stack(planes, axis=2)
    picture = (picture - picture.min()) / (picture.max() - picture.min())
    return Image.fromarray((picture * 255).round().astype(np.uint8))


def use_one_core():
    """Keeps this process and its children on one core, where the system can."""
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def median_milliseconds(function, repetitions):
    function()
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        function()
        times.append((time.process_time() - start) * 1e3)
    return statistics.median(times)


def run_rdbench(program, reference, distorted, repetitions):
    """Milliseconds of preparing and scoring, and the figure, by suite."""
    output = subprocess.run(
        [program, reference, distorted, str(repetitions)], check=True, capture_output=True,
        text=True).stdout
    return {name: [float(n) for n in numbers]
            for name, *numbers in (line.split() for line in output.splitlines())}


def processor():
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=Path, help="a picture of any format Pillow reads")
    parser.add_argument("--quality", type=int, default=50, help="JPEG quality (default: 50)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repetitions", type=int, default=9, help="calls per round")
    parser.add_argument(
        "--program", type=Path, default=ROOT / ".build/release/MetricsBenchmark")
    options = parser.parse_args()
    use_one_core()

    with tempfile.TemporaryDirectory() as folder:
        reference, distorted, coded = (
            Path(folder, name) for name in ("reference.ppm", "distorted.ppm", "coded.jpg"))
        original = (Image.open(options.reference).convert("RGB") if options.reference
                    else synthetic_picture())
        original.save(reference)
        original.save(coded, quality=options.quality)
        Image.open(coded).save(distorted)
        x, y = (
            torch.from_numpy(np.array(Image.open(path))).permute(2, 0, 1)[None].float()
            for path in (reference, distorted))

        peers = {"ssim": ssim, "ms_ssim": ms_ssim}
        own, other = [], {name: [] for name in peers}
        with torch.inference_mode():
            for _ in range(options.rounds):
                own.append(run_rdbench(
                    options.program, reference, distorted, options.repetitions))
                for name, function in peers.items():
                    other[name].append(median_milliseconds(
                        lambda: function(x, y, data_range=255), options.repetitions))
            figures = {name: float(f(x, y, data_range=255)) for name, f in peers.items()}

    def own_median(name, column):
        return statistics.median(r[name][column] for r in own)

    print(f"{original.width}×{original.height} RGB, JPEG quality {options.quality}; one core of "
          f"{processor()}; torch {torch.__version__}, pytorch-msssim 1.0.0")
    print("| figures | prepare, ms | score, ms | both, ms | pytorch-msssim, ms | ratio | figure | "
          "difference |")
    print("|---|---|---|---|---|---|---|---|")
    for name in own[0]:
        prepare, score = own_median(name, 0), own_median(name, 1)
        row = [{"all": "all eight"}.get(name, name),
               f"{prepare:.2f}", f"{score:.2f}", f"{prepare + score:.2f}"]
        if name in peers:
            peer = statistics.median(other[name])
            figure = own[0][name][2]
            row += [f"{peer:.1f}", f"{peer / (prepare + score):.1f}", f"{figure:.6f}",
                    f"{figures[name] - figure:+.1e}"]
        else:
            row += [""] * 4
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
