"""What is printed of an atlas: the map, its counts, what is wrong, and conventions side by side.

One convention: of a large survey each list shows its beginning and says how much it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from results.atlas.about import About
from results.atlas.conventions_table import conventions
from results.atlas.counts_table import by_runner
from results.atlas.findings_list import lists
from results.atlas.layers import laid_out
from results.atlas.map_table import Map, legend
from results.schema import Record

FEW = 10  # primitives of which everything is shown
FIRST = 20  # entries of a list where there are more


def parts(
    records: Sequence[Record],
    about: Mapping[str, About],
    *,
    repro: str = "harness repro",
    whole: bool = False,
) -> list[RenderableType]:
    """Make what is printed; `about` holds what is known of primitives by name, `repro` is the
    command before a record's id, and `whole` leaves nothing out."""
    if not records:
        return []
    atlas = laid_out(records, about)
    states = atlas.states()
    most = None if whole or len(atlas.primitives) <= FEW else FIRST
    return [
        Text("map: a line a primitive, a symbol a way to differentiate it", "bold"),
        Map(atlas, states),
        *legend(atlas, states),
        "",
        by_runner(atlas, states),
        *lists(atlas, repro, most),
        *conventions(atlas, most),
    ]
