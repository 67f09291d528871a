"""The text of scripts: numbers as literals, lines that fit, sections within a number of lines.

One convention: everything here is text in, text out; nothing is executed.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

WIDTH = 100
MOST_LINES = 30
WHOLE = 1e6  # size below which a whole number is written without a point
OPENING, CLOSING, QUOTES = "([{", ")]}", "'\""


def literal(numbers: Any) -> str:
    """Write nested sequences of numbers as a nested list, or one number; whole ones without a
    point."""
    if isinstance(numbers, tuple | list):
        return f"[{', '.join(literal(one) for one in numbers)}]"
    if isinstance(numbers, float) and not math.isfinite(numbers):
        return f'float("{numbers}")'
    negative_zero = numbers == 0 and math.copysign(1, numbers) < 0
    whole = abs(numbers) < WHOLE and numbers == int(numbers) and not negative_zero
    return repr(int(numbers) if whole else numbers)


def tupled(names: Sequence[str]) -> str:
    """Write a tuple of what is named."""
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def comment(text: str) -> list[str]:
    """Write a sentence as lines of comment."""
    lines = textwrap.wrap(
        " ".join(text.split()), WIDTH - 2, break_long_words=True, break_on_hyphens=False
    )
    return [f"# {line}" for line in lines]


def fitted(line: str) -> list[str]:
    """Break a line of code at spaces within brackets, so that every part fits."""
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    lines, filled = [], ""
    for part in parts(line):
        if filled and len(filled) + len(part.rstrip()) > WIDTH:
            lines.append(filled.rstrip())
            filled, part = indent, part.lstrip()
        filled += part
    return [*lines, filled]


def parts(line: str) -> list[str]:
    """Cut a line where it may be broken: behind spaces within brackets that are in no string."""
    quote, depth, found = "", 0, [""]
    for character in line:
        found[-1] += character
        if quote or character in QUOTES:
            quote = "" if character == quote else quote or character
        depth += 0 if quote else (character in OPENING) - (character in CLOSING)
        if character == " " and depth > 0 and not quote:
            found.append("")
    return found


def joined(sections: Sequence[Sequence[str]]) -> str:
    """Put sections together, with an empty line between two as long as there is room."""
    whole = [[part for line in section for part in fitted(line)] for section in sections if section]
    room = MOST_LINES - sum(map(len, whole))
    lines = whole[0]
    for number, section in enumerate(whole[1:]):
        lines = [*lines, *([""] if number < room else []), *section]
    return "\n".join(lines) + "\n"
