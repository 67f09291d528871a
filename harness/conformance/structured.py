"""Samples of what is more than one array function: the operators of arrays, linear algebra, control
flow, and the transformations, whose expected answers are closed forms."""

from __future__ import annotations

from typing import Any

from harness.conformance.sample import (
    CUBE,
    POSITIVE,
    ROW,
    SQUARE,
    SQUARES,
    Sample,
    Samples,
    X,
    Y,
    spread,
)

Array = Any
IMAGE = spread(-1.0, 1.2, 2, 2, 5, 4, step=7)
KERNEL = spread(-0.8, 0.9, 3, 2, 3, 2, step=7)
RIGHT = spread(-1.0, 1.3, 3, 2)


def samples_of_arrays() -> Samples:
    """What arrays do without a name of the table: these samples' titles are not in it."""
    return {
        "arithmetic of arrays": Sample(
            inputs=(X, POSITIVE),
            forms=(
                lambda xp, x, p: x + p,
                lambda xp, x, p: x - p,
                lambda xp, x, p: x * p,
                lambda xp, x, p: x / p,
                lambda xp, x, p: p**x,
                lambda xp, x, p: -x,
                lambda xp, x, p: x[0] * p[:, :1],
            ),
        ),
        "arithmetic with numbers": Sample(
            inputs=(X, POSITIVE),
            forms=(
                lambda xp, x, p: x + 1,
                lambda xp, x, p: 1.5 + x,
                lambda xp, x, p: x - 0.1,
                lambda xp, x, p: 2 - x,
                lambda xp, x, p: x * 3,
                lambda xp, x, p: 0.3 * x,
                lambda xp, x, p: x / 3,
                lambda xp, x, p: 1 / p,
                lambda xp, x, p: x**2,
                lambda xp, x, p: x**3,
                lambda xp, x, p: p**0.5,
                lambda xp, x, p: p**-1.5,
                lambda xp, x, p: 2**x,
            ),
        ),
        "products of matrices": Sample(
            inputs=(X, ROW, CUBE),
            forms=(
                lambda xp, x, row, cube: x @ x.T,
                lambda xp, x, row, cube: x @ row,
                lambda xp, x, row, cube: row @ row,
                lambda xp, x, row, cube: row @ x.T,
                lambda xp, x, row, cube: cube @ x.T,
            ),
        ),
        "comparisons": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: x < y,
                lambda xp, x, y: x <= 0.5,
                lambda xp, x, y: x > y[0],
                lambda xp, x, y: x >= 0,
                lambda xp, x, y: x == x[0],
                lambda xp, x, y: x != x[:, :1],
            ),
            differentiable=False,
        ),
        "shape, ndim and T": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: x.T * x.ndim,
                lambda xp, x: x / x.shape[0] / x.shape[-1],
                lambda xp, x: xp.zeros(tuple(x.shape), dtype=x.dtype) + x,
            ),
        ),
        "indexing": Sample(
            inputs=(CUBE,),
            forms=(
                lambda xp, x: x[1],
                lambda xp, x: x[-1, 2],
                lambda xp, x: x[1, 0, -1],
                lambda xp, x: x[:, 1:],
                lambda xp, x: x[0, ::2, 1:4:2],
                lambda xp, x: x[..., -1],
                lambda xp, x: x[0, ..., None],
                lambda xp, x: x[:, None, 1],
                lambda xp, x: x[:, :, -3:-1],
            ),
        ),
    }


def samples_of_linear_algebra() -> Samples:
    return {
        "conv": Sample(
            inputs=(IMAGE, KERNEL),
            forms=(
                lambda xp, x, kernel: xp.conv(x, kernel),
                lambda xp, x, kernel: xp.conv(x, kernel, stride=2, padding=1),
            ),
        ),
        "einsum": Sample(
            inputs=(X, Y, CUBE),
            forms=(
                lambda xp, x, y, cube: xp.einsum("ij,kj->ik", x, y),
                lambda xp, x, y, cube: xp.einsum("ij,ij->", x, y),
                lambda xp, x, y, cube: xp.einsum("ij->ji", x),
                lambda xp, x, y, cube: xp.einsum("ij->j", x),
                lambda xp, x, y, cube: xp.einsum("bij,bkj->bik", cube, cube),
                lambda xp, x, y, cube: xp.einsum("i,bij,j->b", y[:, 0], cube, x[0]),
            ),
        ),
        "matmul": Sample(
            inputs=(X, ROW, CUBE),
            forms=(
                lambda xp, x, row, cube: xp.matmul(x, xp.matrix_transpose(x)),
                lambda xp, x, row, cube: xp.matmul(x, row),
                lambda xp, x, row, cube: xp.matmul(row, row),
                lambda xp, x, row, cube: xp.matmul(x[:, :3], x),
                lambda xp, x, row, cube: xp.matmul(cube, xp.matrix_transpose(cube)),
                lambda xp, x, row, cube: xp.matmul(cube, row),
            ),
        ),
        "solve_triangular": Sample(
            inputs=(SQUARE, RIGHT),
            forms=(
                lambda xp, a, b: xp.solve_triangular(a, b, lower=True),
                lambda xp, a, b: xp.solve_triangular(a, b, lower=False),
                lambda xp, a, b: xp.solve_triangular(a, b[:, 0], lower=True),
            ),
        ),
        "linalg.cholesky": Sample(
            inputs=(SQUARE, SQUARES),
            forms=(
                lambda xp, x, xs: xp.linalg.cholesky(x @ x.T + 2 * xp.eye(3)),
                lambda xp, x, xs: xp.linalg.cholesky(xs @ xp.matrix_transpose(xs) + xp.eye(3)),
            ),
        ),
        "linalg.det": matrices("det"),
        "linalg.diagonal": matrices("diagonal"),
        "linalg.inv": matrices("inv"),
        "linalg.slogdet": Sample(
            inputs=(SQUARE, SQUARES),
            forms=(
                lambda xp, x, xs: xp.linalg.slogdet(x)[1],
                lambda xp, x, xs: xp.linalg.slogdet(xs)[0],
                lambda xp, x, xs: xp.linalg.slogdet(xs)[1],
            ),
        ),
        "linalg.solve": Sample(
            inputs=(SQUARE, RIGHT),
            forms=(
                lambda xp, a, b: xp.linalg.solve(a, b),
                lambda xp, a, b: xp.linalg.solve(a, b[:, 0]),
            ),
        ),
        "linalg.trace": matrices("trace"),
    }


