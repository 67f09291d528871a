"""The straight-line function of a recording, as Python source.

The one convention: `x0` is an argument's array, `v0` a line's, `c0` a constant, `b0` a buffer kept
from call to call. Where arguments, or what a guard reads, are not as they were recorded, the
function hands its arguments to `otherwise`.
"""

import numpy as np

from backends.engine.replaying import storage
from backends.engine.replaying.blocking import Blocks, blocked
from backends.engine.replaying.names import Names
from backends.engine.replaying.nodes import Constant, Guard, Input, Line
from backends.engine.replaying.placing import destinations
from backends.engine.replaying.recorder import leaves
from backends.engine.replaying.statements import Memory, statements
from backends.engine.replaying.writing import literal


def live_steps(recording, results):
    """The steps that a result or a guard needs."""
    needed, kept = set(results), []
    for step in reversed(recording.steps):
        if isinstance(step, Guard):
            needed.add(step.node)
        elif step in needed:
            needed.update(step.operands)
        else:
            continue
        kept.append(step)
    return kept[::-1]


def write(recording):
    """Return the source, what it finds by name, and the layouts of the buffers it keeps."""
    names = Names()
    results = leaves(recording.results)
    live = live_steps(recording, results)
    steps = blocked(live, set(results))
    destined = destinations(live, set(results))
    slots = storage.plan(steps, results, destined)
    kept = [slot for slot in dict.fromkeys(slots.values()) if not slot.fresh]
    parameters, unpacking = arguments(recording.arguments, names)
    given = f"otherwise({', '.join([*parameters, '*more'])})"
    body = ["if more: return otherwise", *unpacking]
    body += layout_check(recording, depends_on_strides(steps, slots), names)
    buffers = {slot: names.new("b") for slot in kept}
    body += taking(list(buffers.values()))
    memory = Memory(slots=slots, buffers=buffers, destined=destined)
    body += statements(steps, results, memory, names)
    if buffers:
        body.append(f"kept.append(({', '.join(buffers.values())},))")
    body.append(f"return {tree_text(recording.results, names)}")
    signature = ", ".join([*(f"{name}=ABSENT" for name in parameters), "*more"])
    header = [*constants(names), f"def replayed({signature}):"]
    source = "\n".join([*header, *(f"    {line}" for line in body)]) + "\n"
    source = source.replace("return otherwise\n", f"return {given}\n")
    return source, names.bound, [slot.lines[0].layout for slot in kept]


def arguments(trees, names):
    """The parameters' names, and the statements that take nested ones apart."""
    parameters, statements = [], []
    for tree in trees:
        parameters.append(taken_apart(tree, names, statements))
    return parameters, statements


def taken_apart(tree, names, statements):
    if isinstance(tree, Input):
        return names.give(tree, "x")
    name = names.new("a")
    if isinstance(tree, Constant):
        kind = names.bind(type(tree.value).__name__, type(tree.value))
        same = f"type({name}) is {kind} and {name} == {literal(tree.value, names)}"
        statements.append(f"if not ({same}): return otherwise")
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


def layout_check(recording, with_strides, names):
    """One condition over all arrays, those that share an attribute in one chain."""
    inputs = [leaf for leaf in leaves(recording.arguments) if isinstance(leaf, Input)]
    asked = [("type({})", " is ", kind_text), ("{}.shape", " == ", shape_text)]
    asked += [("{}.dtype", " is ", dtype_text)]
    if with_strides:
        asked.append(("{}.strides", " == ", lambda layout, names: str(layout.strides)))
    conditions = []
    for attribute, equals, text in asked:
        groups = {}
        for node in inputs:
            groups.setdefault(text(node.layout, names), []).append(names.of[node])
        conditions += [
            equals.join([*(attribute.format(x) for x in group), value])
            for value, group in groups.items()
        ]
    return [f"if not ({' and '.join(conditions)}): return otherwise"] if inputs else []


def depends_on_strides(steps, slots):
    """Whether the last bits depend on how the inputs lie in memory.

    They do where memory is reused, which NumPy would lay out by the strides of the operands, and a
    reduction adds in the order of memory; and where products were chosen by it.
    """
    lines = [s for s in steps if isinstance(s, Line)]
    axes = [len(line.layout.shape) for line in lines]
    axes += [len(s.shape) for s in steps if isinstance(s, Blocks)]
    reused = len(lines) < len(steps) or any(storage.into(line, slots) for line in slots)
    return any(map(is_dot, lines)) or (reused and max(axes, default=0) > 1)


def is_dot(step):
    return isinstance(step, Line) and step.primitive.function is np.dot


def kind_text(layout, names):
    if layout.scalar:
        return names.bind(f"{layout.dtype.name}_scalar", layout.dtype.type)
    return names.bind("ndarray", np.ndarray)


def shape_text(layout, names):
    return str(layout.shape)


def dtype_text(layout, names):
    return names.bind(layout.dtype.name, layout.dtype)


def taking(buffers):
    """Take the buffers that are kept; another thread may have them, so new ones are made."""
    if not buffers:
        return []
    return [
        "try:",
        f"    {', '.join(buffers)}, = kept.pop()",
        "except IndexError:",
        f"    {', '.join(buffers)}, = new_buffers()",
    ]


def tree_text(tree, names):
    if isinstance(tree, dict):
        inside = (f"{literal(k, names)}: {tree_text(v, names)}" for k, v in tree.items())
        return f"{{{', '.join(inside)}}}"
    if isinstance(tree, (tuple, list)):
        inside = ", ".join(tree_text(branch, names) for branch in tree)
        if isinstance(tree, list):
            return f"[{inside}]"
        return f"({inside},)" if len(tree) == 1 else f"({inside})"
    return names.text(tree)


def constants(names):
    """Comments that say what the named constants are."""
    for name, thing in names.bound.items():
        if isinstance(thing, np.ndarray):
            value = repr(thing.item()) if thing.size == 1 else f"{thing.dtype} {thing.shape}"
            yield f"# {name}: {value}"
