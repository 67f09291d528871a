"""The ledger of known failures: where a framework itself is wrong or dies, as data.

A listed failure is shown as known, with the upstream issue, and is no news; one that passes is
reported, so that its entry can be taken out. Entries stand in a backend's declaration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from harness.case import Case


@dataclass(frozen=True, kw_only=True)
class KnownFailure:
    """One failure of a framework that was reported upstream.

    `issue` is the link, `what` a sentence. `versions` is a specifier as in a requirement
    (">=2.20,<2.22"; "" for all). `variant`, `scenario`, `point`, `operator`, `composition` and
    `dtype` are globs, or several with commas between, matched against a trial. One that fails only
    `sometimes` is no news where it passes.
    """

    issue: str
    what: str
    versions: str = ""
    variant: str = "*"
    scenario: str = "*"
    point: str = "*"
    operator: str = "*"
    composition: str = "*"
    dtype: str = "*"
    sometimes: bool = False

    def covers(self, version: str, variant: str, case: Case) -> bool:
        """Say whether a trial is the kind that is listed."""
        from packaging.specifiers import SpecifierSet

        patterns = (
            (variant, self.variant),
            (case.scenario, self.scenario),
            (case.point, self.point),
            (case.operator, self.operator),
            (case.composition or "", self.composition),
            (case.dtype, self.dtype),
        )
        matches = all(
            any(fnmatchcase(text, glob) for glob in globs.split(",")) for text, globs in patterns
        )
        return matches and SpecifierSet(self.versions).contains(version, prereleases=True)


def find(
    ledger: Iterable[KnownFailure], version: str | None, variant: str, case: Case
) -> KnownFailure | None:
    """Return the first entry that covers a trial, or None; a trial that never learnt its
    framework's version is covered by none."""
    if version is None:
        return None
    return next((one for one in ledger if one.covers(version, variant, case)), None)
