"""How functions of matrices change along a direction, as the textbooks print it.

One convention: an identity takes the matrices of a point and then their directions, all of mpmath,
and returns the derivative of the output along them, flat in its rows.
"""

import random

import numpy as np
from mpmath import mp

from harness.atlas import mathematics
from harness.atlas.jets import Jet, exact


def along(primitive, point):
    """The derivative that the jets carry along a generic direction, flat, and mpmath's matrices of
    the point and of the direction."""
    draw = random.Random(7)
    xs = [np.asarray(x, object) for x in point.arguments]
    vs = [np.frompyfunc(lambda x: exact(draw.uniform(-1, 1)), 1, 1)(x) for x in xs]
    carry = np.frompyfunc(lambda x, v: Jet((exact(float(x)), v)), 2, 1)
    jets = [carry(x, v) for x, v in zip(xs, vs, strict=True)]
    out = np.ravel(np.asarray(primitive.define(mathematics, *jets), object))
    matrices = [[mp.matrix(np.asarray(x).tolist()) for x in group] for group in (xs, vs)]
    return [jet.parts[1] for jet in out], matrices


def trace(x):
    return sum(x[i, i] for i in range(x.rows))


def lower_half(x):
    """The lower triangle, with half of the diagonal: what Cholesky's derivative is made with."""
    out = x.copy()
    for i in range(x.rows):
        for j in range(i, x.cols):
            out[i, j] = x[i, i] / 2 if i == j else 0
    return out


def cholesky(x, v):
    x, v = (x + x.T) / 2, (v + v.T) / 2
    low = mp.cholesky(x)
    inverse = low**-1
    return low * lower_half(inverse * v * inverse.T)


def symmetric_eigenvalues(x, v):
    """First-order perturbation, the eigenvalues ascending."""
    x, v = (x + x.T) / 2, (v + v.T) / 2
    _, q = mp.eigsy(x)
    return [(q[:, i].T * v * q[:, i])[0] for i in range(x.rows)]


def singular_values(x, v):
    """u^T v w for each pair of singular vectors, the values descending."""
    u, _, w = mp.svd_r(x)
    count = min(x.rows, x.cols)
    return [(u[:, i].T * v * w[i, :].T)[0] for i in range(count)]


def exponential(x, v):
    """The upper right block of the exponential of [[x, v], [0, x]] (Najfeld and Havel, 1995)."""
    n = x.rows
    double = mp.matrix(2 * n, 2 * n)
    for i in range(n):
        for j in range(n):
            double[i, j] = double[n + i, n + j] = x[i, j]
            double[i, n + j] = v[i, j]
    return mp.expm(double, method="taylor")[:n, n:]


def frobenius(x, v):
    return [trace(x.T * v) / mp.sqrt(trace(x.T * x))]


IDENTITIES = {
    "cholesky": cholesky,
    "det": lambda x, v: [mp.det(x) * trace(x**-1 * v)],
    "eigvalsh": symmetric_eigenvalues,
    "inv": lambda x, v: -(x**-1) * v * x**-1,
    "matrix_exp": exponential,
    "matrix_norm-fro": frobenius,
    "matrix_norm-nuc": lambda x, v: [sum(singular_values(x, v))],
    "matrix_norm-2": lambda x, v: [singular_values(x, v)[0]],
    "matrix_power-3": lambda x, v: v * x * x + x * v * x + x * x * v,
    "matmul": lambda x, y, v, w: v * y + x * w,
    "slogdet": lambda x, v: [trace(x**-1 * v)],
    "solve": lambda a, b, v, w: a**-1 * (w - v * (a**-1 * b)),
    "solve-vector": lambda a, b, v, w: a**-1 * (w - v * (a**-1 * b)),
    "svdvals": singular_values,
    "trace": lambda x, v: [trace(v)],
}
