"""What makes it the same machine, card and settings."""

from __future__ import annotations

import pytest

from results.conditions import conditions, device_of, facts_of, machine_of
from tests.results.samples import a_record, a_run

MACHINE = {
    "cpu": "a CPU",
    "cores": 2,
    "physical": 2,
    "memory": 8 * 2**30,
    "architecture": "x86_64",
    "limits": {"cpus": None, "memory": None},
}


@pytest.mark.parametrize(
    "changes",
    [
        {"cpu": "another"},
        {"cores": 4},
        {"physical": 1},
        {"memory": 2**34},
        {"architecture": "aarch64"},
        {"limits": {"cpus": 1.5}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_each_of_these_makes_another_machine(changes: dict) -> None:
    assert machine_of({**MACHINE, **changes}) != machine_of(MACHINE)


@pytest.mark.parametrize(
    "changes",
    [
        {"memory": 8 * 2**30 - 2**20},
        {"system": "Linux 7"},
        {"governor": "powersave"},
        {"ceilings": {"cpu": {}}},
        {"limits": {"memory": 2**30}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_none_of_these_makes_another_machine(changes: dict) -> None:
    assert machine_of({**MACHINE, **changes}) == machine_of(MACHINE)


def test_facts_within_others_have_both_names_and_ceilings_are_no_facts() -> None:
    found = facts_of({"limits": {"cpus": 2, "memory": None}, "cpu": None, "ceilings": {"a": 1}})
    assert found == {"limits cpus": 2}


def test_a_device_is_its_card_without_the_driver() -> None:
    run = a_run(machine={"devices": {"cpu": "a CPU", "cuda:0": "H200, driver 570.1"}})
    named = [device_of(run, device) for device in ("cpu", "cuda", "cuda:0", "cuda:1")]
    assert named == ["", "H200", "H200", ""]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"versions": {}, "commit": "new"}, True),
        ({"numerics": {"torch:eager": {"threads": 1, "mkl": "2026.0.1"}}}, True),
        ({"machine": {**MACHINE, "cores": 4}}, False),
        ({"settings": {"threads": 4}}, False),
        ({"settings": {"threads": 1, "numerics": "shipped"}}, False),
        ({"settings": {"threads": 1, "isolate": True}}, False),
        ({"numerics": {"torch:eager": {"threads": 2}}}, False),
    ],
)
def test_conditions_part_machines_and_settings_but_no_versions(changes: dict, same: bool) -> None:
    one, other = a_run(machine=MACHINE), a_run(**{"machine": MACHINE, **changes})
    assert (conditions(one, a_record()) == conditions(other, a_record())) is same
