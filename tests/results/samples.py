"""Runs, records and blocks to test with, and screens as text; calls may change what they need."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from typing import Any

from rich.console import Console, RenderableType

from results.schema import Block, Error, Record, Run, Seconds
from results.statistics import WITHIN, seconds_of

RUNNERS = {
    ("torch", "eager"): 7.9e-5,
    ("jax", "jit"): 9.1e-6,
    ("tensorflow", "function"): 2.2e-5,
    ("numpy", "eager"): 2.3e-3,
}
SCENARIOS = ("square", "sum-of-squares-xy", "gradient-penalty-accumulated")


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


def an_error(relative: float, *, ulp: float = 0.0, against: str = "documented") -> Error:
    return Error(relative=relative, ulp=ulp, ulp_q999=0.0, against=against, tolerance=7.6e-6)


def a_time(median: float, *, half: float = 0.01, **changes: Any) -> Seconds:
    """Make a time whose interval reaches `half` of it to either side."""
    plain = Seconds(
        import_=1.1,
        prepare=0.01,
        first=0.002,
        median=median,
        low=median * (1 - half),
        high=median * (1 + half),
        min=median * (1 - half),
        interval=WITHIN,
        launches=1,
        blocks=12,
        calls=1200,
    )
    return replace(plain, **changes)


def a_timed(record: str, per_call: float, *, launches: int = 1, **changes: Any) -> Record:
    """Make a record with the times of `blocks_of(per_call, launches=launches)`."""
    blocks = blocks_of(per_call, launches=launches, value=per_call / 3)
    seconds = seconds_of(blocks, import_=1.1)
    return a_record(record, seconds=seconds, **changes)


def sample(launches: int = 1) -> tuple[list[Record], dict[str, list[Block]]]:
    """Make four backends on three scenarios, all right, and their blocks by record."""
    records, by_record = [], {}
    for scenario in SCENARIOS:
        for seed, ((backend, variant), per_call) in enumerate(RUNNERS.items()):
            name = f"{scenario}-{backend}"
            blocks = blocks_of(per_call, launches=launches, value=per_call / 2, seed=seed)
            seconds = seconds_of(blocks, import_=None)
            named = {"scenario": f"documented/{scenario}", "backend": backend, "variant": variant}
            records.append(a_record(name, seconds=seconds, **named))
            by_record[name] = blocks
    return records, by_record


def broken(record: Record, **changes: Any) -> Record:
    return replace(record, **{"status": "wrong", "seconds": None, **changes})


def drawn(screen: RenderableType | None, width: int = 80) -> str:
    """Render as into a pipe: no colour, no terminal."""
    assert screen is not None
    console = Console(file=io.StringIO(), width=width)
    console.print(screen)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def drawn_lines(screen: RenderableType | None, width: int = 80) -> list[str]:
    return [line.rstrip() for line in drawn(screen, width).splitlines()]
