"""What all families configure alike, and the strict reading of YAML: an unknown or ill-typed key is an error.

A family's own `Configuration` adds the sections `model` and `loss`.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path

import yaml


@dataclass(frozen=True)
class DataConfiguration:
    """Which crops the network sees."""

    patch: int = 128
    batch: int = 16
    validation_images: int = 12
    validation_crop: int = 256
    split_seed: int = 1
    scales: tuple[float, ...] = (1.0,)  # source pixels per training pixel, one drawn per quarter of the batch


@dataclass(frozen=True)
class OptimizerConfiguration:
    """Optimiser and schedule."""

    name: str = "muon"  # muon | adam
    learning_rate: float = 2e-3  # of Muon, or of Adam for all
    adam_learning_rate: float = 1e-3  # of the parameters that Muon leaves out
    adam_betas: tuple[float, ...] = (0.9, 0.99)
    schedule: str = "cosine"  # cosine | steps | constant
    milestones: tuple[float, ...] = (0.6, 0.85)  # steps: shares of the run after which the rate falls tenfold
    final_fraction: float = 0.02  # cosine: last rate over first
    warmup_steps: int = 50
    clip_norm: float = 1.0  # of the gradient of the normalised loss; 0: off
    ema_decay: float = 0.999

    def __post_init__(self):
        if self.name not in ("muon", "adam"):
            raise ValueError(f"optimizer: unknown name {self.name!r}")
        if self.schedule not in ("cosine", "steps", "constant"):
            raise ValueError(f"optimizer: unknown schedule {self.schedule!r}")


@dataclass(frozen=True)
class RunConfiguration:
    """Length and bookkeeping of a run."""

    steps: int = 3000
    seed: int = 1
    checkpoint_minutes: float = 5.0
    log_every: int = 20
    validate_every: int = 250
    freeze: tuple[str, ...] = ()  # name prefixes of parameters that stay as they are


@dataclass(frozen=True)
class Configuration:
    """What is common to the YAML files of `configs/`."""

    name: str
    data: DataConfiguration = field(default_factory=DataConfiguration)
    optimizer: OptimizerConfiguration = field(default_factory=OptimizerConfiguration)
    run: RunConfiguration = field(default_factory=RunConfiguration)


def _convert(kind, value, path: str):
    """Checks one value against its annotated type; integers are taken where numbers are wanted."""
    if dataclasses.is_dataclass(kind):
        return from_dictionary(kind, value, path)
    if typing.get_origin(kind) is tuple:
        element = typing.get_args(kind)[0]
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{path}: expected a list, found {value!r}")
        return tuple(_convert(element, item, f"{path}[{index}]") for index, item in enumerate(value))
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if not isinstance(kind, types.UnionType) and (type(value) is not kind):
        raise ValueError(f"{path}: expected {kind.__name__}, found {value!r}")
    return value


def from_dictionary(kind, values, path: str = ""):
    """Builds the dataclass `kind` from a dictionary; unknown and missing keys are errors that name the key."""
    if not isinstance(values, dict):
        raise ValueError(f"{path or 'configuration'}: expected keys and values, found {values!r}")
    fields = {f.name: f for f in dataclasses.fields(kind)}
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise ValueError(f"{path or 'configuration'}: unknown key {', '.join(map(repr, unknown))}")
    hints = typing.get_type_hints(kind)
    converted = {name: _convert(hints[name], value, f"{path}.{name}" if path else name) for name, value in values.items()}
    for name, f in fields.items():
        if name not in converted and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING:
            raise ValueError(f"{path or 'configuration'}: missing key {name!r}")
    return kind(**converted)


def to_dictionary(configuration) -> dict:
    """The inverse of `from_dictionary`, with lists for tuples, fit for JSON and YAML."""
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value

    return plain(dataclasses.asdict(configuration))


def load(kind, path: str | Path, overrides: typing.Sequence[str] = ()):
    """Reads a YAML file as a family's `Configuration`, `kind`; each override is `section.key=value` with a YAML value."""
    values = yaml.safe_load(Path(path).read_text())
    for override in overrides:
        key, separator, text = override.partition("=")
        if not separator:
            raise ValueError(f"override {override!r}: expected section.key=value")
        *sections, name = key.split(".")
        target = values
        for section in sections:
            target = target.setdefault(section, {})
        target[name] = yaml.safe_load(text)
    return from_dictionary(kind, values)
