"""Checkpoints: one manifest, one or more parts, written beside and renamed, so a kill leaves the last one whole.

`checkpoint.json` names the parts, their total size and SHA-256. A compact checkpoint drops Muon's momentum (back
after some twenty steps) and rounds or drops the weight average; it resumes well, but not bit by bit.
"""

import hashlib
import io
import json
import os
from pathlib import Path

import torch

MANIFEST = "checkpoint.json"
AVERAGES = ("bf16", "drop")


def compacted(state: dict, average: str) -> dict:
    """The state without momentum and with a smaller weight average."""
    state = dict(state)
    state["optimizers"] = [{**optimizer, "state": {
        key: {name: value for name, value in entry.items() if name != "momentum"}
        for key, entry in optimizer["state"].items()}} for optimizer in state["optimizers"]]
    if average == "drop":
        state["average"] = None
    elif average == "bf16":
        state["average"] = {name: tensor.bfloat16() for name, tensor in state["average"].items()}
    return state


def save(folder: str | Path, state: dict, part_size: int = 0):
    """Writes `state` into `folder` in parts of at most `part_size` bytes (0: one part) and drops the previous one."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    torch.save(state, buffer)
    data = buffer.getbuffer()
    digest = hashlib.sha256(data).hexdigest()
    size = part_size or len(data)
    parts = []
    for number, start in enumerate(range(0, len(data), size)):
        name = f"checkpoint-{state['step']}-{digest[:8]}.{number:02d}"
        _write(folder / name, data[start:start + size])
        parts.append(name)
    manifest = {"step": state["step"], "bytes": len(data), "sha256": digest, "parts": parts}
    _write(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
    for old in folder.glob("checkpoint-*"):
        if old.name not in parts:
            old.unlink()


def _write(path: Path, data):
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with open(temporary, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def exists(folder: str | Path) -> bool:
    return (Path(folder) / MANIFEST).exists()


def load(folder: str | Path) -> dict:
    """Joins the parts, checks size and digest, and returns the state with all tensors on the CPU."""
    folder = Path(folder)
    manifest = json.loads((folder / MANIFEST).read_text())
    data = b"".join((folder / name).read_bytes() for name in manifest["parts"])
    if len(data) != manifest["bytes"] or hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ValueError(f"{folder}: the parts of the checkpoint do not match its manifest")
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
