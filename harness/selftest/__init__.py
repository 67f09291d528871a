"""The self-test: does this installation, on this machine, tell the truth? One check, one module.

One convention: a check is data, a measurement and a judge of it. What it runs, it runs as `harness
run` would.
"""

from __future__ import annotations

from harness.selftest import identical, mutants, overhead, planted, waiting
from harness.selftest.finding import Check

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (waiting.CHECK, mutants.CHECK, identical.CHECK, planted.CHECK, overhead.CHECK)
}
