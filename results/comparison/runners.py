"""The parts of a runner's name, as a person writes it: backend, variant and environment.

One convention: what is left out of a name is "".
"""

from __future__ import annotations

import re
from typing import NamedTuple

NAME = re.compile(r"([^:@=\[]*)(?::([^@=\[]*))?(.*)", re.DOTALL)


class Parts(NamedTuple):
    """`jax:jit==0.9.0` is backend `jax`, variant `jit`, environment `==0.9.0`."""

    backend: str
    variant: str
    environment: str


def parts_of(name: str) -> Parts:
    found = NAME.fullmatch(name)
    assert found is not None  # every text matches
    return Parts(found[1], found[2] or "", found[3])


def plain(name: str) -> str:
    """Write `jax==0.9.0` as `jax==0.9`, which means the same."""
    return re.sub(r"(==.*?)(\.0)+$", r"\1", name)


def without_variant(runner: str) -> str:
    """Return `jax==0.9.0` of `jax:jit==0.9.0`."""
    parts = parts_of(runner)
    return parts.backend + parts.environment


def without_environment(runner: str) -> str:
    """Return `jax:jit` of `jax:jit==0.9.0`."""
    parts = parts_of(runner)
    return f"{parts.backend}:{parts.variant}"
