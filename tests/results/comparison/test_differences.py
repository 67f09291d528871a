from __future__ import annotations

import pytest

from results.comparison.differences import Ran, differences
from tests.results.samples import a_run

MACHINE = {"cpu": "a CPU", "cores": 2, "memory": 8 * 2**30, "system": "Linux 6.1"}
RUN = a_run("r1", machine=MACHINE)
TORCH, JAX = Ran("torch:eager", "2.13.0"), Ran("jax:jit", "0.10.2")
BOTH = [(TORCH, TORCH)]


def told(**changes: object) -> list[str]:
    return [str(one) for one in differences(RUN, a_run("r2", **changes), BOTH)]


def test_runs_that_are_alike_have_no_difference() -> None:
    assert told(machine=MACHINE, label="other", start="2026-02-02", settings=RUN.settings) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"machine": MACHINE | {"cpu": "another"}}, "machine cpu: a CPU in A, another in B"),
        ({"machine": MACHINE | {"cores": 4}}, "machine cores: 2 in A, 4 in B"),
        ({"machine": MACHINE | {"memory": 2**34}}, "machine memory: 8 GiB in A, 16 GiB in B"),
        ({"machine": MACHINE | {"system": "Linux 6.2"}}, "machine system: Linux 6.1 in A, Linux 6"),
        ({"settings": {"threads": 4}}, "setting threads: 1 in A, 4 in B"),
        ({"versions": {"python": "3.12.1"}}, "version of python: 3.11.7 in A, 3.12.1 in B"),
        ({"numerics": {"torch:eager": {"threads": 2}}}, "numerics of torch:eager threads: 1 in A"),
        ({"commit": "abc123+"}, "commit: abc123 in A, abc123+ in B"),
        ({"seed": 1}, "seed: 0 in A, 1 in B"),
    ],
)
def test_each_difference_is_named(changes: dict[str, object], sentence: str) -> None:
    (line,) = told(**{"machine": MACHINE, **changes})
    assert line.startswith(sentence)


def test_another_source_of_the_harness_is_named_by_the_beginning_of_its_hash() -> None:
    one, other = (a_run(id, code=f"sha256:{id}{'0' * 60}") for id in ("r1", "r2"))
    (found,) = differences(one, other, [])
    assert (found.what, found.a, found.b) == ("code of the harness", "r10000000000", "r20000000000")


def test_only_some_differences_make_another_machine() -> None:
    other = a_run("r2", machine={"cpu": "b", "cores": 2, "memory": 2**33, "system": "Linux 7"})
    assert [(one.what, one.machine) for one in differences(RUN, other, [])] == [
        ("machine cpu", True),
        ("machine system", False),
    ]


def test_another_accelerator_makes_another_machine_but_a_missing_one_does_not() -> None:
    one, other = (a_run(card, machine={"devices": {"cuda:0": card}}) for card in ("H200", "A100"))
    (found,) = differences(one, other, [])
    assert found.machine and str(found) == "machine devices cuda:0: H200 in A, A100 in B"
    assert differences(one, a_run("r3", machine={"devices": {"cpu": "x"}}), []) == []


def test_another_driver_is_a_difference_but_no_other_machine() -> None:
    one, other = (
        a_run(driver, machine={"devices": {"cuda:0": f"H200, driver {driver}"}})
        for driver in ("570.1", "580.2")
    )
    (found,) = differences(one, other, [])
    assert not found.machine


def test_what_one_run_did_not_look_for_is_no_difference() -> None:
    assert told(machine=MACHINE | {"governor": "powersave"}, versions={}, settings={}) == []
    assert told(machine=MACHINE | {"system": None}) == []


def test_memory_that_a_kernel_keeps_for_itself_and_ceilings_are_no_difference() -> None:
    almost = {"memory": 8 * 2**30 - 2**20, "ceilings": {"copy": 9.1}}
    assert told(machine=MACHINE | almost) == []
    assert differences(a_run("r1", machine={"ceilings": {"copy": 1}}),
                       a_run("r2", machine={"ceilings": {"copy": 2}}), []) == []  # fmt: skip


def test_numerics_matter_of_the_runners_that_are_compared() -> None:
    one = a_run("r1", numerics={"torch:eager": {"tf32": False}, "jax:jit": {"x64": True}})
    two = a_run("r2", numerics={"torch:eager": {"tf32": True}, "jax:jit": {"x64": True}})
    assert differences(one, two, [(JAX, JAX)]) == []
    (found,) = differences(one, two, BOTH)
    assert str(found) == "numerics of torch:eager tf32: off in A, on in B"


def test_two_runners_of_one_run_differ_in_their_numerics_at_most() -> None:
    run = a_run("r1", numerics={"torch:eager": {"threads": 1}, "jax:jit": {"threads": 2}})
    (found,) = differences(run, run, [(TORCH, JAX)])
    assert str(found) == "numerics of torch:eager, jax:jit threads: 1 in A, 2 in B"


def test_a_version_is_looked_up_in_the_records_whatever_the_environment_is_called() -> None:
    here = a_run("r1", versions={"python": "3.11.7", "torch": "2.13.0"})
    there = a_run("r2", versions={"python": "3.11.7", "torch@/opt/py": "2.12.0",
                                  "python of torch@/opt/py": "3.10.1"})  # fmt: skip
    found = differences(here, there, [(TORCH, Ran("torch:eager@/opt/py", "2.12.0"))])
    assert [str(one) for one in found] == [
        "version of torch: 2.13.0 in A, 2.12.0 in B",
        "version of python: 3.11.7 in A, 3.10.1 in B",
    ]


def test_versions_that_race_in_one_run_are_named() -> None:
    run = a_run("r1", versions={"jax==0.9.0": "0.9.0", "jax==0.10.2": "0.10.2"})
    race = (Ran("jax:jit==0.9.0", "0.9.0"), Ran("jax:jit==0.10.2", "0.10.2"))
    assert [str(one) for one in differences(run, run, [race])] == [
        "version of jax: 0.9.0 in A, 0.10.2 in B"
    ]


def test_a_version_is_named_once_for_all_variants() -> None:
    pairs = [(Ran(f"torch:{variant}", "2.13.0"), Ran(f"torch:{variant}", "2.14.0"))
             for variant in ("eager", "compile")]  # fmt: skip
    found = differences(RUN, a_run("r2", machine=MACHINE), pairs)
    assert [str(one) for one in found] == ["version of torch: 2.13.0 in A, 2.14.0 in B"]


def test_versions_of_who_is_not_compared_are_no_difference() -> None:
    runs = [a_run(id, versions={"torch": version}) for id, version in (("r1", "1"), ("r2", "2"))]
    assert differences(*runs, [(JAX, JAX)]) == []
    assert differences(*runs, [(JAX, Ran("jax:jit", None))]) == []
    assert differences(*runs, [(JAX, TORCH)]) == []


def test_the_version_of_the_harness_is_one_as_well() -> None:
    runs = [a_run(id, versions={"autodiff-harness": id}) for id in ("r1", "r2")]
    (found,) = differences(*runs, [])
    assert str(found) == "version of autodiff-harness: r1 in A, r2 in B"
