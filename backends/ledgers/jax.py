"""What JAX's maintainers know to be wrong.

One convention: an entry covers cells that fail and no other, so that one that passes is news.
"""

from harness.ledger import KnownFailure

THREAD = "https://github.com/jax-ml/jax/{}"
FIRST = "gradient,vjp,jvp"
SECOND = "hvp,second"
BOTH = f"{FIRST},{SECOND}"


def primitives(thread: str, what: str, names: str, **where: str) -> KnownFailure:
    """A failure of the atlas's entries of these names; `thread` is its address in the project."""
    return KnownFailure(
        issue=THREAD.format(thread),
        what=what,
        versions=">=0.10.2",
        scenario=",".join(f"primitive/{name}" for name in names.split(",")),
        **{"variant": "jit,eager", **where},
    )


SIZES = (
    primitives(
        "issues/40634",
        "the rule squares x, which overflows",
        "acosh,asinh",
        point="farther than squares go",
        operator=FIRST,
    ),
    primitives(
        "issues/40185",
        "the rule multiplies singular values, which underflows",
        "svdvals",
        point="tiny",
        operator=SECOND,
    ),
    primitives(
        "issues/5816",
        "the squares underflow, and the derivative divides by a norm of 0",
        "matrix_norm-fro",
        point="tiny",
        operator=f"value,{BOTH}",
    ),
)

BRANCHES = (
    primitives(
        "issues/37992",
        "0 is passed through, as if it were not multiplied by the power of two",
        "ldexp",
        point="zero",
        operator=FIRST,
    ),
    primitives(
        "pull/16419",
        "a power with an exponent of floats counts as not differentiable at 0 to the 0",
        "pow-held",
        point="zero to the 0,broadcast",
        operator=BOTH,
    ),
    primitives(
        "pull/16419",
        "a power with an exponent of floats counts as not differentiable at 0 to the 0",
        "pow-held",
        point="zero to the 1",
        operator=SECOND,
    ),
)

SPECIAL = (
    primitives(
        "issues/40628",
        "the absolute value inside has a derivative of 1 at 0",
        "bessel_i0",
        point="zero",
        operator=FIRST,
    ),
    primitives(
        "pull/40640",
        "the absolute value inside has a derivative of 1 at 0",
        "bessel_i0,bessel_i1",
        point="zero",
        operator=SECOND,
    ),
    primitives(
        "issues/39800",
        "the trigamma function is wrong left of about -10",
        "gammaln",
        point="far negative",
        operator=SECOND,
    ),
    primitives(
        "issues/25564",
        "second derivatives far in the tail cancel",
        "log_ndtr",
        point="farther tail",
        operator=SECOND,
    ),
    primitives(
        "issues/34139",
        "the rule divides by x^2 near 0",
        "sinc",
        point="tiny",
        operator=FIRST,
    ),
)

MATRICES = (
    primitives(
        "issues/2311",
        "the rule of the singular vectors divides by differences of singular values",
        "matrix_norm-nuc",
        point="equal singular values,orthogonal,identity",
        operator=SECOND,
    ),
    primitives(
        "issues/2311",
        "the rule of the singular vectors divides by singular values",
        "matrix_norm-2",
        point="zero column",
        operator="hvp",
    ),
    primitives(
        "issues/10805",
        "derivatives go through the singular vectors, which are not unique",
        "lstsq",
        point="orthogonal",
        operator=BOTH,
    ),
)

FAILURES = (*SIZES, *BRANCHES, *SPECIAL, *MATRICES)
