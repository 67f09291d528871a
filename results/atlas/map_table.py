"""The map on a screen: a line a primitive, a block of symbols a runner, one symbol a way.

One convention: nothing is cut. Runners that the width has no room for stand in further maps below,
and a name that is too long on a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.text import Text

from results.atlas.layers import Atlas, Cell, full, short
from results.atlas.states import STATES

NAMES = 16  # columns that names have at least
GAP = 1  # columns between two runners


@dataclass(frozen=True)
class Map:
    """The map of a survey; `states` are those of its cells."""

    atlas: Atlas
    states: Mapping[Cell, str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        runners, each = self.atlas.runners, len(self.atlas.ways) + GAP
        longest = max(map(len, self.atlas.primitives), default=0) + 1
        room = max((options.max_width - min(longest, NAMES)) // each, 1)
        for start in range(0, len(runners), room):
            some = runners[start : start + room]
            left = max(options.max_width - each * len(some), min(longest, NAMES))
            over = max(len(who) + GAP - each * (place + 1) for place, who in enumerate(some))
            yield from self.lines(some, max(min(longest, left), over))
            yield Text()

    def lines(self, runners: Sequence[str], left: int) -> Iterator[Text]:
        yield from header(runners, [short(way) for way in self.atlas.ways], left)
        for chapter, primitives in self.atlas.chapters.items():
            yield Text(chapter, "bold")
            for name in primitives:
                if len(name) >= left:
                    yield Text(name)
                line = Text(name.ljust(left) if len(name) < left else " " * left)
                for runner in runners:
                    line.append_text(self.block(name, runner)).append(" " * GAP)
                line.rstrip()
                yield line

    def block(self, primitive: str, runner: str) -> Text:
        """One symbol a way; nothing where a way was not asked for."""
        block = Text()
        for way in self.atlas.ways:
            name = self.states.get((primitive, runner, way))
            block.append(*((STATES[name].symbol, STATES[name].style) if name else (" ",)))
        return block


def header(runners: Sequence[str], ways: Sequence[str], left: int) -> Iterator[Text]:
    """Name every runner over the end of its block, each on a line of its own with a stroke from
    there down; under them the ways, read downwards."""
    each = len(ways) + GAP
    ends = [left + each * (place + 1) - GAP for place in range(len(runners))]
    for place in reversed(range(len(runners))):
        line = runners[place].rjust(ends[place])
        for before, end in zip(ends[place:], ends[place + 1 :], strict=False):
            line += "|".rjust(end - before)
        yield Text(line, "bold")
    for letter in range(3):
        letters = "".join(way[letter : letter + 1] or " " for way in ways)
        yield Text(" " * left + (" " * GAP).join([letters] * len(runners)), "dim")


def legend(atlas: Atlas, states: Mapping[Cell, str]) -> list[RenderableType]:
    """Say what the symbols mean that the map has, and the letters over it."""
    found = set(states.values())
    lines: list[RenderableType] = [
        Text.assemble((f" {state.symbol} ", state.style), f"{state.name}: {state.meaning}")
        for state in STATES.values()
        if state.name in found
    ]
    ways = [way for way in atlas.ways if short(way) != full(way)]
    letters = ", ".join(f"{short(way)} {full(way)}" for way in ways)
    return [*lines, Padding(Text(letters, "dim"), (0, 0, 0, 3))] if letters else lines
