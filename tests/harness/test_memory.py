"""What can't fit into memory is refused beforehand, with the estimate."""

import pytest

from harness import plan
from harness.errors import UsageError
from harness.machine import facts
from harness.options import Selection

GIB = 2**30


@pytest.fixture(autouse=True)
def machine_of_eight(monkeypatch):
    monkeypatch.setattr(facts, "memory", lambda: 8 * GIB)


def make(*scenarios, **words):
    return plan.make(Selection(scenarios=scenarios, backends=("numpy",), **words), seed=0)


def test_a_hessian_of_a_million_variables_is_refused_with_its_size():
    with pytest.raises(UsageError) as caught:
        make("rosenbrock", operators=("hessian",), sizes=("n=1e6",))
    sentence = str(caught.value)
    assert "hessian of classic/rosenbrock at n=1000000 would need about 21.8 TiB" in sentence
    assert "this machine has 8 GiB" in sentence
    assert "--force" in sentence


def test_a_size_beyond_the_machine_is_refused():
    with pytest.raises(UsageError, match="would need about"):
        make("rosenbrock", sizes=("n=1e12",))


def test_what_fits_is_not_refused():
    assert make("rosenbrock", sizes=("n=1e6",)).notes == ()
    assert make("rosenbrock", operators=("hessian",), sizes=("n=100",)).cases


def test_force_goes_on():
    assert make("rosenbrock", operators=("hessian",), sizes=("n=1e6",), force=True).cases


def test_all_operators_leave_out_what_is_too_large_and_say_so():
    planned = make("rosenbrock", operators=("all",), sizes=("n=1e6",))
    assert "hessian" not in {case.operator for case in planned.cases}
    assert "gradient" in {case.operator for case in planned.cases}
    assert any("left out: hessian" in note for note in planned.notes)


def test_every_backend_counts(monkeypatch):
    monkeypatch.setattr(facts, "memory", lambda: 200e6)
    assert make("rosenbrock", sizes=("n=1e6",)).cases
    with pytest.raises(UsageError, match="on all backends together"):
        plan.make(
            Selection(scenarios=("rosenbrock",), backends=("numpy:all",), sizes=("n=1e6",)), seed=0
        )


def test_a_machine_that_does_not_tell_its_memory_refuses_nothing(monkeypatch):
    monkeypatch.setattr(facts, "memory", lambda: None)
    assert make("rosenbrock", operators=("hessian",), sizes=("n=1e6",)).cases


def test_what_people_run_by_default_is_not_refused(monkeypatch):
    """A Hessian of 1000 numbers has 8 MB, whatever the data beside it."""
    monkeypatch.setattr(facts, "memory", lambda: 4 * GIB)
    for name in ("quadratic", "logistic-regression", "least-squares"):
        planned = plan.make(
            Selection(scenarios=(name,), operators=("hessian",), compositions=("all",)), seed=0
        )
        assert planned.cases


def test_experts_count_only_where_they_run(monkeypatch):
    monkeypatch.setattr(facts, "memory", lambda: 300e6)
    planned = plan.make(
        Selection(scenarios=("rosenbrock",), backends=("numpy", "torch:expert"), sizes=("n=1e6",)),
        seed=0,
    )
    assert planned.notes == ("left out: torch:expert has nothing for these cases",)
