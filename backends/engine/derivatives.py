"""What is made of the transformations: `linearize`, `jacobian`, `hvp` and `hessian`.

The one convention: a function is run once and its tape is kept; that is swept forwards for every
basis tangent, or backwards for every basis cotangent. Blocks have the axes of the output first,
then those of the input: Y + X. For trees they are a tree of the output's structure whose leaves are
trees of the input's.
"""

import math

import numpy as np

from backends.engine import trees
from backends.engine.boundary import converted, finished, matching, one_like
from backends.engine.core import broadcast_to
from backends.engine.functions.manipulation import reshape, stack
from backends.engine.tracer import dtype_of, shape_of
from backends.engine.transforms import jvp, taped, value_and_gradient, vjp

MODES = ("forward", "reverse")
COMPOSITIONS = tuple(f"{outer}-over-{inner}" for outer in MODES for inner in MODES)


def linearize(f, *xs):
    """Return f(*xs) and its derivative there, a linear function of one tangent per x.

    Runs f once, on a tape that the derivative sweeps forwards, so that calling it again and again
    is cheap. Shapes, trees and what is raised are those of `jvp`.
    """
    trace, arguments, y, notes = taped(f, xs, "linearize")
    outputs, notes = _leaves_and_notes(y, notes)
    lines = _live(trace.tape, notes)

    def push(*vs):
        if len(vs) != len(arguments):
            raise ValueError(
                f"this derivative needs one tangent per argument; got {len(vs)} for "
                f"{len(arguments)}"
            )
        tangents = {}
        for x, v in zip(arguments, vs, strict=True):
            given = trees.matched(v, x, "the tangent", "its argument")
            for leaf, t in zip(trees.leaves(x), given, strict=True):
                tangents[leaf.note] = matching(t, leaf.value, "the tangent", "its argument")
        _sweep(lines, tangents)
        return trees.rebuild(y, map(finished, map(tangents.get, notes), outputs))

    return y, push


def jacobian(f, mode="reverse"):
    """Make the function that returns all derivatives of f, a function of one array or tree.

    Of f from shape X to shape Y it is an array of shape Y + X, of the output's dtype in forward
    mode and of the input's in reverse. Choose "forward" where the input has fewer elements than the
    output. Raises ValueError for another mode, TypeError where an input is not floating-point.
    """
    if mode not in MODES:
        raise ValueError(f"there is no mode {mode!r}; choose one of {', '.join(MODES)}")
    of_f = _by_columns if mode == "forward" else _by_rows
    return lambda x: of_f(f, x, "jacobian")


def hvp(f, composition="forward-over-reverse"):
    """Make the function (x, v) -> H v, where H is the Hessian of the scalar function f at x.

    v and H v have the structure and shapes of x. The last word of a composition is the mode of the
    first derivative, the first that of the second; forward-over-forward alone costs one pass for
    every element of x. Raises ValueError for another composition and where f's output has axes.
    """
    outer, inner = _modes(composition)
    return lambda x, v: _product(f, x, outer, inner, "hvp")(v)


def hessian(f, composition="forward-over-reverse"):
    """Make the function that returns all second derivatives of the scalar function f.

    At x of shape X it is an array of shape X + X; of a tree, a tree of trees. Compositions and what
    is raised are those of `hvp`.
    """
    outer, inner = _modes(composition)

    def hessian_of_f(x):
        product, found = _product(f, x, outer, inner, "hessian"), trees.leaves(x)
        rows = [[trees.leaves(product(v)) for v in _directions(x, i)] for i in range(len(found))]
        return _of_rows(x, x, rows, found, found)

    return hessian_of_f


def _product(f, x, outer, inner, asked):
    """Prepare v -> H v at x, running f but once where the inner mode doesn't depend on v."""
    if inner == "forward":
        derivatives = _by_columns if outer == "forward" else _by_rows

        def product(v):
            found = trees.leaves(derivatives(lambda x: _along(f, x, v, asked), x, asked))
            like = zip(found, trees.leaves(x), strict=True)
            return trees.rebuild(x, [converted(c, dtype_of(leaf)) for c, leaf in like])

        return product

    def gradient(x):
        return value_and_gradient(f, 0, (x,), asked)[1]

    if outer == "forward":
        return linearize(gradient, x)[1]
    _, pullback = vjp(gradient, x)
    return lambda v: pullback(v)[0]


def _along(f, x, v, asked):
    y, t = jvp(f, (x,), (v,))
    one_like(y, asked)
    return t


