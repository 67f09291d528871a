"""TensorFlow's own operators, what each variant refuses, and its expert's LSTM."""

import numpy as np
import pytest

tf = pytest.importorskip(
    "tensorflow", reason="tensorflow is not installed; try: pip install tensorflow"
)

from backends.experts import tensorflow_lstm  # noqa: E402
from harness.case import COMPOSITIONS  # noqa: E402
from harness.conformance import operate  # noqa: E402
from harness.conformance.driving import case_of  # noqa: E402
from harness.errors import Unsupported  # noqa: E402
from harness.worker import status_of  # noqa: E402
from scenarios.adbench import lstm  # noqa: E402
from tests.backends.tensorflow_samples import V, X, made, rolling  # noqa: E402

VARIANTS = ("function", "eager", "xla")
GRAPHS = ("function", "xla")
WITH_FORWARD = [one for one in COMPOSITIONS if one != "reverse-over-reverse"]
A = np.array([[0.5, -1.0], [0.25, 2.0], [1.5, 0.75]])


def answered(variant, operator, composition, function, inputs, seeds=()):
    """Answer by the adapter's own operator in float64."""
    wrt = tuple(range(len(inputs)))
    case = case_of("ways", operator, composition, wrt=wrt)
    return operate(made(variant), case, function, wrt, inputs, seeds)


def rational(xp, x, y):
    """sum(x^2 y) + sum(x) sum(y^2): two arguments, a full Hessian."""
    return xp.sum(x * x * y) + xp.sum(x) * xp.sum(y * y)


def hessian_of_rational(x, y):
    mixed = np.diag(2 * x) + 2 * y
    return np.block([[np.diag(2 * y), mixed], [mixed.T, 2 * np.sum(x) * np.eye(len(y))]])


