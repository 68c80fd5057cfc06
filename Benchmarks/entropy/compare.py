"""Times the coder `convolutional` against the context network that Li et al. 2017 released, in PyTorch, on one core.

Usage: python3 compare.py BENCHMARK [--first 32] [--second 32] [--mean-maps 60] [--repeats 5] [--bits 200]

BENCHMARK is the program that `swift build -c release --product EntropyBenchmark` makes. A decoder must know each bit before it
can look at the next, so PyTorch runs one bit at a time there; its encoder may take many at once. Processor times are
compared. Prints medians and the ratios PyTorch / rdbench.
"""

import argparse
import json
import statistics
import subprocess
import time

import torch

from reference_network import DEPTH, WINDOW, products_per_bit, reference_network


@torch.inference_mode()
def seconds_per_bit(network: torch.nn.Module, batch: int, count: int) -> float:
    """Median processor seconds for a bit when `batch` bits are evaluated at once."""
    cuboids = torch.randint(3, (batch, DEPTH, WINDOW, WINDOW)).float()
    times = []
    for number in range(count + 3):
        start = time.process_time()
        torch.sigmoid(network(cuboids))
        if number >= 3:
            times.append((time.process_time() - start) / batch)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark")
    parser.add_argument("--first", type=int, default=32)
    parser.add_argument("--second", type=int, default=32)
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--height", type=int, default=64)
    parser.add_argument("--mean-maps", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--bits", type=int, default=200, help="bits that PyTorch decodes")
    parsed = parser.parse_args()
    torch.set_num_threads(1)
    line = subprocess.run(
        [parsed.benchmark, *map(str, (parsed.first, parsed.second, parsed.width, parsed.height, parsed.mean_maps,
                                      parsed.repeats))], check=True, capture_output=True, text=True).stdout
    result = json.loads(line)
    encode, decode = (statistics.median(result[f"{name}_seconds"]) for name in ("encode", "decode"))
    bits = result["bits"]
    network = reference_network().eval()
    single, many = seconds_per_bit(network, 1, parsed.bits), seconds_per_bit(network, 256, 5)
    print(f"{bits} bits, {result['products_per_bit']} products a bit: encode {1000 * encode:.1f} ms, decode "
          f"{1000 * decode:.1f} ms, {1e9 * decode / bits:.0f} ns a bit")
    print(f"PyTorch, {products_per_bit()} products a bit: {1e6 * single:.0f} us a bit one at a time, "
          f"{1e6 * many:.0f} us in batches of 256")
    print(f"decoding: PyTorch / rdbench = {single * bits / decode:.0f}")
    print(f"encoding: PyTorch / rdbench = {many * bits / encode:.0f}")


if __name__ == "__main__":
    main()
