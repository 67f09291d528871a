"""PyTorch's own ways to every operator, in eager mode and by torch.func, against closed forms."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from backends import ledger, torch_func  # noqa: E402
from backends.torch import WAYS, Torch  # noqa: E402
from harness.case import COMPOSITIONS  # noqa: E402
from harness.conformance.driving import case_of, operate  # noqa: E402
from harness.contract import Settings  # noqa: E402

A = np.array([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]])
X = np.array([0.5, -1.25, 2.0])
V = np.array([1.5, 0.25])
SQUARE = np.array([[2.0, 0.5, -0.25], [0.75, -1.5, 1.0], [0.25, 1.25, 3.0]])


@pytest.fixture(scope="module", params=["eager", "func"])
def backend(request):
    return Torch(request.param, "cpu", Settings())


def wide(xp, a, x):
    """Two outputs of nine numbers."""
    return xp.sin(a @ x)


def tall(xp, x):
    return xp.concat([x * x, xp.exp(x), x])


def wide_jacobian(a, x):
    slope = np.cos(a @ x)[:, None]
    by_a = np.einsum("ij,k->ijk", np.eye(2), x).reshape(2, 6)
    return slope * np.hstack([by_a, a])


def tall_jacobian(x):
    return np.vstack([np.diag(2 * x), np.diag(np.exp(x)), np.eye(3)])


def jacobians(backend):
    (first,) = operate(backend, case_of("wide", "jacobian", wrt=(0, 1)), wide, (0, 1), (A, X))
    (second,) = operate(backend, case_of("tall", "jacobian", wrt=(0,)), tall, (0,), (X,))
    return first, second


def test_jacobians_of_few_outputs_and_of_few_arguments(backend):
    first, second = jacobians(backend)
    np.testing.assert_allclose(first, wide_jacobian(A, X), rtol=1e-15)
    np.testing.assert_allclose(second, tall_jacobian(X), rtol=1e-15)


def test_a_jacobian_takes_its_passes_over_the_smaller_side(backend, monkeypatch):
    taken = []
    for original in (torch_func.jacrev, torch_func.columns):

        def noted(*arguments, original=original, **options):
            taken.append(original.__name__)
            return original(*arguments, **options)

        monkeypatch.setattr(torch_func, original.__name__, noted)
    jacobians(backend)
    assert taken == ["jacrev", "columns"]


def cubic(xp, a, x):
    """Every argument in the third power, and all together; the mixed terms matter."""
    return xp.sum(a**3) * xp.sum(x) + xp.sum((a @ x) ** 2)


def cubic_hessian(a, x):
    product = a @ x
    mixed = (3 * a**2)[:, :, None] + 2 * (
        a[:, None, :] * x[None, :, None] + product[:, None, None] * np.eye(3)
    )
    by_a = np.diag(6 * a.ravel() * np.sum(x)) + 2 * np.kron(np.eye(2), np.outer(x, x))
    mixed = mixed.reshape(6, 3)
    return np.block([[by_a, mixed], [mixed.T, 2 * a.T @ a]])


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_hvp_and_hessian_hold_in_every_composition(backend, composition):
    expected = cubic_hessian(A, X)
    case = case_of("cubic", "hessian", composition, wrt=(0, 1))
    (got,) = operate(backend, case, cubic, (0, 1), (A, X))
    np.testing.assert_allclose(got, expected, rtol=1e-14, atol=1e-14)
    (by_x,) = operate(backend, case, cubic, (1,), (A, X))
    np.testing.assert_allclose(by_x, expected[6:, 6:], rtol=1e-14, atol=1e-14)
    u, w = A[::-1].copy(), X[::-1].copy()
    case = case_of("cubic", "hvp", composition, wrt=(0, 1))
    products = operate(backend, case, cubic, (0, 1), (A, X), (u, w))
    aim = expected @ np.concatenate([u.ravel(), w])
    np.testing.assert_allclose(products[0].ravel(), aim[:6], rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(products[1], aim[6:], rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_what_does_not_fit_one_pass_takes_several(backend, composition, monkeypatch):
    monkeypatch.setattr(torch_func, "NUMBERS", 20)
    case = case_of("cubic", "hessian", composition, wrt=(0, 1))
    (got,) = operate(backend, case, cubic, (0, 1), (A, X))
    np.testing.assert_allclose(got, cubic_hessian(A, X), rtol=1e-14, atol=1e-14)
    first, second = jacobians(backend)
    np.testing.assert_allclose(first, wide_jacobian(A, X), rtol=1e-15)
    np.testing.assert_allclose(second, tall_jacobian(X), rtol=1e-15)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_a_hessian_follows_branches_on_values(backend, composition):
    def branching(xp, x):
        return xp.cond(x[0] > 0, lambda x: xp.sum(x**3), lambda x: xp.sum(x), x)

    case = case_of("branch", "hessian", composition, wrt=(0,))
    (got,) = operate(backend, case, branching, (0,), (X,))
    np.testing.assert_allclose(got, np.diag(6 * X), rtol=1e-15)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_a_hessian_of_what_is_linear_is_zero(backend, composition):
    case = case_of("linear", "hessian", composition, wrt=(0,))
    (got,) = operate(backend, case, lambda xp, x: xp.sum(x) * 3, (0,), (X,))
    np.testing.assert_array_equal(got, np.zeros((3, 3)))


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_second_derivatives_of_a_determinant(backend, composition, request):
    if composition in ("reverse-over-forward", "forward-over-forward"):
        request.applymarker(pytest.mark.xfail(reason=ledger.torch[0].issue, strict=True))
    case = case_of("det", "hvp", composition, wrt=(0,))
    along = SQUARE.T.copy()
    got = operate(backend, case, lambda xp, a: xp.linalg.det(a), (0,), (SQUARE,), (along,))[0]
    inverse = np.linalg.inv(SQUARE)
    turned = np.trace(inverse @ along) * inverse - inverse @ along @ inverse
    np.testing.assert_allclose(got, np.linalg.det(SQUARE) * turned.T, rtol=1e-12)


def test_every_second_order_operator_is_native_in_every_variant():
    wanted = {(operator, c) for operator in ("hvp", "hessian") for c in COMPOSITIONS}
    for ways in WAYS.values():
        assert wanted | {("jacobian", None)} <= set(ways)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_zeros_without_memory_are_answers_like_any_other(backend, composition):
    """What is linear has second derivatives of which torch.func knows that they are zero."""
    case = case_of("a line", "hvp", composition, wrt=(0,))
    (product,) = operate(backend, case, lambda xp, x: xp.sum(abs(x + 2.5)), (0,), [X], [X])
    assert product.shape == X.shape and not product.any()
