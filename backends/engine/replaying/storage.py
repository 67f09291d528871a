"""Which line may write into memory that is there already.

The one convention: memory is handed from a value that no later step looks at, nor any view of it,
to the next of the same layout. Where it is large and no result ends up in it, it is kept from call
to call, else made anew: for small arrays NumPy has a cache of its own that is as quick.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from backends.engine.replaying.blocking import Blocks, nodes_of
from backends.engine.replaying.nodes import Line, is_elementwise, owner_of

LARGE = 1 << 16  # bytes, from where on new memory costs more than what is done with it


@dataclass(kw_only=True, eq=False)
class Slot:
    """One piece of memory, and the lines whose results lie in it, one after another.

    It is `fresh` where the first of these makes it anew at every call.
    """

    lines: list = field(default_factory=list)
    fresh: bool = False


def plan(steps, results, destined):
    """Map each line that has memory of its own to its slot.

    Lines that are `destined` to write into another's memory have none.
    """
    last_use = last_uses(steps)
    for node in results:
        last_use.pop(owner_of(node), None)
    slots, free = {}, {}
    for number, step in enumerate(steps):
        dying = [o for o in used(step) if last_use.get(o) == number and o in slots]
        for line in step.kept if isinstance(step, Blocks) else (step,):
            if has_memory(line) and line not in destined:
                over = None if isinstance(step, Blocks) else taken_over(line, dying, slots)
                slots[line] = over or found(line, free)
                slots[line].lines.append(line)
        for o in dying:
            if slots[o].lines[-1] is o:
                free.setdefault(kind_of(o), []).append(slots[o])
    for node in results:
        if owner_of(node) in slots:
            slots[owner_of(node)].fresh = True
    return slots


def has_memory(step):
    """Whether a line makes an array that is worth a place.

    Of a single element it is left to NumPy, which takes three times as long to find out that
    writing it over itself is safe; without any, what is a view can't be told from what is not.
    """
    return isinstance(step, Line) and step.base is None and math.prod(step.layout.shape) > 1


def used(step):
    """The owners of the memory that a step looks at, each once."""
    return dict.fromkeys(owner_of(node) for node in nodes_of(step))


def last_uses(steps):
    return {owner: number for number, step in enumerate(steps) for owner in used(step)}


def taken_over(step, dying, slots):
    """The slot of an operand that the line may overwrite, element by element, as it reads it."""
    if not is_elementwise(step.primitive):
        return None
    for o in step.operands:
        views = [other for other in step.operands if other is not o and owner_of(other) is o]
        if o in dying and kind_of(o) == kind_of(step) and not views:
            return slots[o]
    return None


def found(step, free):
    """A slot that is free, else a new one."""
    if not writes_out(step) or not step.layout.by_rows:
        return Slot(fresh=True)
    alike = free.get(kind_of(step))
    return alike.pop() if alike else Slot(fresh=step.layout.nbytes < LARGE)


def writes_out(line):
    function = line.primitive.function
    return isinstance(function, np.ufunc) or function is np.dot


def kind_of(line):
    """What lines have in common that may write into the same memory."""
    return line.layout.shape, line.layout.dtype, line.layout.strides


def into(line, slots):
    """Whether the line is given memory to write into."""
    return line in slots and not (slots[line].fresh and slots[line].lines[0] is line)


def releases(steps, slots, results):
    """Map a step's number to the lines whose memory no step needs after it."""
    kept = {owner_of(node) for node in results}
    views, gone = {}, {}
    for step in steps:
        if isinstance(step, Line) and step.base is not None:
            views.setdefault(step.base, []).append(step)
    for owner, number in last_uses(steps).items():
        slot = slots.get(owner)
        large = slot and slot.fresh and owner.layout.nbytes >= LARGE
        if large and slot.lines[-1] is owner and owner not in kept:
            gone.setdefault(number, []).extend([*slot.lines, *views.get(owner, ())])
    return gone
