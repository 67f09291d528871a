"""How times grow with one size: the fit of `t = a + c n^p`, and where one overtakes another.

One convention: only right and timed records count, and two times whose intervals overlap are not
told apart, so no order of theirs is made anything of.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from results.cases import Names
from results.schema import Record, Seconds

FEWEST = 3  # sizes: the model has three numbers
EXPONENTS = [step / 100 for step in range(1, 401)]
FLAT = 0.05  # relative: one time within this of all times explains them
NOISE = 0.02  # relative: what two launches of the same code differ by


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Records that differ in the size called `name` alone, by runner and then by that size.

    `record` is any of them; `sizes` are all sizes, ascending, though a runner may lack some.
    """

    name: str
    record: Record
    sizes: Sequence[int]
    seconds: Mapping[str, Mapping[int, Seconds]]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The model `fixed + factor * n ** exponent` in seconds; without exponent it is `fixed`.

    `low` and `high` bound the exponents that explain the times as well but for noise.
    """

    fixed: float
    factor: float = 0.0
    exponent: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Crossover:
    """From about `size` on, `faster` takes less time than `slower`."""

    faster: str
    slower: str
    size: float


def sweeps(records: Iterable[Record], names: Names) -> list[Sweep]:
    """Return every sweep over three sizes or more; of several records at one size the first.

    The point is not looked at: at the documented size it is the documented one, elsewhere drawn.
    """
    groups: dict[tuple[str, Hashable], list[Record]] = {}
    for record in records:
        if record.status == "ok" and record.seconds:
            for name in (name for name, number in record.size.items() if number > 0):
                groups.setdefault(sweep_key(record, name), []).append(record)
    found = [sweep_of(key[0], group, names) for key, group in groups.items()]
    return [sweep for sweep in found if len(sweep.sizes) >= FEWEST]


def sweep_key(record: Record, name: str) -> tuple[str, Hashable]:
    rest = tuple(sorted(pair for pair in record.size.items() if pair[0] != name))
    way = (record.operator, record.composition, record.wrt)
    return name, (record.scenario, rest, record.dtype, way)


def sweep_of(name: str, records: Sequence[Record], names: Names) -> Sweep:
    seconds: dict[str, dict[int, Seconds]] = {}
    for record in records:
        if record.seconds:
            by_size = seconds.setdefault(names.runner(record), {})
            by_size.setdefault(record.size[name], record.seconds)
    sizes = sorted({size for by_size in seconds.values() for size in by_size})
    return Sweep(name=name, record=records[0], sizes=sizes, seconds=seconds)


def fit(times: Mapping[int, float]) -> Fit:
    """Fit `t = a + c n^p` to seconds by size, by relative least squares.

    For every p of `EXPONENTS` the sum of (model / t - 1)^2 is minimised over a, c >= 0, which is
    linear; the least of all is taken. One fixed time is preferred where it is within `FLAT` of
    every time. Raises ValueError for fewer than three sizes, which would leave p open.
    """
    if len(times) < FEWEST:
        raise ValueError(f"a fit needs {FEWEST} sizes or more; got {len(times)}")
    constant = sum(1 / t for t in times.values()) / sum(1 / t**2 for t in times.values())
    if all(abs(constant / t - 1) <= FLAT for t in times.values()):
        return Fit(fixed=constant)
    largest = max(times)
    tried = [(*solved(times, largest, p), p) for p in EXPONENTS]
    misfit, fixed, factor, exponent = min(tried)
    if factor == 0:
        return Fit(fixed=constant)
    # What the model does not explain is noise too: a bad fit says little about its exponent.
    noise = max(NOISE**2, misfit / (len(times) - FEWEST)) if len(times) > FEWEST else NOISE**2
    as_good = [p for one, _, _, p in tried if one <= misfit + len(times) * noise]
    return Fit(
        fixed=fixed,
        factor=factor / largest**exponent,
        exponent=exponent,
        low=min(as_good),
        high=max(as_good),
    )


def solved(times: Mapping[int, float], largest: int, p: float) -> tuple[float, float, float]:
    """Return the least misfit for one exponent, its fixed cost, and its factor of (n/largest)^p.

    In u = 1/t and v = (n/largest)^p / t the model is a u + c v = 1. Where the free minimum has a
    negative part, the minimum lies where one of the two is zero.
    """
    u = [1 / t for t in times.values()]
    v = [(n / largest) ** p / t for n, t in times.items()]
    uu, vv = sum(x * x for x in u), sum(y * y for y in v)
    uv = sum(x * y for x, y in zip(u, v, strict=True))
    candidates = [(sum(u) / uu, 0.0), (0.0, sum(v) / vv)]
    determinant = uu * vv - uv * uv
    if determinant > 0:
        a = (sum(u) * vv - sum(v) * uv) / determinant
        c = (sum(v) * uu - sum(u) * uv) / determinant
        candidates += [(a, c)] if a >= 0 and c >= 0 else []
    return min(
        (sum((a * x + c * y - 1) ** 2 for x, y in zip(u, v, strict=True)), a, c)
        for a, c in candidates
    )


def crossovers(sweep: Sweep) -> list[Crossover]:
    """Return where one runner overtakes another, by size; a flip back is one more."""
    found = [
        flip
        for (one, of_one), (other, of_other) in combinations(sweep.seconds.items(), 2)
        for flip in flips(one, of_one, other, of_other)
    ]
    return sorted(found, key=lambda flip: flip.size)


def flips(
    one: str, of_one: Mapping[int, Seconds], other: str, of_other: Mapping[int, Seconds]
) -> list[Crossover]:
    """Return the flips of order between two runners, over the sizes where they are told apart."""
    shared = sorted(of_one.keys() & of_other.keys())
    told = [n for n in shared if apart(of_one[n], of_other[n])]
    gaps = {n: math.log(of_one[n].median / of_other[n].median) for n in shared}
    found = []
    for before, after in pairwise(told):
        if gaps[before] * gaps[after] < 0:
            between = [n for n in shared if before <= n <= after]
            faster, slower = (one, other) if gaps[after] < 0 else (other, one)
            size = crossing(between, gaps)
            found.append(Crossover(faster=faster, slower=slower, size=size))
    return found


def apart(one: Seconds, other: Seconds) -> bool:
    return one.high < other.low or other.high < one.low


def crossing(sizes: Sequence[int], gaps: Mapping[int, float]) -> float:
    """Return where the logarithm of a ratio first takes the sign that it has at the last size.

    It is taken as linear in log n between two neighbouring sizes.
    """
    sign = math.copysign(1.0, gaps[sizes[-1]])
    right = next(i for i, n in enumerate(sizes) if gaps[n] * sign >= 0)
    before, after = sizes[right - 1], sizes[right]
    share = gaps[before] / (gaps[before] - gaps[after])
    return before * math.pow(after / before, share)
