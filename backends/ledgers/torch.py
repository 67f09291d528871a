"""What PyTorch's maintainers know to be wrong.

One convention: an entry covers cells that fail and no other, so that one that passes is news. The
compiler has rules of its own, so what was seen of primitives is listed for "eager" and "func";
points that only float64 can hold are listed for that.
"""

from harness.ledger import KnownFailure

THREAD = "https://github.com/pytorch/pytorch/issues/{}"
FIRST = "gradient,vjp,jvp"
SECOND = "hvp,second"
OVER_FORWARD = "*-over-forward"


def primitives(thread: int, what: str, names: str, **where: str) -> KnownFailure:
    """A failure of the atlas's entries of these names."""
    return KnownFailure(
        issue=THREAD.format(thread),
        what=what,
        versions=">=2.13",
        scenario=",".join(f"primitive/{name}" for name in names.split(",")),
        **{"variant": "eager,func", **where},
    )


def nested(thread: int, what: str, names: str, **where: str) -> KnownFailure:
    """A failure of every second derivative that differentiates the rule of forward mode."""
    ways = {"operator": SECOND, "composition": OVER_FORWARD}
    return primitives(thread, what, names, **ways, **where)


SCENARIOS = tuple(
    KnownFailure(
        issue=THREAD.format(192540),
        what="second derivatives of det, slogdet and solve lose terms over a forward mode",
        versions=">=2.13",
        scenario=scenario,
        operator=operator,
        composition=OVER_FORWARD,
    )
    for scenario in ("classic/determinant", "learning/ridge-hypergradient")
    for operator in ("hvp", "hessian")
)

MATRICES = (
    nested(192540, "the rule of forward mode takes the inverse for a constant", "logdet,slogdet"),
    nested(
        192540,
        "the rule of forward mode takes the inverse for a constant",
        "solve,solve-right,solve-vector",
    ),
    nested(
        192540,
        "the rule of forward mode takes the inverse for a constant",
        "det",
        point="generic,identity,permutation,diagonal,rank*,zero row,nearly singular,twice*,view,"
        "batch*",
    ),
    nested(
        192540,
        "the rule of forward mode takes the inverse for a constant",
        "det",
        point="tiny",
        dtype="float64",
    ),
    primitives(
        192521,
        "under torch.func the second derivative goes through equal singular values",
        "det",
        point="identity,permutation,twice at the identity,zero",
        operator="hvp",
        composition="forward-over-reverse",
    ),
    primitives(
        192521,
        "under torch.func the second derivative goes through equal singular values",
        "det",
        variant="func",
        point="identity,permutation,twice at the identity,zero",
        operator="hvp",
        composition="reverse-over-reverse",
    ),
    primitives(
        104675,
        "where elimination meets a pivot of 0 the derivative is 0, and not the cofactors",
        "det",
        variant="eager",
        point="zero row,batch with a singular one",
        operator="gradient,vjp",
    ),
    primitives(
        104675,
        "where elimination meets a pivot of 0 the derivative is 0, and not the cofactors",
        "det",
        point="zero row,batch with a singular one",
        operator="jvp",
    ),
    primitives(
        194705,
        "differences of squared singular values underflow",
        "svdvals",
        point="tiny",
        operator=SECOND,
    ),
)

NORMS = (
    nested(
        196699,
        "the rule of forward mode takes the mean and the variance for constants",
        "batch_norm_training,instance_norm",
    ),
    nested(
        196700,
        "the rule of forward mode takes the mean and the variance for constants",
        "layer_norm,standardize",
    ),
)

PRODUCTS = (
    nested(
        196701,
        "the rule of forward mode is right beside factors of 0 only to the first order",
        "cumprod,cumprod-axis",
        point="*zero,*zeros",
    ),
    primitives(
        196701,
        "cumprod's rule of forward mode is right beside factors of 0 only to the first order",
        "vander",
        point="one zero,zeros",
        operator="second",
    ),
    primitives(
        60197,
        "the powers overwrite what their backward pass needs, which raises",
        "vander",
        operator="gradient,vjp,hvp",
    ),
    primitives(
        196702,
        "scatter_reduce of products has no derivative in forward mode, and gives 0",
        "scatter_multiply,segment_prod-unsorted",
        operator="jvp,second",
    ),
    primitives(
        196702,
        "scatter_reduce of products has no derivative in forward mode, and gives 0",
        "scatter_multiply,segment_prod-unsorted",
        operator="hvp",
        composition="forward-over-reverse,reverse-over-forward",
    ),
)

FUNCTIONS = (
    primitives(
        196703,
        "the second derivative at the removable singularity is 0 or nan",
        "sinc",
        point="zero,tiny",
        operator=SECOND,
    ),
    primitives(
        196704,
        "the weight's exponential overflows, and its derivative is nan",
        "logaddexp,logaddexp2",
        point="underflow",
        operator=SECOND,
    ),
    primitives(
        196705,
        "the rule of forward mode scales by the greatest element of all, not of each beginning",
        "logcumsumexp",
        point="rising",
        operator="jvp",
    ),
    primitives(
        196705,
        "the rule of forward mode scales by the greatest element of all, not of each beginning",
        "logcumsumexp",
        point="rising",
        operator="hvp",
        composition="forward-over-reverse",
    ),
    primitives(
        187460,
        "the derivative's power of 2 is computed in integers, which gives 0",
        "ldexp",
        point="large exponent,broadcast,view",
        operator=FIRST,
    ),
    primitives(
        192295,
        "1 + erf cancels in the lower tail",
        "ndtr",
        point="tail",
        operator="value",
    ),
    primitives(
        192295,
        "1 + erf cancels in the lower tail",
        "ndtr",
        point="far tail",
        operator="value",
        dtype="float64",
    ),
    primitives(
        187806,
        "1 + erf cancels in the lower tail",
        "gelu",
        point="left tail,far left",
        operator=f"value,{FIRST}",
        dtype="float64",
    ),
    primitives(
        195530,
        "the second derivative cancels in the upper tail",
        "log_sigmoid",
        point="right tail",
        operator=SECOND,
    ),
)

NO_DERIVATIVE = "it has no derivative, and counts as a constant without an error"
BESSEL = (
    primitives(189872, NO_DERIVATIVE, "bessel_y0,bessel_y1", operator=f"{FIRST},{SECOND}"),
    primitives(
        189872,
        NO_DERIVATIVE,
        "bessel_j0,bessel_j1,bessel_k0,bessel_k1",
        point="generic,near*,negative,large,two,twice,view",
        operator=f"{FIRST},{SECOND}",
    ),
    primitives(
        189872,
        NO_DERIVATIVE,
        "bessel_k0,bessel_k1",
        point="tail",
        operator=f"{FIRST},{SECOND}",
        dtype="float64",
    ),
    primitives(189872, NO_DERIVATIVE, "bessel_j0", point="zero", operator=SECOND),
    primitives(189872, NO_DERIVATIVE, "bessel_j1", point="zero", operator=FIRST),
)

FAILURES = (*SCENARIOS, *MATRICES, *NORMS, *PRODUCTS, *FUNCTIONS, *BESSEL)
