"""The statements of a recording's steps.

The one convention: a step is written where it stands, into the memory that was planned for it.
"""

from dataclasses import dataclass

import numpy as np

from backends.engine.replaying import placing, storage
from backends.engine.replaying.blocking import Blocks, is_cut
from backends.engine.replaying.nodes import Guard
from backends.engine.replaying.writing import differs, expression, literal


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What was planned: slots, the names of kept buffers, and who writes into a sum of parts."""

    slots: dict
    buffers: dict
    destined: dict

    def statements(self, line, names):
        """Statements that are needed before the line can be written; here a sum is begun."""
        if line in self.destined:
            yield from placing.begun(self.destined[line], names)

    def of(self, line, names):
        """The text of the memory that a line is given to write into, or None."""
        if line in self.destined:
            return placing.part_text(self.destined[line], 0, names)
        if not storage.into(line, self.slots):
            return None
        slot = self.slots[line]
        return self.buffers.get(slot) or names.of[slot.lines[0]]


def statements(steps, results, memory, names):
    gone = storage.releases(steps, memory.slots, results)
    wholes = set(memory.destined.values())
    for number, step in enumerate(steps):
        if isinstance(step, Guard):
            yield f"if {guard_text(step, names)}: return otherwise"
        elif isinstance(step, Blocks):
            yield from block_statements(step, memory, names)
        elif step in wholes:
            yield from placing.completed(step, names)
        else:
            yield from memory.statements(step, names)
            operands = [names.text(o) for o in step.operands]
            text = expression(step, operands, names, memory.of(step, names))
            yield f"{names.give(step, 'v')} = {text}"
        if number in gone:
            yield f"del {', '.join(names.of[line] for line in gone[number])}"


def block_statements(blocks, memory, names):
    """Memory for what is kept, and the loop over the blocks."""
    for line in blocks.kept:
        yield from memory.statements(line, names)
        given = memory.of(line, names)
        if given is None:
            empty, dtype = names.bind("empty", np.empty), literal(line.layout.dtype, names)
            given = f"{empty}({line.layout.shape}, {dtype})"
        yield f"{names.give(line, 'v')} = {given}"
    yield f"for rows in {names.fresh('r', blocks.rows)}:"
    parts = {}
    for node in blocks.operands:
        parts[node] = names.text(node)
        if is_cut(node, blocks.shape):
            parts[node] = names.new("w")
            yield f"    {parts[node]} = {names.text(node)}[rows]"
    last = {o: line for line in blocks.lines for o in line.operands}
    for line in blocks.lines:
        operands = [parts[o] for o in line.operands]
        out = overwritten(line, blocks, last, parts)
        if line in blocks.kept:
            out = f"{names.of[line]}[rows]"
        parts[line] = names.new("w")
        yield f"    {parts[line]} = {expression(line, operands, names, out)}"


def overwritten(line, blocks, last, parts):
    """The block of an operand that the line may overwrite, or None."""
    for o in line.operands:
        own = o in blocks.lines and o not in blocks.kept
        if own and last[o] is line and o.layout.dtype == line.layout.dtype:
            return parts[o]
    return None


def guard_text(guard, names):
    """The condition under which the path may be another."""
    name = names.text(guard.node)
    if guard.convert is bool:
        return f"not {name}" if guard.seen else name
    if guard.convert is np.array:
        seen = names.fresh("c", guard.seen)
        return f"not {names.bind('array_equal', np.array_equal)}({name}, {seen})"
    convert = names.bind(guard.convert.__name__, guard.convert)
    return differs(f"{convert}({name})", guard.seen, names)
