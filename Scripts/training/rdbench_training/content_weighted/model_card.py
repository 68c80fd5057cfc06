"""Puts a trained model among those that come with rdbench: copies it, writes its model card and its entry in models.json.

The measured curve comes from results of `rdbench run`: one set, one setting of the codec's parameters.
"""

import argparse
import csv
import hashlib
import json
import re
import shutil
from pathlib import Path

from ..common.command_line import run_program
from .exported import load_exported

REPOSITORY = Path(__file__).parents[4]
MODELS = REPOSITORY / "Sources" / "LearnedCodecs" / "Models"


def curve(path: str, digest: str) -> dict:
    """The model's rows as means over the images at each quality; every image has to be there at each."""
    with open(path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if f"model={digest[:8]}" in row["parameters"].split(";")]
    if not rows or any(row["status"] != "ok" for row in rows):
        raise ValueError(f"{path} has no rows of the model {digest[:8]}, or one that is not ok")
    settings = {(row["dataset"], row["parameters"]) for row in rows}
    if len(settings) > 1:
        raise ValueError(f"{path} has rows of the model with several settings: {sorted(settings)}")
    dataset, parameters = settings.pop()
    images = {row["image"] for row in rows}
    points = []
    for quality in sorted({row["quality"] for row in rows}, key=float):
        found = [row for row in rows if row["quality"] == quality]
        if {row["image"] for row in found} != images:
            raise ValueError(f"{path} lacks images at quality {quality}")
        mean = lambda column: sum(float(row[column]) for row in found) / len(found)
        points.append({"quality": float(quality), "bits_per_pixel": round(mean("bits_per_pixel"), 5),
                       "psnr_db": round(mean("psnr_db"), 4), "ms_ssim": round(mean("ms_ssim"), 6)})
    return {"dataset": dataset, "parameters": parameters, "points": points}


def card(entry: dict, stored: dict, text: str) -> str:
    """The model card in Markdown."""
    lines = [f"# Model card: {entry['name']}", "", text.strip(), "", "| | |", "|---|---|",
             f"| codec | `{entry['codec']}` |", f"| file | `{entry['name']}.safetensors`, {entry['bytes']:,} bytes, {stored['weights']} |",
             f"| SHA-256 | `{entry['sha256']}` |", f"| network | n = {stored['code_maps']}, L = {stored['importance_levels']}, "
             f"configuration `{entry['configuration']}` |",
             f"| trained on | {entry['training_data']} |", f"| steps | {entry['steps']:,} |",
             f"| recipe | `{entry['recipe']}` at commit `{entry['commit'][:12]}`, which "
             f"{'gives these bytes' if entry['exact'] else 'gives a model like it, not the same bytes'} |",
             "| licence | that of rdbench |", "", "```sh", entry["command"], "```", "",
             f"Measured on {entry['curve']['dataset']}, means over the images, actual bytes, `{entry['curve']['parameters']}`:", "",
             "| quality | bits per pixel | PSNR (dB) | MS-SSIM |", "|---|---|---|---|"]
    lines += [f"| {p['quality']:g} | {p['bits_per_pixel']:.4f} | {p['psnr_db']:.2f} | {p['ms_ssim']:.4f} |"
              for p in entry["curve"]["points"]]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="exported model, with its entropy networks")
    parser.add_argument("--name", required=True, help="name of the files")
    parser.add_argument("--results", required=True, help="results.csv that holds the model's rows")
    parser.add_argument("--training-data", required=True)
    parser.add_argument("--steps", type=int, required=True, help="optimiser steps, those of earlier runs included")
    parser.add_argument("--recipe", required=True, help="script that trains it, as a path from the repository's root")
    parser.add_argument("--commit", required=True, help="commit of the programs that trained it, all 40 digits")
    parser.add_argument("--exact", action="store_true", help="the recipe at this commit has given these very bytes again")
    parser.add_argument("--text", required=True, help="file with the card's first paragraphs: purpose, training, limits")
    parser.add_argument("--folder", default=str(MODELS), help="folder of models")
    parsed = parser.parse_args(arguments)
    if not (REPOSITORY / parsed.recipe).is_file() or Path(parsed.recipe).is_absolute():
        raise ValueError(f"{parsed.recipe} is no file of the repository")
    if not re.fullmatch("[0-9a-f]{40}", parsed.commit):
        raise ValueError(f"{parsed.commit} is no commit: 40 hexadecimal digits")
    data, folder = Path(parsed.model).read_bytes(), Path(parsed.folder)
    stored = load_exported(parsed.model)[1]
    digest = hashlib.sha256(data).hexdigest()
    entry = {"name": parsed.name, "codec": "cw" if stored["importance_levels"] else "cw-no-importance", "bytes": len(data),
             "sha256": digest, "configuration": stored["name"], "training_data": parsed.training_data,
             "steps": parsed.steps, "recipe": parsed.recipe, "commit": parsed.commit, "exact": parsed.exact,
             "command": f"{parsed.recipe} PICTURES WORK", "curve": curve(parsed.results, digest)}
    manifest = json.loads((folder / "models.json").read_text())
    others = [other for other in manifest["models"] if other["name"] != parsed.name]
    manifest["models"] = sorted(others + [entry], key=lambda found: found["name"])
    target = folder / f"{parsed.name}.safetensors"
    if target.resolve() != Path(parsed.model).resolve():
        shutil.copyfile(parsed.model, target)
    (folder / f"{parsed.name}.md").write_text(card(entry, stored, Path(parsed.text).read_text()))
    (folder / "models.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    print(f"{target}: {len(data)} bytes, {digest}")


if __name__ == "__main__":
    run_program(main)
