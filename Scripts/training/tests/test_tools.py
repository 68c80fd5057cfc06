"""evaluate.py, pack.py and plot_log.py on made-up images."""

import csv
import xml.dom.minidom
from pathlib import Path

import pytest

import evaluate
import export
import pack
import plot_log
import train
from images import image_paths, source_group

TINY = str(Path(__file__).parents[1] / "configs" / "tiny.yaml")


def test_evaluate_and_plot(tmp_path, image_folder, capsys):
    """A checkpoint and its export give the same rows but for the rounding of weights; odd sizes work."""
    run = tmp_path / "run"
    train.main([TINY, "--data", str(image_folder), "--output", str(run), "--steps", "5", "--precision", "f32", "--compile",
                "off", "--threads", "1", "--set", "run.validate_every=5"])
    export.main(["--checkpoint", str(run), "--output", str(tmp_path / "model.safetensors")])
    rows = {}
    for model in (run, tmp_path / "model.safetensors"):
        evaluate.main([str(model), "--images", str(image_folder), "--knobs", "0,1", "--output", str(tmp_path / "rows.csv"),
                       "--device", "cpu", "--threads", "1"])
        with open(tmp_path / "rows.csv") as file:
            rows[model] = list(csv.DictReader(file))
    assert "PSNR" in capsys.readouterr().out
    first, second = rows.values()
    assert len(first) == 16 and tuple(first[0]) == evaluate.COLUMNS
    for a, b in zip(first, second):
        assert a["image"] == b["image"] and float(a["psnr_db"]) == pytest.approx(float(b["psnr_db"]), abs=0.1)
        assert float(a["estimated_bpp"]) < 1.3 * float(a["raw_bpp"]) + 0.1
    plot_log.main([str(run / "log.jsonl"), str(tmp_path / "log.svg")])
    assert len(xml.dom.minidom.parse(str(tmp_path / "log.svg")).getElementsByTagName("polyline")) == 1 + 5 + 5


def test_pack_keeps_to_the_size_and_varies(tmp_path, image_folder):
    pack.main([str(image_folder), str(tmp_path / "small"), "--size", "0.02", "--side", "48"])
    paths = image_paths(tmp_path / "small")
    assert sum(path.stat().st_size for path in paths) <= 0.02 * 2**20
    assert len({source_group(path.name) for path in paths}) == min(5, len(paths))
    with pytest.raises(ValueError, match="not empty"):
        pack.main([str(image_folder), str(tmp_path / "small")])
