"""The context network of Li et al. 2017 as released: 1.95 million products for each bit."""

from torch import nn

DEPTH, WINDOW = 4, 5  # this map and the three before it; 5x5 positions


def reference_network() -> nn.Sequential:
    """Logits (N, 1) from the cuboids (N, 4, 5, 5) of one bit each: 0 unavailable, 1 a bit of 0, 2 a bit of 1."""
    return nn.Sequential(
        nn.Conv2d(DEPTH, 64, 3, padding=1), nn.PReLU(64), nn.Conv2d(64, 64, 3, padding=1), nn.PReLU(64),
        nn.Conv2d(64, 128, 3), nn.PReLU(128), nn.Conv2d(128, 256, 3), nn.PReLU(256),
        nn.Flatten(), nn.Linear(256, 32), nn.Linear(32, 1))


def products_per_bit() -> int:
    """Multiplications for one bit: kernels times positions of the four convolutions, and the two dense layers."""
    return 9 * (25 * (DEPTH * 64 + 64 * 64) + 9 * 64 * 128 + 128 * 256) + 256 * 32 + 32
