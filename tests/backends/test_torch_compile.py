"""The compiled variant of PyTorch: what compiles, what is refused, and that nothing is kept.

Few of these tests really compile, at some seconds each; the others look at what the compiler gets.
"""

import os
import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from backends.torch import Torch  # noqa: E402
from backends.torch_control import LONGEST  # noqa: E402
from harness.conformance.driving import case_of, operate, ready  # noqa: E402
from harness.contract import Settings  # noqa: E402
from harness.errors import Unsupported  # noqa: E402

ROWS = [[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]]
A = np.array(ROWS)
X = np.array([0.5, -1.25, 2.0])


@pytest.fixture(scope="module")
def compiling():
    try:
        return Torch("compile", "cpu", Settings())
    except Unsupported as reason:
        pytest.skip(str(reason))


@pytest.fixture
def graphs(compiling, monkeypatch):
    """Run whole graphs one operation after another, and count them."""
    seen = []

    def note(graph, inputs):
        seen.append(graph)
        return graph.forward

    monkeypatch.setattr(compiling.compiler, "backend", note)
    yield seen
    compiling.release()


def closing(xp, x):
    """Closes over an array, so that forward modes in one another meet zeros without memory."""
    a = xp.asarray(ROWS)
    return xp.sum(a) * xp.sum(x**2) + xp.sum(a) * xp.sum(x) + xp.sum((a @ x) ** 3)


def closing_hessian(x):
    return 2 * np.sum(A) * np.eye(3) + 6 * A.T @ np.diag(A @ x) @ A


def test_a_gradient_compiles_and_is_right(compiling):
    got = operate(compiling, case_of("g", "gradient", wrt=(0,)), closing, (0,), (X,))
    expected = np.sum(A) * (2 * X + 1) + 3 * A.T @ (A @ X) ** 2
    np.testing.assert_allclose(got[0], expected, rtol=1e-14)


@pytest.mark.parametrize("composition", ["reverse-over-forward", "forward-over-forward"])
def test_a_hessian_compiles_where_the_function_closes_over_an_array(compiling, composition):
    case = case_of("h", "hessian", composition, wrt=(0,))
    (got,) = operate(compiling, case, closing, (0,), (X,))
    np.testing.assert_allclose(got, closing_hessian(X), rtol=1e-13)


def test_without_a_compiler_it_is_not_available():
    code = (
        "from backends.torch import Torch; from harness.contract import Settings\n"
        "Torch('compile', 'cpu', Settings())"
    )
    environment = {**os.environ, "CXX": "/no/such/compiler"}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith("harness.errors.Unsupported: torch.compile finds no compiler that works")
    assert "apt-get install g++" in last


def test_one_graph_for_one_operator(compiling, graphs):
    call = ready(compiling, case_of("g", "gradient", wrt=(0,)), closing, (0,), (X,))
    x = compiling.put(X)
    call(x)
    call(x)
    assert len(graphs) == 1


def test_many_operators_of_one_kind_do_not_evict_each_other(compiling, graphs):
    case = case_of("many", "gradient", wrt=(0,))
    for factor in range(12):
        scaled = lambda xp, x, factor=factor: factor * xp.sum(x)  # noqa: E731
        (got,) = operate(compiling, case, scaled, (0,), (X,))
        np.testing.assert_array_equal(got, np.full(3, factor))
    assert len(graphs) == 12


def test_a_new_shape_and_a_release_compile_again(compiling, graphs):
    case = case_of("g", "gradient", wrt=(0,))
    call = ready(compiling, case, lambda xp, x: xp.sum(x**2), (0,), (X,))
    for x in (X, X[:2], X):
        call(compiling.put(x))
    assert len(graphs) == 2
    compiling.release()
    call(compiling.put(X))
    assert len(graphs) == 3
    assert compiling.describe().numerics["compile_caches"] is False


def test_control_flow_on_values_is_refused_with_a_sentence(compiling, graphs):
    def branches(xp, x):
        return xp.cond(x[0] > 0, xp.sum, lambda x: xp.sum(x * x), x)

    def loops(xp, x):
        return xp.while_loop(lambda c: xp.sum(c[0]) > 1, lambda c: (c[0] / 2,), (xp.exp(x),))[0][0]

    def branches_by_itself(xp, x):
        return xp.sum(x) if x[0] > 0 else xp.sum(x * x)

    case = case_of("control", "gradient", wrt=(0,))
    for function, words in (
        (branches, "follows no branch that depends on values"),
        (loops, "follows no loop that depends on values"),
        (branches_by_itself, "can't take it whole: Data-dependent branching"),
    ):
        with pytest.raises(Unsupported, match=words):
            operate(compiling, case, function, (0,), (X,))


def test_a_loop_is_unrolled_up_to_a_limit(compiling, graphs):
    def loop(xp, x):
        return xp.scan(lambda carry, x: (carry + x * x, x), xp.zeros(()), x)[0]

    case = case_of("loop", "gradient", wrt=(0,))
    (got,) = operate(compiling, case, loop, (0,), (X,))
    np.testing.assert_allclose(got, 2 * X, rtol=1e-15)
    with pytest.raises(Unsupported, match=f"stops at {LONGEST}"):
        operate(compiling, case, loop, (0,), (np.ones(LONGEST + 1),))


def test_what_the_function_raises_comes_through(compiling, graphs):
    def fails(xp, x):
        raise ArithmeticError("on purpose")

    with pytest.raises(ArithmeticError, match="on purpose"):
        operate(compiling, case_of("fails", "gradient", wrt=(0,)), fails, (0,), (X,))


def test_numbers_beside_arrays_compile(compiling, graphs):
    got = operate(compiling, case_of("numbers"), lambda xp, x: xp.maximum(x, 0.5), (), (X,))
    np.testing.assert_array_equal(got[0], np.maximum(X, 0.5))


def test_where_the_compiler_stumbles_a_sentence_says_so(compiling, graphs):
    def forward_in_forward(xp, x):
        return xp.sum(x * xp.jvp(lambda y: x * y, (x,), (x,))[1])

    def constant_of_numpy(xp, x):
        return xp.sum(xp.asarray(A) @ x)

    case = case_of("stumbles", "jvp", wrt=(0,))
    with pytest.raises(Unsupported, match="a forward mode within a forward mode"):
        operate(compiling, case, forward_in_forward, (0,), (X,), (X,))
    case = case_of("stumbles", "gradient", wrt=(0,))
    with pytest.raises(Unsupported, match="write it as a list"):
        operate(compiling, case, constant_of_numpy, (0,), (X,))
