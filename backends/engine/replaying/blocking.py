"""Runs of elementwise lines on large arrays, carried out block by block.

The one convention: a block is some rows (the first axis) of every array, small enough that what one
line writes is still in the processor's cache when the next one reads it. Line by line, arrays of
millions travel to memory and back at each. Reductions stay whole, as blocks would be added in
another order.
"""

from dataclasses import dataclass

from backends.engine.replaying.nodes import Guard, Line, is_elementwise

BLOCK = 1 << 17  # bytes: of 16 KB to 256 KB the fastest, where a core has a second cache of 2 MB
WORTH = 8 * BLOCK


@dataclass(frozen=True, kw_only=True, eq=False)
class Blocks:
    """Lines to be carried out together; `kept` are those that are needed afterwards."""

    lines: tuple
    kept: tuple

    @property
    def shape(self):
        return self.lines[0].layout.shape

    @property
    def rows(self):
        """The slices of the first axis, one for each block."""
        row = self.lines[0].layout.nbytes // self.shape[0]
        count = max(1, BLOCK // row)
        return [slice(i, i + count) for i in range(0, self.shape[0], count)]

    @property
    def operands(self):
        """What comes from outside, each once."""
        own = set(self.lines)
        return tuple(dict.fromkeys(o for line in self.lines for o in line.operands if o not in own))


def blocked(steps, needed, results):
    """Gather runs of lines into blocks. What the run doesn't need meanwhile is done before it.

    `needed` is what `users` says of the steps.
    """
    out, run = [], []
    for step in steps:
        if run and isinstance(step, Line) and step.layout.shape == run[0].layout.shape:
            fits = is_blockable(step)
        else:
            fits = not run and is_blockable(step)
        if fits:
            run.append(step)
        elif not set(nodes_of(step)) & set(run):
            out.append(step)
        else:
            out += gathered(run, needed, results)
            run = [step] if is_blockable(step) else []
            out += [] if run else [step]
    return out + gathered(run, needed, results)


def gathered(run, needed, results):
    if len(run) < 2:
        return run
    own = set(run)
    kept = tuple(line for line in run if line in results or needed[line] - own)
    return [Blocks(lines=tuple(run), kept=kept)]


def users(steps):
    """Map each node to the steps that need it."""
    found = {}
    for step in steps:
        for node in nodes_of(step):
            found.setdefault(node, set()).add(step)
    return found


def nodes_of(step):
    return (step.node,) if isinstance(step, Guard) else step.operands


def is_blockable(step):
    """Whether a line is elementwise, large, and all of its operands can be cut along its rows."""
    if not isinstance(step, Line) or not is_elementwise(step.primitive):
        return False
    layout = step.layout
    if layout.nbytes < WORTH:
        return False
    return layout.by_rows and layout.nbytes // layout.shape[0] <= BLOCK


def is_cut(node, shape):
    """Whether an operand is cut along the rows, or taken whole as it is broadcast along them."""
    mine = node.layout.shape if node.layout else ()
    return len(mine) == len(shape) and mine[0] == shape[0]
