"""PyTorch: `torch.autograd.functional` and dual numbers in eager mode, `torch.func` where modes mix
and in the other variants, as in `backends.torch`.

One convention: see the package.
"""

from backends.reproducers import functional
from backends.reproducers.portable import own_words
from harness.atlas.reproducer import free
from harness.atlas.scripts import tupled
from harness.atlas.ways import is_scalar

ARRAY = "torch.tensor({{}}, dtype={}{})"
# Else compiled code reads zeros without memory from address 0 (pytorch issues 190856 and 197067).
ZEROS = (
    "from torch._inductor.decomposition import decompositions  # pytorch issue 190856",
    "decompositions[torch.ops.aten._efficientzerotensor.default] = "
    "(lambda size, dtype=None, device=None, **_: torch.zeros(size, dtype=dtype, device=device))",
)


def written(asked):
    own = EAGER.get(asked.way[:2]) if asked.variant in ("eager", "expert") else None
    body = own(asked) if own else functional.operator(asked, "torch.func", "torch.sum")
    compiled = asked.variant == "compile"
    forward_twice = (asked.way.composition or "").startswith("forward-over-forward")
    device = "" if asked.device == "cpu" else f', device="{asked.device}"'
    real, whole = (ARRAY.format(f"torch.{dtype}", device) for dtype in (asked.dtype, "int64"))
    sections = [
        ["import torch", *(ZEROS if compiled and forward_twice else ())],
        asked.function(own_words("torch", asked.call)),
        body,
        asked.assignments(real, whole),
    ]
    called = "torch.compile({}, fullgraph=True, dynamic=False)" if compiled else "{}"
    return sections, f"{called.format(asked.way.operator)}({', '.join(asked.arrays)})"


def of(asked):
    """The function to differentiate, of what is differentiated."""
    called = f"f({', '.join(asked.names)})"
    if is_scalar(asked.way):
        called = f"torch.sum({called} * {asked.w})"
    elif asked.wrt == asked.names:
        return "f"
    return f"lambda {', '.join(asked.wrt)}: {called}"


def reverse(asked, last, function="vjp"):
    """By `torch.autograd.functional`, which gives zeros where nothing depends on an argument."""
    phi = free("phi", asked.operands)
    return [
        f"def {asked.way.operator}({', '.join(asked.arrays)}):",
        f"    {phi} = {of(asked)}",
        f"    return torch.autograd.functional.{function}({phi}, {tupled(asked.wrt)}{last})[1]",
    ]


def gradient(asked):
    return reverse(asked, "")


def vjp(asked):
    return reverse(asked, f", {asked.w}")


def reverse_over_reverse(asked):
    return reverse(asked, f", {tupled(asked.vs)}", "vhp")


def dual(asked):
    forward = "torch.autograd.forward_ad"
    return [
        f"def jvp({', '.join(asked.arrays)}):",
        f"    with {forward}.dual_level():",
        *(
            f"        {x} = {forward}.make_dual({x}, {v})"
            for x, v in zip(asked.wrt, asked.vs, strict=True)
        ),
        f"        y, tangent = {forward}.unpack_dual(f({', '.join(asked.names)}))",
        "    return (torch.zeros_like(y) if tangent is None else tangent,)",
    ]


EAGER = {
    ("gradient", None): gradient,
    ("vjp", None): vjp,
    ("jvp", None): dual,
    ("hvp", "reverse-over-reverse"): reverse_over_reverse,
}
