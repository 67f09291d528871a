"""Which line may write into memory that is there already.

The one convention: memory is handed from a value that no later step looks at, nor any view of it,
to the next of the same layout. Where it is large and no result ends up in it, it is kept from call
to call, else made anew: for small arrays NumPy has a cache of its own that is as quick.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from backends.engine.replaying.blocking import Blocks, is_contiguous, nodes_of
from backends.engine.replaying.nodes import Line
from backends.engine.replaying.recorder import owner_of

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
    slots, free = {}, []
    for number, step in enumerate(steps):
        dying = {o for o in used(step) if last_use.get(o) == number and o in slots}
        for line in step.kept if isinstance(step, Blocks) else (step,):
            if has_memory(line) and line not in destined:
                over = None if isinstance(step, Blocks) else taken_over(line, dying, slots)
                slots[line] = over or found(line, free)
                slots[line].lines.append(line)
        free += [slots[o] for o in dying if slots[o].lines[-1] is o]
    for node in results:
        if owner_of(node) in slots:
            slots[owner_of(node)].fresh = True
    return slots


def has_memory(step):
    """Whether a line makes an array; of a single element it is left to NumPy, which takes three
    times as long to find out that writing it over itself is safe.
    """
    return isinstance(step, Line) and step.base is None and math.prod(step.layout.shape) != 1


def used(step):
    """The owners of the memory that a step looks at."""
    return {owner_of(node) for node in nodes_of(step)}


def last_uses(steps):
    return {owner: number for number, step in enumerate(steps) for owner in used(step)}


def taken_over(step, dying, slots):
    """The slot of an operand that the line may overwrite, element by element, as it reads it."""
    if not is_elementwise(step):
        return None
    for o in step.operands:
        views = [other for other in step.operands if other is not o and owner_of(other) is o]
        if o in dying and is_alike(o.layout, step.layout) and not views:
            return slots[o]
    return None


def found(step, free):
    """A slot that is free, else a new one."""
    if not writes_out(step) or not is_contiguous(step.layout):
        return Slot(fresh=True)
    for slot in free:
        if is_alike(slot.lines[-1].layout, step.layout):
            free.remove(slot)
            return slot
    return Slot(fresh=step.layout.nbytes < LARGE)


def is_elementwise(line):
    function = line.primitive.function
    return isinstance(function, np.ufunc) and function.signature is None


def writes_out(line):
    function = line.primitive.function
    return isinstance(function, np.ufunc) or function is np.dot


def is_alike(a, b):
    return (a.shape, a.dtype, a.strides) == (b.shape, b.dtype, b.strides)


def into(line, slots):
    """Whether the line is given memory to write into."""
    return line in slots and not (slots[line].fresh and slots[line].lines[0] is line)


def releases(steps, slots, results):
    """Map a step's number to the lines whose memory no step needs after it."""
    owners = {owner_of(node) for node in results}
    gone = {}
    for owner, number in last_uses(steps).items():
        slot = slots.get(owner)
        large = slot and slot.fresh and owner.layout.nbytes >= LARGE
        if large and slot.lines[-1] is owner and owner not in owners:
            views = [s for s in steps if isinstance(s, Line) and s.base is owner]
            gone.setdefault(number, []).extend([*slot.lines, *views])
    return gone
