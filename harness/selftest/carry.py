"""Carry the checks out for the command: a line for each as it is done, then what was seen."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from harness import plugins, variants
from harness.errors import counted, unknown
from harness.options import Selection
from harness.selftest import CHECKS
from harness.selftest.finding import FAILED, PASSED, UNDECIDED, Check, Finding, Setting
from results.layout import Sections, dim

STYLES = {PASSED: "green", FAILED: "bold red", UNDECIDED: "yellow"}


def carry_out(names: Sequence[str], backends: tuple[str, ...]) -> int:
    """Print what the checks find; return the exit status. Raises UsageError for an unknown name."""
    for name in names:
        if name not in CHECKS:
            raise unknown("check", name, CHECKS)
    variants.runners(Selection(backends=backends), plugins.backends().items)  # raises for unknown
    console = Console(highlight=False)
    checks = [check for check in CHECKS.values() if check.name in names or not names]
    began = time.monotonic()
    found = [(check, finding) for check, finding in findings(checks, backends, console)]
    for check, finding in found:
        print_evidence(console, check, finding)
    console.print(closing([finding for _, finding in found], time.monotonic() - began))
    return int(any(finding.verdict == FAILED for _, finding in found))


def findings(
    checks: Sequence[Check], backends: tuple[str, ...], console: Console
) -> list[tuple[Check, Finding]]:
    """Measure and judge one after another; checks that share a measurement have it made once."""
    found: list[tuple[Check, Finding]] = []
    measured: dict[Callable[[Setting], Any], Any] = {}
    with tempfile.TemporaryDirectory(prefix="harness-") as folder, console.status("") as status:
        for check in checks:

            def say(what: str, name: str = check.name) -> None:
                status.update(Text(f"{name}: {what}", overflow="ellipsis", no_wrap=True))

            say(check.promise)
            if check.measure not in measured:
                setting = Setting(folder=Path(folder), backends=backends, say=say)
                measured[check.measure] = check.measure(setting)
            finding = check.judge(measured[check.measure])
            console.print(line(check, finding))
            found.append((check, finding))
    return found


def line(check: Check, finding: Finding) -> Text:
    return Text.assemble(
        (f"{finding.verdict:9}", STYLES[finding.verdict]), f" {check.name}: {finding.says}"
    )


def print_evidence(console: Console, check: Check, finding: Finding) -> None:
    if finding.rows:
        console.print()
        console.print(Text(f"{check.name}: {check.promise}", "bold"))
        sections = [
            (Text(title) if title else None, [[Text(cell) for cell in row] for row in rows])
            for title, rows in finding.rows.items()
        ]
        console.print(Sections(finding.header, sections))
    for note in dim(finding.notes):
        console.print(note)


def closing(found: Sequence[Finding], seconds: float) -> Text:
    counts = [
        f"{sum(finding.verdict == verdict for finding in found)} {verdict}"
        for verdict in STYLES
        if any(finding.verdict == verdict for finding in found)
    ]
    return Text(f"\n{counted(len(found), 'check')}: {', '.join(counts)}; {seconds:.0f} s")
