"""Samples of products, of functions of matrices, and of their factors."""

import math

import numpy as np

from backends.engine import xp
from backends.engine.tracer import PRIMITIVES
from tests.backends.engine.samples.drawn import (
    CUBE,
    DEFINITE,
    IMAGES,
    MATRICES,
    MATRIX,
    POSITIVE,
    RNG,
    ROW,
    WINDOWS,
    X,
    Y,
    call,
    symmetric,
)

COLUMNS = MATRICES.swapaxes(-1, -2)  # not contiguous
ONE = np.array([[1.3]])
TALL = RNG.uniform(-1, 1, (4, 2)) + np.eye(4, 2)
WIDE = TALL.T
SPREAD = MATRIX + np.diag([0.0, 1.0, 3.0])  # with eigenvalues well apart
APART = TALL * [4, 1]  # and singular values
OF_RANKS = (SPREAD, APART, np.stack([APART.T, APART.T[:, ::-1]]))


def of_cofactors(x):
    return PRIMITIVES["cofactors"](x, xp.stop_gradient(xp.det(x)))


def even(x):
    """The symmetric part."""
    return (x + xp.matrix_transpose(x)) * 0.5


def of_eigenvectors(x):
    """exp(x), which no sign of a vector changes."""
    w, v = xp.eigh(even(x))
    return v @ (xp.exp(w)[..., :, None] * xp.matrix_transpose(v))


def of_singular_vectors(x):
    u, s, vt = xp.svd(x)
    return u @ (xp.exp(s)[..., :, None] * vt)


def both(x):
    """Both factors of qr in one line."""
    return xp.concat([xp.reshape(y, (-1,)) for y in xp.qr(x)])


def of_leading_pair(x):
    """u v^T, which no sign changes."""
    pair = PRIMITIVES["leading_pair"](x)
    m = x.shape[-2]
    return pair[..., :m, :] @ xp.matrix_transpose(pair[..., m:, :])


