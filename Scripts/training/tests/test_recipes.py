"""The recipes' own commands, taken down in place of Python and read as the programs read them."""

import argparse
import importlib
import json
import os
import subprocess
import sys

import pytest

from rdbench_training.common import configuration
from rdbench_training.content_weighted.configuration import Configuration

from .support import TRAINING

# Stands for Python: takes down its arguments, and makes what the program would have made.
STAND_IN = """#!{python}
import json, pathlib, sys
arguments = sys.argv[1:]
with open({log!r}, "a") as file:
    file.write(json.dumps(arguments) + "\\n")
if "--output" in arguments:
    output = pathlib.Path(arguments[arguments.index("--output") + 1])
    if output.suffix:
        output.touch()
    else:
        output.mkdir(parents=True, exist_ok=True)
        (output / "checkpoint.json").touch()
"""


class Read(Exception):
    """Arguments that a program took."""


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """Runs a recipe and returns each of its commands as the program and its options, by the program's own parser."""
    log, python = tmp_path / "log", tmp_path / "python"
    python.write_text(STAND_IN.format(python=sys.executable, log=str(log)))
    python.chmod(0o755)
    parse = argparse.ArgumentParser.parse_args

    def stop(self, arguments=None, namespace=None):
        raise Read(parse(self, arguments, namespace))

    def run(recipe):
        log.unlink(missing_ok=True)
        subprocess.run([TRAINING / "recipes" / f"{recipe}.sh", tmp_path / "pictures", tmp_path / "work"], check=True,
                       env={**os.environ, "PYTHON": str(python)})
        found = []
        for arguments in map(json.loads, log.read_text().splitlines()):
            assert arguments[:2] == ["-P", "-m"]
            program = importlib.import_module(arguments[2])
            with monkeypatch.context() as context:
                context.setattr(argparse.ArgumentParser, "parse_args", stop)
                with pytest.raises(Read) as read:
                    program.main(arguments[3:])
            found.append((arguments[2].removeprefix("rdbench_training."), read.value.args[0]))
        return found

    return run


# The optimiser steps of the shipped models, as models.json has them: those of the importance map and of the decoder.
@pytest.mark.parametrize("recipe, steps", [("cw", 500 + 2493 + 1480 + 1609), ("cw-no-importance", 2493 + 358)])
def test_recipes_make_each_model_in_steps_alone(commands, tmp_path, recipe, steps):
    found = commands(recipe)
    assert found[0][0] == "common.training_set" and found[0][1].manifest == str(TRAINING / "datasets" / "photographs.json")
    work, made, counted = str(tmp_path / "work"), set(), 0
    for program, options in found[1:]:
        assert options.threads == 1 and options.data == str(tmp_path / "pictures")
        inputs = [getattr(options, name, None) for name in ("init_from", "rdoq", "run", "model")]
        assert all(path in made for path in inputs if path)
        if program == "content_weighted.train":
            settings = configuration.load(Configuration, options.config, options.set)
            assert options.time_limit == 0 and options.precision == "f32" and options.init_from != options.output
            assert settings.name != "cw" or settings.run.phase_one_steps == 0
        if program == "content_weighted.train" or (program.endswith("train_importance") and recipe == "cw"):
            counted += options.steps
        made.add(options.output)
    assert options.output == f"{work}/{recipe}.safetensors" and counted == steps


def test_what_is_there_is_not_made_again(commands, tmp_path):
    first, again = commands("cw"), commands("cw")
    programs = [program for program, _ in again]
    assert len(first) == 9 and programs == ["common.training_set", *3 * ["content_weighted.train"]]  # which finds its checkpoints
    # The baseline begins with what cw begins with.
    assert [program for program, _ in commands("cw-no-importance")] == [
        "common.training_set", "content_weighted.train", "content_weighted.train", "entropy.train", "entropy.train"]
