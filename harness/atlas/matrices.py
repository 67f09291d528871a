"""`m.matrices`: linear algebra on matrices of jets, as textbooks have it.

One convention: a function takes one matrix, or a stack of them if it says so; what is decided by
comparing (pivots, signs, when to stop) goes by values, the derivatives come along by themselves.
The matrices are small, so no method here is a fast one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from mpmath import mp

from harness.atlas.jets import Jet, exact, power, value_of

Matrix = Any  # a NumPy array of Jets, of two axes
Array = Any


def stacked(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of matrices take stacks of them: its answers are stacked likewise."""

    def over(*xs: Any) -> Any:
        if all(x.ndim == 2 for x in xs):
            return f(*xs)
        return np.stack([np.asarray(over(*each), object) for each in zip(*xs, strict=True)])

    return over


def identity(n: int) -> Matrix:
    return np.array([[int(i == j) for j in range(n)] for i in range(n)], object).reshape(n, n)


def transpose(x: Array) -> Array:
    """Swap the last two axes."""
    return np.swapaxes(x, -1, -2)


def symmetric(x: Array) -> Array:
    """The symmetric part of every matrix of a stack."""
    return (x + transpose(x)) / 2


def trace(x: Matrix) -> Any:
    return np.trace(x) if len(x) else exact(0)


def minors(x: Matrix) -> Any:
    """The determinant by expansion along the first row, right at singular matrices too."""
    if not len(x):
        return exact(1)
    rest = [[j for j in range(len(x)) if j != column] for column in range(len(x))]
    terms = [(-1) ** j * x[0, j] * minors(x[1:, columns]) for j, columns in enumerate(rest)]
    return reduce(lambda a, b: a + b, terms)


det = stacked(minors)


def solve(a: Matrix, b: Array) -> Array:
    """Solve a x = b by elimination; b is a vector or a matrix. Raises ZeroDivisionError where a is
    singular."""
    n = len(a)
    rows = np.concatenate([a, b.reshape(n, -1)], axis=1).astype(object)
    for j in range(n):
        pivot = max(range(j, n), key=lambda i: abs(value_of(rows[i, j])))
        rows[[j, pivot]] = rows[[pivot, j]]
        rows[j] = rows[j] * (1 / rows[j, j])
        for i in range(n):
            if i != j:
                rows[i] = rows[i] - rows[i, j] * rows[j]
    return rows[:, n:].reshape(b.shape)


def inv(x: Matrix) -> Matrix:
    return solve(x, identity(len(x)))


def matrix_power(x: Matrix, n: int) -> Matrix:
    base = x if n >= 0 else inv(x)
    return reduce(lambda a, b: a @ b, [base] * abs(n)) if n else x * 0 + identity(len(x))


def cholesky(x: Matrix) -> Matrix:
    """The lower triangular factor of a symmetric matrix, row by row."""
    low = x * 0
    for i in range(len(x)):
        for j in range(i + 1):
            rest = x[i, j] - (low[i, :j] @ low[j, :j] if j else 0)
            low[i, j] = root(rest) if i == j else rest / low[j, j]
    return low


def root(x: Any) -> Any:
    """The square root of one number."""
    return power(x, 0.5) if isinstance(x, Jet) else mp.sqrt(x)


def lu(x: Matrix) -> tuple[list[int], Matrix, Matrix]:
    """Return the order of the rows, l and u with x[order] = l u, by partial pivoting."""
    n, order = len(x), list(range(len(x)))
    u, low = x.astype(object), x * 0
    for j in range(min(x.shape)):
        pivot = max(range(j, n), key=lambda i: abs(value_of(u[i, j])))
        for array in (u, low):
            array[[j, pivot]] = array[[pivot, j]]
        order[j], order[pivot] = order[pivot], order[j]
        for i in range(j + 1, n):
            low[i, j] = u[i, j] / u[j, j]
            u[i] = u[i] - low[i, j] * u[j]
    return order, low + identity(n), u


def qr(x: Matrix) -> tuple[Matrix, Matrix]:
    """Return q (m, k) and r (k, n), k = min(m, n), by Householder's reflections with LAPACK's
    signs: r's diagonal has the opposite sign of what is reflected (and that of the last row of a
    square matrix, which isn't)."""
    m, n = x.shape
    k = min(m, n)
    q, r = x[:, :1] * 0 + identity(m), x.astype(object)
    for j in range(min(m - 1, n)):
        column = r[j:, j]
        length = root(column @ column)
        normal = column.copy()
        normal[0] = column[0] + (length if value_of(column[0]) >= 0 else -length)
        scale = 2 / (normal @ normal)
        r[j:] = r[j:] - scale * (normal[:, None] * (normal @ r[j:]))
        q[:, j:] = q[:, j:] - scale * ((q[:, j:] @ normal)[:, None] * normal)
    return q[:, :k], r[:k]


