"""The one exception that `results` raises on purpose, and what to say of a name that is not there.

One convention: an error's text is a sentence with a remedy.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches


class StoreError(Exception):
    """The store can't do what was asked of it."""


def nearest(name: str, known: Collection[str], otherwise: str) -> str:
    """Return the remedy for a name that is not there: the nearest one that is, or `otherwise`."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else otherwise
