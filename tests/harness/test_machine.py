"""What the header says of the machine."""

import pytest

from harness import machine


def test_the_machine_is_described():
    described = machine.describe()
    assert described["cpu"] and described["memory"] > 2**28 and "Linux" in described["system"]


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
    assert machine.card("NVIDIA H200", path) == f"NVIDIA H200, driver {driver}"


def test_a_card_without_a_driver_to_be_found_is_just_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.card("NVIDIA H200", tmp_path / "version") == "NVIDIA H200"


def test_outside_a_repository_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert machine.commit() is None