def matrices(name: str) -> Sample:
    """One matrix, and a stack of two."""
    return Sample(
        inputs=(SQUARE, SQUARES),
        forms=(
            lambda xp, x, xs: getattr(xp.linalg, name)(x),
            lambda xp, x, xs: getattr(xp.linalg, name)(xs),
        ),
    )


def halve_until_small(xp: Any, x: Array) -> Array:
    """A loop whose length depends on its data: once at most for small x, seven times here."""
    return xp.while_loop(
        lambda carry: xp.sum(carry[1] * carry[1]) > 1e-3,
        lambda carry: (carry[0] + 1, carry[1] * xp.cos(carry[1]) / 2),
        (xp.zeros(()), x),
    )[1]


def samples_of_control() -> Samples:
    return {
        "cond": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: xp.cond(
                    x[0, 0] < y[0, 0], lambda a, b: a * b, lambda a, b: a + b, x, y
                ),
                lambda xp, x, y: xp.cond(
                    x[0, 0] > y[0, 0], lambda a, b: a * b, lambda a, b: xp.sin(a), x, y
                ),
                lambda xp, x, y: xp.cond(xp.sum(x) < 99, lambda a: a * y, lambda a: a - y, x),
            ),
        ),
        "scan": Sample(
            inputs=(X, ROW),
            forms=(
                lambda xp, x, row: xp.scan(lambda c, x: (c * x + row, xp.sum(c)), row, x)[0],
                lambda xp, x, row: xp.scan(lambda c, x: (xp.sin(c + x), c * x), row, x)[1],
                lambda xp, x, row: xp.scan(two_carries, (row, row * 2), (x, x[:, 0]))[0][1],
                lambda xp, x, row: xp.scan(two_carries, (row, row * 2), (x, x[:, 0]))[1][0],
            ),
        ),
        "stop_gradient": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: xp.stop_gradient(x) * x,
                (
                    lambda xp, x: xp.grad(lambda y: xp.sum(xp.stop_gradient(y * y) * y))(x),
                    lambda np, x: x * x,
                ),
                (
                    lambda xp, x: xp.jvp(lambda y: xp.stop_gradient(y * y) * y, (x,), (x,))[1],
                    lambda np, x: x**3,
                ),
            ),
            differentiable=False,
        ),
        "while_loop": Sample(
            inputs=(X,),
            forms=(
                halve_until_small,
                lambda xp, x: xp.while_loop(
                    lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * x + 0.5), (xp.zeros(()), x)
                )[1],
            ),
        ),
    }


def two_carries(carry: tuple[Array, Array], xs: tuple[Array, Array]) -> Any:
    (first, second), (row, number) = carry, xs
    return (first * number + second, second + row), (first * second, number)


def samples_of_differentiation() -> Samples:
    return {
        "grad": Sample(
            inputs=(X, Y),
            forms=(
                (
                    lambda xp, x, y: xp.grad(lambda x: xp.sum(xp.sin(x) * y))(x),
                    lambda np, x, y: np.cos(x) * y,
                ),
                (
                    lambda xp, x, y: xp.grad(lambda x, y: xp.sum(x * x * y), argnums=1)(x, y),
                    lambda np, x, y: x * x,
                ),
                (
                    lambda xp, x, y: xp.grad(lambda x, y: xp.sum(x**2 * y), argnums=(1, 0))(x, y)[
                        1
                    ],
                    lambda np, x, y: 2 * x * y,
                ),
                (
                    lambda xp, x, y: xp.grad(lambda x: xp.sum(x**3), argnums=(0,))(x)[0],
                    lambda np, x, y: 3 * x**2,
                ),
            ),
        ),
        "vjp": Sample(
            inputs=(X, Y),
            forms=(
                (lambda xp, x, y: xp.vjp(xp.sin, x)[0], lambda np, x, y: np.sin(x)),
                (lambda xp, x, y: xp.vjp(xp.sin, x)[1](y)[0], lambda np, x, y: np.cos(x) * y),
                (
                    lambda xp, x, y: xp.vjp(lambda x, y: xp.sum(x * y, axis=0), x, y)[1](x[0])[1],
                    lambda np, x, y: x * x[0],
                ),
            ),
        ),
        "jvp": Sample(
            inputs=(X, Y),
            forms=(
                (lambda xp, x, y: xp.jvp(xp.sin, (x,), (y,))[0], lambda np, x, y: np.sin(x)),
                (lambda xp, x, y: xp.jvp(xp.sin, (x,), (y,))[1], lambda np, x, y: np.cos(x) * y),
                (
                    lambda xp, x, y: xp.jvp(lambda x, y: x * y, (x, y), (y, x))[1],
                    lambda np, x, y: y * y + x * x,
                ),
            ),
        ),
    }
