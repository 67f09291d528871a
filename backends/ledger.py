"""Failures of the frameworks themselves that their maintainers know of, backend by backend.

The one convention: an entry begins at the version in which the failure was seen and has no end, so
that the first release without it is reported as passing; then the end is written in.
"""

from backends.ledgers.jax import FAILURES as jax
from backends.ledgers.tensorflow import FAILURES as tensorflow
from backends.ledgers.torch import FAILURES as torch

__all__ = ["jax", "tensorflow", "torch"]
