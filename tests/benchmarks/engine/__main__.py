"""Measure the engine against code by hand and other frameworks, and print tables: `make engine`.

    python -m tests.benchmarks.engine [--case 'gmm*'] [--rounds 21] [--source]

One process, one thread, float64, the environment of a worker of `harness run`. A wrong contestant
ends the run; a goal that is missed is printed. Leave the machine alone meanwhile (3 minutes).
"""

import os
import sys
from fnmatch import fnmatch

import click

VARIABLE = "ENGINE_BENCHMARK_READY"


@click.command()
@click.option("--case", "pattern", default="*", help="cases whose names match, as 'gmm*'")
@click.option("--rounds", default=21, show_default=True, help="blocks of every contestant")
@click.option("--source", is_flag=True, help="show replay's code where a goal of its is missed")
def main(pattern, rounds, source):
    """Time all contestants of all cases, and compare with the goals."""
    if VARIABLE not in os.environ:
        start_anew()
    from tests.benchmarks.engine.cases import CASES
    from tests.benchmarks.engine.report import report

    chosen = [case for case in CASES if fnmatch(case.name, pattern)]
    if not chosen:
        names = ", ".join(case.name for case in CASES)
        raise click.UsageError(f"no case matches {pattern!r}; there are: {names}")
    report(chosen, rounds, source)


def start_anew():
    """Become the same command with threads, allocator and frameworks set as for a worker.

    They are read when a process starts or NumPy is imported, which is before this line.
    """
    from backends import declarations
    from harness.contract import Settings
    from harness.options import environment

    chosen = {VARIABLE: "1"}
    for declaration in (declarations.torch, declarations.jax):
        chosen |= environment(declaration, Settings(), "cpu")
    command = [sys.executable, "-m", "tests.benchmarks.engine", *sys.argv[1:]]
    os.execve(sys.executable, command, {**os.environ, **chosen})


if __name__ == "__main__":
    main()
