"""The screens of an atlas.

One convention: what is wrong is shown worst first.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from results.schema import Record


def parts(records: Sequence[Record]) -> list[RenderableType]:
    """Return what is printed of an atlas, in order."""
    bad = [r for r in records if r.status not in ("ok", "convention", "unsupported")]
    return [
        Text(
            f"{r.status} {r.scenario} {r.point} {r.operator} {r.composition or ''} "
            f"{r.backend}:{r.variant} {r.reason} {r.known or ''}"
        )
        for r in bad
    ]
