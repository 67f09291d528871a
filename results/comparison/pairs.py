"""Which records of two sides belong together.

One convention: a record belongs to one other at most; of several that could be meant none is
guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from results.cases import question
from results.comparison.sides import Side
from results.errors import StoreError
from results.schema import Record

Pair = tuple[str | None, str | None]  # record ids of A and B


def matched(a: Side, b: Side) -> list[Pair]:
    """Pair the records of two sides: by case alone where a side names a runner, else by id, and
    what is left by case, backend and variant, so that a trial meets itself in another environment.

    Raises StoreError where nothing belongs together, or both sides are the same.
    """
    demand_two(a, b)
    if a.runner or b.runner:
        demand_one_runner(a, b)
        pairs = by_key(a, b, a.timings, b.timings, case_and_device)
    else:
        pairs = [(id, id) for id in a.timings if id in b.timings]
        left = [id for id in a.timings if id not in b.timings]
        pairs += by_key(a, b, left, [id for id in b.timings if id not in a.timings], but_for_home)
    if not any(one and other for one, other in pairs):
        raise StoreError(
            f"{a.word} and {b.word} have no trial in common; to compare a backend with another, "
            "or two environments, name one on each side, as in latest@torch:eager latest@jax:jit"
        )
    return pairs


def demand_two(a: Side, b: Side) -> None:
    """Refuse one thing twice: it would pass every gate. A run that was resumed since it was
    exported is another."""
    if (a.run.id, a.runner, a.timings) == (b.run.id, b.runner, b.timings):
        raise StoreError(
            f"{a.word} and {b.word} are the same run, {a.run.id}; give two runs, as in "
            "latest~1 latest, or two runners of it, as in latest@torch:eager latest@jax:jit"
        )


def demand_one_runner(*sides: Side) -> None:
    for side in sides:
        if len(side.runners) > 1:
            raise StoreError(
                f"one runner can't be compared with the {len(side.runners)} of {side.word}; "
                f"choose one there too, as in {side.word}@{side.runners[0]}"
            )


def by_key(
    a: Side,
    b: Side,
    left: Iterable[str],
    right: Iterable[str],
    key: Callable[[Record], Hashable],
) -> list[Pair]:
    """Pair what has a key of its own on either side; the others stay alone."""
    ones, others = alone(a.details(list(left)), key), alone(b.details(list(right)), key)
    pairs: list[Pair] = [(id, others.pop(of, None)) for of, id in ones.items()]
    return pairs + [(None, id) for id in others.values()]


def alone(records: Mapping[str, Record], key: Callable[[Record], Hashable]) -> dict[Hashable, str]:
    """Return ids by key, and by themselves where several share a key."""
    found: dict[Hashable, list[str]] = {}
    for id, record in records.items():
        found.setdefault(key(record), []).append(id)
    return {of if len(ids) == 1 else (of, id): id for of, ids in found.items() for id in ids}


def case_and_device(record: Record) -> Hashable:
    return (question(record), record.device)


def but_for_home(record: Record) -> Hashable:
    """All that makes a trial but the environment it ran in."""
    return (question(record), record.device, record.backend, record.variant)
