"""The context model in whole numbers, the same bits on every machine, and its file. README.md is the specification.

All sums fit 32 bits. Whole maps are evaluated here in 64-bit floats, which hold these numbers exactly.
"""

import json
import math
from pathlib import Path

import torch
from torch import Tensor
import torch.nn.functional as F

import safetensors_file
from context_model import WINDOW, ContextModel, windows

FORMAT_VERSION = 1
ACTIVATION_MAXIMUM = 255
LOGIT_UNIT = 64  # table steps per unit of the logit
TABLE_SIZE = 1024  # logits from -8 to 8
PROBABILITY_BITS = 16
PROBABILITY_MARGIN = 32  # probabilities stay this far from 0 and 65536


def probability_table() -> Tensor:
    """P(bit = 1) in 1/65536 for the table index z + 512, int32 (1024,)."""
    logits = (torch.arange(TABLE_SIZE, dtype=torch.float64) - TABLE_SIZE // 2) / LOGIT_UNIT
    one = 1 << PROBABILITY_BITS
    return torch.clamp(torch.round(one * torch.sigmoid(logits)), PROBABILITY_MARGIN, one - PROBABILITY_MARGIN).int()


def shift_right(values: Tensor, shift: int) -> Tensor:
    """`(v + 2^(shift-1)) >> shift`, an arithmetic shift; v itself for shift 0."""
    return torch.floor((values + (2.0 ** (shift - 1) if shift else 0.0)) / 2.0**shift)


class IntegerContextModel:
    """Integer weights of one context model: `bit0`, `bit1`, `map_bias`, `level_bias`, `second_…`, `third_…`, `shifts`."""

    def __init__(self, tensors: dict[str, Tensor]):
        self.tensors = tensors

    @classmethod
    @torch.no_grad()
    def quantized(cls, model: ContextModel, code: Tensor, levels: Tensor | None) -> "IntegerContextModel":
        """Rounds a float model; the ranges of the hidden layers are taken from one batch of codes."""
        hidden = model.first.weight.shape[0]
        value, available = (model.first.weight.double() * model.causal.double()).chunk(2, 1)
        bit1, bit0 = available + value, available - value
        unit = float(torch.maximum(bit1.abs().max(), bit0.abs().max())) / 127

        first = F.conv2d(windows(code).double(), (model.first.weight * model.causal).double(), padding=WINDOW // 2)
        count, maps, height, width = code.shape
        first = first.view(count, maps, hidden, height, width) + model.map_bias.double().view(1, maps, hidden, 1, 1)
        if levels is not None:
            first = first + F.embedding(levels.long(), model.level_bias).double().permute(0, 1, 4, 2, 3)
        first = F.relu(first).flatten(0, 1)
        second = F.relu(F.conv2d(first, model.second.weight.double(), model.second.bias.double()))

        shift1 = cls._shift(first.max().item(), unit)
        unit1 = unit * 2**shift1
        unit2_weight = float(model.second.weight.abs().max()) / 127
        shift2 = cls._shift(second.max().item(), unit1 * unit2_weight)
        unit2 = unit1 * unit2_weight * 2**shift2
        # The last layer's unit is chosen so that its shift lands exactly on 1 / LOGIT_UNIT.
        largest = float(model.third.weight.abs().max()) or 1.0
        shift3 = max(0, math.floor(math.log2(127 / (largest * unit2 * LOGIT_UNIT))))
        scale3 = unit2 * LOGIT_UNIT * 2**shift3

        def whole(tensor: Tensor, dtype=torch.int32) -> Tensor:
            rounded = torch.round(tensor.double())
            return (rounded.clamp(-127, 127) if dtype == torch.int8 else rounded).to(dtype)

        return cls({
            "bit0": whole(bit0 / unit, torch.int8), "bit1": whole(bit1 / unit, torch.int8),
            "map_bias": whole(model.map_bias / unit), "level_bias": whole(model.level_bias / unit),
            "second_weight": whole(model.second.weight[:, :, 0, 0] / unit2_weight, torch.int8),
            "second_bias": whole(model.second.bias / (unit1 * unit2_weight)),
            "third_weight": whole(model.third.weight[0, :, 0, 0] * scale3, torch.int8),
            "third_bias": whole(model.third.bias * LOGIT_UNIT * 2**shift3),
            "shifts": torch.tensor([shift1, shift2, shift3], dtype=torch.int32)})

    @staticmethod
    def _shift(largest: float, unit: float) -> int:
        """The least shift that brings `largest` to ACTIVATION_MAXIMUM or less."""
        return max(0, math.ceil(math.log2(max(largest / unit, 1e-9) / ACTIVATION_MAXIMUM)))

    def probabilities(self, code: Tensor, levels: Tensor | None) -> Tensor:
        """P(bit = 1) in 1/65536 for each position of codes (N, n, h, w), whether sent or not; int32."""
        t = {name: tensor.double() for name, tensor in self.tensors.items()}
        count, maps, height, width = code.shape
        shifts = self.tensors["shifts"].tolist()
        value, available = (t["bit1"] - t["bit0"]) / 2, (t["bit1"] + t["bit0"]) / 2
        y = F.conv2d(windows(code.double().cpu()), torch.cat([value, available], 1), padding=WINDOW // 2)
        y = y.view(count, maps, -1, height, width) + t["map_bias"].view(1, maps, -1, 1, 1)
        if levels is not None:
            y = y + F.embedding(levels.long().cpu(), t["level_bias"]).permute(0, 1, 4, 2, 3)
        y = shift_right(y, shifts[0]).clamp(0, ACTIVATION_MAXIMUM).flatten(0, 1)
        y = F.conv2d(y, t["second_weight"][:, :, None, None], t["second_bias"])
        y = shift_right(y, shifts[1]).clamp(0, ACTIVATION_MAXIMUM)
        y = F.conv2d(y, t["third_weight"][None, :, None, None], t["third_bias"])
        index = shift_right(y, shifts[2]).clamp(-TABLE_SIZE // 2, TABLE_SIZE // 2 - 1) + TABLE_SIZE // 2
        return probability_table()[index.long()].view(count, maps, height, width)

    def bits(self, code: Tensor, values: Tensor, levels: Tensor | None) -> float:
        """Information content of the available bits of `code`, `values` being 1 where the bit is 1."""
        one = self.probabilities(code, levels).double() / (1 << PROBABILITY_BITS)
        chosen = torch.where(values.cpu() > 0, one, 1 - one)
        return float(-torch.log2(chosen)[code.cpu() != 0].sum())


def write(path: str | Path, models: dict[str, IntegerContextModel], config: dict):
    """Writes the models as `NAME.bit0` … and the probability table."""
    tensors = {f"{name}.{key}": tensor for name, model in models.items() for key, tensor in model.tensors.items()}
    tensors["probability_table"] = probability_table()
    safetensors_file.write(path, tensors, {"format": "rdbench-entropy", "config": json.dumps(
        {"format_version": FORMAT_VERSION, **config})})


def read(path: str | Path) -> tuple[dict[str, IntegerContextModel], dict]:
    """The models by name, and the stored configuration."""
    tensors, metadata = safetensors_file.read(path)
    models: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name != "probability_table":
            model, _, key = name.partition(".")
            models.setdefault(model, {})[key] = tensor
    return {name: IntegerContextModel(found) for name, found in models.items()}, json.loads(metadata["config"])
