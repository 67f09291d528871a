import pytest

from harness.contract import Declaration, Settings
from harness.errors import UsageError
from harness.options import Options, duration, environment, fraction, split, store_path


@pytest.mark.parametrize(
    ("text", "seconds"), [("60s", 60), ("500ms", 0.5), ("2m", 120), ("0.5", 0.5)]
)
def test_a_duration_has_a_unit_or_is_in_seconds(text, seconds):
    assert duration(text) == seconds


def test_a_fraction_is_a_percentage_or_a_number():
    assert fraction("2%") == pytest.approx(0.02)
    assert fraction("0.5") == 0.5


@pytest.mark.parametrize("text", ["0", "-1s", "soon", "", "nan", "inf"])
def test_a_time_that_is_none_is_refused_with_a_remedy(text):
    with pytest.raises(UsageError, match="give"):
        duration(text)
    with pytest.raises(UsageError, match="give"):
        fraction(text)


@pytest.mark.parametrize("name", ["threads", "launches", "budget", "precision", "timeout"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_options_refuse_what_is_not_above_zero(name, value):
    with pytest.raises(UsageError, match=f"--{name}"):
        Options(**{name: value})


def test_numerics_are_equal_or_shipped():
    with pytest.raises(UsageError, match="shipped"):
        Options(numerics="fast")


def test_words_are_split_at_commas_and_add_up():
    assert split(["torch,jax:all", "numpy", ""]) == ("torch", "jax:all", "numpy")


def test_the_store_is_where_it_is_said_to_be(monkeypatch):
    monkeypatch.delenv("HARNESS_RESULTS", raising=False)
    assert str(store_path(None)) == ".harness/results.db"
    monkeypatch.setenv("HARNESS_RESULTS", "elsewhere.db")
    assert str(store_path(None)) == "elsewhere.db"
    assert str(store_path("here.db")) == "here.db"


DECLARED = Declaration(
    name="x",
    adapter="x:X",
    variants={"eager": ""},
    requires="x",
    install="",
    environment={"ALWAYS": "{device}"},
    equal={"EQUALISED": "{threads}"},
)


def test_a_workers_environment_is_filled_in():
    variables = environment(DECLARED, Settings(threads=3), "cuda:1")
    assert variables["ALWAYS"] == "cuda" and variables["EQUALISED"] == "3"
    assert variables["OMP_NUM_THREADS"] == "3" and "CUDA_VISIBLE_DEVICES" not in variables
    assert environment(DECLARED, Settings(), "cpu")["CUDA_VISIBLE_DEVICES"] == "-1"


def test_shipped_numerics_leave_allocator_and_framework_alone():
    variables = environment(DECLARED, Settings(numerics="shipped"), "cpu")
    assert "EQUALISED" not in variables
    assert not any(name.startswith("MALLOC") for name in variables)
    assert any(n.startswith("MALLOC") for n in environment(DECLARED, Settings(), "cpu"))


def test_a_fraction_that_must_be_a_forgotten_percent_sign_is_refused():
    with pytest.raises(UsageError, match="'5' would be 500 %; write 5% for 5 %"):
        fraction("5")
