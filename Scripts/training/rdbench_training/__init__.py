"""Training, evaluation and export of rdbench's learned codecs, one package for each family of models.

`common` knows no family. `content_weighted` is the network of `cw` and its baseline, `transform_start` makes one that begins as a
transform codec, `entropy` trains the networks of its coder, and `factorized_prior` has the autoencoders of Balle 2017 and with
modulation. Every module with a `main` is a program: `python3 -m rdbench_training.FAMILY.PROGRAM --help`.
"""
