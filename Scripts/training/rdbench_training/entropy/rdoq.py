"""Rate-distortion optimised quantisation: bits near their threshold go to the side where error + lambda x bits is less.

A bit is 1 where its logit is above a shift that grows with what a one costs beyond a zero,

    shift = slope(t) (cost - mean(t)),  cost = log2(P(0) / P(1)) by the coder's own integer network,

so bits are decided in coding order, each knowing those before it. The encoder alone does this; the decoder needs nothing. For
a transform codec (`transform_start/codec.py`) the slopes follow from its quantisers: the errors of two values of a coefficient differ by
more the farther it lies from the middle between them, and the shift is where that difference is lambda x cost. `mean` is the
cost that the thresholds already stand for, since they were fitted with prices that do not depend on the place.
"""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor
import torch.nn.functional as F

from ..common import safetensors_file
from ..common.pictures import from_bytes
from .context_model import DEPTH, WINDOW
from ..transform_start.codec import TransformCodec
from . import integer_network
from .integer_network import LOGIT_UNIT, TABLE_SIZE, IntegerContextModel
from .network import CAUSAL, NEAR, link_count, rate_step

KNOBS = 17  # the tables have values at this many knobs from 0 to 1, and lines between them
LIMITS = 255  # a decision is stored as the least table index of a 1, in 255ths of the table
BITS = 0.6931471805599453  # nats in a bit
NEAR_THRESHOLD = 0.3  # logits this near, in half dead zones, count for the mean cost
LATER_COST = 0.5  # bits that a one beyond a dead zone costs beside its own, in the bits after it; chosen on held-out crops
INNER = 0.4  # where in its first interval a coefficient beyond the dead zone is, in widths
OWN_TENSORS = ("zeros", "ones", "map_biases", "second_weights", "second_biases", "third_weights", "third_biases")  # of each map
PASSES = 4  # how often all bits of a map are decided together, in place of one after the other


@dataclass
class Decisions:
    """The tables of a model (n, knobs): how far a bit of cost moves the threshold of a logit, 0 for maps of which nothing
    is decided, and the mean cost in bits."""

    slopes: Tensor
    means: Tensor

    def tensors(self) -> dict[str, Tensor]:
        """What a model file holds."""
        return {"rdoq.slopes": self.slopes, "rdoq.means": self.means}

    @classmethod
    def read(cls, tensors: dict[str, Tensor]) -> "Decisions | None":
        """The tables in a file's tensors."""
        return cls(tensors["rdoq.slopes"].float(), tensors["rdoq.means"].float()) if "rdoq.slopes" in tensors else None

    @classmethod
    def of(cls, codec: TransformCodec, prices: Tensor) -> "Decisions":
        """Tables for prices lambda (knobs,) at knobs from 0 to 1; the means are 0."""
        knobs = torch.linspace(0, 1, len(prices)) if len(prices) > 1 else torch.ones(1)
        factors = codec.factors(knobs)[:, :, 0, 0].t()  # (K, knobs)
        energies = codec.synthesis.square().sum((1, 2, 3)) * codec.scales**2 * 127.5**2  # squared error of u = 1
        slopes = torch.zeros(len(codec.order), len(prices))
        for index, (i, digit) in enumerate(codec.order):
            threshold, width = float(codec.thresholds[i]), 2.0 ** -codec.folds(i) if codec.folds(i) else 0.5
            # Between two values of u that lie `reach` apart, lambda cost moves the place of equal cost by this over 2 energy reach.
            if digit > 0:
                reach = width / (1.0 if digit == 1 else 2.0**digit)  # over the gain of the logit, see transform_start/encoder.py
            elif threshold > 0:
                reach = threshold + INNER * width
            else:
                continue
            slopes[index] = prices * factors[i]**2 / (2 * energies[i] * reach)
        return cls(slopes, torch.zeros_like(slopes))

    def at(self, t: Tensor) -> tuple[Tensor, Tensor]:
        """Slopes and means (N, n) at knobs t (N,)."""
        place = t * (self.slopes.shape[1] - 1)
        left = place.floor().long().clamp(max=max(0, self.slopes.shape[1] - 2))
        share = place - left
        right = (left + 1).clamp(max=self.slopes.shape[1] - 1)
        return tuple((table[:, left] * (1 - share) + table[:, right] * share).t() for table in (self.slopes, self.means))

    def limits(self, logits: Tensor, t: Tensor) -> Tensor:
        """Of bits with logits (N, n, h, w) at knobs t (N,): the table index from which on each is a one, in 255ths of the table's
        length. So 0 is a one whatever it costs, and 255 a zero.
        """
        slopes, means = (table[:, :, None, None] for table in self.at(t))
        index = TABLE_SIZE // 2 - LOGIT_UNIT * BITS * (logits / slopes + means)
        found = (index * LIMITS / TABLE_SIZE).clamp(0, LIMITS).round()
        return torch.where(slopes > 0, found, torch.where(logits > 0, 0.0, float(LIMITS))).long()


