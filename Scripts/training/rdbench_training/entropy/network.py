"""The network of the entropy coder in floating point, on sampled bits. `integer_network` has its integer form.

One layer over values before a bit, with weights for each map, then two 1x1 layers. The values are the nearest of the paper's
cuboid and, from all maps before the cuboid, the bits at the same position: bits of one transform block tell much of each
other, whatever the order of the maps. Bits are sampled from stored codes, so a step costs as much as the bits that it looks
at, whatever the encoder costs.
"""

import math

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from .context_model import DEPTH, WINDOW, causal_mask

RATE_STEPS = 16
CAUSAL = causal_mask().flatten().nonzero().flatten()  # the 87 places of the paper's 4x5x5 cuboid, map by map, row by row
_inner = (CAUSAL // WINDOW % WINDOW % (WINDOW - 1) > 0) & (CAUSAL % WINDOW % (WINDOW - 1) > 0)
NEAR = (_inner | (CAUSAL >= (DEPTH - 1) * WINDOW**2)).nonzero().flatten()  # of the maps before only 3x3
CONTEXT = len(NEAR)


def link_count(maps: int) -> int:
    """How many pairs of a map and one before its cuboid there are among K maps."""
    return max(0, maps - DEPTH + 1) * max(0, maps - DEPTH) // 2


def rate_step(rate_byte: int) -> int:
    """The step 0 ... 15 of a rate byte."""
    return rate_byte * RATE_STEPS // 256


class CodedMaps:
    """Maps (K, h, w) with values -1, 0 (not sent) and 1 of one picture, with the condition of each position."""

    def __init__(self, maps: Tensor, conditions: Tensor, rate_byte: int):
        count, height, width = maps.shape
        self.values = maps.flatten(1)
        self.conditions = conditions.reshape(-1, height * width).expand(count, -1)
        self.rate_step = rate_step(rate_byte)
        self.shape = maps.shape
        margin = WINDOW // 2
        self._padded = F.pad(maps, (margin, margin, margin, margin, DEPTH - 1, 0)).flatten()
        row, plane = width + 2 * margin, (height + 2 * margin) * (width + 2 * margin)
        self._positions = (torch.arange(height)[:, None] * row + torch.arange(width)).flatten()
        window = torch.arange(WINDOW)
        self._offsets = (torch.arange(DEPTH)[:, None, None] * plane + window[:, None] * row + window).flatten()[CAUSAL]
        self._starts = torch.arange(count)[:, None] * plane

    def contexts(self, positions: Tensor) -> Tensor:
        """The contexts (K, M, 87) of the bits at `positions` (K, M) of each map."""
        return self._padded[(self._starts + self._positions[positions])[:, :, None] + self._offsets]

    def sample(self, count: int, generator: torch.Generator) -> dict[str, Tensor]:
        """`count` sent bits of each map at random, each standing for `weight` bits of the picture."""
        sent = (self.values != 0).float()
        total = sent.sum(1, keepdim=True)
        positions = torch.multinomial(sent + (total == 0), count, replacement=True, generator=generator)
        return {**self.at(positions), "weight": sent.gather(1, positions) * total / count}

    def at(self, positions: Tensor) -> dict[str, Tensor]:
        """Inputs and bits at `positions` (K, M); `links` (K, M, K) are the bits of all maps there."""
        return {"context": self.contexts(positions), "links": self.values.t()[positions] > 0,
                "condition": self.conditions.gather(1, positions),
                "rate": torch.full_like(positions, self.rate_step),
                "bit": (self.values.gather(1, positions) > 0).float()}


class EntropyNetwork(nn.Module):
    """Logits that bits are 1. Each map has layers of its own, as departures from common ones."""

    def __init__(self, maps: int, conditions: int, first: int, second: int):
        super().__init__()
        self.maps, self.conditions, self.first, self.second = maps, conditions, first, second
        self.common = nn.ParameterDict({
            "first": nn.Parameter(0.05 * torch.randn(2 * CONTEXT, first)), "links": nn.Parameter(torch.zeros(maps, first)),
            "second": nn.Parameter(torch.randn(first, second) / math.sqrt(first)),
            "third": nn.Parameter(0.02 * torch.randn(second, 1))})
        self.own = nn.ParameterDict({name: nn.Parameter(torch.zeros(maps, *weight.shape))
                                     for name, weight in self.common.items()})
        self.biases = nn.ParameterDict({
            "map": nn.Parameter(torch.zeros(maps, first)), "condition": nn.Parameter(torch.zeros(conditions, first)),
            "rate": nn.Parameter(torch.zeros(RATE_STEPS, first)), "second": nn.Parameter(torch.zeros(maps, second)),
            "third": nn.Parameter(torch.zeros(maps, 1))})
        self.register_buffer("linked", torch.ones(maps, maps).tril(-DEPTH).unsqueeze(2), persistent=False)

    def weight(self, name: str) -> Tensor:
        """The weights of a layer for all maps (K, inputs, outputs); of the links those that there are, else 0."""
        weight = self.common[name] + self.own[name]
        return weight * self.linked if name == "links" else weight

    def forward(self, context: Tensor, links: Tensor, condition: Tensor, rate: Tensor) -> Tensor:
        """(K, M) from contexts (K, M, 87) of -1, 0 and 1, bits (K, M, K), conditions and rate steps (K, M)."""
        x = context[:, :, NEAR].float()
        x = torch.cat([x, x.abs()], 2)
        y = torch.baddbmm(self.biases["map"][:, None], x, self.weight("first"))
        y = torch.baddbmm(y, links.float(), self.weight("links"))
        y = F.relu(y + self.biases["condition"][condition] + self.biases["rate"][rate])
        y = F.relu(torch.baddbmm(self.biases["second"][:, None], y, self.weight("second")))
        return torch.baddbmm(self.biases["third"][:, None], y, self.weight("third")).squeeze(2)


def bits(logits: Tensor, bit: Tensor) -> Tensor:
    """Information content of each bit."""
    return F.binary_cross_entropy_with_logits(logits, bit, reduction="none") / math.log(2)


def train(network: EntropyNetwork, pictures: list[CodedMaps], steps: int, pictures_per_step: int, bits_per_map: int,
          learning_rate: float, seed: int = 1, report=None) -> float:
    """Adam with warm-up and cosine decay. Returns bits per bit, averaged over the last steps."""
    generator = torch.Generator().manual_seed(seed)
    own = list(network.own.parameters())
    common = [p for p in network.parameters() if not any(p is q for q in own)]
    optimizer = torch.optim.Adam([{"params": common, "factor": 1.0}, {"params": own, "factor": 0.3}])
    mean = 0.0
    for step in range(steps):
        rate = learning_rate * min(1, (step + 1) / 20) * 0.5 * (1 + math.cos(math.pi * step / steps))
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        chosen = torch.randint(len(pictures), (pictures_per_step,), generator=generator).tolist()
        samples = [pictures[i].sample(bits_per_map, generator) for i in chosen]
        batch = {key: torch.cat([s[key] for s in samples], 1) for key in samples[0]}
        cost = bits(network(batch["context"], batch["links"], batch["condition"], batch["rate"]), batch["bit"])
        cost = (cost * batch["weight"]).reshape(len(cost), len(chosen), -1).sum((0, 2))
        # The logarithm makes a per cent worth the same at every rate, as BD-rate does; one bit more keeps empty pictures out.
        loss = (1 + cost / cost.new_tensor([pictures[i].values.shape[1] for i in chosen])).log().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        mean += (float(cost.detach().sum() / batch["weight"].sum().clamp_min(1)) - mean) / min(step + 1, 50)
        if report and (step + 1) % 50 == 0:
            report(f"step {step + 1}: {mean:.4f} bit/bit")
    return mean
