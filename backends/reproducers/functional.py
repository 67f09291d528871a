"""Ways to differentiate by `grad`, `vjp` and `jvp` that nest in every order, in torch.func and JAX.

One convention: a way is the lines of a function of all inputs, which returns a tuple; what is not
differentiated is what the functions within it close over, as in the adapters.
"""

from harness.atlas.reproducer import free
from harness.atlas.scripts import tupled
from harness.atlas.ways import FORWARD_THRICE, is_scalar


def operator(asked, module, total):
    """Write the operator by the transformations of `module`, and `total`, its function that sums
    all numbers of an array."""
    x, v = ", ".join(asked.wrt), tupled(asked.vs)
    words = {
        **{name: free(name, asked.operands) for name in ("phi", "slope", "curvature", "inner")},
        "f": "f" if asked.wrt == asked.names else free("g", asked.operands),
        "x": x,
        "xs": tupled(asked.wrt),
        "v": v,
        "w": asked.w,
        "all": ", ".join(asked.names),
        "every": tupled([str(i) for i in range(len(asked.wrt))]),
        "m": module,
        "total": total,
    }
    lines = [f"def {asked.way.operator}({', '.join(asked.arrays)}):"]
    if is_scalar(asked.way):
        called = f"f({', '.join(asked.names)})"
        lines.append(f"    {words['phi']} = lambda {x}: {total}({called} * {asked.w})")
    elif asked.way.operator != "value" and asked.wrt != asked.names:
        lines.append(f"    {words['f']} = lambda {x}: f({', '.join(asked.names)})")
    return [*lines, *(f"    {line.format(**words)}" for line in WAYS[asked.way[:2]])]


WAYS = {
    ("value", None): ["return (f({all}),)"],
    ("gradient", None): ["return {m}.grad({phi}, {every})({x})"],
    ("vjp", None): ["return {m}.vjp({f}, {x})[1]({w})"],
    ("jvp", None): ["return ({m}.jvp({f}, {xs}, {v})[1],)"],
    ("hvp", "forward-over-reverse"): ["return {m}.jvp({m}.grad({phi}, {every}), {xs}, {v})[1]"],
    ("hvp", "reverse-over-reverse"): ["return {m}.vjp({m}.grad({phi}, {every}), {x})[1]({v})"],
    ("hvp", "reverse-over-forward"): [
        "{slope} = lambda {x}: {m}.jvp({phi}, {xs}, {v})[1]",
        "return {m}.grad({slope}, {every})({x})",
    ],
    ("second", "forward-over-forward"): [
        "{slope} = lambda {x}: {m}.jvp({f}, {xs}, {v})[1]",
        "return ({m}.jvp({slope}, {xs}, {v})[1],)",
    ],
    ("third", FORWARD_THRICE): [
        "{slope} = lambda {x}: {m}.jvp({f}, {xs}, {v})[1]",
        "{curvature} = lambda {x}: {m}.jvp({slope}, {xs}, {v})[1]",
        "return ({m}.jvp({curvature}, {xs}, {v})[1],)",
    ],
    ("third", "reverse-over-reverse-over-reverse"): [
        "{inner} = lambda gradients: sum({total}(g * v) for g, v in zip(gradients, {v}))",
        "{slope} = lambda {x}: {inner}({m}.grad({phi}, {every})({x}))",
        "{curvature} = lambda {x}: {inner}({m}.grad({slope}, {every})({x}))",
        "return {m}.grad({curvature}, {every})({x})",
    ],
}
