"""The programs evaluate, pack, plot_log and model_card on made-up images and results."""

import csv
import hashlib
import json
import xml.dom.minidom

import pytest

from rdbench_training.common import pack, plot_log
from rdbench_training.common.evaluation import COLUMNS
from rdbench_training.common.images import image_paths, source_group
from rdbench_training.content_weighted import evaluate, export, model_card, train

from .support import TINY


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
    assert len(first) == 16 and tuple(first[0]) == COLUMNS
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


def test_model_card_states_the_means_of_complete_results(tmp_path):
    export.main(["--untrained", TINY, "--output", str(tmp_path / "model.safetensors")])
    digest = hashlib.sha256((tmp_path / "model.safetensors").read_bytes()).hexdigest()
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "models.json").write_text('{ "format_version": 1, "models": [] }')
    (tmp_path / "text").write_text("the text\n")
    rows = [("kodak", image, f"entropy=cabac;model={digest[:8]}", quality, "ok", rate, 30 + rate, 0.9)
            for image, quality, rate in (("a", "0", 0.25), ("b", "0", 0.75), ("a", "1", 1), ("b", "1", 2))]

    def write(written, recipe="Scripts/training/recipes/cw.sh", commit="0123456789" * 4):
        header = "dataset,image,parameters,quality,status,bits_per_pixel,psnr_db,ms_ssim\n"
        (tmp_path / "results.csv").write_text(header + "".join(",".join(map(str, row)) + "\n" for row in written))
        model_card.main([str(tmp_path / "model.safetensors"), "--name", "tiny", "--results", str(tmp_path / "results.csv"),
                         "--training-data", "nothing", "--steps", "3", "--recipe", recipe, "--commit", commit,
                         "--text", str(tmp_path / "text"), "--folder", str(folder)])

    for _ in range(2):
        write(rows + [("kodak", "a", "model=00000000", "0", "ok", 9, 9, 9)])
    entry, = json.loads((folder / "models.json").read_text())["models"]
    assert entry["sha256"] == digest and entry["bytes"] == (folder / "tiny.safetensors").stat().st_size
    assert [(p["quality"], p["bits_per_pixel"], p["psnr_db"]) for p in entry["curve"]["points"]] == [(0, 0.5, 30.5), (1, 1.5, 31.5)]
    assert "the text" in (folder / "tiny.md").read_text() and "| 0 | 0.5000 | 30.50 | 0.9000 |" in (folder / "tiny.md").read_text()
    for broken in (rows[:-1], rows[:-1] + [(*rows[-1][:4], "crashed", *rows[-1][5:])], []):
        with pytest.raises(ValueError):
            write(broken)
    assert entry["command"] == "Scripts/training/recipes/cw.sh PICTURES WORK" and entry["exact"] is False
    assert "`Scripts/training/recipes/cw.sh` at commit `012345678901`, which gives a model like it" in (folder / "tiny.md").read_text()
    for wrong in ({"recipe": "Scripts/training/recipes/none.sh"}, {"commit": "HEAD"}):
        with pytest.raises(ValueError, match="is no"):
            write(rows, **wrong)
