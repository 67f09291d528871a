"""The atlas finds what is known to be wrong in the pinned frameworks, and calls it by its issue."""

import json
from importlib.metadata import PackageNotFoundError, version

import pytest

from tests.harness.processes import command

DETERMINANT = "https://github.com/pytorch/pytorch/issues/192540"
IDENTITY = "https://github.com/pytorch/pytorch/issues/192521"
ACCUMULATORS = "https://github.com/tensorflow/tensorflow/issues/127753"
PINNED = {"torch": "2.13.0", "tensorflow": "2.21.0"}


def surveyed(folder, backend, primitives):
    """The records of a survey, and its exit status; skips where the pinned version is not here."""
    package = backend.partition(":")[0]
    try:
        found = version(package).partition("+")[0]
    except PackageNotFoundError:
        pytest.skip(f"{package} is not installed")
    if found != PINNED[package]:
        pytest.skip(f"the defects were seen in {package} {PINNED[package]}, here is {found}")
    done = command(
        "atlas", "--backend", backend, "--primitive", primitives, "--json", "-", folder=folder,
    )  # fmt: skip
    _, *records = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, records


def cells(records, status):
    return {
        (r["scenario"].partition("/")[2], r["point"], r["composition"])
        for r in records
        if r["status"] == status
    }


def test_second_derivatives_of_determinants_over_a_forward_mode_are_wrong(tmp_path):
    status, records = surveyed(tmp_path, "torch:eager", "det,slogdet,solve")
    wrong = cells(records, "wrong")
    for name in ("det", "slogdet", "solve"):
        for composition in ("reverse-over-forward", "forward-over-forward"):
            assert (name, "generic", composition) in wrong
        assert (name, "generic", "reverse-over-reverse") not in wrong
    assert ("det", "identity", "forward-over-reverse") in wrong
    known = {r["known"] for r in records if r["status"] == "wrong"}
    assert {DETERMINANT, IDENTITY} <= known
    news = [r for r in records if r["status"] in ("wrong", "failed") and not r["known"]]
    assert status == bool(news)


def test_nested_accumulators_lose_terms_of_what_is_used_twice(tmp_path):
    status, records = surveyed(tmp_path, "tensorflow:eager", "identity")
    (wrong,) = [r for r in records if r["status"] == "wrong"]
    assert (wrong["point"], wrong["composition"]) == ("twice", "forward-over-forward")
    assert wrong["error"]["worst"]["got"] == pytest.approx(2.4)
    assert wrong["error"]["worst"]["expected"] == pytest.approx(4.2)
    assert wrong["known"] == ACCUMULATORS and status == 0
