"""The straight-line function of a recording, as Python source.

The one convention: `x0` is an argument's array, `v0` a line's, `c0` a constant, `b0` a buffer kept
from call to call. Where arguments, or what a guard reads, are not as they were recorded, the
function hands its arguments to `otherwise`.
"""

import numpy as np

from backends.engine.replaying import storage
from backends.engine.replaying.arguments import layout_check, unpacked
from backends.engine.replaying.blocking import blocked, users
from backends.engine.replaying.names import Names
from backends.engine.replaying.nodes import Guard
from backends.engine.replaying.placing import destinations
from backends.engine.replaying.statements import Memory, statements
from backends.engine.replaying.writing import literal
from backends.engine.trees import leaves


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
    needed = users(live)
    steps = blocked(live, needed, set(results))
    destined = destinations(live, needed, set(results))
    slots = storage.plan(steps, results, destined)
    kept = [slot for slot in dict.fromkeys(slots.values()) if not slot.fresh]
    parameters, unpacking = unpacked(recording.arguments, names)
    given = f"otherwise({', '.join([*parameters, '*more'])})"
    body = ["if more: return otherwise", *unpacking]
    body += layout_check(recording, live, names)
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
    if tree is None:
        return "None"
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
