"""The whole library at size S on every installed backend: right, refused with a sentence, or known.

First order and one composition of second order here; `make library` runs all of them.
"""

import json

import pytest

from tests.harness.processes import command

OPERATORS = "value,gradient,vjp,jvp,jacobian,hvp,accumulate"


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    done = command(
        "run", "all", "--size", "S", "--operator", OPERATORS, "--check", "--json", "-",
        folder=folder, patience=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()[1:]]


def test_every_record_is_right_or_says_why_not(records):
    for record in records:
        where = f"{record['scenario']} {record['operator']} on {record['backend']}"
        if record["status"] in ("unsupported", "unavailable"):
            assert record["reason"], where
        elif record["status"] != "ok":
            assert record["known"], f"{where}: {record['status']}, {record['reason']}"


def test_nothing_passes_that_the_ledger_lists_as_failing(records):
    passed = [r for r in records if r["status"] == "ok" and r["known"]]
    assert not passed, [(r["scenario"], r["operator"], r["backend"]) for r in passed]


def test_known_failures_of_pytorch_are_known_and_do_not_change_the_exit_status(tmp_path):
    pytest.importorskip("torch", reason="the package torch is not installed")
    done = command(
        "run", "determinant", "ridge-hypergradient", "--size", "S", "--operator", "hvp",
        "--composition", "all", "--check", "--backend", "torch", "--json", "-", folder=tmp_path,
    )  # fmt: skip
    found = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    wrong = [r for r in found if r["status"] == "wrong"]
    assert done.returncode == 0 and len(found) == 8 and len(wrong) == 4
    assert all(r["known"] and r["composition"].endswith("over-forward") for r in wrong)
    assert not any(r["known"] for r in found if r["status"] == "ok")


def test_every_family_and_operator_is_there(records):
    families = {r["scenario"].partition("/")[0] for r in records}
    assert families >= {"documented", "classic", "adbench", "physics", "learning"}
    assert {r["operator"] for r in records} == set(OPERATORS.split(","))


def test_only_loops_of_unknown_length_have_no_gradient_somewhere(records):
    """JAX has no reverse mode through a while loop; everything else has a gradient everywhere."""
    lacking = {
        (r["backend"], r["scenario"])
        for r in records
        if r["operator"] == "gradient" and r["status"] == "unsupported"
    }
    assert lacking <= {("jax", "physics/particle")}
