from __future__ import annotations

from dataclasses import replace

import pytest

from results.comparison.history import chosen, courses, scenario_named, sparkline
from results.comparison.history_table import history
from results.errors import StoreError
from results.launches import FASTER, SLOWER
from results.schema import Record, Run
from tests.results.comparison.compared import launched
from tests.results.samples import a_record, a_run, drawn, drawn_lines

NAMES = ["classic/square", "documented/square", "documented/sum"]
MACHINE = {"cpu": "a CPU", "cores": 2, "memory": 2**33}


def stored(*per_call: float, **changes: object) -> list[tuple[Run, Record]]:
    """Make a run a day, with one trial of the given times."""
    return [
        (day(number, **changes), replace(launched("x", time), run=f"r{number}"))
        for number, time in enumerate(per_call, 1)
    ]


def day(number: int, **changes: object) -> Run:
    start = f"2026-01-{number:02}T00:00:00+00:00"
    return a_run(f"r{number}", start=start, **{"machine": MACHINE, **changes})


def test_each_run_is_held_against_the_one_before() -> None:
    (course,) = courses(stored(1e-3, 1e-3, 1.5e-3, 1.2e-3))
    assert [entry.step for entry in course.entries] == [False, False, True, True]
    changes = [entry.change for entry in course.entries]
    assert changes[0] is None
    assert [one.verdict for one in changes if one] == ["same", SLOWER, FASTER]
    assert changes[2] and changes[2].ratio == pytest.approx(1.5)


def test_what_was_not_right_is_shown_but_held_against_nothing() -> None:
    runs = stored(1e-3, 2e-3, 1e-3)
    runs[1] = (runs[1][0], a_record("x", status="wrong"))
    (course,) = courses(runs)
    assert [entry.change is None for entry in course.entries] == [True, True, False]
    assert course.entries[2].change and course.entries[2].change.verdict == "same"


def test_runs_of_different_machines_are_never_in_one_course() -> None:
    here, there = stored(1e-3, 1e-3), stored(5e-3, 5e-3, machine=MACHINE | {"cpu": "another"})
    mixed = [here[0], there[0], here[1], there[1]]
    found = courses(mixed)
    assert [len(course.entries) for course in found] == [2, 2]
    assert not any(entry.step for course in found for entry in course.entries)
    one_machine = [(day(n), record) for n, (_, record) in enumerate(mixed, 1)]
    assert sum(entry.step for course in courses(one_machine) for entry in course.entries) == 3


def test_other_trials_have_their_own_course() -> None:
    others = [(run, replace(record, id="y")) for run, record in stored(2e-3, 2e-3)]
    assert [course.record.id for course in courses(stored(1e-3, 1e-3) + others)] == ["x", "y"]


@pytest.mark.parametrize(
    ("word", "name"), [("documented/square", "documented/square"), ("sum", "documented/sum")]
)
def test_a_scenario_is_found_with_or_without_its_family(word: str, name: str) -> None:
    assert scenario_named(word, NAMES) == name


@pytest.mark.parametrize(
    ("word", "names", "sentence"),
    [
        ("square", NAMES, "of several scenarios; give classic/square or documented/square"),
        ("smu", NAMES, "called 'smu'; did you mean 'sum'"),
        ("zzz", NAMES, "called 'zzz'; stored are classic/square, documented/square"),
        ("sum", [], "called 'sum'; stored are none"),
    ],
)
def test_a_scenario_that_is_not_stored_is_told(word: str, names: list[str], sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        scenario_named(word, names)


MANY = [
    (day(1), launched("a", backend="jax", variant="jit", environment="==0.9.0")),
    (day(1), launched("b", backend="jax", variant="jit")),
    (day(1), launched("c", operator="hvp")),
]


@pytest.mark.parametrize(
    ("backends", "operators", "ids"),
    [
        ((), (), "abc"),
        (("jax",), (), "ab"),
        (("jax==0.9.0",), (), "a"),
        (("jax:jit", "torch:eager"), (), "abc"),
        (("torch",), ("hvp",), "c"),
        (("jax",), ("hvp",), ""),
    ],
)
def test_backends_and_operators_choose(
    backends: tuple[str, ...], operators: tuple[str, ...], ids: str
) -> None:
    assert "".join(record.id for _, record in chosen(MANY, backends, operators)) == ids


def test_a_backend_or_operator_without_a_run_is_told() -> None:
    with pytest.raises(StoreError, match="the backend 'jxa'; there are: jax, jax:jit, jax:jit=="):
        chosen(MANY, ["jxa"], [])
    with pytest.raises(StoreError, match="the operator 'vjp'; there are: gradient, hvp"):
        chosen(MANY, [], ["vjp"])


def test_a_sparkline_is_low_where_fast_and_open_where_nothing_was_timed() -> None:
    assert sparkline([1e-3, None, 4e-3, 2e-3]) == "▁ █▅"
    assert sparkline([None]) == ""


def test_a_sparkline_does_not_make_mountains_of_noise() -> None:
    assert sparkline([1.000, 1.001, 0.999]) == "▁▁▁"


def test_the_screen_shows_a_row_a_run_with_its_step() -> None:
    runs = stored(1e-3, 1.5e-3)
    runs[1] = (replace(runs[1][0], label="after", commit="0123456789ab+"), runs[1][1])
    lines = drawn_lines(history("documented/gradient-penalty", courses(runs)), 100)
    assert lines[0] == "documented/gradient-penalty: time per call"
    assert "gradient torch:eager  ▁█" in lines
    first, second = (line.split() for line in lines if line.startswith("  2026"))
    assert " ".join(first) == "2026-01-01 00:00 abc123 2.13.0 1.000 ms [0.999, 1.001] -"
    assert second[2:5] == ["after", "0123456+", "2.13.0"] and second[-2:] == ["slower", "1.50"]


def test_the_screen_names_conditions_where_a_trial_has_several() -> None:
    there = stored(1e-3, machine=MACHINE | {"cpu": "another"}, settings={"threads": 4})
    lines = drawn_lines(history("s", courses(stored(1e-3) + there)))
    assert "  cpu a CPU, threads 1" in lines and "  cpu another, threads 4" in lines
    assert "a CPU" not in drawn(history("s", courses(stored(1e-3))))


def test_old_runs_and_many_trials_are_left_out_until_asked_for() -> None:
    many = [
        (run, replace(record, id=str(n), size={"n": n}))
        for n in range(21)
        for run, record in stored(*[1e-3] * 22)
    ]
    text = drawn(history("s", courses(many)))
    assert text.count("2 older (--all)") == 20 and "and 1 more of its trials" in text
    whole = drawn(history("s", courses(many), whole=True))
    assert "--all" not in whole and whole.count("2026-01-") == 21 * 22


def test_how_a_trial_ended_stands_in_place_of_its_time() -> None:
    runs = [(day(1), a_record("x", status="timeout")), (day(2), a_record("x"))]
    lines = drawn_lines(history("s", courses(runs)))
    ended, untimed = (line.split() for line in lines if line.startswith("  2026"))
    assert "timeout" in ended and untimed[-4:] == ["not", "timed", "-", "-"]


def test_single_launches_are_marked_as_not_told_apart() -> None:
    runs = [(run, launched("x", time, spread=[1.0])) for time, (run, _) in
            zip((1e-3, 3e-3), stored(1, 1), strict=True)]  # fmt: skip
    text = drawn(history("s", courses(runs)))
    assert "~3.00" in text and "--launches 5" in text and "slower 3" not in text
