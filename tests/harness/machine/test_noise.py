"""What disturbs a run: every warning where it is due, and none where it isn't."""

import pytest

from harness.machine import facts, linux, noise
from tests.harness.trees import CPU, planted
from tests.results.samples import a_run

QUIET = {
    "load": 0.2,
    "mhz": {"0": 3000.0, "1": 3000.0},
    "pressure": 0.0,
    "ticks": {"cores": 2, "all": 1000, "busy": 100, "ours": 40, "stolen": 0},
    "throttles": 7,
    "cards": [
        {
            "index": 0.0,
            "name": "H200",
            "clock": 345.0,
            "memory_clock": 3201.0,
            "power": 80.0,
            "temperature": 30.0,
            "utilisation": 0.0,
            "throttle": 1,
            "slowed": {"its power limit": 5e6, "a brake on its power": None},
        }
    ],
}
LATER = {**QUIET, "ticks": {"cores": 2, "all": 3000, "busy": 1100, "ours": 1000, "stolen": 10}}
MACHINE = {
    "cores": 2,
    "governor": "performance",
    "limits": {"cpus": 2.0, "memory": None},
    "pinned": {"workers": [0], "parent": [1]},
}


def before(**changes):
    return noise.beforehand({"before": {**QUIET, **changes}}, MACHINE)


def later(busy=(), **changes):
    return noise.meanwhile({"before": QUIET, "busy": busy, "after": {**LATER, **changes}})


def card(**changes):
    return [{**QUIET["cards"][0], **changes}]


def ticks(**changes):
    return {**LATER["ticks"], **changes}


def test_a_quiet_machine_is_not_warned_about():
    assert before() == later() == []


def test_a_machine_that_tells_nothing_is_not_warned_about():
    nothing = {"load": None, "mhz": {}, "pressure": None, "ticks": None, "throttles": None}
    silent = {**nothing, "cards": []}
    told = {"before": silent, "after": silent}
    assert noise.beforehand(told, {"cores": 2, "governor": None, "limits": {}}) == []
    assert noise.meanwhile(told) == []
    assert noise.beforehand({}, {}) == noise.meanwhile({}) == []  # before any of it was kept


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"load": 1.5}, "the load was 1.5 on 2 cores before the run: others worked"),
        (
            {"pressure": 12.0},
            "in 12 % of the ten seconds before the run something waited for a core",
        ),
        ({"cards": card(utilisation=40.0)}, "GPU 0 (H200) was 40 % busy before the run"),
        ({"cards": card(temperature=90.0)}, "GPU 0 (H200) was at 90 degrees before the run"),
        (
            {"cards": card(throttle=0x8)},
            "GPU 0 (H200) was slowed down by a slow-down by its hardware before the run",
        ),
        (
            {"cards": None},
            "nvidia-smi gave no answer: clocks, heat and throttling of the cards are unknown",
        ),
    ],
)
def test_what_disturbs_beforehand_is_said(changes, sentence):
    assert before(**changes) == [sentence]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"governor": "powersave"},
            "the governor is powersave, so clocks move; performance would keep them up",
        ),
        (
            {"limits": {"cpus": 0.5, "memory": None}},
            "the control group allows the time of 0.5 cores and workers are pinned to 1: they will "
            "be stopped now and then; take fewer --threads",
        ),
    ],
)
def test_a_machine_set_so_that_times_move_is_said(changes, sentence):
    assert noise.beforehand({"before": QUIET}, {**MACHINE, **changes}) == [sentence]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"throttles": 9}, "cores were slowed down for their heat 2 times"),
        ({"ticks": ticks(busy=1400)}, "other programs used 0.3 of 2 cores during the run"),
        (
            {"ticks": ticks(stolen=60)},
            "3.0 % of the cores' time was taken by other guests of this machine's host",
        ),
        (
            {"cards": card(slowed={"its power limit": 8.2e6, "a brake on its power": 1e7})},
            "GPU 0 (H200) was slowed down by its power limit for 3.2 s",
        ),
    ],
)
def test_what_moved_meanwhile_is_said(changes, sentence):
    assert later(**changes) == [sentence]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"temperature": 88.0}, ["GPU 0 (H200) was at 88 degrees during the run"]),
        (
            {"throttle": 0x80},
            ["GPU 0 (H200) was slowed down by a brake on its power during the run"],
        ),
        ({"throttle": 0x4}, []),  # the driver counts for how long
    ],
)
def test_a_card_that_was_hot_or_slow_while_it_worked_is_named(changes, sentences):
    assert later(busy=card(**changes)) == sentences


