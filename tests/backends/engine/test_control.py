"""Control flow: branches, loops and scans over arrays and trees of arrays."""

import numpy as np
import pytest

from backends.engine import grad, jvp, vjp, xp
from backends.engine.traces import Reverse

X = np.random.default_rng(2).uniform(-1, 1, (6, 3))


def test_the_branch_taken_is_the_one_differentiated():
    def f(x):
        return xp.cond(x > 0, lambda x, y: x * y, lambda x, y: x + y, x, 3.0)

    assert (grad(f)(2.0), grad(f)(-2.0)) == (3, 1)


def test_a_loop_is_differentiated_through_the_steps_it_took():
    def f(x):
        return xp.while_loop(lambda c: c < 100, lambda c: c * x, x)

    assert f(3.0) == 243
    assert grad(f)(3.0) == 5 * 3**4


def test_a_scan_is_a_loop_over_rows():
    def looped(x):
        carry, ys = x[0] * 0, []
        for i in range(6):
            carry = carry * 0.5 + x[i]
            ys.append(carry * carry)
        return xp.sum(carry) + xp.sum(xp.stack(ys) * X)

    def scanned(x):
        def step(carry, row):
            carry = carry * 0.5 + row
            return carry, carry * carry

        carry, ys = xp.scan(step, x[0] * 0, x)
        return xp.sum(carry) + xp.sum(ys * X)

    np.testing.assert_allclose(scanned(X), looped(X), 1e-15)
    np.testing.assert_allclose(grad(scanned)(X), grad(looped)(X), rtol=0, atol=1e-14)
    for composed in (looped, scanned):
        curvature = jvp(grad(composed), (X,), (X,))[1]
        expected = jvp(grad(looped), (X,), (X,))[1]
        np.testing.assert_allclose(curvature, expected, rtol=0, atol=1e-13)


def test_carry_xs_and_ys_may_be_trees():
    def f(xs):
        def step(carry, x):
            carry = {"sum": carry["sum"] + x["a"], "rest": [carry["rest"][0] * x["b"][0]]}
            return carry, (carry["sum"], {"product": carry["rest"][0]}, None)

        start = {"sum": X[0], "rest": [np.float64(1)]}
        return xp.scan(step, start, {"a": xs, "b": (xs[:, 0],)})

    carry, ys = f(X)
    np.testing.assert_allclose(carry["sum"], X[0] + X.sum(0), 1e-13)
    np.testing.assert_allclose(ys[1]["product"], np.cumprod(X[:, 0]), 1e-13)
    assert (ys[0].shape, ys[2]) == (X.shape, None)
    gradient = grad(lambda x: f(x)[0]["rest"][0])(X)
    np.testing.assert_allclose(gradient[:, 0], np.prod(X[:, 0]) / X[:, 0], 1e-12)


def test_the_tape_of_a_scan_grows_with_its_steps():
    def lines(n):
        trace = Reverse()
        xp.scan(lambda c, x: (c * x, None), np.ones(3), trace.leaf(np.ones((n, 3))))
        return len(trace.tape)

    assert lines(1024) < 4.2 * lines(256)
    assert lines(1024) < 2.1 * 1024  # one product a step, one index a row


def test_what_a_scan_takes_is_put_back_all_at_once():
    """Row by row it would be n arrays of zeros of the whole size."""

    def puts(n):
        trace = Reverse()
        gradient = grad(lambda xs: xp.scan(lambda c, x: (c + x * x, None), 0.0, xs)[0])
        gradient(trace.leaf(np.ones(n)))
        return sum(p.name == "place" for p, *_ in trace.tape)

    assert puts(256) == puts(4) == 1


@pytest.mark.parametrize(
    ("xs", "sentence"),
    [
        (np.ones((0, 3)), r"one length, with one entry at least; got \[0\]"),
        ((X, X[:2]), r"one length, with one entry at least; got \[2, 6\]"),
        (None, "one length, with one entry at least; got none"),
    ],
)
def test_scans_of_nothing_or_of_unequal_lengths_are_refused(xs, sentence):
    with pytest.raises(ValueError, match=sentence):
        xp.scan(lambda carry, x: (carry, carry), 1.0, xs)


def test_a_scan_whose_y_changes_its_structure_is_refused():
    steps = iter(range(6))

    def step(carry, x):
        return carry, (x, x) if next(steps) else x

    with pytest.raises(ValueError, match="a later y of scan has a tuple of 2, but the first has"):
        vjp(lambda x: xp.scan(step, 1.0, x)[1], X)
