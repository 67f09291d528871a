"""What is told of a primitive beside its records: its chapter, definition and calls.

One convention: records stand without it; a primitive that is no longer in the table has none, and
is found in a chapter without a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class About:
    """A primitive. `calls` has an expression by backend, and one under "xp" for all others but
    those in `lacks`, which has their reasons; `points` describes each point in a few words."""

    kind: str = ""
    formula: str = ""
    source: str = ""
    calls: Mapping[str, str] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, str] = field(default_factory=dict)
