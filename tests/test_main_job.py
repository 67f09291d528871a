"""The main job, whole: the ten documented computations on every backend, as a user runs it."""

import json
from importlib.util import find_spec

import pytest

from tests.harness.processes import command
from tests.scenarios.test_documented import NUMBERS

BACKENDS = ("numpy", "torch", "jax", "tensorflow")


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    done = command(
        "run", "--backend", "all:all", "--budget", "50ms", "--json", "-",
        folder=tmp_path_factory.mktemp("main"),
    )  # fmt: skip
    header, *records = [json.loads(line) for line in done.stdout.splitlines()]
    return done, header["header"], records


def test_it_ends_well_with_one_record_a_trial(stream):
    done, _, records = stream
    assert done.returncode == 0, done.stderr
    assert len(records) == 100 and len({r["id"] for r in records}) == 100


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_documented_number_is_exact(stream, backend):
    if find_spec(backend) is None:
        pytest.skip(f"the package {backend} is not installed")
    _, _, records = stream
    mine = [r for r in records if r["backend"] == backend]
    assert {r["scenario"].partition("/")[2] for r in mine} == set(NUMBERS)
    for record in mine:
        where = f"{record['scenario']} on {record['variant']}: {record['reason']}"
        assert record["status"] == "ok", where
        assert record["error"]["relative"] == 0, where
        assert record["error"]["against"] == "documented number", where
        assert record["value"] == NUMBERS[record["scenario"].partition("/")[2]], where
        assert record["dtype"] == "float32" and record["point"] == "documented"
        assert 0 < record["seconds"]["low"] <= record["seconds"]["median"], where
        assert record["seconds"]["value"] > 0, where


def test_accumulation_is_native_in_torch_and_numpy_and_derived_elsewhere(stream):
    _, _, records = stream
    accumulated = [r for r in records if r["scenario"].endswith("accumulated")]
    native = {f"{r['backend']}:{r['variant']}" for r in accumulated if r["origin"] == "native"}
    expected = {"numpy:replay", "numpy:eager", "torch:eager"}
    assert native == {name for name in expected if find_spec(name.partition(":")[0])}


def test_everybody_saw_the_same_bits(stream):
    _, _, records = stream
    for name in NUMBERS:
        hashes = {r["inputs"] for r in records if r["scenario"].endswith("/" + name)}
        assert len(hashes) == 1


def test_the_header_holds_versions_machine_and_numeric_settings(stream):
    _, header, _ = stream
    assert header["machine"]["cpu"] and header["machine"]["cores"] >= 1
    for backend in BACKENDS:
        if find_spec(backend):
            assert header["versions"][backend]
    assert header["numerics"]["jax:jit"]["x64"] is True


def test_scaled_up_every_backend_agrees_with_the_closed_form(tmp_path):
    done = command(
        "run", "--size", "n=1,5,1000,1e6", "--dtype", "float32,float64", "--check",
        "--json", "-", folder=tmp_path,
    )  # fmt: skip
    records = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    assert done.returncode == 0, done.stderr
    assert len(records) == 10 * 8 * 4
    assert {r["status"] for r in records} <= {"ok", "unavailable"}
    checked = [r for r in records if r["status"] == "ok"]
    assert {r["error"]["against"] for r in checked} == {"closed form"}
    assert {r["dtype"] for r in checked} == {"float32", "float64"}
