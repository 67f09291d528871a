"""Failures of the frameworks themselves that their maintainers know of, backend by backend.

The one convention: an entry names the versions in which the failure was seen, so that the first
release without it is reported as passing.
"""

from harness.ledger import KnownFailure

torch = tuple(
    KnownFailure(
        issue="https://github.com/pytorch/pytorch/issues/192540",
        what="second derivatives of det, slogdet and solve lose terms over a forward mode",
        versions=">=2.13,<2.14",
        scenario=scenario,
        operator=operator,
        composition="*-over-forward",
    )
    for scenario in ("classic/determinant", "learning/ridge-hypergradient")
    for operator in ("hvp", "hessian")
)

tensorflow = (
    KnownFailure(
        issue="https://github.com/tensorflow/tensorflow/issues/127753",
        what="nested forward accumulators lose terms in eager mode, depending on what ran before",
        versions=">=2.21,<2.22",
        variant="eager",
        operator="h*",
        composition="forward-over-forward",
        sometimes=True,
    ),
)
