"""The integer context model against a bit-by-bit evaluation in plain integers, and the program end to end."""

from pathlib import Path

import torch

import checkpoints
import integer_context_model
import train
import train_entropy
from context_model import ContextModel
from integer_context_model import IntegerContextModel, probability_table

TINY = str(Path(__file__).parents[1] / "configs" / "tiny.yaml")


def random_model(maps, levels):
    model = ContextModel(maps, levels, hidden=6)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(0.3 * torch.randn_like(parameter))
    return model


def probability_of_one_bit(t, code, level, k, y, x):
    """README's description, one bit at a time, Python integers only."""
    maps, height, width = len(code), len(code[0]), len(code[0][0])
    hidden = len(t["second_bias"])
    shifts = t["shifts"]

    def shift(value, by):
        return (value + ((1 << (by - 1)) if by else 0)) >> by

    first = []
    for unit in range(hidden):
        total = t["map_bias"][k][unit] + t["level_bias"][level][unit]
        for d in range(4):
            for dy in range(5):
                for dx in range(5):
                    if d == 3 and (dy > 2 or (dy == 2 and dx >= 2)):
                        continue
                    map_, row, column = k - 3 + d, y + dy - 2, x + dx - 2
                    if map_ < 0 or not (0 <= row < height and 0 <= column < width) or code[map_][row][column] == 0:
                        continue
                    total += t["bit1" if code[map_][row][column] > 0 else "bit0"][unit][d][dy][dx]
        first.append(min(255, max(0, shift(total, shifts[0]))))
    second = [min(255, max(0, shift(t["second_bias"][unit] + sum(
        t["second_weight"][unit][i] * first[i] for i in range(hidden)), shifts[1]))) for unit in range(hidden)]
    z = shift(t["third_bias"][0] + sum(t["third_weight"][i] * second[i] for i in range(hidden)), shifts[2])
    return probability_table().tolist()[min(511, max(-512, z)) + 512]


def test_whole_maps_equal_bit_by_bit():
    model = random_model(5, 4)
    code = torch.randint(-1, 2, (1, 5, 6, 7)).float()
    levels = torch.randint(4, (1, 1, 6, 7))
    integers = IntegerContextModel.quantized(model, code, levels)
    found = integers.probabilities(code, levels)[0]
    plain = {name: tensor.tolist() for name, tensor in integers.tensors.items()}
    for k in range(5):
        for y in range(6):
            for x in range(7):
                assert found[k, y, x].item() == probability_of_one_bit(
                    plain, code[0].long().tolist(), levels[0, 0, y, x].item(), k, y, x)


def test_integer_model_is_close_to_the_float_model():
    model = random_model(5, 4)
    code, levels = torch.randint(-1, 2, (4, 5, 12, 12)).float(), torch.randint(4, (4, 1, 12, 12))
    exact = torch.sigmoid(model(code, levels)).double()
    rounded = IntegerContextModel.quantized(model, code, levels).probabilities(code, levels) / 65536
    assert (exact - rounded).abs().mean() < 0.02


def test_probability_table_is_symmetric_and_never_certain():
    table = probability_table().long()
    assert len(table) == 1024 and table[512] == 32768
    assert ((table[1:] + table[1:].flip(0)) == 65536).all()
    assert (table.diff() >= 0).all() and table.min() == 32 and table.max() == 65536 - 32


def test_planes_and_nodes():
    planes, nodes = train_entropy.importance_planes(torch.tensor([[[[19]]]]), 5)  # 10011
    assert planes.flatten().tolist() == [1, -1, -1, 1, 1]
    assert nodes.flatten().tolist() == [0b1, 0b11, 0b110, 0b1100, 0b11001]


def test_end_to_end(tmp_path, image_folder):
    common = ["--data", str(image_folder), "--cache", str(tmp_path / "cache"), "--threads", "1"]
    train.main([TINY, *common, "--output", str(tmp_path / "run"), "--steps", "2", "--precision", "f32", "--compile", "off"])
    assert checkpoints.exists(tmp_path / "run")
    output = tmp_path / "entropy.safetensors"
    train_entropy.main([str(tmp_path / "run"), *common, "--output", str(output), "--fixture", str(tmp_path / "f.safetensors"),
                        "--steps", "3", "--batch", "2", "--patch", "32", "--hidden", "6", "--validation-images", "2",
                        "--device", "cpu"])
    models, config = integer_context_model.read(output)
    assert set(models) == {"codes", "importance"} and config["hidden"] == 6
    assert models["codes"].tensors["bit0"].dtype == torch.int8
    row = config["training"]["validation"][2]
    assert abs(row["codes_integer_bpp"] - row["codes_float_bpp"]) < 0.05 * row["codes_raw_bpp"] + 1e-3
