"""What NVIDIA's cards say, from answers that nvidia-smi gave."""

import pytest

from harness.machine import card

H200 = "0, NVIDIA H200, 1980, 3201, 412.55, 61, 97"
SHY = "1, Tesla K80, [N/A], [Not Supported], [N/A], 40, [N/A]"
COUNTED = "1500000, 0, 7 us, [N/A]"
NEW, OLD = "clocks_event_reasons.active", "clocks_throttle_reasons.active"
UNCOUNTED = dict.fromkeys(card.COUNTERS)


def telling(known, *lines):
    """An nvidia-smi that knows some fields besides the usual ones; others spoil its answer."""

    def ask(fields, which):
        strange = set(fields) - set(card.FIELDS.values()) - set(known)
        return "" if strange else "".join(f"{line}\n" for line in lines)

    return ask


def test_a_cards_numbers_are_read():
    ask = telling([NEW, *card.COUNTERS.values()], f"{H200}, 0x0000000000000004, {COUNTED}")
    assert card.cards(["0"], ask) == [
        {
            "index": 0,
            "name": "NVIDIA H200",
            "clock": 1980,
            "memory_clock": 3201,
            "power": 412.55,
            "temperature": 61,
            "utilisation": 97,
            "throttle": 4,
            "slowed": dict(zip(card.COUNTERS, (1500000, 0, 7, None), strict=True)),
        }
    ]


@pytest.mark.parametrize("name", [NEW, OLD])
def test_reasons_are_read_under_the_new_name_and_the_old_one(name):
    (told,) = card.cards(["0"], telling([name], f"{H200}, 0x8"))
    assert told["throttle"] == 8 and told["slowed"] == UNCOUNTED


def test_a_card_whose_driver_knows_no_reasons_is_read_all_the_same():
    (told,) = card.cards(["0"], telling([], H200))
    assert told["temperature"] == 61 and told["throttle"] is None


def test_what_a_card_does_not_tell_is_unknown():
    (_, shy) = card.cards(["0", "1"], telling([NEW], f"{H200}, 0x0", f"{SHY}, [N/A]"))
    assert shy["temperature"] == 40
    told = ("clock", "memory_clock", "power", "utilisation", "throttle")
    assert [shy[name] for name in told] == [None] * 5


def test_cards_that_can_not_be_read_are_none_and_not_no_cards():
    assert card.cards(["0"], lambda fields, which: "No devices were found\n") is None
    assert card.cards(["0"], lambda fields, which: "") is None


def test_reasons_are_named_and_rest_is_none():
    assert card.reasons(0x01) == card.reasons(None) == card.reasons(0x02) == []
    assert card.reasons(0x24) == ["its power limit", "its temperature, by its driver"]


def test_of_two_readings_the_worse_counts():
    one = {"index": 0, "name": "H200", "clock": 1980, "memory_clock": 3201, "power": 400}
    one |= {"temperature": 60, "utilisation": 90, "throttle": 0x4, "slowed": {}}
    other = {**one, "clock": 1200, "power": None, "temperature": 85, "throttle": 0x20}
    joined = {**one, "clock": 1200, "temperature": 85, "throttle": 0x24}
    assert card.worst(one, other) == card.worst(other, one) == joined


@pytest.mark.parametrize(
    ("devices", "visible", "names"),
    [
        (["cpu"], None, ()),
        (["cpu", "cuda", "cuda:0"], None, ("0",)),
        (["cuda", "cuda:1"], "3,GPU-5e1d", ("3", "GPU-5e1d")),
        (["cuda:2"], "3", ("2",)),
        (["cupboard", "cuda:x"], None, ()),
    ],
)
def test_only_the_cards_that_a_run_uses_are_meant_as_nvidia_smi_counts(devices, visible, names):
    variables = {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}
    assert card.used(devices, variables) == names


def asked_of(folder, monkeypatch, script, patience=card.PATIENCE):
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return card.asked(["index", "name"], ["0", "3"], patience)


def test_nvidia_smi_is_asked_for_every_field_of_all_cards_at_once(tmp_path, monkeypatch):
    printed = asked_of(tmp_path, monkeypatch, 'echo "$@"')
    assert printed == "--query-gpu=index,name --format=csv,noheader,nounits -i 0,3\n"


def test_a_refusal_is_an_empty_answer_and_one_that_never_comes_is_none(tmp_path, monkeypatch):
    assert asked_of(tmp_path, monkeypatch, "echo broken; exit 9") == ""
    assert asked_of(tmp_path, monkeypatch, "exec sleep 60", patience=0.05) is None


def test_an_nvidia_smi_that_does_not_answer_is_not_asked_again():
    asked = []
    assert card.cards(["0"], lambda fields, which: asked.append(which)) is None
    assert asked == [["0"]]


def test_where_there_is_no_nvidia_smi_there_is_no_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert card.cards(["0"]) is None


@pytest.mark.parametrize(
    ("line", "driver"),
    [
        (
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 2023",
            "535.104.05",
        ),
        (
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release",
            "570.86.15",
        ),
    ],
)
def test_a_card_is_named_with_its_driver(line, driver, tmp_path):
    path = tmp_path / "version"
    path.write_text(f"{line}\nGCC version: gcc 12.3.0\n")
    assert card.with_driver("NVIDIA H200", path) == f"NVIDIA H200, driver {driver}"


def test_a_card_without_a_driver_to_be_found_is_just_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert card.with_driver("NVIDIA H200", tmp_path / "version") == "NVIDIA H200"
