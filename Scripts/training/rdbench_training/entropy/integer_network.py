"""The entropy coder's network in whole numbers, the same bits on every machine, and its tensors. The article
"The model file" of the module ContentWeightedCodec specifies it.

Sums of the first layer fit 16 bits, all others 32. Here they are evaluated in 64-bit integers.
"""

import math

import torch
from torch import Tensor

from .context_model import DEPTH
from .network import CONTEXT, NEAR, RATE_STEPS, CodedMaps, EntropyNetwork, link_count

ACTIVATION_MAXIMUM = 255
LOGIT_UNIT = 64  # table steps per unit of the logit
TABLE_SIZE = 1024  # logits from -8 to 8
PROBABILITY_MARGIN = 32  # probabilities stay this far from 0 and 65536
UNIT_MULTIPLE = 16  # hidden units are padded to this with units that do nothing


def probability_table() -> Tensor:
    """P(bit = 1) in 1/65536 for the table index z + 512, int32 (1024,)."""
    logits = (torch.arange(TABLE_SIZE, dtype=torch.float64) - TABLE_SIZE // 2) / LOGIT_UNIT
    return torch.clamp(torch.round(65536 * torch.sigmoid(logits)), PROBABILITY_MARGIN, 65536 - PROBABILITY_MARGIN).int()


def shift_right(values: Tensor, shift: int) -> Tensor:
    """`(v + 2^(shift-1)) >> shift`, an arithmetic shift; v itself for shift 0."""
    return (values + (1 << (shift - 1) if shift else 0)) >> shift


class IntegerContextModel:
    """Integer weights of one network: `zeros`, `ones`, `links`, `…_biases`, `second_weights`, `third_weights`, `shifts`."""

    def __init__(self, tensors: dict[str, Tensor]):
        self.tensors = tensors

    @classmethod
    @torch.no_grad()
    def quantized(cls, network: EntropyNetwork, samples: dict[str, Tensor]) -> "IntegerContextModel":
        """Rounds a float network; the ranges of the hidden layers are taken from sampled bits."""
        maps, first, second = network.maps, network.first, network.second
        padded_first, padded_second = (-(-count // UNIT_MULTIPLE) * UNIT_MULTIPLE for count in (first, second))
        value, available = network.weight("first").double().chunk(2, 1)  # (K, 39, U)
        links = network.weight("links").double()  # (K, K, U)
        ones, zeros = available + value, available - value
        biases = {name: bias.double() for name, bias in network.biases.items()}

        # The unit of the first layer: no context whatever may take a sum out of 16 bits, rounding included.
        largest = (torch.maximum(ones.abs(), zeros.abs()).sum(1) + links.abs().sum(1) + biases["map"].abs()
                   + biases["condition"].abs().amax(0) + biases["rate"].abs().amax(0))
        room = 32767 - (CONTEXT + maps + 3) - (1 << 13)  # half a unit for each rounded number, half of the largest shift
        unit = max(float(largest.max()), 1e-6) / room

        x = samples["context"][:, :, NEAR].double()
        x = torch.cat([x, x.abs()], 2)
        y = torch.baddbmm(biases["map"][:, None], x, network.weight("first").double())
        y = torch.baddbmm(y, samples["links"].double(), links)
        y = torch.relu(y + biases["condition"][samples["condition"]] + biases["rate"][samples["rate"]])
        second_weight, third_weight = network.weight("second").double(), network.weight("third").double()[:, :, 0]
        z = torch.relu(torch.baddbmm(biases["second"][:, None], y, second_weight))

        shift1 = min(14, cls._shift(y.max().item(), unit))
        unit1 = unit * 2**shift1
        # 32-bit sums: 255 times the sum of a row's weights, its bias and half of the shift.
        unit2 = cls._weight_unit(second_weight.abs().sum(1), biases["second"].abs(), unit1)
        shift2 = cls._shift(z.max().item(), unit1 * unit2)
        unit3 = unit1 * unit2 * 2**shift2
        wanted = cls._weight_unit(third_weight.abs().sum(1), biases["third"].abs()[:, 0], unit3)
        # The last layer's unit is a power of two of the table's, so that its shift lands exactly on it.
        shift3 = max(0, min(30, math.floor(math.log2(1 / (wanted * unit3 * LOGIT_UNIT)))))
        unit_third = 1 / (unit3 * LOGIT_UNIT * 2**shift3)

        def whole(tensor: Tensor, dtype, *shape: int) -> Tensor:
            found = torch.zeros(shape, dtype=dtype)
            found[tuple(slice(extent) for extent in tensor.shape)] = torch.round(tensor).to(dtype)
            return found

        short, long = torch.int16, torch.int32
        links = torch.cat([links[k, :max(0, k - DEPTH + 1)] for k in range(maps)])
        linked = {"links": whole(links / unit, short, len(links), padded_first)} if len(links) else {}
        return cls({
            **linked,
            "zeros": whole(zeros / unit, short, maps, CONTEXT, padded_first),
            "ones": whole(ones / unit, short, maps, CONTEXT, padded_first),
            "map_biases": whole(biases["map"] / unit, short, maps, padded_first),
            "condition_biases": whole(biases["condition"] / unit, short, network.conditions, padded_first),
            "rate_biases": whole(biases["rate"] / unit, short, RATE_STEPS, padded_first),
            "second_weights": whole((second_weight / unit2).transpose(1, 2), short, maps, padded_second, padded_first),
            "second_biases": whole(biases["second"] / (unit1 * unit2), long, maps, padded_second),
            "third_weights": whole(third_weight / unit_third, short, maps, padded_second),
            "third_biases": whole(biases["third"][:, 0] / (unit3 * unit_third), long, maps),
            "shifts": torch.tensor([shift1, shift2, shift3], dtype=long)})

    @staticmethod
    def _shift(largest: float, unit: float) -> int:
        """The least shift that brings `largest` to ACTIVATION_MAXIMUM or less."""
        return max(0, min(30, math.ceil(math.log2(max(largest / unit, 1e-9) / ACTIVATION_MAXIMUM))))

    @staticmethod
    def _weight_unit(row_sums: Tensor, biases: Tensor, input_unit: float) -> float:
        """The least unit with which weights fit 12 bits and the layer's sums 29."""
        most = float(row_sums.max())
        by_sum = float((ACTIVATION_MAXIMUM * row_sums + biases / input_unit).max()) / (1 << 28)
        return max(most / 2047, by_sum, 1e-9)

    def probabilities(self, sample: dict[str, Tensor]) -> Tensor:
        """P(bit = 1) in 1/65536 for sampled bits (K, M); int32."""
        t = {name: tensor.long() for name, tensor in self.tensors.items()}
        shifts = t["shifts"].tolist()
        context = sample["context"][:, :, NEAR].long()
        # Products of 64-bit integers, map by map: torch has no batched one.
        rows = []
        for k in range(len(context)):
            y = (context[k] < 0).long() @ t["zeros"][k] + (context[k] > 0).long() @ t["ones"][k] + t["map_biases"][k]
            if k >= DEPTH:
                y = y + sample["links"][k, :, :k - DEPTH + 1].long() @ t["links"][link_count(k):link_count(k + 1)]
            y = y + t["condition_biases"][sample["condition"][k]] + t["rate_biases"][sample["rate"][k]]
            y = shift_right(y, shifts[0]).clamp(0, ACTIVATION_MAXIMUM)
            y = shift_right(y @ t["second_weights"][k].T + t["second_biases"][k], shifts[1]).clamp(0, ACTIVATION_MAXIMUM)
            rows.append(shift_right(y @ t["third_weights"][k] + t["third_biases"][k], shifts[2]))
        index = torch.stack(rows).clamp(-TABLE_SIZE // 2, TABLE_SIZE // 2 - 1) + TABLE_SIZE // 2
        return probability_table()[index]

    def bits(self, sample: dict[str, Tensor]) -> Tensor:
        """Information content of each sampled bit (K, M)."""
        one = self.probabilities(sample).double() / 65536
        return -torch.log2(torch.where(sample["bit"] > 0, one, 1 - one))


def stored(models: dict[str, IntegerContextModel]) -> dict[str, Tensor]:
    """The tensors `entropy.NAME.…` that a model file holds, and the table."""
    return {"entropy.probabilities": probability_table(),
            **{f"entropy.{name}.{key}": tensor for name, model in models.items() for key, tensor in model.tensors.items()}}


def read(tensors: dict[str, Tensor]) -> dict[str, IntegerContextModel]:
    """The models in a file's tensors, by name."""
    found: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("entropy.") and name.count(".") == 2:
            _, model, key = name.split(".")
            found.setdefault(model, {})[key] = tensor
    return {name: IntegerContextModel(tensors) for name, tensors in found.items()}


def whole_maps(maps: CodedMaps) -> dict[str, Tensor]:
    """Every position of every map, in order, as a sample."""
    count = maps.shape[0]
    return maps.at(torch.arange(maps.values.shape[1]).expand(count, -1))
