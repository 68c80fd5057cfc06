"""The integer context network against a bit-by-bit evaluation in plain integers, and the program end to end."""

from pathlib import Path

import pytest
import torch

import checkpoints
import export
import integer_context_model
import safetensors_file
import train
import train_entropy
from coded_pictures import importance_planes
from entropy_network import CodedMaps, EntropyNetwork, bits
from integer_context_model import IntegerContextModel, probability_table, whole_maps
from reference_network import PaperNetwork

TINY = str(Path(__file__).parents[1] / "configs" / "tiny.yaml")


def random_network(maps, conditions, first=6, second=5):
    network = EntropyNetwork(maps, conditions, first, second)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(0.3 * torch.randn_like(parameter))
    return network


def random_maps(count=7, conditions=4, height=6, width=7, rate_byte=100):
    return CodedMaps(torch.randint(-1, 2, (count, height, width)).to(torch.int8),
                     torch.randint(conditions, (height, width)), rate_byte)


def probability_of_one_bit(t, code, condition, rate, k, y, x):
    """README's description, one bit at a time, Python integers only."""
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


def test_paper_network_has_the_work_that_the_paper_implies():
    assert PaperNetwork.products_per_bit() == 1_945_888
    maps = random_maps()
    sample = maps.sample(3, torch.Generator().manual_seed(1))
    logits = PaperNetwork()(sample["context"], sample["links"], sample["condition"], sample["rate"])
    assert bits(logits, sample["bit"]).shape == (7, 3)


def test_probability_table_is_symmetric_and_never_certain():
    table = probability_table().long()
    assert len(table) == 1024 and table[512] == 32768
    assert ((table[1:] + table[1:].flip(0)) == 65536).all()
    assert (table.diff() >= 0).all() and table.min() == 32 and table.max() == 65536 - 32


def test_planes_and_nodes():
    planes, nodes = importance_planes(torch.tensor([[19]]), 5)  # 10011
    assert planes.flatten().tolist() == [1, -1, -1, 1, 1]
    assert nodes.flatten().tolist() == [0b1, 0b11, 0b110, 0b1100, 0b11001]


def test_end_to_end(tmp_path, image_folder, capsys):
    common = ["--data", str(image_folder), "--cache", str(tmp_path / "cache"), "--threads", "1"]
    train.main([TINY, *common, "--output", str(tmp_path / "run"), "--steps", "2", "--precision", "f32", "--compile", "off"])
    assert checkpoints.exists(tmp_path / "run")
    output = tmp_path / "model.safetensors"
    entropy = [str(tmp_path / "run"), *common, "--steps", "3", "--batch", "2", "--bits-per-map", "8", "--crop", "32",
               "--validation-images", "2"]
    train_entropy.main([*entropy, "--output", str(output), "--fixture", str(tmp_path / "f.safetensors"), "--first", "6",
                        "--second", "6"])
    tensors, metadata = safetensors_file.read(output)
    models = integer_context_model.read(tensors)
    assert set(models) == {"codes", "importance"} and '"entropy_units": [16, 16]' in metadata["config"]
    assert models["codes"].tensors["zeros"].dtype == torch.int16
    _, stored = export.load_exported(output)
    row = stored["training"]["entropy"]["validation"][2]
    assert abs(row["codes_integer_bpp"] - row["codes_float_bpp"]) < 0.01 * row["codes_raw_bpp"] + 1e-4
    # A second call finds the codes of the first, and the same network in the exported file.
    capsys.readouterr()
    train_entropy.main([str(output), *entropy[1:], "--explore", "--reference-steps", "1"])
    assert "released | 1945888" in capsys.readouterr().out
    assert len(list((tmp_path / "cache").glob("codes-*.npz"))) == 1
