"""What a replay checks of its arguments: that they are of the kind that was recorded.

The one convention: trees are taken apart first, then one condition compares all arrays. Strides
take 50 ns an array, and are compared only where the last bits depend on them.
"""

import numpy as np

from backends.engine.replaying.nodes import Constant, Guard, Input, Line, is_single
from backends.engine.replaying.writing import differs, literal
from backends.engine.trees import leaves


def unpacked(trees, names):
    """The parameters' names, and the statements that take nested ones apart."""
    parameters, statements = [], []
    for tree in trees:
        parameters.append(taken_apart(tree, names, statements))
    return parameters, statements


def taken_apart(tree, names, statements):
    if isinstance(tree, Input):
        return names.give(tree, "x")
    name = names.new("a")
    if tree is None:
        statements.append(f"if {name} is not None: return otherwise")
        return name
    if isinstance(tree, Constant):
        kind = names.bind(type(tree.value).__name__, type(tree.value))
        other = differs(name, tree.value, names)
        statements.append(f"if type({name}) is not {kind} or {other}: return otherwise")
        return name
    kind = names.bind(type(tree).__name__, type(tree))
    if isinstance(tree, dict):
        keys = ", ".join(literal(key, names) for key in tree)
        statements.append(
            f"if type({name}) is not {kind} or [*{name}] != [{keys}]: return otherwise"
        )
    else:
        statements.append(
            f"if type({name}) is not {kind} or len({name}) != {len(tree)}: return otherwise"
        )
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, branch in pairs:
        place = len(statements)
        part = taken_apart(branch, names, statements)
        statements.insert(place, f"{part} = {name}[{literal(key, names)}]")
    return name


def layout_check(recording, live, names):
    """One condition over all arrays, those that share an attribute in one chain."""
    inputs = [leaf for leaf in leaves(recording.arguments) if isinstance(leaf, Input)]
    laid = [x for x in inputs if x.layout.shape] if depends_on_strides([*inputs, *live]) else []
    chained = [
        ("type({})", "is", inputs, kind_text),
        ("{}.shape", "==", inputs, shape_text),
        ("{}.dtype", "is", [x for x in inputs if is_single(x.layout.dtype)], dtype_text),
        ("{}.dtype", "==", [x for x in inputs if not is_single(x.layout.dtype)], dtype_text),
        ("{}.strides", "==", laid, strides_text),
    ]
    conditions = []
    for attribute, equals, nodes, text in chained:
        groups = {}
        for node in nodes:
            groups.setdefault(text(node.layout, names), []).append(names.of[node])
        conditions += [
            f" {equals} ".join([*(attribute.format(x) for x in group), value])
            for value, group in groups.items()
        ]
    return [f"if not ({' and '.join(conditions)}): return otherwise"] if inputs else []


def depends_on_strides(nodes):
    """Whether the last bits depend on how the inputs lie in memory.

    Results of more than one axis are laid out as the operands are, and reductions add in the order
    of memory; memory that is reused, and products, were chosen by it.
    """
    arrays = [node for node in nodes if not isinstance(node, Guard)]
    axes = max((len(node.layout.shape) for node in arrays), default=0)
    return axes > 1 or any(isinstance(x, Line) and x.primitive.function is np.dot for x in arrays)


def kind_text(layout, names):
    if layout.scalar:
        return names.bind(f"{layout.dtype.name}_scalar", layout.dtype.type)
    return names.bind("ndarray", np.ndarray)


def shape_text(layout, names):
    return str(layout.shape)


def dtype_text(layout, names):
    return literal(layout.dtype, names)


def strides_text(layout, names):
    return str(layout.strides)