def test_a_card_that_cools_down_and_cores_that_idle_are_nothing_to_warn_about():
    assert later(mhz={"0": 800.0, "1": 800.0}, cards=card(clock=210.0, memory_clock=405.0)) == []


@pytest.mark.parametrize(
    ("told", "disturbed"),
    [
        ({"before": QUIET, "after": LATER}, False),
        ({"before": {**QUIET, "load": 1.9}, "after": LATER}, False),  # by what ran just before
        ({"before": QUIET, "after": {**LATER, "ticks": ticks(busy=1400)}}, True),
        ({"before": QUIET, "after": {**LATER, "ticks": ticks(stolen=60)}}, True),
        ({"before": {**QUIET, "load": 1.9}}, True),
        ({}, False),
    ],
    ids=["quiet", "a load before", "others", "stolen", "no end", "unknown"],
)
def test_a_run_is_disturbed_by_who_took_of_the_cores_meanwhile(told, disturbed):
    assert noise.is_disturbed(a_run(noise=told, machine=MACHINE)) is disturbed


def test_where_nothing_is_timed_the_load_may_fill_the_cores_but_not_more():
    unpinned = {**MACHINE, "pinned": {}}
    assert noise.crowd({"load": 1.9}, unpinned) == []
    assert len(noise.crowd({"load": 2.1}, unpinned)) == 1


def test_one_core_alone_may_have_some_load():
    alone = {**MACHINE, "cores": 1}
    assert noise.crowd({"load": 0.4}, alone) == []
    assert len(noise.crowd({"load": 0.6}, alone)) == 1


def test_a_moment_is_read_off_the_system(tmp_path, monkeypatch):
    monkeypatch.setattr(noise.card, "cards", lambda which: pytest.fail("no card was asked for"))
    used = "S " + "0 " * 10
    files = {
        "proc/loadavg": "0.50 0.40 0.30 1/100 12",
        "proc/pressure/cpu": "some avg10=1.25 avg60=0.00 total=9\nfull avg10=0.00",
        "proc/stat": "cpu 10 1 5 80 4 0 0 2 0 0\ncpu0 5 1 3 40 2 0 0 1\ncpu1 5 0 2 40 2 0 0 1",
        "proc/self/stat": f"1 (a b) c) {used}3 2 1 0 20 0",
        "proc/44/stat": f"44 (worker) {used}4 0 0 0 20 0",
        f"{CPU}/cpu0/cpufreq/scaling_cur_freq": "2600000",
        f"{CPU}/cpu0/thermal_throttle/core_throttle_count": "3",
        f"{CPU}/cpu1/thermal_throttle/core_throttle_count": "4",
    }
    found = noise.moment([0, 1], ["cpu"], [44, 45], planted(tmp_path, files))
    assert found.pop("settings") == facts.settings([0, 1], tmp_path)
    assert found == {
        "load": 0.5,
        "mhz": {"0": 2600.0},
        "pressure": 1.25,
        "ticks": {"cores": 2, "all": 102, "busy": 16, "ours": 10, "stolen": 2},
        "throttles": 7,
        "cards": [],
    }


def test_a_moment_of_a_machine_without_files_is_empty(tmp_path):
    nothing = {"load": None, "mhz": {}, "pressure": None, "ticks": None, "throttles": None}
    settings = facts.settings([0], tmp_path)
    found = noise.moment([0], (), (), tmp_path)
    assert found == {**nothing, "settings": settings, "cards": []}


def test_the_cards_that_a_run_uses_are_asked(tmp_path, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(noise.card, "cards", lambda which: which)
    assert noise.moment([0], ["cpu", "cuda:1"], (), tmp_path)["cards"] == ("1",)


def test_a_setting_that_was_changed_during_the_run_is_said():
    old, new = {"governor": "performance", "turbo": False}, {"governor": "powersave"}
    moved = "governor of the machine was performance before the run and powersave after it"
    assert noise.moved(old, new) == [moved]
    assert noise.moved(old, old) == []


def test_the_ticks_of_a_workers_own_children_are_ours(tmp_path):
    for process, session in ((44, 44), (45, 44), (46, 7)):
        fields = f"S 1 {process} {session} 0 0 0 0 0 0 0 10 5 0 0"
        planted(tmp_path, {f"proc/{process}/stat": f"{process} (a (b) c) {fields}"})
    assert linux.spent(tmp_path, [44]) == 30
