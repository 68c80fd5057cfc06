"""Tests of rdbench_training; a package, so that pytest finds the programs beside it."""
