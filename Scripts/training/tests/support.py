"""Made-up pictures, codes and networks that several tests use."""

from pathlib import Path

import torch
import torch.nn.functional as F

from rdbench_training.common.images import ImageSet
from rdbench_training.entropy.network import CodedMaps, EntropyNetwork

TRAINING = Path(__file__).parents[1]
CONFIGS = TRAINING / "configs"
TINY = str(CONFIGS / "tiny.yaml")


def smooth_pictures(count, side=32):
    """Pictures (count, 3, side, side) in -1...1 with slopes, edges and noise."""
    coarse = F.interpolate(torch.randn(count, 3, side // 8 + 1, side // 8 + 1), side, mode="bicubic")
    edges = torch.where(torch.arange(side) > side // 3, 0.3, -0.3)
    return (0.4 * coarse + edges + 0.05 * torch.randn(count, 3, side, side)).clamp(-1, 1)


def image_set(pictures):
    """Pictures (N, 3, H, W) in -1...1 as an image set of bytes."""
    count, _, height, width = pictures.shape
    pixels = torch.round(127.5 * pictures + 127.5).to(torch.uint8).permute(0, 2, 3, 1).flatten()
    sizes = torch.full((count,), height), torch.full((count,), width)
    return ImageSet([f"{i}.png" for i in range(count)], *sizes, torch.arange(count) * 3 * height * width, pixels)


def random_network(maps, conditions, first=6, second=5):
    """An entropy network with random weights everywhere."""
    network = EntropyNetwork(maps, conditions, first, second)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(0.3 * torch.randn_like(parameter))
    return network


def random_maps(count=7, conditions=4, height=6, width=7, rate_byte=100):
    """Codes of -1, 0 and 1 and conditions at random."""
    return CodedMaps(torch.randint(-1, 2, (count, height, width)).to(torch.int8),
                     torch.randint(conditions, (height, width)), rate_byte)


def same(a, b, path=""):
    """Fails at the first difference of two nested states."""
    if isinstance(a, torch.Tensor):
        assert torch.equal(a, b), path
    elif isinstance(a, dict):
        assert a.keys() == b.keys(), path
        for key in a:
            same(a[key], b[key], f"{path}/{key}")
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b), path
        for index, pair in enumerate(zip(a, b)):
            same(*pair, f"{path}/{index}")
    else:
        assert a == b, path
