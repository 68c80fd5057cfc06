"""Reading and writing safetensors files: 8 bytes of header length, a JSON header, then the tensors' bytes."""

import json
from pathlib import Path

import torch
from torch import Tensor

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I8": torch.int8, "U8": torch.uint8,
         "I16": torch.int16, "U16": torch.uint16, "I32": torch.int32, "I64": torch.int64}
NAMES = {dtype: name for name, dtype in TYPES.items()}


def write(path: str | Path, tensors: dict[str, Tensor], metadata: dict[str, str]):
    """Writes tensors sorted by name, so the same content gives the same bytes."""
    header, chunks, offset = {"__metadata__": metadata}, [], 0
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        data = tensor.reshape(-1).view(torch.uint8).numpy().tobytes()
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + len(data)]}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(b"".join([len(text).to_bytes(8, "little"), text, *chunks]))


def read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors and metadata of a file; offsets that do not fit are an error."""
    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > len(data) - 8:
        raise ValueError(f"{path}: the header does not fit in the file")
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    body, tensors = memoryview(bytearray(data[8 + length:])), {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        dtype, shape = TYPES[entry["dtype"]], entry["shape"]
        count = 1
        for size in shape:
            count *= size
        if not 0 <= start <= end <= len(body) or end - start != count * dtype.itemsize:
            raise ValueError(f"{path}: tensor {name} does not fit its offsets")
        tensors[name] = (torch.frombuffer(body[start:end], dtype=dtype).reshape(shape).clone() if count
                         else torch.zeros(shape, dtype=dtype))
    return tensors, metadata