def exp(x: Matrix) -> Matrix:
    """The exponential: Taylor's series of x / 2^8, squared 8 times."""
    small, squarings = x / 2**8, 8
    term = total = x * 0 + identity(len(x))
    k = 0
    while size(term) > mp.eps and k < 1000:
        k += 1
        term = term @ small / k
        total = total + term
    return reduce(lambda y, _: y @ y, range(squarings), total)


def size(x: Array) -> Any:
    """The largest number in an array, derivatives counted."""
    parts = (p for each in np.ravel(x) for p in (each.parts if isinstance(each, Jet) else [each]))
    return max((abs(part) for part in parts), default=mp.zero)


def limit(step: Callable[[Any], Any], start: Any) -> Any:
    """Repeat a step that converges quadratically, until the next would change nothing."""
    for _ in range(200):
        start, before = step(start), start
        if size(start - before) ** 2 <= mp.eps * size(start) ** 2 / 100:
            return step(start)
    raise ArithmeticError("Newton's iteration does not converge")


def sign(x: Matrix) -> Matrix:
    """The matrix sign: Newton's iteration (Higham, Functions of Matrices, 2008, section 5.3)."""
    return limit(lambda y: (y + inv(y)) / 2, x)


def sqrtm(x: Matrix) -> Matrix:
    """The principal square root: Denman and Beavers's iteration (Higham, 2008, section 6.3)."""

    def step(pair: Any) -> Any:
        return np.stack([(pair[0] + inv(pair[1])) / 2, (pair[1] + inv(pair[0])) / 2])

    return limit(step, np.stack([x, x * 0 + identity(len(x))]))[0]


def lowest(x: Matrix, count: int) -> Matrix:
    """The projector on the eigenvectors of so many least eigenvalues of a symmetric matrix: half of
    1 minus the sign of x - t, with t in the middle of the gap."""
    numbers = _numbers(x)
    middle = (numbers[count - 1] + numbers[count]) / 2
    one = identity(len(x))
    return (one - sign(x - middle * one)) / 2


def _numbers(x: Matrix) -> list[Any]:
    """The eigenvalues' values, ascending."""
    return sorted(mp.eigsy(mp.matrix([[value_of(e) for e in row] for row in x]), True))


def eigenvalues(x: Matrix) -> Array:
    """Those of a symmetric matrix, ascending: mpmath's, and by Newton's steps on det(t - x), of
    which each doubles the order that is right, their derivatives. Raises ZeroDivisionError for
    derivatives of equal ones."""
    return np.array([_polished(t, x) for t in _numbers(x)], object)


def _polished(t: Any, x: Matrix) -> Any:
    t = x[0, 0] * 0 + t
    for _ in range(t.order.bit_length()):
        shifted = t * identity(len(x)) - x
        kept = [[j for j in range(len(x)) if j != i] for i in range(len(x))]
        slope = reduce(lambda a, b: a + b, [minors(shifted[np.ix_(k, k)]) for k in kept])
        t = t - minors(shifted) / slope
    return t


def squares(x: Matrix) -> Array:
    """The squared singular values, descending: eigenvalues of the smaller of x^T x and x x^T."""
    return eigenvalues(x.T @ x if x.shape[0] >= x.shape[1] else x @ x.T)[::-1]


def singular_values(x: Matrix) -> Array:
    """Descending; rounding errors under 0 in their squares count as 0."""
    return np.array([root(e if value_of(e) > 0 else e * 0) for e in squares(x)], object)


def pinv(x: Matrix) -> Matrix:
    """The Moore-Penrose inverse of a matrix of any rank, by its factors of full rank."""
    if x.shape[0] < x.shape[1]:
        return pinv(x.T).T
    kept = _independent(x)
    if not kept:
        return x.T * 0
    columns = x[:, kept]
    rows = solve(columns.T @ columns, columns.T @ x)
    return rows.T @ solve(rows @ rows.T, solve(columns.T @ columns, columns.T))


def _independent(x: Matrix) -> list[int]:
    """The columns that do not depend on those before them."""
    kept: list[int] = []
    for j in range(x.shape[1]):
        columns = x[:, [*kept, j]]
        lengths = [value_of(column @ column) for column in columns.T]
        if value_of(minors(columns.T @ columns)) > mp.sqrt(mp.eps) * mp.fprod(lengths):
            kept.append(j)
    return kept
