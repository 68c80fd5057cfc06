"""Trains a model of `configs/` on a folder of images; stops and resumes at any moment. See README.md."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

import torch

import checkpoints
import configuration as configurations
from images import CropSampler, centre_crop, packed_images, split
from models import build, build_objective
from optimizers import WeightAverage, build_optimizers, rate_factor
from rdoq import Decider
from validation import VALIDATION_KNOBS, measure, summarize, table


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
        self.network = build(configuration).to(self.device, memory_format=torch.channels_last)
        self.evaluated = build(configuration).to(self.device, memory_format=torch.channels_last).eval()
        self.objective = build_objective(configuration).to(self.device)
        self.optimizers = build_optimizers(self.network, configuration.optimizer, configuration.run.freeze,
                                           self.objective)
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
        self.start: dict | None = None
        self.held: dict[str, torch.Tensor] = {}
        self.folder = Path(arguments.output)
        self.folder.mkdir(parents=True, exist_ok=True)

    # State

    def state(self) -> dict:
        return {"configuration": configurations.to_dictionary(self.configuration), "step": self.step,
                "elapsed": self.elapsed, "network": self.network.state_dict(),
                "objective": self.objective.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
                "average": self.average.state_dict(), "generator": self.generator.get_state(),
                "torch_generator": torch.get_rng_state(),
                "cuda_generator": torch.cuda.get_rng_state(self.device) if self.device.type == "cuda" else None,
                "start": self.start}

    def restore(self, state: dict):
        """Takes over a checkpoint; the model's keys must be the same, training keys may have been changed since."""
        if state["configuration"]["model"] != configurations.to_dictionary(self.configuration)["model"]:
            raise ValueError("the checkpoint is of another model configuration")
        self.begin_from(state.get("start"))
        self.network.load_state_dict(state["network"])
        self.objective.load_state_dict(state["objective"])
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
        self.begin_from(state.get("start"))
        self.log("initialized", tensors=len(taken), of=len(own), source_step=state["step"])

    def begin_from(self, start: dict | None):
        """Takes over what transform_start.py made: which elements never change, and the codec that they make up."""
        self.start = start
        if start and self.configuration.run.hold_start:
            self.held = {name: mask.to(self.device) for name, mask in start["held"].items()}
            # So does the rest of the encoder: equation 7 cannot teach such an importance map, train_importance.py does, before.
            for name, parameter in self.network.named_parameters():
                if "synthesis" not in name:
                    parameter.requires_grad_(False)

    def decide_by(self, path: str):
        """Trains on codes that an exported model's tables and entropy networks decide."""
        if not self.held:
            raise ValueError("--rdoq needs a run that started as a transform codec, whose encoder is left as it is")
        self.network.decider = self.evaluated.decider = Decider.read(path)

    def save(self):
        state = self.state()
        if self.arguments.checkpoint_compact != "off":
            state = checkpoints.compacted(state, self.arguments.checkpoint_compact)
        checkpoints.save(self.folder, state, int(self.arguments.checkpoint_part_size * 2**20))

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

    def progress(self) -> float:
        """Share of the run that is done, by steps or, with a time budget, by training seconds."""
        if self.arguments.budget_seconds:
            return self.elapsed / self.arguments.budget_seconds
        return self.step / self.configuration.run.steps

    def train_step(self) -> dict[str, torch.Tensor]:
        settings = self.configuration.optimizer
        factor = rate_factor(self.step, self.progress(), settings)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["first_lr"] * factor
            optimizer.zero_grad(set_to_none=True)
        x = self.sampler.batch(self.generator)
        with torch.autocast(self.device.type, self.precision, enabled=self.precision != torch.float32):
            loss, figures = self.objective(self.network, x, self.step, self.generator)
        loss.backward()
        for name, mask in self.held.items():
            gradient = self.network.get_parameter(name).grad
            if gradient is not None:
                gradient.masked_fill_(mask, 0)
        trained = [p for p in self.network.parameters() if p.grad is not None]
        figures["gradient_norm"] = torch.nn.utils.clip_grad_norm_(trained, settings.clip_norm or float("inf"))
        for optimizer in self.optimizers:
            optimizer.step()
        self.average.update(self.step)
        return figures

    @torch.no_grad()
    def validate(self):
        for name, parameter in self.evaluated.named_parameters():
            parameter.copy_(self.average_by_name[name])
        knobs = VALIDATION_KNOBS if self.configuration.model.rate_mode != "fixed" else (1.0,)
        rows = {t: summarize([measure(self.evaluated, image, t) for image in self.validation]) for t in knobs}
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
            if self.step >= run.steps or (arguments.budget_seconds and self.elapsed >= arguments.budget_seconds):
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


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="YAML file of configs/")
    parser.add_argument("--data", required=True, help="folder of training images")
    parser.add_argument("--output", required=True, help="folder for checkpoints and log; resumes if it holds one")
    parser.add_argument("--cache", help="folder for the decoded images (default: cache in --output)")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="overrides a key")
    parser.add_argument("--steps", type=int, help="same as --set run.steps=")
    parser.add_argument("--time-limit", type=float, default=0, help="seconds after which this call stops")
    parser.add_argument("--budget-seconds", type=float, default=0,
                        help="training seconds over all calls; the learning rate then falls by time, not by steps")
    parser.add_argument("--init-from", help="checkpoint folder to take weights from when starting")
    parser.add_argument("--rdoq", metavar="FILE", help="exported model that decides the bits, see rdoq.py; on a CPU")
    parser.add_argument("--checkpoint-part-size", type=float, default=0, help="MiB per part; 0: one file")
    parser.add_argument("--checkpoint-compact", choices=("off", "full", "bf16", "drop"), default="off",
                        help="drop momentum and keep the weight average in full, in bf16 or not at all")
    parser.add_argument("--precision", choices=("auto", "bf16", "f32"), default="auto")
    parser.add_argument("--compile", choices=("auto", "on", "off"), default="auto")
    parser.add_argument("--device", help="cpu or cuda (default: cuda if there is one)")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--validate-at-end", action="store_true")
    parsed = parser.parse_args(arguments)
    parsed.cache = parsed.cache or str(Path(parsed.output) / "cache")
    if parsed.steps is not None:
        parsed.set.append(f"run.steps={parsed.steps}")
    return parsed


def main(arguments: list[str] | None = None) -> Trainer:
    parsed = parse(arguments)
    if parsed.threads:
        torch.set_num_threads(parsed.threads)
    trainer = Trainer(configurations.load(parsed.config, parsed.set), parsed)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: setattr(trainer, "stopping", signal.Signals(received).name))
    if checkpoints.exists(parsed.output):
        trainer.restore(checkpoints.load(parsed.output))
    elif parsed.init_from:
        trainer.initialize_from(checkpoints.load(parsed.init_from))
    if parsed.rdoq:
        trainer.decide_by(parsed.rdoq)
    trainer.run()
    return trainer


if __name__ == "__main__":
    try:
        main()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"train.py: {error}")
