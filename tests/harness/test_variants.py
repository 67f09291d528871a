"""Words of --backend with another environment behind them."""

import pytest

import harness
from harness import plan
from harness.commands.run import run
from harness.errors import UsageError
from harness.options import Options, Selection
from harness.variants import parsed


def runners(*backends, exclude=()):
    return make(*backends, exclude=exclude).runners


def make(*backends, exclude=()):
    return plan.make(Selection(scenarios=("square",), backends=backends, exclude=exclude), seed=0)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("jax", ("jax", "", "")),
        ("jax:eager", ("jax", "eager", "")),
        ("jax==0.9.0", ("jax", "", "==0.9.0")),
        ("jax == v0.9.0", ("jax", "", "==0.9.0")),
        ("jax:all==0.9", ("jax", "all", "==0.9.0")),
        ("jax==1!2rc1.post2", ("jax", "", "==1!2.0.0rc1.post2")),
        ("jax==0.9.0.0.1+cpu", ("jax", "", "==0.9.0.0.1+cpu")),
        ("jax[cuda12]==0.9.0", ("jax", "", "[cuda12]==0.9.0")),
        ("jax[CUDA12_local]==0.9.0", ("jax", "", "[cuda12-local]==0.9.0")),
        ("jax:jit[cuda12]==0.9.0rc1", ("jax", "jit", "[cuda12]==0.9.0rc1")),
        ("jax@/opt/a:b==c[d]/python", ("jax", "", "@/opt/a:b==c[d]/python")),
        ("jax:eager@py", ("jax", "eager", "@py")),
    ],
)
def test_a_word_has_a_name_a_variant_and_an_environment(word, parts):
    assert parsed(word) == parts


@pytest.mark.parametrize(
    "word",
    ["jax=0.9", "jax>=0.9", "jax==", "jax==0.9.*", "jax==new", "jax@", "jax[cuda12]", "jax==1==2",
     "jax[a@b]==1", "jax==0.9@py", "jax==../../x"],
)  # fmt: skip
def test_what_is_no_environment_is_refused_with_examples(word):
    with pytest.raises(UsageError, match=r"won't do; .*jax==0\.9\.0 or jax@/opt"):
        parsed(word)


def test_versions_and_interpreters_of_a_backend_are_runners_of_their_own():
    names = [r.name for r in runners("jax==0.9.0", "jax:eager@py", "jax", "jax==0.9.0")]
    assert names == ["jax:jit==0.9.0", "jax:eager@py", "jax:jit"]


@pytest.mark.parametrize("word", ["jax==0.9", "jax==0.9.0.0", "jax==00.09", "jax==v0.9"])
def test_a_version_written_otherwise_is_the_same_runner(word):
    planned = make("jax==0.9.0", word)
    assert [r.name for r in planned.runners] == ["jax:jit==0.9.0"] and not planned.notes


def test_a_backend_that_is_not_installed_here_can_run_elsewhere(monkeypatch):
    monkeypatch.setattr("harness.variants.installed", lambda declaration: False)
    planned = make("torch==2.9.0")
    assert [r.name for r in planned.runners] == ["torch:eager==2.9.0"] and not planned.beforehand


def test_an_exclusion_without_an_environment_means_every_one():
    words = ("jax", "jax==0.9.0", "jax@py", "numpy")
    assert [r.name for r in runners(*words, exclude=("jax",))] == ["numpy:replay"]
    assert [r.environment for r in runners(*words, exclude=("jax@py",))] == ["", "==0.9.0", ""]


def test_all_backends_at_once_have_no_environment():
    with pytest.raises(UsageError, match="all@py won't do; name the backend, as jax@py"):
        make("all@py")


def test_a_compiled_variant_has_its_twin_in_the_same_environment():
    assert make("jax:all==0.9.0").twins() == {"jax:jit==0.9.0": "jax:eager==0.9.0"}


@pytest.mark.parametrize(
    ("words", "check", "launches"),
    [
        (("jax==0.9.0", "jax==0.10.2"), False, 5),
        (("jax==0.9.0", "jax"), False, 5),
        (("jax==0.9.0", "jax==0.10.2"), True, 1),
        (("jax==0.9.0", "numpy"), False, 1),
        (("jax", "numpy"), False, 1),
    ],
)
def test_where_environments_of_a_backend_race_there_are_five_launches(words, check, launches):
    planned = make(*words)
    assert planned.with_launches(Options(check=check)).launches == launches


@pytest.mark.parametrize(("words", "launches"), [((), 5), (("--launches", "2"), 2)])
def test_the_command_races_in_five_launches_unless_told_otherwise(
    monkeypatch, capsys, words, launches
):
    chosen = []
    monkeypatch.setattr(
        "harness.carry.carry_out", lambda planned, options, *_: chosen.append(options)
    )
    with pytest.raises(SystemExit):
        run.main(["square", "--backend", "jax==0.9,jax==0.8", *words], standalone_mode=False)
    assert chosen[0].launches == launches
    assert ("5 launches (--launches)" in capsys.readouterr().err) == (launches == 5)


@pytest.mark.parametrize(("words", "launches"), [({}, 5), ({"launches": 2}, 2)])
def test_the_library_races_in_five_launches_too(monkeypatch, tmp_path, words, launches):
    monkeypatch.setattr("harness.runner.execute", lambda planned, options, **_: [options])
    (chosen,) = harness.run(
        "square", backend="jax==0.9,jax==0.8", results=tmp_path / "r.db", **words
    )
    assert chosen.launches == launches
