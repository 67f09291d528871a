"""Runs, records and blocks to test with; every call may change what it needs changed."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from results.schema import Block, Error, Record, Run
from results.statistics import seconds_of


def a_run(run: str = "r1", **changes: Any) -> Run:
    plain = Run(
        id=run,
        command="harness run documented",
        label=None,
        seed=0,
        start="2026-01-02T03:04:05+00:00",
        end="2026-01-02T03:05:05+00:00",
        machine={"cpu": "a CPU", "cores": 2},
        versions={"python": "3.11.7", "torch": "2.13.0"},
        numerics={"torch:eager": {"threads": 1}},
        settings={"threads": 1, "precision": 0.02},
        commit="abc123",
    )
    return replace(plain, **changes)


def blocks_of(
    per_call: float,
    *,
    launches: int = 1,
    count: int = 12,
    value: float | None = None,
    seed: int = 0,
) -> list[Block]:
    """Make blocks that scatter by 1 % within a launch and by 2 % from launch to launch."""
    random_ = random.Random(seed)
    found = []
    for launch in range(launches):
        level = random_.lognormvariate(0, 0.02)
        for series, seconds in (("operator", per_call), ("value", value)):
            if seconds is None:
                continue
            for _ in range(count):
                taken = seconds * level * random_.lognormvariate(0, 0.01)
                block = Block(
                    launch=launch, series=series, calls=100, seconds=100 * taken, faults=3
                )
                found.append(block)
    return found


def a_record(record: str = "one", **changes: Any) -> Record:
    plain = Record(
        run="r1",
        id=record,
        scenario="documented/gradient-penalty",
        size={"n": 1},
        point="documented",
        dtype="float32",
        operator="gradient",
        composition=None,
        wrt=("y",),
        backend="torch",
        variant="eager",
        version="2.13.0",
        device="cpu",
        status="ok",
        origin="native",
        error=an_error(0.0),
        value=[[480.0]],
        inputs="sha256:00",
    )
    return replace(plain, **changes)


def an_error(relative: float) -> Error:
    return Error(relative=relative, ulp=0.0, ulp_q999=0.0, against="documented", tolerance=7.6e-6)


def a_timed(record: str, per_call: float, *, launches: int = 1, **changes: Any) -> Record:
    """Make a record with the times of `blocks_of(per_call, launches=launches)`."""
    blocks = blocks_of(per_call, launches=launches, value=per_call / 3)
    seconds = seconds_of(blocks, import_=1.1, prepare=0.01, first=0.002)
    return a_record(record, seconds=seconds, **changes)
