"""The integer context network against a bit-by-bit evaluation in plain integers, and the program end to end."""

import pytest
import torch

from rdbench_training.common import checkpoints, safetensors_file
from rdbench_training.content_weighted import train
from rdbench_training.content_weighted.exported import load_exported
from rdbench_training.entropy import integer_network
from rdbench_training.entropy import train as train_entropy
from rdbench_training.entropy.coded_pictures import importance_planes
from rdbench_training.entropy.context_model import ContextModel
from rdbench_training.entropy.integer_network import IntegerContextModel, probability_table, whole_maps
from rdbench_training.entropy.network import CodedMaps

from .support import TINY, random_maps, random_network


def probability_of_one_bit(t, code, condition, rate, k, y, x):
    """The description of the article "The model file", one bit at a time, Python integers only."""
    height, width = len(code[0]), len(code[0][0])
    shifts = t["shifts"]

    def shift(value, by):
        return (value + ((1 << (by - 1)) if by else 0)) >> by

    around = [(k - 3 + d, y + dy, x + dx) for d in range(3) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    around += [(k, y + dy, x + dx) for dy in (-2, -1, 0) for dx in (-2, -1, 0, 1, 2) if dy < 0 or dx < 0]
    linked = sum(max(0, earlier - 3) for earlier in range(k))
    first = []
    for unit in range(len(t["map_biases"][0])):
        total = t["map_biases"][k][unit] + t["condition_biases"][condition][unit] + t["rate_biases"][rate][unit]
        for place, (map_, row, column) in enumerate(around):
            if map_ < 0 or not (0 <= row < height and 0 <= column < width) or code[map_][row][column] == 0:
                continue
            total += t["ones" if code[map_][row][column] > 0 else "zeros"][k][place][unit]
        total += sum(t["links"][linked + earlier][unit] for earlier in range(k - 3) if code[earlier][y][x] > 0)
        assert abs(total) < 32768 - (1 << 13)
        first.append(min(255, max(0, shift(total, shifts[0]))))
    second = [min(255, max(0, shift(bias + sum(w * h for w, h in zip(weights, first)), shifts[1])))
              for bias, weights in zip(t["second_biases"][k], t["second_weights"][k])]
    z = shift(t["third_biases"][k] + sum(w * h for w, h in zip(t["third_weights"][k], second)), shifts[2])
    return probability_table().tolist()[min(511, max(-512, z)) + 512]


def test_whole_maps_equal_bit_by_bit():
    maps = random_maps()
    integers = IntegerContextModel.quantized(random_network(7, 4), whole_maps(maps))
    found = integers.probabilities(whole_maps(maps)).view(maps.shape)
    plain = {name: tensor.tolist() for name, tensor in integers.tensors.items()}
    code, conditions = maps.values.view(maps.shape).tolist(), maps.conditions.view(maps.shape).tolist()
    for k in range(7):
        for y in range(6):
            for x in range(7):
                assert found[k, y, x].item() == probability_of_one_bit(
                    plain, code, conditions[k][y][x], maps.rate_step, k, y, x)


def test_integer_network_is_close_to_the_float_network():
    network, sample = random_network(7, 4), whole_maps(random_maps(height=20, width=20))
    exact = torch.sigmoid(network(sample["context"], sample["links"], sample["condition"], sample["rate"])).double()
    rounded = IntegerContextModel.quantized(network, sample).probabilities(sample) / 65536
    assert (exact - rounded).abs().mean() < 0.005


def test_samples_stand_for_all_bits():
    maps = random_maps(height=16, width=16)
    sample = maps.sample(5, torch.Generator().manual_seed(1))
    assert sample["weight"].sum().item() == pytest.approx((maps.values != 0).sum().item())
    everything = whole_maps(maps)
    assert (everything["bit"][maps.values > 0] == 1).all() and (everything["bit"][maps.values < 0] == 0).all()


def test_contexts_hold_nothing_that_comes_later():
    """The gradient-free way: changing a bit changes no context before it, and its own not either."""
    maps = random_maps()
    values = maps.values.view(maps.shape).clone()
    before = whole_maps(maps)["context"]
    values[2, 3, 3] = 1 - values[2, 3, 3].sign().abs()
    after = whole_maps(CodedMaps(values, maps.conditions[0].view(6, 7), 100))["context"]
    changed = (before != after).any(2).view(maps.shape).nonzero().tolist()
    assert changed and all((k, y, x) > (2, 3, 3) for k, y, x in changed)


def test_links_are_to_maps_before_the_context_only():
    network, sample = random_network(7, 4), whole_maps(random_maps())
    logits = network(sample["context"], sample["links"], sample["condition"], sample["rate"])
    for earlier in range(7):
        links = sample["links"].clone()
        links[:, :, earlier] = ~links[:, :, earlier]
        moved = (network(sample["context"], links, sample["condition"], sample["rate"]) != logits).any(1)
        assert moved.tolist() == [k - 4 >= earlier for k in range(7)]


def test_probability_table_is_symmetric_and_never_certain():
    table = probability_table().long()
    assert len(table) == 1024 and table[512] == 32768
    assert ((table[1:] + table[1:].flip(0)) == 65536).all()
    assert (table.diff() >= 0).all() and table.min() == 32 and table.max() == 65536 - 32


def test_planes_and_nodes():
    planes, nodes = importance_planes(torch.tensor([[19]]), 5)  # 10011
    assert planes.flatten().tolist() == [1, -1, -1, 1, 1]
    assert nodes.flatten().tolist() == [0b1, 0b11, 0b110, 0b1100, 0b11001]


def test_context_model_sees_only_bits_before():
    model = ContextModel(6)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter))
    code = torch.sign(torch.randn(1, 6, 7, 7))
    before = model(code)
    k, y, x = 3, 3, 3
    changed = code.clone()
    changed[0, k, y, x] *= -1
    different = (model(changed) != before)[0]
    order = torch.arange(6 * 49).view(6, 7, 7)
    assert different.any() and (order[different] > order[k, y, x]).all()


