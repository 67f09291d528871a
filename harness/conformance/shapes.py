"""Samples of what makes, moves and picks elements, and of the dtypes."""

from __future__ import annotations

import numpy as np

from harness.conformance.sample import (
    CUBE,
    ROW,
    TIED,
    Sample,
    Samples,
    X,
    Y,
    spread,
)


def samples_of_creation() -> Samples:
    return {
        "arange": Sample(
            inputs=(ROW,),
            forms=(
                lambda xp, x: xp.arange(4) * x,
                lambda xp, x: xp.arange(1, 5),
                lambda xp, x: xp.arange(1, 8, 2, dtype=xp.float64),
                lambda xp, x: xp.arange(3, dtype=xp.int64),
            ),
        ),
        "asarray": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: xp.asarray([[1.5], [2.5], [-1.0]]) * x,
                lambda xp, x: xp.asarray(x) + xp.asarray(0.25),
                lambda xp, x: xp.asarray([2, 0], dtype=xp.int64),
                lambda xp, x: xp.asarray(Y, dtype=x.dtype) * x,
                lambda xp, x: xp.asarray([1, 2], dtype=xp.float32),
            ),
        ),
        "eye": Sample(
            inputs=(ROW,),
            forms=(lambda xp, x: xp.eye(4) * x, lambda xp, x: xp.eye(2, dtype=xp.float64)),
        ),
        "full": Sample(
            inputs=(ROW,),
            forms=(
                lambda xp, x: xp.full((2, 4), 3) * x,
                lambda xp, x: xp.full((), 0.5),
                lambda xp, x: xp.full((2,), 7, dtype=xp.int64),
            ),
        ),
        "linspace": Sample(
            inputs=(ROW,),
            forms=(
                lambda xp, x: xp.linspace(-1, 1, 4) * x,
                lambda xp, x: xp.linspace(0.0, 1.0, 5, dtype=xp.float64),
            ),
        ),
        "ones": Sample(
            inputs=(ROW,),
            forms=(lambda xp, x: xp.ones((3, 4)) * x, lambda xp, x: xp.ones((2,), dtype=xp.int64)),
        ),
        "ones_like": Sample(inputs=(X,), forms=(lambda xp, x: xp.ones_like(x) * x[0],)),
        "zeros": Sample(
            inputs=(ROW,),
            forms=(lambda xp, x: xp.zeros((3, 4)) + x, lambda xp, x: xp.zeros((), dtype=xp.int64)),
        ),
        "zeros_like": Sample(inputs=(X,), forms=(lambda xp, x: xp.zeros_like(x) + x[0],)),
        "float32": cast("float32"),
        "float64": cast("float64"),
        "int64": cast("int64"),
    }


def cast(name: str) -> Sample:
    # Only a form's own dtype is looked at: a float32 on the way has derivatives that differences
    # in float64 can't see.
    return Sample(
        inputs=(X,),
        forms=(
            lambda xp, x: xp.zeros((2,), dtype=getattr(xp, name)),
            lambda xp, x: xp.astype(x * 4, getattr(xp, name)),
            lambda xp, x: x + (1 if x.dtype == getattr(xp, name) else 2),
        ),
        differentiable=False,
    )


def samples_of_manipulation() -> Samples:
    return {
        "astype": Sample(
            inputs=(X, np.array([3, 1, 2, 0])),
            forms=(
                lambda xp, x, n: xp.astype(n, x.dtype) * x,
                lambda xp, x, n: xp.astype(x > 0, x.dtype) * x,
                lambda xp, x, n: xp.astype(x, xp.float64),
                lambda xp, x, n: xp.astype(x * 3, xp.int64),
            ),
        ),
        "broadcast_to": Sample(
            inputs=(ROW,),
            forms=(
                lambda xp, x: xp.broadcast_to(x, (3, 4)),
                lambda xp, x: xp.broadcast_to(x[:, None], (2, 4, 3)),
            ),
        ),
        "concat": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: xp.concat([x, y]),
                lambda xp, x, y: xp.concat((x, y[:, :1], x), axis=-1),
            ),
        ),
        "expand_dims": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: xp.expand_dims(x, axis=1),
                lambda xp, x: xp.expand_dims(x, axis=-1),
            ),
        ),
        "flip": Sample(
            inputs=(X,),
            forms=(lambda xp, x: xp.flip(x, axis=0), lambda xp, x: xp.flip(x, axis=-1)),
        ),
        "matrix_transpose": Sample(
            inputs=(CUBE,),
            forms=(
                lambda xp, x: xp.matrix_transpose(x),
                lambda xp, x: xp.matrix_transpose(x[0]),
            ),
        ),
        "permute_dims": Sample(
            inputs=(CUBE,), forms=(lambda xp, x: xp.permute_dims(x, (2, 0, 1)),)
        ),
        "reshape": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: xp.reshape(x, (2, 6)),
                lambda xp, x: xp.reshape(x, (-1,)),
                lambda xp, x: xp.reshape(x[:1, :1], ()),
            ),
        ),
        "roll": Sample(
            inputs=(X,),
            forms=(lambda xp, x: xp.roll(x, 1, axis=0), lambda xp, x: xp.roll(x, -2, axis=-1)),
        ),
        "squeeze": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: xp.squeeze(x[:, None, :], axis=1),
                lambda xp, x: xp.squeeze(x[:, :1], axis=-1),
            ),
        ),
        "stack": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: xp.stack([x, y]),
                lambda xp, x, y: xp.stack((x, y, x), axis=-1),
            ),
        ),
        "tril": Sample(
            inputs=(CUBE,), forms=(lambda xp, x: xp.tril(x), lambda xp, x: xp.tril(x, k=-1))
        ),
        "triu": Sample(
            inputs=(CUBE,), forms=(lambda xp, x: xp.triu(x), lambda xp, x: xp.triu(x, k=1))
        ),
    }


def samples_of_indexing() -> Samples:
    return {
        "argsort": Sample(
            inputs=(X, TIED),
            forms=(
                lambda xp, x, tied: xp.argsort(x),
                lambda xp, x, tied: xp.argsort(x, axis=0),
                lambda xp, x, tied: xp.argsort(tied, axis=-1),
            ),
            differentiable=False,
        ),
        "segment_sum": Sample(
            inputs=(spread(-1.0, 1.4, 5, 2, step=3), np.array([2, 0, 2, 1, 0])),
            forms=(
                lambda xp, x, s: xp.segment_sum(x, s, count=4),
                lambda xp, x, s: xp.segment_sum(x[:, 0], s, count=3),
            ),
        ),
        "sort": Sample(
            inputs=(X,), forms=(lambda xp, x: xp.sort(x), lambda xp, x: xp.sort(x, axis=0))
        ),
        "take": Sample(
            inputs=(X, np.array([2, 0, 2, 1, 2])),
            forms=(
                lambda xp, x, i: xp.take(x, i, axis=0),
                lambda xp, x, i: xp.take(x, i, axis=-1),
                lambda xp, x, i: xp.take(x[:, 1], i, axis=0),
            ),
        ),
        "take_along_axis": Sample(
            inputs=(X, np.array([[3, 0], [1, 1], [2, 0]]), np.array([[0, 2, 1, 1]])),
            forms=(
                lambda xp, x, i, j: xp.take_along_axis(x, i, axis=1),
                lambda xp, x, i, j: xp.take_along_axis(x, i, axis=-1),
                lambda xp, x, i, j: xp.take_along_axis(x, j, axis=0),
            ),
        ),
    }
