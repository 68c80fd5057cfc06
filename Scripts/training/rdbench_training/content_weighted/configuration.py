"""Configuration of content-weighted networks and their training."""

from dataclasses import dataclass, field

from ..common import configuration as common

FORMAT_VERSION = 1


@dataclass(frozen=True)
class ModelConfiguration:
    """All that is needed to rebuild a network; exported with the weights. The article "The model file" of the module
    ContentWeightedCodec explains each key."""

    kind: str = "content_weighted"
    code_maps: int = 128  # n
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
    initialization: str = "scaled"  # scaled | he

    def __post_init__(self):
        def require(condition: bool, message: str):
            if not condition:
                raise ValueError(f"model: {message}")

        require(self.kind == "content_weighted", f"the kind {self.kind!r} is another family's")
        require(self.activation in ("relu", "leaky_relu", "prelu"), f"unknown activation {self.activation!r}")
        require(self.code_nonlinearity in ("tanh", "sigmoid"), f"unknown code_nonlinearity {self.code_nonlinearity!r}")
        require(self.initialization in ("scaled", "he"), f"unknown initialization {self.initialization!r}")
        require(0 < self.lambda_min <= self.lambda_max, "needs 0 < lambda_min <= lambda_max")
        require(self.code_maps > 0, "code_maps must be positive")
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
        return 8

    @property
    def rate_mode(self) -> str:
        """What the rate knob t does: 'lambda' conditions on it, 'maps' sends round(n t) maps, 'fixed' ignores it."""
        if self.importance_levels == 0:
            return "maps"
        return "lambda" if self.modulation_hidden else "fixed"


@dataclass(frozen=True)
class LossConfiguration:
    """Distortion in squared 8-bit units per sample value, rate in bits per pixel, loss = w (D + lambda R)."""

    rate_term: str = "raw_bits"  # raw_bits | paper
    gamma: float = 0.0  # paper form: D + gamma max(0, mean(p) - r0 share)
    target_bpp: float = 0.0  # r0 of the paper form
    lambda_weight_exponent: float = 0.0  # w = (lambda / lambda_max)^-a evens out the lambdas
    error_weight_exponent: float = 0.0  # w = (D / 60 + 0.05)^-b of each patch, D its squared error: nearer to a mean of PSNR
    mask_gradient_scale: float = 1 / 3  # 1 is equation 7 as printed
    minimum_maps: int = 4  # fewest maps sent in training when the rate is set by their number; all of them for one rate

    def __post_init__(self):
        if self.rate_term not in ("raw_bits", "paper"):
            raise ValueError(f"loss: unknown rate_term {self.rate_term!r}")


@dataclass(frozen=True)
class RunConfiguration(common.RunConfiguration):
    """Also how a content-weighted network begins."""

    phase_one_steps: int = 500  # with the mask open, the importance map not learned


@dataclass(frozen=True)
class Configuration(common.Configuration):
    """A YAML file of `configs/` for this family."""

    model: ModelConfiguration = field(default_factory=ModelConfiguration)
    loss: LossConfiguration = field(default_factory=LossConfiguration)
    run: RunConfiguration = field(default_factory=RunConfiguration)
