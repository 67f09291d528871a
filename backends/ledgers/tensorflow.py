"""What TensorFlow's maintainers know to be wrong.

One convention: an entry covers cells that fail and no other, so that one that passes is news, but
for what nested accumulators lose in eager mode: it depends on what ran before.
"""

from harness.ledger import KnownFailure

THREAD = "https://github.com/tensorflow/tensorflow/issues/{}"
FIRST = "gradient,vjp,jvp"
SECOND = "hvp,second"
BOTH = f"{FIRST},{SECOND}"
EVERYTHING = f"value,{BOTH}"
NESTED = "forward-over-forward"
SINC = "gradient,vjp,hvp"  # the tangent of a constant is right by chance
POWER_OF_ZERO = "n x^(n - 1) is 0 times infinity at x = 0, n = 0"
BESIDE_ZERO = "the product of all other elements is differentiated as if it were 0 beside a 0"
LARGER = "the larger of two equal arguments is the first, which gets all of the derivative"
LOG_OF_ZERO = "the rule takes the logarithm of 0 on the branch that it does not choose"
COEFFICIENT = "the derivative by x is taken for 0 where x is"
RATIO = "I1(x) / x is taken for 0 at 0"
LOST = "nested forward accumulators lose terms in eager mode, depending on what ran before"


def primitives(thread: int, what: str, names: str, **where: str) -> KnownFailure:
    """A failure of the atlas's entries of these names."""
    return KnownFailure(
        issue=THREAD.format(thread),
        what=what,
        versions=">=2.21",
        scenario=",".join(f"primitive/{name}" for name in names.split(",")),
        **{"variant": "eager,function", **where},
    )


def lost(scenario: str, operator: str, point: str = "*") -> KnownFailure:
    """A second derivative that lacks terms in eager mode."""
    return KnownFailure(
        issue=THREAD.format(127753),
        what=LOST,
        versions=">=2.21",
        variant="eager",
        scenario=scenario,
        point=point,
        operator=operator,
        composition=NESTED,
        sometimes=True,
    )


SCENARIOS = tuple(
    lost(scenario, operator)
    for scenario in ("learning/attention", "physics/n-body")
    for operator in ("hvp", "hessian")
)

LABELS = primitives(
    26495,
    "the rule of the loss lets go of what depends on both logits and labels",
    "cross_entropy_loss_of_probabilities",
    operator=SECOND,
)

PRODUCTS = (
    primitives(
        119430,
        "the rule divides the products by the inputs, and takes 0 / 0 for 0",
        "cumprod,cumprod-axis",
        point="*zero*",
        operator=BOTH,
    ),
    primitives(61117, BESIDE_ZERO, "prod", point="one zero,two zeros", operator=SECOND),
    primitives(61117, BESIDE_ZERO, "prod-axis", point="*zero*", operator=SECOND),
)

POWERS = (
    primitives(35011, POWER_OF_ZERO, "pow-0", point="zero,view", operator=BOTH),
    primitives(35011, POWER_OF_ZERO, "pow-1", point="zero,view", operator=SECOND),
    primitives(35011, POWER_OF_ZERO, "pow-held", point="zero to the 0,broadcast", operator=BOTH),
    primitives(35011, POWER_OF_ZERO, "pow-held", point="zero to the 1", operator=SECOND),
    primitives(
        127227,
        "the column of ones is x^0, whose derivative is NaN at 0",
        "vander",
        point="*zero*",
        operator=BOTH,
    ),
)

SUMS_OF_EXPONENTIALS = (
    primitives(
        127232,
        LARGER,
        "logaddexp,logaddexp2",
        point="equal,broadcast",
        operator=f"{FIRST},hvp",
    ),
    primitives(
        127232,
        LARGER,
        "logaddexp,logaddexp2",
        variant="eager",
        point="equal,broadcast",
        operator="second",
    ),
    primitives(127243, LOG_OF_ZERO, "logcumsumexp", composition="reverse-over-forward"),
    primitives(127243, LOG_OF_ZERO, "logcumsumexp", variant="function", composition=NESTED),
    primitives(
        127243,
        LOG_OF_ZERO,
        "logcumsumexp",
        variant="eager",
        point="rising",
        composition=NESTED,
    ),
)

SPECIAL = (
    primitives(119476, COEFFICIENT, "xlogy", point="x is zero", operator=FIRST),
    primitives(127240, COEFFICIENT, "xlogy", point="x is zero", operator=SECOND),
    primitives(119476, COEFFICIENT, "xlog1py", point="x is zero", operator=BOTH),
    primitives(127226, "the branch not taken is 0 / 0", "sinc", point="zero", operator=SINC),
    primitives(120578, RATIO, "bessel_i1", point="zero", operator=FIRST),
    primitives(120578, RATIO, "bessel_i0", point="zero", operator=SECOND),
)

SIZES = (
    primitives(
        124774,
        "the squares overflow, though the root of their sum is finite",
        "hypot",
        point="huge",
        operator=EVERYTHING,
    ),
    primitives(
        12071,
        "the squares underflow, and the derivative divides by a norm of 0",
        "matrix_norm-fro",
        point="tiny",
        operator=EVERYTHING,
    ),
    primitives(
        56830,
        "the derivative of the root of a variance that is always 0",
        "std",
        point="one element",
        operator=BOTH,
    ),
)

MATRICES = (
    primitives(
        119477,
        "the rule inverts the matrix, and raises where it is singular",
        "det",
        point="rank*,zero*,batch with a singular one",
        operator=BOTH,
    ),
    primitives(
        127224,
        "nested forward accumulators lose the coefficients of the approximant",
        "matrix_exp",
        variant="eager",
        composition=NESTED,
    ),
)

# With the result used three times terms are lost nearly everywhere; scatter_max, scatter_min,
# segment_* and embedding_bag_sum, which the patterns of names leave out, raise instead.
TERMS = (
    lost("primitive/[!es]*", "second", "twice*"),
    lost("primitive/e[!m]*,primitive/embedding,primitive/s[!ce]*", "second", "twice*"),
    lost("primitive/selu,primitive/scatter_add,primitive/scatter_set", "second", "twice*"),
    lost("primitive/average,primitive/gelu,primitive/gelu_tanh,primitive/lstsq", "second"),
    lost("primitive/binary_cross_entropy_loss_*,primitive/poisson_nll_loss", "second"),
    lost("primitive/cosine_similarity,primitive/multiply", "second"),
)

FAILURES = (
    *SCENARIOS,
    LABELS,
    *PRODUCTS,
    *POWERS,
    *SUMS_OF_EXPONENTIALS,
    *SPECIAL,
    *SIZES,
    *MATRICES,
    *TERMS,
)
