"""The machine's ceilings as they are read off records, found again, and held against times."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from results.ceilings import Ceiling, ceilings_of, newest, share
from results.ceilings_table import ceilings, ceilings_table
from results.schema import Block, Record, Run
from results.store import Store
from tests.results.samples import a_record, a_run, a_time, drawn, drawn_lines

MACHINE = {"cpu": "a CPU", "cores": 2, "devices": {"cuda:0": "a card"}}


def a_ceiling(most: float, *doubts: str) -> Ceiling:
    ends = {"most": most, "low": most, "high": most, "interval": "within one launch"}
    dated = {"run": "r0", "start": "2026-01-02T03:04:05+00:00"}
    return Ceiling(by="torch:eager", doubts=list(doubts), **ends, **dated)


BEST = {"cpu": {"bytes": a_ceiling(1e10), "operations float64": a_ceiling(5e10)}}


def measured(kind: str, seconds: float, **changes: object) -> Record:
    work = {"bytes": 160_000_000, "operations": 1_000_000_000}
    scenario = {"bytes": "machine/read", "operations": "machine/matmul"}[kind]
    plain = {"scenario": scenario, "operator": "value", "dtype": "float64", "work": work}
    name = f"{kind}{sorted(changes.items())}"
    return a_record(name, seconds=a_time(1e6 * seconds), **{**plain, **changes})


def a_measurement(run: str, start: str = "2026-01-02", **changes: object) -> Run:
    plain = {
        "start": start,
        "machine": MACHINE,
        "selection": {"scenarios": ["machine"]},
        "settings": {"threads": 1, "numerics": "equal"},
    }
    return a_run(run, **{**plain, **changes})


def a_trial(median: float, **changes: object) -> Record:
    plain = {"dtype": "float64", "work": {"bytes": 10**7, "operations": 10**7}}
    return a_record(str(median), seconds=a_time(median), **{**plain, **changes})


def of(run: Run, *records: Record, **faults: int) -> dict:
    """The ceilings of a run whose records have so many page faults in 100 calls."""
    blocks = {
        record.id: [
            Block(launch=0, series="operator", calls=100, seconds=1.0, faults=count)
            for count in (0, faults.get(record.backend, 0), faults.get(record.backend, 0))
        ]
        for record in records
    }
    return ceilings_of(run, records, blocks, disturbed=False)


def test_the_best_on_each_device_is_kept_by_dtype_where_it_matters() -> None:
    found = of(
        a_run("r9"),
        measured("bytes", 1e-8, backend="jax"),
        measured("bytes", 0.5e-8, backend="torch", dtype="float32"),
        measured("bytes", 2e-8, backend="numpy"),
        measured("operations", 1e-8, dtype="float32"),
        measured("operations", 1e-9, device="cuda"),
    )
    best = found["cpu"]["bytes"]
    assert best["most"] == pytest.approx(160 / 0.5e-8) and best["by"] == "torch:eager"
    assert best["low"] < best["most"] < best["high"] and best["run"] == "r9"
    assert best["interval"] == "within one launch" and best["doubts"] == []
    assert {device: list(ceilings) for device, ceilings in found.items()} == {
        "cpu": ["bytes", "operations float32"],
        "cuda": ["operations float64"],
    }


def test_what_is_wrong_or_of_another_family_is_no_ceiling() -> None:
    wrong = replace(measured("bytes", 1e-9), status="wrong")
    other = measured("bytes", 1e-9, scenario="classic/quadratic")
    assert of(a_run(), wrong, other) == {}


def test_blocks_with_page_faults_are_no_ceiling_and_one_now_and_then_is_no_harm() -> None:
    fast, slow = measured("bytes", 1e-9), measured("bytes", 1e-8, backend="numpy")
    assert of(a_run(), fast, slow, torch=100)["cpu"]["bytes"]["by"] == "numpy:eager"
    assert of(a_run(), fast, slow, torch=99)["cpu"]["bytes"]["by"] == "torch:eager"
    assert of(a_run(), fast, torch=1638500) == {}
    on_card = measured("bytes", 1e-9, device="cuda")
    assert of(a_run(), on_card, torch=1638500)["cuda"]["bytes"]["doubts"] == []


def test_what_may_have_stayed_in_a_cache_is_doubted_and_yields_to_what_did_not() -> None:
    run = a_run(machine={**MACHINE, "caches": {"L1d": 10, "L3": 100 * 2**20}})
    small, large = (
        measured("bytes", seconds, work={"bytes": size * 2**20, "operations": 1})
        for seconds, size in ((1e-9, 399), (1e-8, 400))
    )
    doubt = "399 MiB were read, and may have stayed in the last cache of 100 MiB"
    assert of(run, small)["cpu"]["bytes"]["doubts"] == [doubt]
    best = of(run, small, replace(large, id="large"))["cpu"]["bytes"]
    assert best["doubts"] == [] and best["most"] == pytest.approx(4e4 * 2**20)


def test_what_others_disturbed_is_kept_with_its_doubts() -> None:
    found = ceilings_of(a_run(), [measured("operations", 1e-8)], {}, disturbed=True)
    assert found["cpu"]["operations float64"]["doubts"] == ["others worked meanwhile"]


def stored(path: Path, *runs: Run) -> Store:
    store = Store(path / "r.db", writing=True)
    for position, run in enumerate(runs):
        store.add_run(run)
        store.put(replace(measured("bytes", 1e-8 * (1 + position)), run=run.id))
    return store


def test_the_newest_ceilings_are_found_again(tmp_path: Path) -> None:
    runs = a_measurement("old", "2026-01-01"), a_measurement("new", "2026-01-03")
    with stored(tmp_path, *runs) as store:
        found = newest(store, a_measurement("r"), lambda run: False)
    assert found["cpu"]["bytes"]["run"] == "new"


def test_disturbed_ceilings_serve_until_there_are_others(tmp_path: Path) -> None:
    runs = a_measurement("old", "2026-01-01"), a_measurement("new", "2026-01-03")
    with stored(tmp_path, *runs) as store:
        one = newest(store, a_measurement("r"), lambda run: run.id == "new")["cpu"]["bytes"]
        other = newest(store, a_measurement("r"), lambda run: True)["cpu"]["bytes"]
    assert one["run"] == "old" and one["doubts"] == []
    assert other["run"] == "new" and other["doubts"] == ["others worked meanwhile"]


@pytest.mark.parametrize(
    "changes",
    [
        {"machine": {**MACHINE, "cpu": "another"}},
        {"settings": {"threads": 2, "numerics": "equal"}},
        {"settings": {"threads": 1, "numerics": "shipped"}},
        {"selection": {"scenarios": ["machine", "classic"]}},
        {"selection": {"scenarios": ["machine/matmul", "machine/read"]}},
        {"selection": {}},
    ],
    ids=["processor", "threads", "numerics", "other scenarios", "some of them", "unknown"],
)
def test_ceilings_of_other_circumstances_are_not_taken(changes: dict, tmp_path: Path) -> None:
    with stored(tmp_path, a_measurement("other", **changes)) as store:
        assert newest(store, a_measurement("r"), lambda run: False) == {}


@pytest.mark.parametrize(("card", "known"), [("a card, driver 7", ["cuda"]), ("another", [])])
def test_ceilings_of_another_card_are_not_taken(card: str, known: list, tmp_path: Path) -> None:
    run = a_measurement("other", machine={**MACHINE, "devices": {"cuda:0": card}})
    with Store(tmp_path / "r.db", writing=True) as store:
        store.add_run(run)
        store.put(replace(measured("bytes", 1e-8, device="cuda"), run=run.id))
        assert list(newest(store, a_measurement("r"), lambda run: False)) == known


def test_the_share_is_of_the_nearer_ceiling() -> None:
    assert share(a_trial(2e-3), BEST) == (pytest.approx(0.5), "bytes")
    heavy = a_trial(1e-1, work={"bytes": 10**7, "operations": 10**9})
    assert share(heavy, BEST) == (pytest.approx(0.2), "operations float64")


@pytest.mark.parametrize(
    "record",
    [
        a_trial(1.0, work=None),
        a_trial(1.0, dtype="float32"),
        a_trial(1.0, device="cuda"),
        replace(a_trial(1.0), status="wrong"),
        a_record("checked", work={"bytes": 1, "operations": 1}, dtype="float64"),
    ],
    ids=["no work", "no ceiling of the dtype", "nor of the device", "wrong", "not timed"],
)
def test_there_is_no_share_without_work_time_and_ceiling(record: Record) -> None:
    assert share(record, BEST) is None


def a_run_with(best: object) -> Run:
    return a_run(machine={**MACHINE, "ceilings": {"clock": {"step": 20, "cost": 30}, **best}})


def test_the_screen_shows_every_share_and_what_it_is_of() -> None:
    records = [a_trial(2e-3), replace(a_trial(1e-1), backend="jax", variant="jit")]
    found = drawn_lines(ceilings(a_run_with(BEST), records))
    assert "  torch:eager  2.00 ms   50 %  bandwidth" in found
    assert "  jax:jit       100 ms  1.0 %  bandwidth" in found
    assert "bandwidth of cpu: 10 GB/s (2026-01-02)" in found
    assert "arithmetic float64 of cpu: 50 Gflop/s (2026-01-02)" in found
    assert not any("cache" in line or "too low" in line for line in found)


def test_what_lies_above_a_ceiling_has_no_share_but_an_explanation() -> None:
    found = drawn(ceilings(a_run_with(BEST), [a_trial(5e-4)]))
    assert "torch:eager  500 us  above  bandwidth" in found and "%" not in found
    assert "above the bandwidth: numbers stayed in a cache" in found and "too low" not in found
    heavy = a_trial(1e-2, work={"bytes": 10**7, "operations": 10**9})
    found = drawn(ceilings(a_run_with(BEST), [heavy]))
    assert "above the arithmetic: the ceiling was measured too low" in found


def test_doubted_ceilings_and_shares_of_them_say_so() -> None:
    best = {**BEST["cpu"], "bytes": a_ceiling(1e10, "others worked meanwhile", "and why else")}
    run, records = a_run_with({"cpu": best}), [a_trial(2e-3)]
    for screen in (ceilings_table({"cpu": best}), ceilings(run, records)):
        found = drawn_lines(screen)
        assert "bandwidth: others worked meanwhile" in found and "bandwidth: and why else" in found
    assert "too high" in drawn(ceilings(run, records))
    assert "too low" in drawn(ceilings_table({"cpu": best}))


def test_only_ceilings_of_the_dtypes_that_are_shown_are_told() -> None:
    best = {"cpu": {**BEST["cpu"], "operations float32": a_ceiling(9e10)}}
    assert "float32" not in drawn(ceilings(a_run_with(best), [a_trial(2e-3)]))


def test_cases_in_which_nobody_comes_near_a_ceiling_are_left_out() -> None:
    assert ceilings(a_run_with(BEST), [a_trial(1.0)]) is None


def test_without_ceilings_there_is_no_screen() -> None:
    assert ceilings(a_run_with({}), [a_trial(2e-3)]) is None
    assert ceilings(a_run(), [a_trial(2e-3)]) is None
    assert ceilings_table({}) is None


def test_the_ceilings_have_a_screen_of_their_own() -> None:
    found = drawn_lines(ceilings_table(BEST))
    assert "  bandwidth              10 GB/s  [10, 10]  torch:eager" in found
    assert "intervals within one launch" in found


def test_what_is_too_small_to_fill_the_machine_is_no_ceiling() -> None:
    small = measured("operations", 1e-6, work={"bytes": 1000, "operations": 128})
    assert of(a_measurement("r1"), small) == {}


def test_kinds_that_a_newer_measurement_lacks_are_taken_from_an_older_one(tmp_path: Path) -> None:
    older, newer = a_measurement("r1", "2026-01-02"), a_measurement("r2", "2026-01-03")
    with stored(tmp_path, older) as store:
        store.add_run(newer)
        store.put(replace(measured("operations", 1e-9), run="r2"))
        found = newest(store, a_measurement("r3"), lambda run: False)
    assert {name: one["run"] for name, one in found["cpu"].items()} == {
        "bytes": "r1",
        "operations float64": "r2",
    }
