"""Times the learned codec against PyTorch: the same two networks, picture size and cores, in turns.

Usage: python3 compare.py MODEL BENCHMARK [--width 768] [--height 512] [--threads 2] [--repeats 5] [--rounds 3]
           [--precision f32]

MODEL is an exported model file, BENCHMARK the program that `swift build -c release` makes here. PyTorch runs the encoder
and the decoder network only; rdbench encodes and decodes whole files, pixels, entropy coding and checks included. Prints
medians and the ratio rdbench / PyTorch.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Scripts" / "training"))

import torch  # noqa: E402

from rdbench_training.content_weighted.exported import load_exported  # noqa: E402


@torch.no_grad()
def pytorch_seconds(network, height: int, width: int, repeats: int, precision: str, layout) -> tuple[list, list]:
    """Seconds of the encoder and of the decoder network, after a warm-up."""
    image = torch.rand(1, 3, height, width).mul_(2).sub_(1).to(memory_format=layout)
    t = torch.tensor([0.5])
    encode, decode = [], []
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        for count in range(repeats + 1):
            start = time.perf_counter()
            signs, mask, _, factors = network.encode(image, t)
            middle = time.perf_counter()
            network.synthesis((mask * signs).contiguous(memory_format=layout), factors)
            end = time.perf_counter()
            if count:
                encode.append(middle - start)
                decode.append(end - middle)
    return encode, decode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("benchmark")
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--height", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32")
    parsed = parser.parse_args()
    torch.set_num_threads(parsed.threads)
    plain, _ = load_exported(parsed.model)
    channels_last, _ = load_exported(parsed.model)
    networks = {"PyTorch": (plain, torch.contiguous_format),
                "PyTorch, channels last": (channels_last.to(memory_format=torch.channels_last), torch.channels_last)}
    seconds = {name: ([], []) for name in ("rdbench", *networks)}
    for _ in range(parsed.rounds):
        for name, (network, layout) in networks.items():
            measured = pytorch_seconds(network, parsed.height, parsed.width, parsed.repeats, parsed.precision, layout)
            for all_of, new in zip(seconds[name], measured):
                all_of.extend(new)
        line = subprocess.run(
            [parsed.benchmark, parsed.model, str(parsed.width), str(parsed.height), str(parsed.threads),
             str(parsed.repeats), parsed.precision], check=True, capture_output=True, text=True).stdout
        result = json.loads(line)
        seconds["rdbench"][0].extend(result["encode_seconds"])
        seconds["rdbench"][1].extend(result["decode_seconds"])
    total = {}
    for name, (encode, decode) in seconds.items():
        total[name] = statistics.median(encode) + statistics.median(decode)
        print(f"{name:>24}: encode {statistics.median(encode):.3f} s, decode {statistics.median(decode):.3f} s, "
              f"both {total[name]:.3f} s")
    best = min(total[name] for name in networks)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # KiB on Linux
    print(f"rdbench / PyTorch (the faster layout) = {total['rdbench'] / best:.3f} on {parsed.width}×{parsed.height}, "
          f"{parsed.threads} threads, {parsed.precision}; peak memory {memory / 2**10:.0f} MiB")


if __name__ == "__main__":
    main()
