"""TensorFlow: tapes and forward accumulators, nested as in `backends.tensorflow_ways`.

One convention: what is differentiated within another derivative is an alias (`tf.identity`), as in
the adapter, so that inner modes don't watch what outer ones do.
"""

import re

from backends.reproducers.portable import own_words
from harness.atlas.scripts import tupled
from harness.atlas.ways import is_scalar

ARRAY = "tf.constant({{}}, tf.{})"
DECORATORS = {
    "function": "@tf.function(autograph=False)",
    "xla": "@tf.function(autograph=False, jit_compile=True)",
    "expert": "@tf.function(autograph=False, jit_compile=True)",
}
ALONE = {"gradient": ("reverse",), "vjp": ("reverse",), "jvp": ("forward",)}
ORDINALS = ("first", "second", "third")
ZERO = 'unconnected_gradients="zero"'
SPARSE = re.compile("gather|embedding")  # what leaves tf.IndexedSlices for a gradient


def sections(asked):
    kind, _, number = asked.device.partition(":")
    card = int(number or 0)
    cards = f'tf.config.list_physical_devices("GPU")[{card}:{card + 1}]' if kind != "cpu" else "[]"
    decorator = [DECORATORS[asked.variant]] if asked.variant in DECORATORS else []
    return [
        ["import tensorflow as tf", f'tf.config.set_visible_devices({cards}, "GPU")'],
        asked.function(own_calls(asked.call)),
        [*decorator, f"def {asked.way.operator}({', '.join(asked.arrays)}):", *body(asked)],
        [
            *asked.assignments(ARRAY.format(asked.dtype), ARRAY.format("int64")),
            f"outputs = {asked.way.operator}({', '.join(asked.arrays)})",
        ],
    ]


def own_calls(call):
    """tf.Tensor has no `.T` but where the adapter gave it one."""
    return re.sub(r"\b(\w+)\.T\b", r"tf.transpose(\1)", own_words("tensorflow", call))


def body(asked):
    """Nest the modes of a composition, the outermost first."""
    if asked.way.operator == "value":
        return [f"    return (f({', '.join(asked.names)}),)"]
    modes = ALONE.get(asked.way.operator) or tuple(asked.way.composition.split("-over-"))
    lines, result = nested(asked, modes, len(modes))
    single = asked.way.operator in ("jvp", "second") or set(modes) == {"forward"}
    return [f"    {line}" for line in [*lines, f"return {f'({result},)' if single else result}"]]


def nested(asked, modes, order):
    """The lines of the innermost `order` modes, and the expression of their derivative."""
    if not order:
        return [], applied(asked, len(modes))
    depth = len(modes) - order
    xs, who = tupled(aliased(asked.wrt, depth)), ORDINALS[order - 1]
    inner, result = nested(asked, modes, order - 1)
    within = [f"{y_of(order)} = {contracted(asked, modes, order, result)}"]
    if order > 1:
        pairs = zip(aliased(asked.wrt, depth + 1), aliased(asked.wrt, depth), strict=True)
        within = [*(f"{alias} = tf.identity({x})" for alias, x in pairs), *inner, *within]
    if modes[depth] == "forward":
        opening = f"with tf.autodiff.ForwardAccumulator({xs}, {tupled(asked.vs)}) as {who}:"
        found = f"{who}.jvp({y_of(order)}, {ZERO})"
    else:
        opening = f"with tf.GradientTape() as {who}:"
        within = [f"{who}.watch({xs})", *within]
        found = f"{who}.gradient({y_of(order)}, {xs}, {seed(asked, modes, order)}{ZERO})"
        if SPARSE.search(asked.call):
            found = f"[tf.convert_to_tensor(g) for g in {found}]"
    return [opening, *(f"    {line}" for line in within)], found
