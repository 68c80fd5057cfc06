"""Training of a network of any family on a folder of images; stops and resumes at any moment.

A family's `train` program calls `main` with a `Trainer`, or a subclass of it, that knows the family.
"""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

import torch

from . import checkpoints
from . import configuration as configurations
from .command_line import use_threads
from .family import Family
from .images import CropSampler, centre_crop, packed_images, split
from .optimizers import build_optimizers, rate_factor
from .validation import VALIDATION_KNOBS, measure, summarize, table
from .weight_average import WeightAverage


def fastest_precision() -> torch.dtype:
    """bf16 or f32, whichever runs a convolution of the decoder faster on this CPU."""
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        x = torch.randn(4, 128, 16, 16).to(dtype).contiguous(memory_format=torch.channels_last)
        weight = torch.randn(128, 128, 3, 3).to(dtype).contiguous(memory_format=torch.channels_last)
        for _ in range(3):
            start = time.perf_counter()
            torch.nn.functional.conv2d(x, weight, padding=1)
            seconds[dtype] = min(seconds.get(dtype, 1e9), time.perf_counter() - start)
    return torch.bfloat16 if seconds[torch.bfloat16] < 0.8 * seconds[torch.float32] else torch.float32


class Trainer:
    """One run: network, optimisers, weight average, data and random states."""

    family: Family  # set by the subclass

    def __init__(self, configuration: configurations.Configuration, arguments: argparse.Namespace):
        self.configuration, self.arguments = configuration, arguments
        self.device = torch.device(arguments.device or ("cuda" if torch.cuda.is_available() else "cpu"))
        if self.device.type == "cuda":
            torch.backends.cudnn.benchmark = True
            torch.set_float32_matmul_precision("high")
        precision = {"bf16": torch.bfloat16, "f32": torch.float32}.get(arguments.precision)
        if precision is None:
            precision = torch.bfloat16 if self.device.type == "cuda" else fastest_precision()
        self.precision = precision
        torch.manual_seed(configuration.run.seed)
        self.generator = torch.Generator().manual_seed(configuration.run.seed)
        self.network, self.evaluated = (self.family.build(configuration).to(self.device, memory_format=torch.channels_last)
                                        for _ in range(2))
        self.evaluated.eval()
        self.objective = self.family.objective(configuration)
        self.optimizers = build_optimizers(self.network, configuration.optimizer, self.family.is_inner,
                                           configuration.run.freeze)
        self.average = WeightAverage(self.network, configuration.optimizer.ema_decay)
        self.step, self.elapsed = 0, 0.0
        self.stopping = ""

        images = packed_images(arguments.data, arguments.cache)
        training, validation = split(images.names, configuration.data.validation_images, configuration.data.split_seed)
        self.validation = [centre_crop(images.image(i), configuration.data.validation_crop).to(self.device)
                           for i in validation]
        if self.device.type == "cuda":
            images = images.to(self.device)
        self.sampler = CropSampler(images, training, configuration.data)
        self.folder = Path(arguments.output)
        self.folder.mkdir(parents=True, exist_ok=True)

    # State

    def state(self) -> dict:
        return {"configuration": configurations.to_dictionary(self.configuration), "step": self.step,
                "elapsed": self.elapsed, "network": self.network.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
                "average": self.average.state_dict(), "generator": self.generator.get_state(),
                "torch_generator": torch.get_rng_state(),
                "cuda_generator": torch.cuda.get_rng_state(self.device) if self.device.type == "cuda" else None}

    def restore(self, state: dict):
        """Takes over a checkpoint; the model's keys must be the same, training keys may have been changed since."""
        if state["configuration"]["model"] != configurations.to_dictionary(self.configuration)["model"]:
            raise ValueError("the checkpoint is of another model configuration")
        self.network.load_state_dict(state["network"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            for old, own in zip(saved["param_groups"], optimizer.param_groups, strict=True):
                old.update({key: value for key, value in own.items() if key != "params"})
            optimizer.load_state_dict(saved)
        self.average.load_state_dict(state["average"] or dict(self.network.named_parameters()))
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["torch_generator"])
        if self.device.type == "cuda" and state["cuda_generator"] is not None:
            torch.cuda.set_rng_state(state["cuda_generator"], self.device)
        self.step, self.elapsed = state["step"], state["elapsed"]

    def initialize_from(self, state: dict):
        """Takes the averaged weights of another run of a network with the same tensors where names and shapes agree."""
        own = self.network.state_dict()
        weights = {**state["network"], **(state["average"] or {})}
        taken = {name: tensor for name, tensor in weights.items()
                 if name in own and own[name].shape == tensor.shape}
        self.network.load_state_dict({**own, **taken})
        self.average.load_state_dict(dict(self.network.named_parameters()))
        self.log("initialized", tensors=len(taken), of=len(own), source_step=state["step"])

    def save(self):
        state = self.state()
        if self.arguments.checkpoint_compact != "off":
            state = checkpoints.compacted(state, self.arguments.checkpoint_compact)
        checkpoints.save(self.folder, state, int(self.arguments.checkpoint_part_size * 2**20))

    def begin(self):
        """What a family does before the first step of a call, state taken over."""

    # Steps

    def log(self, kind: str, **figures):
        line = json.dumps({"kind": kind, "step": self.step, "elapsed_s": round(self.elapsed, 1), **figures})
        with open(self.folder / "log.jsonl", "a") as file:
            file.write(line + "\n")

    def compile(self):
        """Compiles the network's parts in place; tensor names stay as they are."""
        for module in self.network.compiled_modules():
            module.compile()

    def uncompile(self):
        for module in self.network.compiled_modules():
            module._compiled_call_impl = None

    def train_step(self) -> dict[str, torch.Tensor]:
        settings = self.configuration.optimizer
        factor = rate_factor(self.step, self.configuration.run.steps, settings)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["first_lr"] * factor
            optimizer.zero_grad(set_to_none=True)
        x = self.sampler.batch(self.generator)
        with torch.autocast(self.device.type, self.precision, enabled=self.precision != torch.float32):
            loss, figures = self.objective(self.network, x, self.step, self.generator)
        loss.backward()
        self.edit_gradients()
        trained = [p for p in self.network.parameters() if p.grad is not None]
        figures["gradient_norm"] = torch.nn.utils.clip_grad_norm_(trained, settings.clip_norm or float("inf"))
        for optimizer in self.optimizers:
            optimizer.step()
        self.average.update(self.step)
        return figures

    def edit_gradients(self):
        """What a family does to gradients before they are clipped."""

    @torch.no_grad()
    def validate(self):
        for name, parameter in self.evaluated.named_parameters():
            parameter.copy_(self.average_by_name[name])
        knobs = VALIDATION_KNOBS if self.configuration.model.rate_mode != "fixed" else (1.0,)
        rows = {t: summarize([measure(self.evaluated, self.family.code, image, t) for image in self.validation]) for t in knobs}
        self.log("validation", rows=[{"t": t, **row} for t, row in rows.items()])
        print(f"step {self.step}, {self.elapsed:.0f} s\n{table(rows)}", flush=True)

    def run(self):
        arguments, run = self.arguments, self.configuration.run
        self.average_by_name = self.average.state_dict()
        begun = last_checkpoint = last = time.monotonic()
        compiled = arguments.compile == "on" or (arguments.compile == "auto" and self.device.type == "cuda")
        if compiled:
            self.compile()
        self.log("start", device=str(self.device), precision=str(self.precision), compiled=compiled,
                 torch=torch.__version__, parameters=sum(p.numel() for p in self.network.parameters()),
                 configuration=configurations.to_dictionary(self.configuration))
        sums: dict[str, torch.Tensor] = {}
        counted, counted_since, first = 0, last, True
        while not self.stopping:
            if self.step >= run.steps:
                self.stopping = "finished"
                break
            if arguments.time_limit and time.monotonic() - begun >= arguments.time_limit:
                self.stopping = "time limit"
                break
            states = self.generator.get_state() if first else None
            try:
                figures = self.train_step()
            except Exception as error:  # the compiler's errors have no common class
                if not (first and compiled):
                    raise
                print(f"torch.compile failed, going on without: {str(error).splitlines()[0]}", file=sys.stderr, flush=True)
                self.uncompile()
                self.generator.set_state(states)
                figures = self.train_step()
            first = False
            self.step += 1
            counted += 1
            for key, value in figures.items():
                sums[key] = sums[key] + value if key in sums else value.clone()
            if self.step % run.log_every == 0:
                means = {key: float(f"{value.item() / counted:.6g}") for key, value in sums.items()}
            now = time.monotonic()
            self.elapsed += now - last
            last = now
            if self.step % run.log_every == 0:
                speed = counted * self.configuration.data.batch / (now - counted_since)
                self.log("train", **means, learning_rate=self.optimizers[-1].param_groups[0]["lr"],
                         images_per_second=round(speed, 2))
                if means["loss"] != means["loss"]:
                    raise FloatingPointError(f"the loss is not a number at step {self.step}; "
                                             "resume from the last checkpoint with a lower learning rate")
                sums, counted, counted_since = {}, 0, now
            if self.step % run.validate_every == 0:
                self.validate()
                last = counted_since = time.monotonic()
                sums, counted = {}, 0
            if time.monotonic() - last_checkpoint >= 60 * run.checkpoint_minutes:
                self.save()
                last = last_checkpoint = time.monotonic()
        self.save()
        self.log("stop", reason=self.stopping)
        print(f"stopped at step {self.step}: {self.stopping}; checkpoint in {self.folder}", flush=True)
        if arguments.validate_at_end:
            self.validate()


def parser(description: str) -> argparse.ArgumentParser:
    """The options of every family's `train`."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("config", help="YAML file of configs/")
    options.add_argument("--data", required=True, help="folder of training images")
    options.add_argument("--output", required=True, help="folder for checkpoints and log; resumes if it holds one")
    options.add_argument("--cache", help="folder for the decoded images (default: cache in --output)")
    options.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="overrides a key")
    options.add_argument("--steps", type=int, help="steps over all calls, by which the learning rate falls; same as "
                         "--set run.steps=")
    options.add_argument("--time-limit", type=float, default=0, help="seconds after which this call stops, to be resumed")
    options.add_argument("--init-from", help="checkpoint folder to take weights from when starting")
    options.add_argument("--checkpoint-part-size", type=float, default=0, help="MiB per part; 0: one file")
    options.add_argument("--checkpoint-compact", choices=("off", *checkpoints.AVERAGES), default="off",
                         help="drop momentum, and keep the weight average in bf16 or not at all")
    options.add_argument("--precision", choices=("auto", "bf16", "f32"), default="auto")
    options.add_argument("--compile", choices=("auto", "on", "off"), default="auto")
    options.add_argument("--device", help="cpu or cuda (default: cuda if there is one)")
    options.add_argument("--threads", type=int, help="CPU threads")
    options.add_argument("--validate-at-end", action="store_true")
    return options


def main(trainer: type[Trainer], options: argparse.ArgumentParser, arguments: list[str] | None = None) -> Trainer:
    """Starts or resumes a run and trains until it ends, is stopped, or its time is over."""
    parsed = options.parse_args(arguments)
    parsed.cache = parsed.cache or str(Path(parsed.output) / "cache")
    if parsed.steps is not None:
        parsed.set.append(f"run.steps={parsed.steps}")
    use_threads(parsed.threads)
    run = trainer(configurations.load(trainer.family.configuration, parsed.config, parsed.set), parsed)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: setattr(run, "stopping", signal.Signals(received).name))
    if checkpoints.exists(parsed.output):
        run.restore(checkpoints.load(parsed.output))
    elif parsed.init_from:
        run.initialize_from(checkpoints.load(parsed.init_from))
    run.begin()
    run.run()
    return run
