"""A configuration file gives the defaults of `harness run`; a stored run can be written as one."""

from dataclasses import replace

import pytest

from harness import plan
from harness.commands.run import run
from harness.configuration import NOT_IN_FILES, as_toml, key_of
from harness.errors import UsageError
from harness.options import Options, Selection
from results.errors import StoreError
from results.store import Store
from tests.harness.processes import command
from tests.results.samples import a_run

WHOLE = """
scenarios = ["square", "gradient-penalty"]
backend = ["numpy:eager", "fake:exact,fake:sign"]
size = "n=1,5"
launches = 3
budget = "250ms"
precision = "5%"
seed = 7
check = true
label = "nightly"
"""


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a configuration file and returns its path."""

    def write(text):
        path = tmp_path / "run.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def asked(monkeypatch, *arguments):
    """What `harness run` would do with these words: selection, options, and the rest."""
    taken = []
    monkeypatch.setattr("harness.carry.carry_out", lambda *words: taken.append(words) or 0)
    with pytest.raises(SystemExit):
        run.main(list(arguments), standalone_mode=False)
    ((planned, options, *rest),) = taken
    return planned.selection, options, rest


def test_a_file_says_what_the_command_line_would(monkeypatch, file):
    written = asked(monkeypatch, "--config", file(WHOLE))
    typed = asked(
        monkeypatch,
        *("square", "gradient-penalty", "--backend", "numpy:eager,fake:exact,fake:sign"),
        *("--size", "n=1,5", "--launches", "3", "--budget", "250ms", "--precision", "5%"),
        *("--seed", "7", "--check", "--label", "nightly"),
    )
    assert written == typed
    assert written[1].budget == 0.25 and written[0].sizes == ("n=1,5",)


def test_the_command_line_wins(monkeypatch, file):
    selection, options, rest = asked(
        monkeypatch,
        *("square-vjp-ones", "--backend", "numpy", "--launches", "1", "--label", "now"),
        *("--results", "x.db", "--config", file(WHOLE)),
    )
    assert selection.scenarios == ("square-vjp-ones",) and selection.backends == ("numpy",)
    assert (options.launches, options.label, rest[0]) == (1, "now", "x.db")
    assert options.budget == 0.25 and options.check, "what was not typed comes from the file"


def test_a_file_can_say_where_results_and_json_go(monkeypatch, file):
    text = 'scenarios = "square"\nresults = "there.db"\njson = "-"\nquiet = true\n'
    assert asked(monkeypatch, "--config", file(text))[2] == ["there.db", "-", True]


def test_a_dry_run_reads_the_file_too(tmp_path, file):
    done = command("run", "--config", file(WHOLE), "--dry-run", folder=tmp_path)
    assert "12 trials in 4 cases" in done.stdout, done.stderr


def test_every_option_has_a_key():
    known = {key_of(parameter) for parameter in run.params}
    assert {"scenarios", "backend", "json", "dry-run", "config", "resume"} <= known
    assert set(NOT_IN_FILES) <= known | {"help"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('bakend = "numpy"', "no key of .*run.toml called 'bakend'; did you mean 'backend'"),
        ('backends = "numpy"', "did you mean 'backend'"),
        ('[run]\nbackend = "numpy"', "no key of .* called 'run'; known: backend"),
        ('resume = "latest"', "no key of .* called 'resume'"),
        ("backend = 3", "backend in .*run.toml should be text or a list of texts.*; got 3"),
        ('backend = ["numpy", 3]', "backend in .* should be text or a list"),
        ('launches = "3"', "launches in .*run.toml should be a whole number; got '3'"),
        ("launches = true", "launches in .* should be a whole number; got True"),
        ("launches = 2.5", "launches in .* should be a whole number; got 2.5"),
        ("check = 1", "check in .* should be true or false; got 1"),
        ("budget = 0.5", "budget in .* should be text, in quotes; got 0.5"),
        ('backend = "numpy"\nlaunches = = 3', r"is no TOML: .*line 2.*; mend it first"),
        (b'label = "a"\nlabel = "\xff"', r"is not UTF-8 \(at line 2\); mend it first"),
        ('budget = "soon"', "'soon' won't do; give a time above 0"),
        ('scenarios = "sqare"', "did you mean 'square'"),
    ],
)
def test_a_mistake_in_the_file_is_a_sentence_with_a_remedy(file, text, sentence):
    with pytest.raises(UsageError, match=sentence):
        run.main(["--config", file(text)], standalone_mode=False)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.toml can't be read \(No such file"):
        run.main(["--config", "nowhere.toml"], standalone_mode=False)
    with pytest.raises(UsageError, match=r"can't be read \(Is a directory"):
        run.main(["--config", str(tmp_path)], standalone_mode=False)


def test_the_command_says_it_without_a_traceback(tmp_path):
    done = command("run", "--config", "nowhere.toml", folder=tmp_path)
    assert done.returncode == 2 and done.stderr.startswith("harness: nowhere.toml can't be read")
    assert done.stderr.count("\n") == 1


SELECTIONS = [
    Selection(),
    Selection(scenarios=("square", 'a "quoted" \\ name.py'), sizes=("n=1,5", "K=3"), force=True),
    Selection(backends=("jax==0.9.0", "numpy:eager"), exclude=("torch",), data="é/data.txt"),
]
OPTIONS = [
    Options(),
    Options(launches=5, precision=1 / 3, budget=0.1, timeout=7.25, seed=12, label="a b"),
    Options(numerics="shipped", threads=2, check=True, values=True),
]


@pytest.mark.parametrize(("selection", "options"), list(zip(SELECTIONS, OPTIONS, strict=True)))
def test_what_a_stored_run_was_asked_for_comes_back(monkeypatch, file, selection, options):
    stored = a_run(selection=selection.to_json(), settings=options.to_json(), label=options.label)
    again = file(as_toml(stored, [], {}))
    some = plan.make(Selection(scenarios=("square",)), seed=0)
    monkeypatch.setattr(plan, "make", lambda words, seed: replace(some, selection=words))
    unnamed = replace(options, label=None)  # the label means the stored run
    assert asked(monkeypatch, "--config", again)[:2] == (selection, unnamed)


def test_a_run_that_did_not_keep_what_it_was_asked_for_can_not_be_written():
    with pytest.raises(StoreError, match="it was: harness run documented"):
        as_toml(a_run(), [], {})


def test_a_stored_run_is_exported_and_repeated(tmp_path):
    first = command(
        "run", "square", "--backend", "numpy", "--check", "--label", "first", "--quiet",
        folder=tmp_path,
    )  # fmt: skip
    assert first.returncode == 0, first.stderr
    text = command("export", "first", "--format", "toml", folder=tmp_path).stdout
    assert 'scenarios = ["square"]\n' in text
    (tmp_path / "again.toml").write_text(text)
    again = command("run", "--config", "again.toml", "--label", "again", folder=tmp_path)
    assert again.returncode == 0, again.stderr
    with Store(tmp_path / ".harness" / "results.db") as store:
        one, other = store.find("first"), store.find("again")
    assert one.selection == other.selection
    assert {**one.settings, "label": "again"} == other.settings
    assert other.command.endswith("run --config again.toml --label again"), "as it was typed"
