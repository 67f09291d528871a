from __future__ import annotations

from typing import Any

import pytest

from results.comparison.asked import asks, unasked
from results.comparison.pairs import matched
from results.schema import Record
from tests.results.comparison.compared import a_side, launched
from tests.results.samples import a_run

BOTH = launched("both")
ALONE = launched("alone", backend="jax", variant="jit")


@pytest.mark.parametrize(
    ("backends", "runner", "asked"),
    [
        (["all"], "jax:jit", True),
        (["all"], "jax:eager", True),  # of jax nothing ran, so its default variant is not known
        (["all"], "torch:compile", False),
        (["all:all"], "torch:compile", True),
        (["all"], "jax:jit==0.9.0", False),
        (["torch"], "jax:jit", False),
        (["torch", "jax"], "jax:jit", True),
        (["torch"], "torch:compile", False),
        (["torch:all"], "torch:compile", True),
        (["torch:compile"], "torch:compile", True),
        (["jax==0.9"], "jax:jit==0.9.0", True),
        (["jax==0.10"], "jax:jit==0.1.0", False),
        (["jax==0.9.0"], "jax:jit", False),
        (["jax"], "jax:jit==0.9.0", False),
        (["jax:jit@/opt/py"], "jax:jit@/opt/py", True),
        (["jax[cuda12]==0.9.0"], "jax:jit[cuda12]==0.9.0", True),
        (["jax[cuda12]==0.9.0"], "jax:jit==0.9.0", False),
    ],
)
def test_the_words_of_a_run_ask_for_runners(backends: list[str], runner: str, asked: bool) -> None:
    assert asks({"backends": backends}, runner, "cpu", ["torch:eager"]) is asked


@pytest.mark.parametrize("word", ["jax", "jax:jit", "jax:all", "jax:jit==0.9.0", "jax==0.9"])
def test_what_was_excluded_was_not_asked_for(word: str) -> None:
    selection = {"backends": ["jax:all==0.9.0"], "exclude": [word]}
    assert not asks(selection, "jax:jit==0.9.0", "cpu", [])
    assert asks(selection, "jax:eager==0.9.0", "cpu", []) is ("jit" in word)


@pytest.mark.parametrize(
    ("devices", "device", "asked"),
    [
        ({}, "cpu", True),
        ({}, "cuda", False),
        ({"devices": ["cuda:0"]}, "cuda", True),
        ({"devices": ["cuda"]}, "cuda:1", False),
    ],
)
def test_devices_are_asked_for_too(devices: dict[str, Any], device: str, asked: bool) -> None:
    assert asks({"backends": ["all"], **devices}, "jax:jit", device, []) is asked


def test_what_was_asked_is_not_known_of_every_run() -> None:
    assert asks({}, "jax:jit", "cuda", [])


def free(*b: Record, **changes: Any) -> set[str]:
    """Return what a run of the records `b` was not asked for, of what it lacks."""
    a = a_side("A", BOTH, ALONE, run=a_run("A", selection={"scenarios": ["s"]}))
    other = a_side("B", BOTH, *b, run=a_run("B", **changes))
    return set(unasked(a, other, matched(a, other)))


def test_a_whole_runner_that_was_not_asked_for_is_no_loss() -> None:
    assert free(selection={"scenarios": ["s"], "backends": ["torch"]}) == {"alone"}
    assert free(selection={"scenarios": ["s"], "backends": ["all"]}) == set()
    assert free() == set()


def test_a_trial_of_a_runner_that_ran_is_a_loss_unless_other_cases_were_asked_for() -> None:
    ran = launched("z", backend="jax", variant="jit", operator="hvp")
    assert free(ran, selection={"scenarios": ["s"]}) == set()
    assert free(ran, selection={"scenarios": ["t"]}) == {"alone"}
    assert free(ran, selection={"scenarios": ["t"]}, end=None) == set()
    assert free(ran) == set()


def test_a_runner_that_met_itself_in_another_environment_did_run() -> None:
    old = [launched(f"a{n}", size={"n": n}, environment="==0.9.0") for n in (1, 2)]
    new = launched("b1", size={"n": 1}, environment="==0.10.2")
    a = a_side("A", *old)
    b = a_side("B", new, run=a_run("B", selection={"backends": ["torch==0.10.2"]}))
    assert unasked(a, b, matched(a, b)) == set()
