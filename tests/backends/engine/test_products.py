"""Products: NumPy's values, linearity in each array, and refusals."""

import numpy as np
import pytest

from backends.engine import vjp, xp

RNG = np.random.default_rng(5)
X = RNG.uniform(-1, 1, (3, 4))
MATRIX = RNG.uniform(-1, 1, (3, 3)) + 2 * np.eye(3)


def test_products_agree_with_numpy():
    cube = RNG.uniform(-1, 1, (3, 4, 2))
    for x, axes in ((X, 0), (X.T, 1), (X, 2), (X, ((0, 1), (0, 1))), (X, ((-1,), (1,)))):
        expected = np.tensordot(x, cube, axes)
        np.testing.assert_allclose(xp.tensordot(x, cube, axes=axes), expected, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(xp.kron(X, MATRIX), np.kron(X, MATRIX))
    np.testing.assert_array_equal(xp.outer(X[0], X[1]), np.outer(X[0], X[1]))
    np.testing.assert_array_equal(xp.cross(X.T[:, :3], X.T[0]), np.cross(X.T[:, :3], X.T[0]))
    np.testing.assert_allclose(xp.cross(X, cube[..., 0], axis=0), np.cross(X, cube[..., 0], axis=0))
    np.testing.assert_allclose(
        xp.vecdot(cube, X[..., None], axis=-2), np.sum(cube * X[..., None], 1)
    )


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ij,kj->ik", [(40, 50), (30, 50)]),
        ("nkd,kde->nke", [(9, 5, 2), (5, 2, 3)]),
        ("ab,bc,cd->da", [(20, 30), (30, 10), (10, 20)]),
        ("ni,ij,nj->n", [(50, 7), (7, 7), (50, 7)]),
        ("i,i->", [(5,), (5,)]),
        ("i,j->ji", [(5,), (4,)]),
        ("aij,ik->j", [(2, 3, 4), (3, 5)]),
        ("aij,abij->ba", [(2, 3, 4), (2, 5, 3, 4)]),
        ("ij,jk->ik", [(3, 0), (0, 2)]),
        (",i->i", [(), (3,)]),
        ("iij,i->j", [(3, 3, 4), (3,)]),
        ("iii->i", [(3, 3, 3)]),
        ("ijij->", [(3, 2, 3, 2)]),
    ],
)
def test_einsum_agrees_with_a_loop(subscripts, shapes):
    arrays = [RNG.uniform(-1, 1, shape) for shape in shapes]
    expected = np.einsum(subscripts, *arrays)
    y, pullback = vjp(lambda *xs: xp.einsum(subscripts, *xs), *arrays)
    np.testing.assert_allclose(y, expected, rtol=0, atol=1e-12)
    g = RNG.uniform(-1, 1, y.shape)
    for x, c in zip(arrays, pullback(g), strict=True):
        assert c.shape == x.shape
        # Linear in each: <c, x> is <g, y>.
        np.testing.assert_allclose(np.sum(c * x), np.sum(g * y), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: xp.einsum("ij,jk", X, X.T), "explicit output"),
        (lambda: xp.einsum("...i->i", X), "no ellipsis"),
        (lambda: xp.einsum("ij,jk->ik", X), "1 arrays for the subscripts"),
        (lambda: xp.einsum("ij,jk->ik", X, X), "lengths 4 and 3 for the index 'j'"),
        (lambda: xp.einsum("ij,j->i", X, X), "2 axes for 'j'"),
        (lambda: xp.kron(X, X[0]), "as many axes in both; got 2 and 1"),
        (lambda: xp.cross(X, X), "cross needs 3 elements"),
    ],
)
def test_products_that_have_no_meaning_are_refused(ask, sentence):
    with pytest.raises(ValueError, match=sentence):
        ask()
