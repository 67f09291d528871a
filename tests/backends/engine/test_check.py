"""check_gradients finds every kind of wrong derivative, and says where; right ones pass."""

import itertools
import re

import numpy as np
import pytest

from backends.engine import check_gradients, xp
from backends.engine.check import Unsettled, WrongDerivative
from backends.engine.core import elementwise, primitive
from backends.engine.differences import _complex_step, derivative_along

RNG = np.random.default_rng(3)
X = RNG.uniform(0.5, 1.5, (2, 3))
MATRIX = RNG.uniform(-1, 1, (3, 3)) + 2 * np.eye(3)
FIFTH = np.arange(6).reshape(2, 3) == 4
WIDE = np.longdouble
DTYPES = ["float32", "float64", "longdouble"]


@pytest.fixture
def declare():
    """Declare wrong primitives, each under a name of its own."""
    numbers = itertools.count()
    return lambda form, function, *rules, **both: form(
        f"wrong_{next(numbers)}", function, *rules, **both
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "f",
    [
        lambda x: xp.sin(x) * xp.exp(x),
        lambda x: 1e8 * xp.sum(x) ** 2,
        lambda x: xp.sin(x) ** 2 + xp.cos(x) ** 2,  # whose derivative is all rounding
        lambda x: xp.logsumexp(50 * x),
        lambda x: xp.maximum(x, 1.0 + 1e-5) * x,
        lambda x: xp.inv(x @ x.T),
        lambda x: (xp.argmax(x), {"y": x * x, "n": 3}, None),
        lambda x: xp.abs(x - 1) * x,
        lambda x: 2.0,
    ],
)
def test_right_derivatives_pass(f, dtype):
    check_gradients(f, X.astype(dtype))


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_right_derivatives_pass_at_any_scale(scale):
    check_gradients(lambda x: xp.log(x) * x, scale * X)


def test_a_third_order_passes():
    check_gradients(lambda x, y: xp.sum(xp.sin(x * y)), X, X[0], order=3)


def test_trees_and_constants_may_be_arguments():
    def f(p, times, *, extra=0):
        return xp.sum(xp.tanh(p["w"] @ p["x"][0])) * times[0]

    check_gradients(f, {"w": X, "x": (X.T, None), "count": 3}, [2, np.arange(3)])


def test_a_derivative_that_is_zero_all_around_passes():
    check_gradients(xp.prod, np.array([0.0, 0.5, 0.0, 0.0, 0.0, 0.0]))


def test_a_function_whose_shape_depends_on_values_passes_where_it_is_constant_nearby():
    check_gradients(lambda x: x[xp.nonzero(x > 0.1)] ** 2, np.array([0.2, 1.0, -0.3, 0.15]))


def test_what_narrows_complex_numbers_is_checked_by_differences_in_longdouble():
    check_gradients(lambda a: xp.solve_triangular(a, a[0], lower=True), MATRIX.astype("longdouble"))


def test_what_scipy_has_in_float64_only_is_checked_there():
    check_gradients(lambda x: xp.gammaln(x) + xp.digamma(x), X, order=1)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "partial",
    [
        lambda out, x: -xp.cos(x),
        lambda out, x: 2 * xp.cos(x),
        lambda out, x: 1.001 * xp.cos(x),
        lambda out, x: xp.where(FIFTH, out, xp.cos(x)),
    ],
)
def test_a_wrong_partial_is_found_in_each_mode(declare, partial, dtype, mode):
    wrong = declare(elementwise, np.sin, partial)
    with pytest.raises(WrongDerivative, match=f"the {mode} derivative of .* is wrong at order 1"):
        check_gradients(lambda x: wrong(x), X.astype(dtype), modes=(mode,))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_argument_the_element_and_the_distance_are_told(declare, mode):
    wrong = declare(elementwise, np.sin, lambda out, x: xp.where(FIFTH, 1.0, xp.cos(x)))

    def network(x, p):
        return xp.sum(x * wrong(p["w"][0]))

    sentence = (
        rf"^the {mode} derivative of network is wrong at order 1, with respect to argument "
        r"1\['w'\]\[0\]\[1, 1\], for .*: expected -?0\.\d* by differences, got \S+, "
        r"which is \S+ away where "
    )
    p = {"w": [np.full((2, 3), 0.25), 2]}
    with pytest.raises(WrongDerivative, match=sentence):
        check_gradients(network, np.full((2, 3), 0.5), p, modes=(mode,))


def test_numbers_that_differ_beyond_float64_are_shown_with_all_their_digits(declare):
    wrong = declare(elementwise, np.sin, lambda out, x: xp.cos(x) * (1 + 1e-17))
    slightly = declare(elementwise, np.sin, lambda out, x: xp.cos(x) * (1 + WIDE("1e-16")))
    x = np.array([0.5], WIDE)
    check_gradients(lambda x: wrong(x), x)
    with pytest.raises(WrongDerivative) as caught:
        check_gradients(lambda x: slightly(x), x)
    expected, got = re.findall(r"0\.87758\d+", str(caught.value))
    assert float(expected) == float(got) and expected != got


