"""All cases of the engine's benchmark, and each of them small, for the tests."""

from tests.benchmarks.engine.classic import (
    logsumexp_cases,
    penalty_case,
    rosenbrock_cases,
    square_case,
)
from tests.benchmarks.engine.mixture import mixture_case
from tests.benchmarks.engine.network import network_case
from tests.benchmarks.engine.recurrent import recurrent_case

CASES = [
    *(square_case(n) for n in (5, 1000, 1_000_000)),
    *(penalty_case(n) for n in (1, 1000, 1_000_000)),
    *(case for n in (1000, 1_000_000) for case in logsumexp_cases(n)),
    *(case for n in (1000, 1_000_000) for case in rosenbrock_cases(n)),
    *(network_case(width, batch) for width, batch in ((8, 4), (64, 32), (256, 128))),
    *(mixture_case(d, k) for d, k in ((2, 5), (10, 25))),
    recurrent_case(128),
]
SMALL_CASES = [
    square_case(5),
    penalty_case(3),
    *logsumexp_cases(7, spread=1),  # else one element has it all, and the hvp is rounding error
    *rosenbrock_cases(6),
    network_case(5, 3),
    mixture_case(3, 4, 6),
    recurrent_case(5),
]
