"""Norms made of singular values, where some of these are equal, zero or tiny."""

import numpy as np
import pytest

from backends.engine import check_gradients, hvp, xp
from harness.case import COMPOSITIONS

EYES = np.eye(3, 2)
RANK_1 = np.outer([1.0, 1.0, 0.5], [1.0, 2.0, -1.0])
V = np.array([[0.5, -1.0], [2.0, 0.25], [1.5, -0.75]])


def nuclear(x):
    return xp.matrix_norm(x, ord="nuc")


def spectral(x):
    return xp.matrix_norm(x, ord=2)


@pytest.mark.parametrize("composition", COMPOSITIONS)
@pytest.mark.parametrize("size", [1e-170, 1.0])
def test_the_nuclear_norm_has_a_hessian_where_singular_values_are_equal(composition, size):
    bent = hvp(nuclear, composition)(EYES * size, V) * size
    np.testing.assert_allclose(bent[:2], (V[:2] - V[:2].T) / 2, rtol=0, atol=1e-15)
    np.testing.assert_allclose(bent[2:], V[2:], 1e-15)
    turned = hvp(nuclear, composition)(EYES.T * size, V.T) * size
    np.testing.assert_allclose(turned, bent.T, rtol=0, atol=1e-15)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_the_spectral_norm_has_a_hessian_beside_a_column_of_zeros(composition):
    x, v = np.array([[3.0, 0.0], [4.0, 0.0], [0.0, 0.0]]), V * [0, 1]
    u = x[:, 0] / 5
    expected = np.stack([np.zeros(3), u * (u @ v[:, 1]) / 5], -1)
    np.testing.assert_allclose(hvp(spectral, composition)(x, v), expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("f", "x"), [(nuclear, EYES), (nuclear, np.eye(2)), (spectral, RANK_1), (spectral, RANK_1.T)]
)
def test_third_derivatives_are_right_where_those_of_singular_vectors_are_infinite(f, x):
    check_gradients(f, x, order=3)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_tiny_singular_values_have_second_derivatives(composition):
    x, v = np.array([[2.0, 0.5], [-1.0, 1.5]]), V[:2]
    one = hvp(lambda x: xp.sum(xp.svdvals(x)[:1]), composition)
    np.testing.assert_allclose(one(x * 1e-170, v) * 1e-170, one(x, v), 1e-13)
