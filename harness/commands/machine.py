"""`harness machine`: what this machine is, what its clock tells apart, what it gives at most."""

from __future__ import annotations

import sys

import click

from harness.commands import results_option


@click.command()
@click.option("--device", default="cpu", metavar="cpu|cuda[:N]", help="[cpu]")
@click.option("--threads", type=int, default=1, help="Threads of every backend.  [1]")
@results_option
def machine(device: str, threads: int, results: str | None) -> None:
    """Measure this machine's own ceilings and store them.

    Reading from memory, and matrix products in float32 and float64, on every backend that is here,
    the way everything else is measured. Later runs with as many threads on the same device show
    what share of them was reached.
    """
    from harness.machine.ceilings import measure

    sys.exit(measure(device, threads, results))
