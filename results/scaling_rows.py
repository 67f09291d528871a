"""What a sweep says, in words and digits, for the screen and for Markdown alike."""

from __future__ import annotations

from results.cases import Names, way_of
from results.scaling import FEWEST, Fit, Sweep, crossovers, fit
from results.schema import Seconds
from results.statistics import about, once, shown

UNSURE = 0.1  # exponents further apart than this from the best are shown as a range


def title(sweep: Sweep, names: Names) -> str:
    record = sweep.record
    setting = names.setting(record, without=sweep.name)
    return (
        f"scaling over {sweep.name}: {names.scenario(record)} {way_of(record)} {setting}".rstrip()
    )


def header(sweep: Sweep) -> list[str]:
    ends = (f"{sweep.name}={n}" for n in (sweep.sizes[0], sweep.sizes[-1]))
    return ["", *ends, "fixed", "exponent"]


def cells(sweep: Sweep) -> list[list[str]]:
    """Write a row a runner: its name, its times at both ends, its fixed cost and exponent."""
    rows = []
    for runner, by_size in sweep.seconds.items():
        ends = [by_size.get(n) for n in (sweep.sizes[0], sweep.sizes[-1])]
        fitted = fit({n: s.median for n, s in by_size.items()}) if len(by_size) >= FEWEST else None
        fixed = once(fitted.fixed) if fitted else "-"
        rows.append([runner, *map(time, ends), fixed, exponent(fitted)])
    return rows


def time(seconds: Seconds | None) -> str:
    return shown(seconds.median, seconds.low, seconds.high).median if seconds else "-"


def exponent(fitted: Fit | None) -> str:
    if fitted is None:
        return "-"
    if fitted.exponent is None:
        return "flat"
    if max(fitted.high - fitted.exponent, fitted.exponent - fitted.low) > UNSURE:
        return f"{fitted.low:.2f} to {fitted.high:.2f}"
    return f"{fitted.exponent:.2f}"


def overtakings(sweep: Sweep) -> list[str]:
    """Write a line a runner that overtakes others, in the order of the first size where it does."""
    found: dict[str, list[str]] = {}
    for flip in crossovers(sweep):
        where = f"{flip.slower} near {sweep.name}={about(flip.size)}"
        found.setdefault(flip.faster, []).append(where)
    return [f"{faster} overtakes {', '.join(where)}" for faster, where in found.items()]
