"""Failures of the frameworks themselves that their maintainers know of, backend by backend.

The one convention: an entry begins at the version in which the failure was seen and has no end, so
that the first release without it is reported as passing; then the end is written in.
"""

from harness.ledger import KnownFailure

torch = tuple(
    KnownFailure(
        issue="https://github.com/pytorch/pytorch/issues/192540",
        what="second derivatives of det, slogdet and solve lose terms over a forward mode",
        versions=">=2.13",
        scenario=scenario,
        operator=operator,
        composition="*-over-forward",
    )
    for scenario in ("classic/determinant", "learning/ridge-hypergradient")
    for operator in ("hvp", "hessian")
)

tensorflow = tuple(
    KnownFailure(
        issue="https://github.com/tensorflow/tensorflow/issues/127753",
        what="nested forward accumulators lose terms in eager mode, depending on what ran before",
        versions=">=2.21",
        variant="eager",
        scenario=scenario,
        operator=operator,
        composition="forward-over-forward",
        sometimes=True,
    )
    for scenario in ("learning/attention", "physics/n-body")
    for operator in ("hvp", "hessian")
)
