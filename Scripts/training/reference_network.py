"""The context network of Li et al. 2017 as released, for comparison only: 1.95 million products for each bit."""

import torch
from torch import Tensor, nn

from context_model import DEPTH, WINDOW
from entropy_network import CAUSAL


class PaperNetwork(nn.Module):
    """Logits from the cuboid of one bit at a time: 0 unavailable, 1 a bit of 0, 2 a bit of 1."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(DEPTH, 64, 3, padding=1), nn.PReLU(64), nn.Conv2d(64, 64, 3, padding=1), nn.PReLU(64),
            nn.Conv2d(64, 128, 3), nn.PReLU(128), nn.Conv2d(128, 256, 3), nn.PReLU(256),
            nn.Flatten(), nn.Linear(256, 32), nn.Linear(32, 1))

    def forward(self, context: Tensor, links: Tensor, condition: Tensor, rate: Tensor) -> Tensor:
        """(K, M) from contexts (K, M, 87) of -1, 0 and 1; the rest is not looked at."""
        count = context.shape[0] * context.shape[1]
        cuboid = torch.zeros(count, DEPTH * WINDOW * WINDOW)
        values = context.reshape(count, -1).float()
        cuboid[:, CAUSAL] = torch.where(values == 0, 0.0, 1.5 + 0.5 * values)
        return self.layers(cuboid.view(count, DEPTH, WINDOW, WINDOW)).view(context.shape[:2])

    @staticmethod
    def products_per_bit() -> int:
        return 9 * (25 * (DEPTH * 64 + 64 * 64) + 9 * 64 * 128 + 128 * 256) + 256 * 32 + 32