def test_end_to_end(tmp_path, image_folder):
    common = ["--data", str(image_folder), "--cache", str(tmp_path / "cache"), "--threads", "1"]
    train.main([TINY, *common, "--output", str(tmp_path / "run"), "--steps", "2", "--precision", "f32", "--compile", "off"])
    assert checkpoints.exists(tmp_path / "run")
    output = tmp_path / "model.safetensors"
    entropy = [str(tmp_path / "run"), *common, "--steps", "3", "--batch", "2", "--bits-per-map", "8", "--crop", "32",
               "--validation-images", "2"]
    train_entropy.main([*entropy, "--output", str(output), "--fixture", str(tmp_path / "f.safetensors"), "--first", "6",
                        "--second", "6"])
    tensors, metadata = safetensors_file.read(output)
    models = integer_network.read(tensors)
    assert set(models) == {"codes", "importance"} and '"entropy_units": [16, 16]' in metadata["config"]
    assert models["codes"].tensors["zeros"].dtype == torch.int16
    _, stored = load_exported(output)
    row = stored["training"]["entropy"]["validation"][2]
    assert abs(row["codes_integer_bpp"] - row["codes_float_bpp"]) < 0.01 * row["codes_raw_bpp"] + 1e-4
    # A second call finds the codes of the first, and the same network in the exported file.
    train_entropy.main([str(output), *entropy[1:], "--output", str(tmp_path / "again.safetensors"), "--first", "6",
                        "--second", "6"])
    again, _ = safetensors_file.read(tmp_path / "again.safetensors")
    assert again.keys() == tensors.keys() and all(torch.equal(again[name], tensors[name]) for name in tensors)
    assert len(list((tmp_path / "cache").glob("codes-*.npz"))) == 1
