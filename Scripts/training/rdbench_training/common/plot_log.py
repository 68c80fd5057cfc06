"""Draws a training log as SVG: loss, and PSNR and estimated rate on the validation images for each knob."""

import argparse
import json
from pathlib import Path

from .command_line import run_program

WIDTH, HEIGHT, LEFT, TOP, GAP = 760, 220, 70, 30, 50
COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44", "#8a5a9e", "#b8860b", "#555555")


def panel(title: str, curves: dict[str, list[tuple[float, float]]], offset: int) -> list[str]:
    """SVG elements of one diagram; x is the step."""
    points = [point for curve in curves.values() for point in curve]
    if not points:
        return []
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low_y, high_y = min(y for _, y in points), max(y for _, y in points)
    span_x, span_y = (high_x - low_x) or 1, (high_y - low_y) or 1
    lines = [f'<text x="{LEFT}" y="{offset - 8}" font-weight="bold">{title}</text>',
             f'<rect x="{LEFT}" y="{offset}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>']
    for part in range(5):
        y = offset + HEIGHT * (1 - part / 4)
        lines.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{low_y + span_y * part / 4:.4g}</text>')
        x = LEFT + WIDTH * part / 4
        lines.append(f'<text x="{x:.1f}" y="{offset + HEIGHT + 16}" text-anchor="middle">{low_x + span_x * part / 4:.0f}</text>')
    for (name, curve), colour in zip(curves.items(), COLOURS):
        path = " ".join(f"{LEFT + WIDTH * (x - low_x) / span_x:.1f},{offset + HEIGHT * (1 - (y - low_y) / span_y):.1f}"
                        for x, y in curve)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        if name:
            x, y = curve[-1]
            lines.append(f'<text x="{LEFT + WIDTH + 6}" fill="{colour}" '
                         f'y="{offset + HEIGHT * (1 - (y - low_y) / span_y) + 4:.1f}">{name}</text>')
    return lines


def draw(records: list[dict]) -> str:
    """The whole picture."""
    training = [r for r in records if r["kind"] == "train"]
    validation = [r for r in records if r["kind"] == "validation"]
    knobs = sorted({row["t"] for r in validation for row in r["rows"]})

    def by_knob(key):
        return {f"t {t:g}": [(r["step"], row[key]) for r in validation for row in r["rows"] if row["t"] == t]
                for t in knobs}

    panels = [("training loss", {"": [(r["step"], r["loss"]) for r in training]}),
              ("validation PSNR, dB", by_knob("psnr_db")), ("validation rate, estimated bpp", by_knob("estimated_bpp"))]
    body = []
    for index, (title, curves) in enumerate(panels):
        body += panel(title, curves, TOP + index * (HEIGHT + GAP))
    height = TOP + len(panels) * (HEIGHT + GAP)
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 70}" height="{height}" '
                      'font-family="sans-serif" font-size="11">', *body, "</svg>"]) + "\n"


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", help="log.jsonl of a run")
    parser.add_argument("output", help="SVG file to write")
    parsed = parser.parse_args(arguments)
    records = [json.loads(line) for line in Path(parsed.log).read_text().splitlines()]
    Path(parsed.output).write_text(draw(records))


if __name__ == "__main__":
    run_program(main)
