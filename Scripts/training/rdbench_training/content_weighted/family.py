"""The content-weighted networks as a family for the common programs."""

from ..common.training import Family
from .coding import code
from .configuration import Configuration
from .network import build, is_inner
from .objective import ContentWeightedObjective

CONTENT_WEIGHTED = Family(Configuration, build, ContentWeightedObjective, code, is_inner)