def _by_columns(f, x, asked):
    """The Jacobian by one sweep forwards for every element of x."""
    trace, (argument,), y, notes = taped(f, (x,), asked)
    outputs, notes = _leaves_and_notes(y, notes)
    lines = _live(trace.tape, notes)
    inputs = trees.leaves(argument)
    columns = [[_column(lines, x.note, e, notes, outputs) for e in _basis(x.value)] for x in inputs]
    return _tree_of_blocks(
        y,
        argument,
        lambda i, j: _joined([c[i] for c in columns[j]], outputs[i], inputs[j].value, axis=-1),
    )


def _by_rows(f, x, asked):
    """The Jacobian by one sweep backwards for every element of f(x)."""
    trace, (argument,), y, notes = taped(f, (x,), asked)
    outputs, notes = _leaves_and_notes(y, notes)
    inputs = trees.leaves(argument)
    rows = [
        [_row(trace, note, e, inputs) for e in _basis(out)]
        for note, out in zip(notes, outputs, strict=True)
    ]
    return _of_rows(y, argument, rows, outputs, [x.value for x in inputs])


def _of_rows(y, argument, rows, outputs, inputs):
    """The tree of blocks; rows[i] has for every element of output i one list like the inputs."""
    return _tree_of_blocks(
        y,
        argument,
        lambda i, j: _joined([r[j] for r in rows[i]], outputs[i], inputs[j], axis=0),
    )


def _column(lines, note, e, notes, outputs):
    tangents = _sweep(lines, {note: e})
    return [finished(tangents.get(n), out) for n, out in zip(notes, outputs, strict=True)]


def _row(trace, note, e, inputs):
    cotangents = {} if note is None else trace.pull({note: e})
    return [finished(cotangents.get(x.note), x.value) for x in inputs]


def _tree_of_blocks(y, argument, block):
    """Put block(i, j) where leaf i of the output meets leaf j of the input."""
    m, n = len(trees.leaves(y)), len(trees.leaves(argument))
    return trees.rebuild(
        y, [trees.rebuild(argument, [block(i, j) for j in range(n)]) for i in range(m)]
    )


def _joined(parts, out, x, *, axis):
    """Stack rows or columns and give the block its shape, Y + X."""
    shape = (*shape_of(out), *shape_of(x))
    if not parts:
        return np.zeros(shape, dtype_of(x))
    if len(parts) == 1:
        return parts[0] if shape_of(parts[0]) == shape else reshape(parts[0], shape)
    return reshape(stack(parts, axis=axis), shape)


def _basis(x):
    """The arrays like x that are 1 in one element, in their order."""
    shape, dtype = shape_of(x), dtype_of(x)
    for i in range(math.prod(shape)):
        e = np.zeros(math.prod(shape), dtype)
        e[i] = 1
        yield e.reshape(shape)


def _directions(x, i):
    """The trees like x that are 1 in one element of leaf i, and zeros elsewhere."""
    found = trees.leaves(x)
    zeros = [np.zeros(shape_of(leaf), dtype_of(leaf)) for leaf in found]
    for e in _basis(found[i]):
        yield trees.rebuild(x, [*zeros[:i], e, *zeros[i + 1 :]])


def _leaves_and_notes(y, notes):
    """What `unwrap` returned, as two lists."""
    return trees.leaves(y), notes if type(notes) is list else [notes]


def _live(tape, notes):
    """The lines of a tape that any of these notes depends on."""
    wanted = set(notes)
    lines = []
    for line in reversed(tape):
        _, note, parents, *_ = line
        if note in wanted:
            wanted.update(parent for _, parent in parents)
            lines.append(line)
    return lines[::-1]


def _sweep(lines, tangents):
    """Turn {note: tangent} of leaves into that of all that depends on them: forward mode."""
    for primitive, note, parents, output, inputs, metadata in lines:
        given = None
        for position, parent in parents:
            t = tangents.get(parent)
            if t is not None:
                given = given or [None] * len(inputs)
                given[position] = t
        if given is not None:
            t = primitive.push(given, output, inputs, metadata)
            if t is not None:
                whole = shape_of(t) == shape_of(output)
                tangents[note] = t if whole else broadcast_to(t, shape=shape_of(output))
    return tangents


def _modes(composition):
    """The outer and the inner mode of a composition's name."""
    if composition not in COMPOSITIONS:
        known = ", ".join(COMPOSITIONS)
        raise ValueError(f"there is no composition {composition!r}; choose one of {known}")
    outer, _, inner = composition.split("-")
    return outer, inner
