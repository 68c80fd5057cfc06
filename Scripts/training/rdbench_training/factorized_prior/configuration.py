"""Configuration of autoencoders with a factorised prior and their training."""

from dataclasses import dataclass, field

from ..common import configuration as common


@dataclass(frozen=True)
class ModelConfiguration:
    """All that is needed to rebuild a network."""

    kind: str = "factorized_prior"
    channels: int = 128  # of every layer and of the latent
    modulated: bool = False  # conditioned on lambda, for all rates between the two below
    lambda_min: float = 254.0
    lambda_max: float = 254.0  # the one of a network of one rate

    def __post_init__(self):
        for condition, message in ((self.kind == "factorized_prior", f"the kind {self.kind!r} is another family's"),
                                   (0 < self.lambda_min <= self.lambda_max, "needs 0 < lambda_min <= lambda_max"),
                                   (self.channels > 0, "channels must be positive")):
            if not condition:
                raise ValueError(f"model: {message}")

    @property
    def latent_stride(self) -> int:
        """Pixels per latent position, each way."""
        return 16

    @property
    def rate_mode(self) -> str:
        """What the rate knob t does: 'lambda' conditions on it, 'fixed' ignores it."""
        return "lambda" if self.modulated else "fixed"


@dataclass(frozen=True)
class LossConfiguration:
    """Loss = w (D + lambda R), D in squared 8-bit units per sample value, R in bits per pixel."""

    lambda_weight_exponent: float = 0.0  # w = (lambda / lambda_max)^-a evens out the lambdas


@dataclass(frozen=True)
class Configuration(common.Configuration):
    """A YAML file of `configs/` for this family."""

    model: ModelConfiguration = field(default_factory=ModelConfiguration)
    loss: LossConfiguration = field(default_factory=LossConfiguration)