class MapCosts:
    """The coder's table index of all bits of one map, for codes (N, n, h, w) of -1, 0 and 1 that may still change there."""

    def __init__(self, model: IntegerContextModel, code: Tensor, conditions: Tensor, steps: Tensor, k: int, dtype=torch.float64):
        # 64-bit floats are exact here, 32-bit ones may move an index by one.
        self.model = {name: tensor[k].to(dtype) for name, tensor in model.tensors.items() if name in OWN_TENSORS}
        self.shifts, self.code, self.k, self.dtype = model.tensors["shifts"].tolist(), code, k, dtype
        tensors, links = model.tensors, slice(link_count(k), link_count(k + 1))
        sums = (self.model["map_biases"] + tensors["condition_biases"].to(dtype)[conditions]
                + tensors["rate_biases"].to(dtype)[steps][:, None, None])
        sums = sums + self._context(range(DEPTH - 1))
        if k >= DEPTH:
            earlier = (code[:, :k - DEPTH + 1] > 0).to(dtype).permute(0, 2, 3, 1)
            sums = sums + earlier @ tensors["links"][links].to(dtype)
        self.known = sums

    def _context(self, depths) -> Tensor:
        """What the values around each position in maps k - 3 + depth add."""
        margin, sums = WINDOW // 2, 0.0
        height, width = self.code.shape[2:]
        places = [(place, *divmod(int(offset), WINDOW * WINDOW)) for place, offset in enumerate(CAUSAL[NEAR])]
        for depth in depths:
            if self.k - DEPTH + 1 + depth < 0:
                continue
            padded = F.pad(self.code[:, self.k - DEPTH + 1 + depth], (margin,) * 4)
            chosen = [(place, *divmod(inner, WINDOW)) for place, found, inner in places if found == depth]
            values = torch.stack([padded[:, y:y + height, x:x + width] for _, y, x in chosen], 3)
            rows = [place for place, _, _ in chosen]
            for sign, weights in ((-1, "zeros"), (1, "ones")):
                sums = sums + (values == sign).to(self.dtype) @ self.model[weights][rows]
        return sums

    def indices(self) -> Tensor:
        """(N, h, w)."""
        def step(sums: Tensor, shift: int) -> Tensor:
            return torch.floor((sums + (2.0 ** (shift - 1) if shift else 0)) / 2.0**shift)

        y = step(self.known + self._context([DEPTH - 1]), self.shifts[0]).clamp(0, 255)
        y = step(y @ self.model["second_weights"].t() + self.model["second_biases"], self.shifts[1]).clamp(0, 255)
        z = step(y @ self.model["third_weights"] + self.model["third_biases"], self.shifts[2])
        return z.clamp(-TABLE_SIZE // 2, TABLE_SIZE // 2 - 1).long() + TABLE_SIZE // 2


@torch.no_grad()
def decide(model: IntegerContextModel, limits: Tensor, sent: Tensor, conditions: Tensor, rate_bytes: list[int],
           passes: int = PASSES, dtype=torch.float64) -> Tensor:
    """Bits (N, n, h, w) from limits and which are sent, both of that shape, conditions (N, h, w) and rate bytes.

    After p passes the first p bits of each map are those of a walk from bit to bit, and nearly all others.
    """
    code = torch.where(sent, torch.where(limits < LIMITS // 2, 1, -1), 0).to(torch.int8)
    least = limits * TABLE_SIZE // LIMITS
    steps = torch.tensor([rate_step(byte) for byte in rate_bytes])
    for k in range(code.shape[1]):
        open_ = sent[:, k] & (limits[:, k] > 0) & (limits[:, k] < LIMITS)
        if not open_.any():
            continue
        costs = MapCosts(model, code, conditions, steps, k, dtype)
        for _ in range(passes):
            before = code[:, k].clone()
            code[:, k] = torch.where(sent[:, k], torch.where(costs.indices() >= least[:, k], 1, -1), 0).to(torch.int8)
            if torch.equal(before, code[:, k]):
                break
    return code > 0


@torch.no_grad()
def calibrate(decisions: Decisions, codec: TransformCodec, model: IntegerContextModel, network, pictures: Tensor):
    """Sets the means to the mean cost of a one near the thresholds of dead zones, over pictures (N, 3, H, W) of bytes."""
    x, knobs = from_bytes(pictures), decisions.means.shape[1]
    for number in range(knobs):
        t = torch.full((len(x),), number / (knobs - 1) if knobs > 1 else 1.0)
        signs, mask, p, factors = network.encode(x, t)
        logits, sent, code = network.analysis(x, factors)[1], mask > 0, (signs * mask).to(torch.int8)
        conditions = code[:, 0].long() * 0 if p is None else network.levels(p)[:, 0].long()
        steps = torch.full((len(x),), rate_step(round(255 * float(t[0]))))
        for index, (i, digit) in enumerate(codec.order):
            threshold = float(codec.thresholds[i])
            near = sent[:, index] & (logits[:, index].abs() < NEAR_THRESHOLD * threshold)
            if digit <= 0 and threshold > 0 and near.any():
                z = MapCosts(model, code, conditions, steps, index).indices()[near] - TABLE_SIZE // 2
                decisions.means[index, number] = -float(z.double().mean()) / LOGIT_UNIT / BITS - LATER_COST


class Decider:
    """Decides the signs of a network's codes by tables and a coder's network, as its `decider`."""

    def __init__(self, decisions: Decisions, model: IntegerContextModel):
        self.decisions, self.model = decisions, model

    @classmethod
    def read(cls, path: str) -> "Decider":
        """That of an exported model."""
        tensors, _ = safetensors_file.read(path)
        decisions = Decisions.read(tensors)
        if decisions is None:
            raise ValueError(f"{path}: no tables for rate-distortion optimised quantisation")
        return cls(decisions, integer_network.read(tensors)["codes"])

    def digest(self) -> bytes:
        """What tells one from another."""
        tensors = [*self.decisions.tensors().values(), *self.model.tensors.values()]
        return hashlib.sha256(b"".join(tensor.numpy().tobytes() for tensor in tensors)).digest()

    @torch.no_grad()
    def __call__(self, logits: Tensor, sent: Tensor, levels: Tensor | None, t: Tensor) -> Tensor:
        """Signs -1 and 1 from logits and which are sent (N, n, h, w), importance levels (N, h, w) if there are, and t (N,)."""
        conditions = torch.zeros_like(sent[:, 0], dtype=torch.long) if levels is None else levels
        bits = decide(self.model, self.decisions.limits(logits, t), sent, conditions,
                      [round(255 * knob) for knob in t.tolist()], dtype=torch.float32)
        return torch.where(bits, 1.0, -1.0)
