"""Writing the sum of parts that are put into zeros, as derivatives of indexing are.

The one convention: `place(part, ..., keys=...)` is zero but for its parts, which are added where
they overlap. The line that computes the first part writes it where it belongs, if nobody else needs
it, so that neither zeros nor the part are written twice.
"""

import numpy as np

from backends.engine.replaying.nodes import Line, is_elementwise, is_line
from backends.engine.replaying.writing import key_text, literal


def destinations(steps, needed, results):
    """Map lines that write a first part to the line whose part it is.

    `needed` maps each node to the steps that need it.
    """
    found = {}
    for step in steps:
        if is_line(step, "place") and all(map(is_view, step.metadata["keys"])):
            part = step.operands[0]
            alone = step.operands.count(part) == 1 and needed[part] == {step}
            if alone and part not in results and is_written(part, step):
                found[part] = step
    return found


def is_view(key):
    """Whether NumPy indexes memory in place; a bool among the parts of a key makes a copy."""
    return not any(isinstance(part, bool) for part in (key if isinstance(key, tuple) else (key,)))


def is_written(part, whole):
    return (
        isinstance(part, Line)
        and is_elementwise(part.primitive)
        and part.layout.shape
        and part.layout.dtype == whole.layout.dtype
    )


def begun(whole, names):
    """Statements that make the memory of the sum, zero where the first part is not."""
    name, layout = names.give(whole, "v"), whole.layout
    key = whole.metadata["keys"][0]
    shape, dtype = literal(layout.shape, names), literal(layout.dtype, names)
    rows = rows_of(key)
    if rows is None:
        yield f"{name} = {names.bind('zeros', np.zeros)}({shape}, {dtype})"
        return
    yield f"{name} = {names.bind('empty', np.empty)}({shape}, {dtype})"
    start, stop, _ = rows.indices(layout.shape[0])
    if start > 0:
        yield f"{name}[:{start}] = 0.0"
    if stop < layout.shape[0]:
        yield f"{name}[{stop}:] = 0.0"


def rows_of(key):
    """The slice of whole rows that a key takes; None if it takes others."""
    first, rest = (key[0], key[1:]) if isinstance(key, tuple) and key else (key, ())
    if not isinstance(first, slice) or first.step not in (None, 1):
        return None
    return first if all(part in (Ellipsis, slice(None)) for part in rest) else None


def part_text(whole, number, names):
    """The part of the sum's memory that one key takes."""
    return f"{names.of[whole]}[{key_text(whole.metadata['keys'][number], names)}]"


def completed(whole, names):
    """Statements that add the other parts."""
    add = names.bind("add", np.add)
    for number, part in enumerate(whole.operands[1:], start=1):
        if not part.layout.shape:
            yield f"{part_text(whole, number, names)} += {names.text(part)}"
            continue
        memory = names.new("d")
        yield f"{memory} = {part_text(whole, number, names)}"
        yield f"{add}({memory}, {names.text(part)}, {memory})"
