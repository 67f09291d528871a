"""`harness compare` and `harness history` as a person types them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from results.export import as_json
from results.store import Store
from tests.harness.processes import command
from tests.results.comparison.compared import launched
from tests.results.samples import a_record, a_run

RIGHT = [launched("a"), launched("b", operator="vjp"), launched("c", 1e-3, backend="jax")]
RUNS = {
    "before": RIGHT,
    "same": RIGHT,
    "slower": [launched("a", 1.1e-3), *RIGHT[1:]],
    "wrong": [a_record("a", status="wrong"), *RIGHT[1:]],
    "gone": [a_record("a", status="unavailable", reason="no torch"), *RIGHT[1:]],
    "faster": [launched("a", 0.9e-3), *RIGHT[1:]],
    "bare": [replace(one, seconds=None) for one in RIGHT],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A store with a run a day, and the first of them as a file where no store is."""
    folder = tmp_path_factory.mktemp("compared")
    with Store(folder / ".harness" / "results.db", writing=True) as store:
        for number, (label, records) in enumerate(RUNS.items(), 1):
            run = a_run(f"r{number}", label=label, start=f"2026-01-0{number}T00:00:00+00:00")
            store.add_run(run)
            for record in records:
                store.put(replace(record, run=run.id))
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "alone").mkdir()
    (folder / "alone" / "run.json").write_text(as_json(a_run("r1"), RIGHT, {}))
    return folder


@pytest.mark.parametrize(
    ("b", "arguments", "status"),
    [
        ("same", ["--fail-above", "5%"], 0),
        ("slower", [], 0),
        ("slower", ["--fail-above", "5%"], 1),
        ("slower", ["--fail-above", "15%"], 0),
        ("wrong", ["--fail-above", "5%"], 1),
        ("gone", ["--fail-above", "5%"], 1),
    ],
)
def test_the_status_is_one_only_for_what_the_gate_stops(folder, b, arguments, status):
    done = command("compare", "before", b, *arguments, folder=folder)
    assert done.returncode == status, done.stdout + done.stderr
    assert "3 trials:" in done.stdout and not done.stderr


def test_a_gate_that_could_only_pass_is_refused(folder):
    done = command("compare", "wrong", "bare", "--fail-above", "5%", folder=folder)
    assert done.returncode == 2 and "nothing was timed on both sides" in done.stderr


def test_files_are_compared_where_no_store_is(folder):
    done = command(
        "compare", "run.json@torch", "run.json@jax", "--format", "json", "--fail-above", "5%",
        folder=folder / "alone",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    verdicts = {one["operator"]: one["verdict"] for one in json.loads(done.stdout)["trials"]}
    assert verdicts == {"gradient": "same", "vjp": "only in A"}
    assert not (folder / "alone" / ".harness").exists()


def test_a_history_marks_its_steps(folder):
    done = command("history", "gradient-penalty", "--backend", "torch", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "slower 1.10" in done.stdout and "faster 0.818" in done.stdout
    assert "jax" not in done.stdout and done.stdout.count("2026-01-") == 2 * len(RUNS)


def test_a_history_of_this_machine_leaves_others_out(folder):
    done = command("history", "gradient-penalty", "--machine", "this", folder=folder)
    assert done.returncode == 2
    assert "nothing of it was measured on this machine; try --machine all" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["compare", "befor", "same"], "no run called 'befor'; did you mean 'before'"),
        (["compare", "before", "missing.json"], "missing.json can't be read"),
        (["compare", "before", "r1"], "before and r1 are the same run, r1; give two runs"),
        (["compare", "a" * 300, "same"], "aaa'; 'harness list runs' names those there are"),
        (["compare", "before", "deep.json"], "holds no run: it is nested too deeply; give a file"),
        (["compare", "before", "same", "--series", "vlaue"], "did you mean 'value'"),
        (["compare", "before", "same", "--format", "jsno"], "did you mean 'json'"),
        (["compare", "before", "same", "--fail-above", "five"], "give a percentage above 0"),
        (["compare", "before", "same", "--fail-above", "1%"], "is below --floor 2%"),
        (["history", "gradient-penalti"], "did you mean 'gradient-penalty'"),
        (["history", "gradient-penalty", "--machine", "that"], "no machine called 'that'"),
        (["history", "gradient-penalty", "--backend", "jxa"], "with the backend 'jxa'"),
    ],
)
def test_a_users_mistakes_are_told_in_a_sentence(folder, arguments, sentence):
    done = command(*arguments, folder=folder)
    assert done.returncode == 2 and sentence in done.stderr
    assert "Traceback" not in done.stderr and not done.stdout
