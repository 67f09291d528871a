"""The command `harness self-test`: which checks, what is shown, and its exit status."""

import os
from importlib import import_module

import pytest

from harness import plugins
from harness.errors import UsageError
from harness.selftest import CHECKS, carry
from harness.selftest.finding import FAILED, PASSED, UNDECIDED, Check, Finding
from tests.harness.processes import command


def checks_of(**verdicts):
    """Checks that find what they are told; the folder they got is kept in the list returned."""
    folders = []

    def measure(setting):
        setting.say("something")
        folders.append(setting.folder)
        assert setting.folder.is_dir()

    def judged(verdict):
        rows = {"": [("a row", "1")]}
        return lambda measured: Finding(
            verdict=verdict, says=f"it {verdict}", header=("", "n"), rows=rows, notes=("a note",)
        )

    checks = {
        name: Check(name=name, promise="it holds", measure=measure, judge=judged(verdict))
        for name, verdict in verdicts.items()
    }
    return checks, folders


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ({"one": PASSED, "two": PASSED}, 0),
        ({"one": PASSED, "two": UNDECIDED}, 0),
        ({"one": FAILED, "two": PASSED}, 1),
    ],
)
def test_the_exit_status_is_one_where_a_check_failed(monkeypatch, capsys, verdicts, status):
    checks, folders = checks_of(**verdicts)
    monkeypatch.setattr(carry, "CHECKS", checks)
    assert carry.carry_out((), ("numpy",)) == status
    shown = capsys.readouterr().out
    for name, verdict in verdicts.items():
        assert f"{verdict:9} {name}: it {verdict}" in shown
    assert "a row" in shown and "a note" in shown and "2 checks: " in shown
    assert len(folders) == 1, "checks that share a measurement have it made once"
    assert not folders[0].exists()


def test_only_the_checks_that_are_named_run(monkeypatch, capsys):
    checks, _ = checks_of(one=FAILED, two=PASSED)
    monkeypatch.setattr(carry, "CHECKS", checks)
    assert carry.carry_out(("two",), ("numpy",)) == 0
    assert "one" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "backends", "sentence"),
    [
        (("mutant",), ("all",), "did you mean 'mutants'"),
        ((), ("nunpy",), "did you mean 'numpy'"),
        ((), ("numpy:replai",), "did you mean 'replay'"),
    ],
)
def test_unknown_names_are_refused_before_anything_starts(names, backends, sentence):
    with pytest.raises(UsageError, match=sentence):
        carry.carry_out(names, backends)


def test_every_variant_but_the_experts_has_calls_by_hand():
    """An expert's variant runs scenarios of its own only."""
    for declaration in plugins.backends().items.values():
        if declaration.listed and declaration.name in ("numpy", "torch", "jax", "tensorflow"):
            assert set(declaration.by_hand) == set(declaration.variants) - {"expert"}


def test_help_names_every_check():
    from harness.commands.selftest import self_test

    assert all(name in self_test.help for name in CHECKS)
    assert all(import_module(f"harness.selftest.{name}").CHECK is CHECKS[name] for name in CHECKS)


def test_the_command_proves_waiting_in_real_processes_and_leaves_nothing_behind(tmp_path):
    (temporary := tmp_path / "temporary").mkdir()
    variables = {**os.environ, "TMPDIR": str(temporary)}
    done = command("self-test", "waiting", folder=tmp_path, env=variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "waiting: 5.0 ms of work behind the caller's back" in done.stdout.replace("\n", " ") or (
        "undecided" in done.stdout
    )
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert list(tmp_path.rglob("*")) == [temporary]
