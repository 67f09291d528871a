"""How a line is written in Python: as NumPy's users write it, where that is also the fastest.

The one convention: a form gets the texts of the operands and the line, and returns an expression;
what it needs from outside it binds through `names`. A primitive without a form is called by name.
"""

import numpy as np

from backends.engine.replaying.nodes import Constant

SIGNS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "negative": "-",
    "square": "*",
}


OUT_BY_NAME = (np.maximum, np.minimum)  # NumPy 2.4 deprecates a third argument by position


def expression(line, operands, names, out):
    """The call of a line; `out` is the name of the array that it writes into, or None."""
    function = line.primitive.function
    floats = line.layout.dtype.kind == "f"  # integers among NumPy's scalars warn of overflow
    if floats and line.name in SIGNS and all(map(is_scalar, line.operands)):
        return scalar_expression(line, names)
    if isinstance(function, np.ufunc):
        name = names.bind(function.__name__, function)
        if out and function in OUT_BY_NAME:
            out = f"out={out}"
        return f"{name}({', '.join([*operands, out] if out else operands)})"
    if function is np.dot:
        return dot(line, operands, names, out)
    if line.name in FORMS:
        return FORMS[line.name](line, operands, names)
    name = names.bind(line.name, function)
    options = [f"{key}={literal(value, names)}" for key, value in line.metadata.items()]
    return f"{name}({', '.join([*operands, *options])})"


def is_scalar(node):
    if isinstance(node, Constant):
        return np.ndim(node.value) == 0
    return node.layout.scalar


def scalar_expression(line, names):
    """Arithmetic of NumPy's scalars, which is its own: 60 ns, where a ufunc takes 400."""
    x, *rest = (names.scalar(o) for o in line.operands)
    sign = SIGNS[line.name]
    if line.name == "square":
        rest = [x]
    return f"{x} {sign} {rest[0]}" if rest else f"{sign}{x}"


def dot(line, operands, names, out=None):
    return f"{operands[0]}.dot({operands[1]}{', ' + out if out else ''})"


def literal(value, names):
    """The text of a piece of metadata."""
    if isinstance(value, slice):
        ends = (value.start, value.stop, value.step)
        return f"slice({', '.join(literal(end, names) for end in ends)})"
    if value is Ellipsis:
        return "..."
    if isinstance(value, tuple):
        inside = ", ".join(literal(part, names) for part in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, np.dtype):
        return names.bind(value.name, value)
    if isinstance(value, (np.integer, np.floating)):
        value = value.item()
    if type(value) in (int, str, bool, type(None)) or (type(value) is float and np.isfinite(value)):
        return repr(value)
    return names.fresh("m", value)


def differs(text, value, names):
    """The condition that an expression, of the same type, gives another constant than this.

    NaN is no other than itself, but 0.0 is than -0.0; so what is not told by == is by its text.
    """
    zero_or_nan = isinstance(value, float) and (not value or value != value)
    if zero_or_nan or isinstance(value, complex):
        return f"repr({text}) != {repr(value)!r}"
    return f"{text} != {literal(value, names)}"


def key_text(key, names):
    """The text of what stands between the brackets of an index."""
    if isinstance(key, slice):
        ends = ["" if end is None else literal(end, names) for end in (key.start, key.stop)]
        return ":".join(ends) + ("" if key.step is None else f":{literal(key.step, names)}")
    if isinstance(key, tuple) and key:
        return ", ".join(key_text(part, names) for part in key) + ("," if len(key) == 1 else "")
    return literal(key, names)


def index(line, operands, names):
    return f"{operands[0]}[{key_text(line.metadata['key'], names)}]"


def reshape(line, operands, names):
    return f"{operands[0]}.reshape({literal(line.layout.shape, names)})"


def permute_dims(line, operands, names):
    axes = line.metadata["axes"]
    if axes == tuple(reversed(range(len(axes)))):
        return f"{operands[0]}.T"
    return f"{operands[0]}.transpose({literal(axes, names)})"


def matrix_transpose(line, operands, names):
    if len(line.layout.shape) == 2:
        return f"{operands[0]}.T"
    return f"{operands[0]}.swapaxes(-1, -2)"


def astype(line, operands, names):
    return f"{operands[0]}.astype({literal(line.layout.dtype, names)})"


def copy(line, operands, names):
    return f"{operands[0]}.copy({'' if line.layout.by_rows else repr('K')})"


def power(line, operands, names):
    return f"({operands[0]}) ** {operands[1]}" if operands[0][0] == "-" else " ** ".join(operands)


ADD = np.add.reduce  # once, as each look-up makes another object, and so another name


def reduction(label, reduce):
    """A ufunc's own reduction; by position (axis, dtype, out, keepdims) it is called faster."""

    def form(line, operands, names):
        name = names.bind(label, reduce)
        axis = literal(line.metadata.get("axis"), names)
        if line.metadata.get("keepdims"):
            return f"{name}({operands[0]}, {axis}, None, None, True)"
        return f"{name}({operands[0]}, {axis})"

    return form


def sum_to(line, operands, names):
    name = names.bind("add_reduce", ADD)
    x, shape = line.operands[0].layout.shape, line.layout.shape
    added = len(x) - len(shape)
    stretched = [i + added for i, n in enumerate(shape) if n == 1 and x[i + added] != 1]
    if not stretched:
        return f"{name}({operands[0]}, {literal(tuple(range(added)), names)})"
    axes = literal((*range(added), *stretched), names)
    whole = f"{name}({operands[0]}, {axes}, None, None, True)"
    return f"{whole}.reshape({literal(shape, names)})" if added else whole


def together(operands):
    """The text of a tuple."""
    return f"({', '.join(operands)}{',' if len(operands) == 1 else ''})"


def concat(line, operands, names):
    axis = literal(line.metadata["axis"], names)
    return f"{names.bind('concatenate', np.concatenate)}({together(operands)}, {axis})"


def stack(line, operands, names):
    axis = line.metadata["axis"]
    if axis == 0:
        return f"{names.bind('array', np.array)}({together(operands)})"
    return f"{names.bind('stack', np.stack)}({together(operands)}, {literal(axis, names)})"


FORMS = {
    "astype": astype,
    "copy": copy,
    "concat": concat,
    "index": index,
    "matrix_transpose": matrix_transpose,
    "max": reduction("maximum_reduce", np.maximum.reduce),
    "min": reduction("minimum_reduce", np.minimum.reduce),
    "permute_dims": permute_dims,
    "power": power,
    "reshape": reshape,
    "stack": stack,
    "sum": reduction("add_reduce", ADD),
    "sum_to": sum_to,
}