SAMPLES = {
    "matmul": [
        call("matmul", x, y)
        for x, y in (
            (X, X.T),
            (X, ROW),
            (ROW, X.T),
            (ROW, ROW),
            (CUBE, X.T),
            (X, CUBE.swapaxes(1, 2)),
            (CUBE, CUBE.swapaxes(1, 2)),
            (CUBE, ROW),
            (ROW, CUBE.swapaxes(1, 2)),
            (X[None], CUBE.swapaxes(1, 2)),
        )
    ],
    "einsum": [
        call("einsum", CUBE, X, subscripts="aij,ij->ai"),
        call("einsum", CUBE, X, ROW, subscripts="aij,ij,j->ia"),
        call("einsum", CUBE, X, subscripts="aij,ik->j"),
        call("einsum", X, subscripts="ij->ji"),
        call("einsum", X, subscripts="ij->i"),
        (lambda x: xp.einsum("iji,i->ij", x, x[0, 0]), (CUBE[:, :, :2],)),
        (lambda x: xp.einsum(" ii -> ", x), (MATRIX,)),
    ],
    "vecdot": [
        call("vecdot", CUBE, X),
        call("vecdot", ROW, ROW),
        (lambda x, y: xp.vecdot(x, y, axis=-2), (CUBE, X)),
    ],
    "cross": [
        call("cross", X[:, :3], Y[0, :3]),
        (lambda x, y: xp.cross(x, y, axis=-2), (CUBE, X)),
    ],
    "patches": [call("patches", IMAGES, shape=(3, 2), stride=2)],
    "unpatch": [call("unpatch", WINDOWS, shape=(2, 2, 5, 4), stride=2)],
    "diagonal": [call("diagonal", CUBE), call("diagonal", CUBE, offset=-1)],
    "undiagonal": [
        call("undiagonal", X, shape=(3, 4, 5)),
        call("undiagonal", X, shape=(3, 5, 5), offset=1),
    ],
    "solve": [
        (xp.solve, (MATRIX, X)),
        (xp.solve, (MATRIX, ROW[:3])),
        (xp.solve, (COLUMNS, X)),
        (xp.solve, (MATRIX, COLUMNS)),
        (xp.solve, (ONE, ONE)),
        (xp.solve, (MATRICES, ROW[:3])),
    ],
    "solve_triangular": [
        call("solve_triangular", MATRIX, X, lower=True),
        call("solve_triangular", MATRIX, ROW[:3], lower=False),
        call("solve_triangular", COLUMNS, X, lower=True),
        call("solve_triangular", MATRIX, COLUMNS, lower=False),
        call("solve_triangular", ONE, ONE, lower=True),
        (lambda a, b: xp.solve_triangular(a, b, lower=True), (MATRICES, ROW[:3])),
    ],
    "inv": [call("inv", MATRIX), call("inv", COLUMNS), call("inv", ONE)],
    "pinv": [call("pinv", TALL), call("pinv", WIDE), call("pinv", MATRICES, rtol=1e-3)],
    "det": [call("det", MATRIX), call("det", COLUMNS), call("det", ONE)],
    "cofactors": [(of_cofactors, (MATRIX,)), (of_cofactors, (COLUMNS,))],
    "slogdet": [call("slogdet", -MATRIX), call("slogdet", COLUMNS), call("slogdet", ONE)],
    "cholesky": [
        symmetric("cholesky", DEFINITE),
        (lambda x: xp.cholesky(x @ xp.matrix_transpose(x)), (COLUMNS,)),
        symmetric("cholesky", ONE),
        (lambda x: xp.cholesky(even(x), upper=True), (DEFINITE,)),
    ],
    "qr": [(both, (MATRIX,)), (both, (TALL,)), (both, (WIDE,)), (both, (COLUMNS,)), (both, (ONE,))],
    "eigh": [(of_eigenvectors, (SPREAD,)), (of_eigenvectors, (ONE,))],
    "eigvalsh": [(lambda x: xp.eigvalsh(even(x)), (SPREAD,))],
    "svd": [
        (of_singular_vectors, (SPREAD,)),
        (of_singular_vectors, (TALL,)),
        (of_singular_vectors, (np.stack([WIDE, WIDE[:, ::-1]]),)),
    ],
    "svdvals": [call("svdvals", SPREAD), call("svdvals", WIDE)],
    "nuclear_norm": [call("nuclear_norm", x) for x in OF_RANKS],
    "spectral_norm": [call("spectral_norm", x) for x in OF_RANKS],
    "polar": [call("polar", x) for x in OF_RANKS],
    "leading_pair": [(of_leading_pair, (x,)) for x in OF_RANKS],
    "lyapunov": [(lambda h, x: PRIMITIVES["lyapunov"](even(h), x), (SPREAD @ SPREAD.T, MATRIX))],
    "length": [call("length", X), call("length", CUBE, axis=(0, 2), keepdims=True)],
}
COMPOSITES = {
    "conv": [
        (
            lambda x, k: xp.conv(x, k, stride=2, padding=1),
            (IMAGES, RNG.uniform(-1, 1, (3, 2, 2, 3))),
        ),
        (lambda x, k: xp.conv(x, k), (IMAGES, RNG.uniform(-1, 1, (1, 2, 5, 4)))),
    ],
    "linalg": [(lambda x: xp.linalg.inv(x), (MATRIX,))],
    "trace": [(lambda x: xp.trace(x), (CUBE,)), (lambda x: xp.trace(x, offset=1), (CUBE,))],
    "tensordot": [
        (xp.tensordot, (CUBE[0], CUBE.swapaxes(0, 1).swapaxes(1, 2))),
        (lambda x, y: xp.tensordot(x, y, axes=((0, -1), (1, 0))), (X, X.T)),
        (lambda x, y: xp.tensordot(x, y, axes=0), (ROW, X)),
    ],
    "outer": [(xp.outer, (ROW, X[0]))],
    "kron": [(xp.kron, (X[:2, :2], TALL))],
    "matrix_power": [
        (lambda x, n=n: xp.matrix_power(x, n), (x,))
        for x, n in ((MATRIX, 0), (MATRIX, 5), (COLUMNS, 2), (MATRIX, -2))
    ],
    "vector_norm": [
        (lambda x, p=p: xp.vector_norm(x, axis=1, ord=p), (-POSITIVE,))
        for p in (0, 1, 2, 3, 2.5, -1, math.inf, -math.inf)
    ],
    "matrix_norm": [
        (lambda x, p=p: xp.matrix_norm(x, ord=p, keepdims=True), (SPREAD[None],))
        for p in ("fro", "nuc", 1, -1, 2, -2, math.inf, -math.inf)
    ],
    "norm": [
        (xp.norm, (X,)),
        (lambda x: xp.norm(x, 1), (X,)),
        (lambda x: xp.norm(x, 3, axis=0), (X,)),
        (lambda x: xp.norm(x, "nuc", axis=(0, 2), keepdims=True), (CUBE,)),
    ],
}
DISCRETE = {
    "any_zero": (X,),
    "both_zero": (X, Y),
    "factors": (MATRIX, X),
    "near_singular": (MATRIX, MATRIX),
}
