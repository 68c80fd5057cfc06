"""Configuration of models and training, read strictly from YAML: an unknown or ill-typed key is an error."""

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path

import yaml

FORMAT_VERSION = 1


@dataclass(frozen=True)
class ModelConfiguration:
    """All that is needed to rebuild a network; exported with the weights. README.md explains each key."""

    kind: str = "content_weighted"  # content_weighted | balle2017
    code_maps: int = 128  # n; channels of the latent for balle2017
    importance_levels: int = 32  # L; 0 builds no importance map (the baseline)
    analysis_channels: tuple[int, ...] = (128, 256, 256)
    importance_channels: tuple[int, ...] = (128,)
    synthesis_channels: tuple[int, ...] = (512, 512, 256, 32)
    residual_channels: int = 128
    extra_convolutions: bool = True  # false: Li 2017 Appendix A, two residual blocks in a row
    first_synthesis_kernel: int = 3
    last_synthesis_kernel: int = 3
    activation: str = "leaky_relu"  # relu | leaky_relu | prelu
    activation_slope: float = 0.1  # of leaky_relu, and the start of prelu
    activation_after_sum: bool = False
    activation_on_branch: bool = False  # the released code's residual block
    code_nonlinearity: str = "tanh"  # tanh | sigmoid
    bypass: bool = True
    modulation_hidden: int = 64  # 0: no modulation
    lambda_min: float = 30.0
    lambda_max: float = 1200.0
    initialization: str = "scaled"  # scaled | he | default

    def __post_init__(self):
        def require(condition: bool, message: str):
            if not condition:
                raise ValueError(f"model: {message}")

        require(self.kind in ("content_weighted", "balle2017"), f"unknown kind {self.kind!r}")
        require(self.activation in ("relu", "leaky_relu", "prelu"), f"unknown activation {self.activation!r}")
        require(self.code_nonlinearity in ("tanh", "sigmoid"), f"unknown code_nonlinearity {self.code_nonlinearity!r}")
        require(self.initialization in ("scaled", "he", "default"), f"unknown initialization {self.initialization!r}")
        require(0 < self.lambda_min <= self.lambda_max, "needs 0 < lambda_min <= lambda_max")
        require(self.code_maps > 0, "code_maps must be positive")
        if self.kind == "content_weighted":
            require(self.importance_levels == 0 or self.code_maps % self.importance_levels == 0,
                    "importance_levels must divide code_maps (Li 2017, below equation 4)")
            require(len(self.analysis_channels) == 3 and len(self.synthesis_channels) == 4,
                    "needs three analysis_channels and four synthesis_channels")
            require(self.synthesis_channels[1] % 4 == 0 and self.synthesis_channels[2] % 16 == 0,
                    "depth to space needs synthesis_channels[1] % 4 == 0 and [2] % 16 == 0")
            require(self.first_synthesis_kernel in (1, 3) and self.last_synthesis_kernel in (1, 3),
                    "kernels of the first and last synthesis layer are 1 or 3")

    @property
    def latent_stride(self) -> int:
        """Pixels per latent position, each way."""
        return 8 if self.kind == "content_weighted" else 16

    @property
    def rate_mode(self) -> str:
        """What the rate knob t does: 'lambda' conditions on it, 'maps' sends round(n t) maps, 'fixed' ignores it."""
        if self.kind == "content_weighted" and self.importance_levels == 0:
            return "maps"
        return "lambda" if self.modulation_hidden else "fixed"


@dataclass(frozen=True)
class DataConfiguration:
    """Which crops the network sees."""

    patch: int = 128
    batch: int = 16
    validation_images: int = 12
    validation_crop: int = 256
    split_seed: int = 1
    scales: tuple[float, ...] = (1.0,)  # source pixels per training pixel, one drawn per quarter of the batch
    hard_fraction: float = 0.0  # share of the batch chosen as the most active of hard_candidates crops
    hard_candidates: int = 4


@dataclass(frozen=True)
class LossConfiguration:
    """Distortion in squared 8-bit units per sample value, rate in bits per pixel, loss = w (D + lambda R)."""

    rate_term: str = "raw_bits"  # raw_bits | paper | context (bits of a jointly trained context model)
    gamma: float = 0.0  # paper form: D + gamma max(0, mean(p) - r0 share)
    target_bpp: float = 0.0  # r0 of the paper form
    lambda_weight_exponent: float = 0.0  # w = (lambda / lambda_max)^-a evens out the lambdas
    error_weight_exponent: float = 0.0  # w = (D / 60 + 0.05)^-b of each patch, D its squared error: nearer to a mean of PSNR
    mask_gradient_scale: float = 1 / 3  # 1 is equation 7 as printed
    code_gradient_to_rate: float = 0.0  # share of the context model's gradient that reaches the code bits
    minimum_maps: int = 4  # fewest maps sent in training when the rate is set by the number of maps
    maximum_maps: int = 0  # most of them; 0: all. The same as the fewest for a baseline of one rate

    def __post_init__(self):
        if self.rate_term not in ("raw_bits", "paper", "context"):
            raise ValueError(f"loss: unknown rate_term {self.rate_term!r}")


@dataclass(frozen=True)
class OptimizerConfiguration:
    """Optimiser and schedule."""

    name: str = "muon"  # muon | adam
    learning_rate: float = 2e-3  # of Muon, or of Adam for all
    adam_learning_rate: float = 1e-3  # of the parameters that Muon leaves out
    context_learning_rate: float = 1e-3  # of the context model of loss.rate_term: context, under Adam as well
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
    phase_one_steps: int = 500  # mask not learned: open, or a random prefix of maps
    phase_one_mask: str = "open"  # open | prefix
    seed: int = 1
    checkpoint_minutes: float = 5.0
    log_every: int = 20
    validate_every: int = 250
    freeze: tuple[str, ...] = ()  # name prefixes of parameters that stay as they are
    hold_start: bool = True  # what transform_start.py made stays as it is

    def __post_init__(self):
        if self.phase_one_mask not in ("open", "prefix"):
            raise ValueError(f"run: unknown phase_one_mask {self.phase_one_mask!r}")


@dataclass(frozen=True)
class Configuration:
    """One YAML file of `configs/`."""

    name: str
    model: ModelConfiguration = field(default_factory=ModelConfiguration)
    data: DataConfiguration = field(default_factory=DataConfiguration)
    loss: LossConfiguration = field(default_factory=LossConfiguration)
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


def load(path: str | Path, overrides: typing.Sequence[str] = ()) -> Configuration:
    """Reads a YAML file; each override is `section.key=value` with a YAML value."""
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
    return from_dictionary(Configuration, values)
