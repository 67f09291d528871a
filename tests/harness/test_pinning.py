"""Which cores workers get, on machines made for the test."""

import pytest

from harness.crew import places
from harness.errors import UsageError
from harness.options import Options
from harness.pinning import Topology, apart, busy, here, shares
from tests.harness.trees import CPU, planted


def machine(cores, threads_per_core=1, isolated=(), **changes):
    """Cores that lie as Linux numbers them: the second threads after all the first ones."""
    physical = len(cores) // threads_per_core
    siblings = {
        core: tuple(sorted(c for c in cores if c % physical == core % physical)) for core in cores
    }
    plain = {"allowed": tuple(cores), "siblings": siblings, "isolated": isolated, "busy": {}}
    return Topology(**{**plain, **changes})


def test_workers_and_parent_have_cores_apart():
    assert apart(machine(range(4)), 2) == ([0, 1], [2, 3])


def test_siblings_of_the_workers_cores_stay_idle():
    workers, parent = apart(machine(range(8), threads_per_core=2), 2)
    assert workers == [0, 1] and parent == [2, 6, 3, 7]


def test_the_least_busy_physical_cores_are_taken():
    busy_sibling = machine(range(8), threads_per_core=2, busy={0: 0.9, 5: 0.8, 2: 0.1})
    assert apart(busy_sibling, 2)[0] == [2, 3]


def test_a_busy_sibling_that_we_may_not_use_counts_too():
    whole = machine(range(8), threads_per_core=2, busy={4: 0.9})
    ours = Topology(allowed=(0, 1, 2), siblings=whole.siblings, busy=whole.busy)
    assert apart(ours, 1)[0] == [1]


def test_cores_that_the_kernel_isolates_come_first():
    workers, parent = apart(machine(range(6), isolated=(4, 5), busy={4: 0.5}), 1)
    assert workers == [5] and parent == [0, 1, 2, 3]


def test_too_few_isolated_cores_are_left_alone():
    workers, parent = apart(machine(range(6), isolated=(5,), busy={0: 0.5}), 2)
    assert workers == [1, 2] and parent == [0, 3, 4]


def test_where_all_cores_are_isolated_the_parent_has_one_too():
    assert apart(machine(range(3), isolated=(0, 1, 2)), 2) == ([0, 1], [2])


@pytest.mark.parametrize(
    ("topology", "threads", "has"),
    [(machine([0]), 1, "1"), (machine(range(4)), 4, "4"), (machine(range(4), 2), 2, "2")],
    ids=["one core", "as many as threads", "siblings are no cores"],
)
def test_too_few_physical_cores_are_refused_with_a_remedy(topology, threads, has):
    with pytest.raises(UsageError, match=rf"may use {has}; take fewer --threads, or leave"):
        apart(topology, threads)


def test_a_machine_is_described_by_its_files(tmp_path):
    files = {
        "proc/stat": "cpu 1 0 0 1 0 0 0 0\ncpu0 1 0 0 1 0 0 0 0\nctxt 5",
        f"{CPU}/isolated": "1,3-4",
        f"{CPU}/cpu0/topology/thread_siblings_list": "0,2",
    }
    found = here([0, 1], planted(tmp_path, files), watched=0)
    assert found.siblings == {0: (0, 2), 1: (1,)} and found.isolated == (1, 3, 4)


def test_busy_is_the_share_of_ticks_in_which_a_core_did_something():
    before = {"cpu": (0,) * 8, "cpu0": (10, 0, 0, 90, 0, 0, 0, 0), "cpu1": (0,) * 8}
    after = {"cpu": (9,) * 8, "cpu0": (35, 0, 0, 160, 5, 0, 0, 0), "cpu1": (0,) * 8}
    assert busy(before, after) == {0: 0.25}


def test_without_isolation_the_first_cores_are_the_workers():
    assert shares([3, 1, 2], 1) == ([1], [3]) and shares([0], 1) == ([0], [0])


def test_more_threads_than_cores_are_refused_with_a_remedy():
    assert shares([0, 1], 2) == ([0, 1], [0, 1])
    with pytest.raises(UsageError, match=r"--threads is 3, and .* may use 2 cores; give 2 at most"):
        shares([0, 1], 3)


def test_where_nothing_is_timed_all_cores_are_everybodys():
    assert places([0, 1], Options(check=True, isolate=True)) == ([0, 1], [0, 1])


def test_isolation_is_asked_for_by_its_option(monkeypatch):
    monkeypatch.setattr("harness.crew.here", lambda allowed: machine(range(3), busy={0: 0.9}))
    assert places([0, 1, 2], Options(isolate=True)) == ([1], [0, 2])
    assert places([0, 1, 2], Options()) == ([0], [2])
