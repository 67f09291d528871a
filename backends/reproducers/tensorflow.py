"""TensorFlow: tapes and forward accumulators, nested as in `backends.tensorflow_ways`.

One convention: what is differentiated within another derivative is an alias (`tf.identity`), as in
the adapter, so that inner modes don't watch what outer ones do.
"""

import re

from backends.reproducers.portable import own_words
from harness.atlas.reproducer import free
from harness.atlas.scripts import tupled
from harness.atlas.ways import REVERSE_THRICE, is_scalar, like_arguments

ARRAY = "tf.constant({{}}, tf.{})"
CALLED = {
    "eager": "{}",
    "function": "tf.function({}, autograph=False)",
    "xla": "tf.function({}, autograph=False, jit_compile=True)",
    "expert": "tf.function({}, autograph=False, jit_compile=True)",
}
ALONE = {"gradient": ("reverse",), "vjp": ("reverse",), "jvp": ("forward",)}
FOUND = ("value", "slope", "curvature")
BUNDLED = 2
ACCUMULATOR = "tf.autodiff.ForwardAccumulator"
ZERO = 'unconnected_gradients="zero"'
PULLED = [
    "def pull(f, *xs):",
    "    with tf.GradientTape() as tape:",
    "        tape.watch(xs)",
    "        y = f(*xs)",
    '    return tape.gradient(y, xs, unconnected_gradients="zero")',
    "def along(f, vs):",
    "    return lambda *x: sum("
    "tf.reduce_sum(g * v) for g, v in zip(pull(f, *map(tf.identity, x)), vs))",
]
SPARSE = re.compile("gather|embedding")  # what leaves tf.IndexedSlices for a gradient


def written(asked):
    kind, _, number = asked.device.partition(":")
    card = int(number or 0)
    cards = f'tf.config.list_physical_devices("GPU")[{card}:{card + 1}]' if kind != "cpu" else "[]"
    sections = [
        ["import tensorflow as tf", f'tf.config.set_visible_devices({cards}, "GPU")'],
        asked.function(own_calls(asked.call)),
        PULLED if asked.way.composition == REVERSE_THRICE else (),
        [f"def {asked.way.operator}({', '.join(asked.arrays)}):", *body(asked)],
        asked.assignments(ARRAY.format(asked.dtype), ARRAY.format("int64")),
    ]
    called = CALLED[asked.variant].format(asked.way.operator)
    return sections, f"{called}({', '.join(asked.arrays)})"


def own_calls(call):
    """tf.Tensor has no `.T` but where the adapter gave it one."""
    return re.sub(r"\b(\w+)\.T\b", r"tf.transpose(\1)", own_words("tensorflow", call))


def body(asked):
    """Nest the modes of a composition, the outermost first, and return a tuple."""
    if asked.way.operator == "value":
        return [f"    return (f({', '.join(asked.names)}),)"]
    xs, vs = together(asked, 0), "vs" if bundled(asked) else tupled(asked.vs)
    if asked.way.composition == REVERSE_THRICE:
        x = f"*{xs}" if bundled(asked) else ", ".join(asked.wrt)
        lines = [f"phi = lambda {x}: {applied(asked, 0)}"]
        answer = dense(asked, f"pull(along(along(phi, {vs}), {vs}), {x})")
    else:
        modes = ALONE.get(asked.way.operator) or tuple(asked.way.composition.split("-over-"))
        lines, answer = nested(asked, modes, vs, 0)
    if bundled(asked):
        both = [("xs", asked.wrt), *([("vs", asked.vs)] if asked.vs[0] in asked.arrays else [])]
        names = ", ".join(name for name, _ in both)
        lines = [f"{names} = {', '.join(tupled(several) for _, several in both)}", *lines]
    answer = answer if like_arguments(asked.way) else f"({answer},)"
    return [f"    {line}" for line in [*lines, f"return {answer}"]]


def nested(asked, modes, vs, depth):
    """The lines of the modes from this depth on, and the expression of what they give."""
    if depth == len(modes):
        return [], applied(asked, depth - 1)
    left = len(modes) - depth
    xs, y = together(asked, depth), free(FOUND[left - 1], asked.operands)
    mode = f"{modes[depth]}{depth + 1}" if len(modes) > 1 else modes[depth]
    lines, inner = nested(asked, modes, vs, depth + 1)
    lines = [*lines, f"{y} = {inner}"]
    if left > 1:
        lines = [alias(asked, depth), *lines]
    if modes[depth] == "forward":
        opening = f"with {ACCUMULATOR}({xs}, {vs}) as {mode}:"
        found = f"{mode}.jvp({y}, {ZERO})"
        found = dense(asked, found) if "reverse" in modes[depth:] else found
    else:
        opening = f"with tf.GradientTape() as {mode}:"
        lines = [f"{mode}.watch({xs})", *lines]
        found = dense(asked, f"{mode}.gradient({y}, {xs}, {seed(asked, modes, vs, depth)}{ZERO})")
    return [opening, *(f"    {line}" for line in lines)], found


def bundled(asked):
    """Whether the differentiated arguments go by one name, which keeps lines short."""
    return len(asked.wrt) > BUNDLED and asked.wrt == asked.names[: len(asked.wrt)]


def together(asked, depth):
    """The tuple of the differentiated arguments at a depth."""
    return f"xs{'_' * depth}" if bundled(asked) else tupled(aliased(asked.wrt, depth))


def alias(asked, depth):
    """Make the arguments of the next depth."""
    if bundled(asked):
        return f"{together(asked, depth + 1)} = tuple(map(tf.identity, {together(asked, depth)}))"
    xs, names = aliased(asked.wrt, depth), ", ".join(aliased(asked.wrt, depth + 1))
    return f"{names} = " + (
        f"tf.identity({xs[0]})" if len(xs) == 1 else f"map(tf.identity, {tupled(xs)})"
    )


def aliased(names, depth):
    """What the differentiated arguments are called at a depth."""
    return [f"{name}{'_' * depth}" for name in names]


def applied(asked, depth):
    """The function of a depth's arguments, or its sum with the cotangent."""
    if bundled(asked):
        rest = [f"{name}={name}" for name in asked.names if name not in asked.wrt]
        value = f"f({', '.join([f'*{together(asked, depth)}', *rest])})"
    else:
        called = dict(zip(asked.wrt, aliased(asked.wrt, depth), strict=True))
        value = f"f({', '.join(called.get(name, name) for name in asked.names)})"
    return f"tf.reduce_sum({value} * {asked.w})" if is_scalar(asked.way) else value


def dense(asked, gradients):
    """Make tensors of what may be tf.IndexedSlices."""
    if not SPARSE.search(asked.call):
        return gradients
    return f"[tf.convert_to_tensor(g) for g in {gradients}]"


def seed(asked, modes, vs, depth):
    """What a tape pulls back, where that is not one."""
    if asked.way.operator == "vjp":
        return f"{asked.w}, "
    vectors = asked.way.operator == "hvp" and modes == ("reverse", "reverse") and depth == 0
    return f"{vs}, " if vectors else ""