def test_one_wrong_element_among_many_is_found(declare):
    one = np.arange(1001) == 500
    wrong = declare(elementwise, np.sin, lambda out, x: xp.where(one, 0.0, xp.cos(x)))
    x = np.linspace(0, 1, 1001)
    with pytest.raises(WrongDerivative, match=r"with respect to argument 0\[500\], for"):
        check_gradients(lambda x: xp.sum(wrong(x)), x)


@pytest.mark.parametrize(
    ("modes", "found"), [(("forward",), None), (("forward", "reverse"), "the reverse derivative")]
)
def test_a_rule_right_forward_and_wrong_in_reverse_is_found(declare, modes, found):
    wrong = declare(
        primitive,
        np.sin,
        vjps=(lambda g, out, x: g * xp.sin(x),),
        jvps=(lambda t, out, x: t * xp.cos(x),),
    )
    if found is None:
        check_gradients(lambda x: wrong(x), X, modes=modes)
    else:
        with pytest.raises(WrongDerivative, match=found):
            check_gradients(lambda x: wrong(x), X, modes=modes)


def test_a_derivative_wrong_at_second_order_only_is_found(declare):
    wrong = declare(elementwise, np.sin, lambda out, x: xp.stop_gradient(xp.cos(x)))
    check_gradients(lambda x: wrong(x), X, order=1)
    for outer in ("forward", "reverse"):
        with pytest.raises(WrongDerivative, match=f"{outer}-over-{outer} .* at order 2"):
            check_gradients(lambda x: wrong(x), X, modes=(outer,))


def test_a_cross_term_dropped_at_second_order_is_found(declare):
    wrong = declare(
        elementwise,
        np.multiply,
        lambda out, x, y: xp.stop_gradient(y),
        lambda out, x, y: xp.stop_gradient(x),
    )
    check_gradients(lambda x, y: wrong(x, y), X, X, order=1)
    with pytest.raises(WrongDerivative, match="at order 2, with respect to argument"):
        check_gradients(lambda x, y: wrong(x, y), X, X)


def test_a_derivative_that_is_not_a_number_is_wrong(declare):
    wrong = declare(elementwise, np.sin, lambda out, x: xp.cos(x) * np.nan)
    with pytest.raises(WrongDerivative, match="got nan"):
        check_gradients(lambda x: wrong(x), X)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "f",
    [
        xp.abs,
        lambda x: xp.maximum(x, 0),
        lambda x: xp.where(x > 0, x + 1, x),
        lambda x: x * xp.abs(x) if x[1] > 0 else x,
    ],
)
def test_a_kink_or_jump_at_the_point_is_told(f, dtype):
    with pytest.raises(Unsettled, match=r"do not settle here.* is there a kink"):
        check_gradients(f, np.array([1, 0, 2], dtype))


@pytest.mark.parametrize(
    ("misuse", "sentence"),
    [
        (lambda: check_gradients(xp.sin, X, order=0), "order from 1"),
        (lambda: check_gradients(xp.sin, X, modes=("backward",)), "modes among forward, reverse"),
        (lambda: check_gradients(xp.sin, X, modes=()), "modes among"),
        (lambda: check_gradients(xp.sin, 3, np.ones(0)), "needs a floating-point argument"),
        (lambda: check_gradients(xp.argmax, X), "needs a floating-point output; .* has none"),
    ],
)
def test_a_check_of_nothing_is_refused(misuse, sentence):
    with pytest.raises(ValueError, match=sentence):
        misuse()


def estimate(f, x, v):
    (found,) = derivative_along(lambda x: [np.asarray(f(x))], [x], [v], [0.0])
    return found


@pytest.mark.parametrize("dtype", DTYPES)
def test_estimates_are_as_near_as_they_claim(dtype):
    x, v = X.astype(dtype), np.ones_like(X, dtype)
    for f, derivative in ((np.sin, np.cos), (np.log, lambda x: 1 / x), (np.exp, np.exp)):
        found = estimate(f, x, v)
        exact = derivative(x.astype(np.longdouble))
        assert np.max(np.abs(found.value - exact)) <= found.error < 1e-14


def test_the_complex_step_is_exact_where_longdouble_is_refused():
    def f(x):
        if x.dtype == np.longdouble:
            raise TypeError("narrow")
        return np.sin(x)

    found = estimate(f, X, np.ones_like(X))
    assert np.max(np.abs(found.value - np.cos(X))) <= found.error < 1e-14


@pytest.mark.parametrize("f", [np.abs, lambda x: x * np.abs(x), lambda x: x.astype(float)])
def test_the_complex_step_is_not_believed_where_it_does_not_apply(f):
    assert estimate(f, X, np.ones_like(X)).settled()
    (stepped,) = _complex_step(lambda x: [f(x)], [X], [np.ones_like(X)]) or [None]
    expected = 2 * X if f(2 * X)[0, 0] > 2 * f(X)[0, 0] else np.ones_like(X)
    assert stepped is None or np.max(np.abs(stepped - expected)) > 0.1
    np.testing.assert_allclose(
        np.float64(estimate(f, X, np.ones_like(X)).value), expected, rtol=1e-6
    )
