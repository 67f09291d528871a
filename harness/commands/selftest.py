"""`harness self-test`."""

from __future__ import annotations

import sys

import click

from harness.options import split


@click.command("self-test")
@click.argument("checks", nargs=-1, metavar="[CHECK ...]")
@click.option(
    "--backend",
    multiple=True,
    default=["all:all"],
    metavar="NAME[:VARIANT|:all],...",
    help="Whose calls are held against calls by hand; all:all are those installed.  [all:all]",
)
def self_test(checks: tuple[str, ...], backend: tuple[str, ...]) -> None:
    """Prove that this installation tells the truth.

    CHECK is waiting, mutants, identical, planted or overhead; none means all of them, in about
    two minutes. Exit status 1 when a check fails; one that the machine is too noisy for is
    undecided, which is no failure. Nothing is left behind.
    """
    from harness.selftest.carry import carry_out

    sys.exit(carry_out(checks, split(backend)))