@pytest.mark.parametrize("composition", COMPOSITIONS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_composition_gives_the_hessian_and_its_products(variant, composition):
    x, y = X[:2], X[1:]
    aim = hessian_of_rational(x, y)
    (got,) = answered(variant, "hessian", composition, rational, (x, y))
    np.testing.assert_allclose(got, aim, rtol=1e-13, atol=1e-13)
    product = answered(variant, "hvp", composition, rational, (x, y), (V[:2], V[1:]))
    aim = aim @ np.concatenate([V[:2], V[1:]])
    np.testing.assert_allclose(np.concatenate(product), aim, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_jacobian_is_right_by_rows_and_by_columns(variant):
    wide, tall = A.T @ np.diag([1.0, 2.0, 3.0]), A
    for matrix, x in ((wide, X), (tall, X[:2])):
        function = lambda xp, x, m=matrix: xp.sin(xp.asarray(m) @ x)  # noqa: E731
        (got,) = answered(variant, "jacobian", None, function, (x,))
        np.testing.assert_allclose(got, np.cos(matrix @ x)[:, None] * matrix, rtol=1e-14)


def modes_of(variant, inputs):
    """What a Jacobian's function is run under, in order."""
    from backends.tensorflow_gradients import NESTED

    seen = []

    def function(xp, x):
        seen.append(tuple(NESTED))
        return xp.asarray(A) @ x if len(inputs) == 2 else xp.sum(x * x)

    answered(variant, "jacobian", None, function, (inputs,))
    return seen


def test_a_jacobian_goes_forward_where_inputs_are_fewer():
    assert modes_of("function", X) == [("reverse",)]
    assert modes_of("function", X[:2]) == [("reverse",), ("forward",)]


@pytest.mark.parametrize(
    ("operator", "composition"),
    [("jacobian", None), *[(o, c) for o in ("hvp", "hessian") for c in COMPOSITIONS]],
)
def test_no_operator_unrolls_its_passes(operator, composition):
    def operations(count):
        backend = made()
        case = case_of("unrolled", operator, composition, wrt=(0,))
        xp = backend.namespace(case)
        function = (lambda x: x * x) if operator == "jacobian" else lambda x: xp.sum(x * x * x)
        seeds = 2 if operator == "hvp" else 1
        example = (backend.put(np.zeros(count)),) * seeds
        graph = backend.prepare(case, function, (0,), example).graph
        return len(graph.get_operations())

    assert operations(3) == operations(30)


def test_an_operation_that_can_not_be_vectorised_goes_through_a_loop():
    image, kernel = np.arange(16.0).reshape(1, 1, 4, 4) / 16, A[:2].reshape(1, 1, 2, 2)
    function = lambda xp, k: xp.sum(xp.conv(xp.asarray(image), k) ** 2)  # noqa: E731
    (got,) = answered("function", "hessian", "reverse-over-reverse", function, (kernel,))
    windows = np.lib.stride_tricks.sliding_window_view(image[0, 0], (2, 2)).reshape(9, 4)
    np.testing.assert_allclose(got, 2 * windows.T @ windows, rtol=1e-13)


@pytest.mark.parametrize("composition", COMPOSITIONS)
@pytest.mark.parametrize("variant", GRAPHS)
def test_a_short_scan_in_a_graph_has_every_second_order(variant, composition):
    (aim,) = answered("eager", "hvp", "reverse-over-reverse", rolling, (X,), (V,))
    (got,) = answered(variant, "hvp", composition, rolling, (X,), (V,))
    np.testing.assert_allclose(got, aim, rtol=1e-13)


@pytest.mark.parametrize("composition", WITH_FORWARD)
def test_a_long_scan_is_refused_where_it_would_have_to_be_unrolled(composition):
    x = np.linspace(0.1, 1.0, 17)
    with pytest.raises(Unsupported, match="17 unrolled steps takes too long"):
        answered("function", "hvp", composition, rolling, (x,), (x,))


def halving(xp, x):
    return xp.sum(
        xp.while_loop(lambda c: xp.sum(c[0]) > 0.1, lambda c: (c[0] * c[0],), (x / 4,))[0]
    )


def branching(xp, x):
    return xp.cond(xp.sum(x) > 0, lambda x: xp.sum(x**3), lambda x: xp.sum(x), x)


@pytest.mark.parametrize("function", [halving, branching])
@pytest.mark.parametrize("composition", WITH_FORWARD)
def test_control_flow_on_values_has_no_second_order_forward_mode_in_graphs(composition, function):
    """Asked all the same, TensorFlow raises three kinds of errors and sometimes gives zeros."""
    with pytest.raises(Unsupported, match=r"no forward mode of second order|nested forward"):
        answered("function", "hvp", composition, function, (X,), (V,))
    (aim,) = answered("eager", "hvp", "reverse-over-reverse", function, (X,), (V,))
    (got,) = answered("function", "hvp", "reverse-over-reverse", function, (X,), (V,))
    np.testing.assert_allclose(got, aim, rtol=1e-13)


def test_a_comparison_under_nested_accumulators_is_refused_by_graphs():
    kinked = lambda xp, x: xp.sum(xp.where(x > 0, x**3, x))  # noqa: E731
    with pytest.raises(Unsupported, match="nested forward accumulators can't pass"):
        answered("function", "hvp", "forward-over-forward", kinked, (X,), (V,))
    (got,) = answered("function", "hvp", "forward-over-reverse", kinked, (X,), (V,))
    np.testing.assert_allclose(got, np.where(X > 0, 6 * X * V, 0), rtol=1e-14)


def test_an_index_error_of_the_function_stays_what_it_is():
    with pytest.raises(IndexError):
        answered("function", "hvp", "forward-over-reverse", lambda xp, x: [][1], (X,), (V,))


@pytest.mark.parametrize("variant", VARIANTS)
def test_gathered_rows_have_every_second_order(variant):
    rows = np.array([1, 1, 2])
    function = lambda xp, x: xp.sum((xp.take(x, xp.asarray(rows, dtype=xp.int64), axis=0) - 1) ** 3)  # noqa: E731
    aim = np.array([0.0, 2.0, 1.0]) * 6 * (X - 1) * V
    for composition in COMPOSITIONS[:3]:
        (got,) = answered(variant, "hvp", composition, function, (X,), (V,))
        np.testing.assert_allclose(got, aim, rtol=1e-14)


def test_the_tangent_of_a_segment_sum_is_dense():
    sums = lambda xp, x: xp.segment_sum(x, xp.asarray([1, 0, 1], dtype=xp.int64), count=2)  # noqa: E731
    (got,) = answered("function", "jvp", None, sums, (X,), (V,))
    np.testing.assert_allclose(got, [V[1], V[0] + V[2]], rtol=1e-15)


@pytest.mark.parametrize("variant", VARIANTS)
def test_logsumexp_keeps_infinities(variant):
    x = np.array([[-np.inf, -np.inf], [np.inf, 0.0], [-np.inf, 1.0], [1000.0, 1000.0]])
    (got,) = answered(variant, "value", None, lambda xp, x: xp.logsumexp(x, axis=1), (x,))
    np.testing.assert_array_equal(got, [-np.inf, np.inf, 1.0, 1000.0 + np.log(2)])


@pytest.mark.parametrize(
    ("operator", "function"),
    [
        ("value", lambda xp, x: xp.linalg.det(xp.reshape(x, (1, 1)) * xp.eye(2))),
        (
            "gradient",
            lambda xp, x: xp.while_loop(lambda c: c[0] > 1, lambda c: (c[0] / 2,), (x,))[0],
        ),
    ],
    ids=["no kernel", "a loop of unknown length"],
)
def test_what_xla_can_not_compile_is_a_refusal_in_its_own_words(operator, function):
    with pytest.raises(tf.errors.InvalidArgumentError) as refused:
        backend = made("xla")
        x = backend.put(np.array(5.0))
        case = case_of("refused", operator, wrt=(0,))
        xp = backend.namespace(case)
        backend.prepare(case, lambda x: function(xp, x), (0,), (x,))(x)
    assert status_of(refused.value, made("xla")) == "unsupported"


def test_what_is_in_force_is_described_by_variant():
    told = {v: made(v).describe().numerics for v in ("function", "eager", "xla", "expert")}
    assert {v: (one["graph"], one["jit_compile"]) for v, one in told.items()} == {
        "function": (True, False),
        "eager": (False, False),
        "xla": (True, True),
        "expert": (True, True),
    }


@pytest.mark.parametrize(
    ("variant", "count"),
    [("function", 2), ("function", 3), ("function", 6), ("expert", 6)],
    ids=["no whole turn", "one turn exactly", "two turns and a rest", "compiled"],
)
def test_the_experts_lstm_is_the_portable_one(variant, count, monkeypatch):
    monkeypatch.setattr(tensorflow_lstm, "STEPS", 2)  # eight take seconds to compile
    inputs = lstm.point(np.random.default_rng(0), l=2, c=count, b=3)
    case = case_of("lstm", "gradient", wrt=(0, 1))
    aim = operate(made(), case, lstm.value, (0, 1), inputs)
    got = operate(made(variant), case, tensorflow_lstm.value, (0, 1), inputs)
    for one, other in zip(got, aim, strict=True):
        assert np.max(np.abs(one - other)) < 64 * np.finfo(float).eps * np.max(np.abs(other))
