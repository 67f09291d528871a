"""Samples of indexing.py, sorting.py and masks.py."""

import numpy as np

from backends.engine import xp
from tests.backends.engine.samples.drawn import CUBE, PLACES, ROW, SEGMENTS, X, Y, call

STRIDED = CUBE.T[::2, ::-1]
GRID = np.array([[0, 2], [-1, 0]])
MASK = np.array([True, False, True])

SAMPLES = {
    "segment_sum": [
        call("segment_sum", X, SEGMENTS, count=4),
        call("segment_sum", CUBE, np.array([3, 0, 3, -1]), count=5, axis=2),
        call("segment_sum", STRIDED[:, :2], np.array([[1, 0], [0, 1]]), count=2),
        (lambda x: xp.segment_sum(x, [1, 1, 0, 1], count=2), (ROW,)),
    ],
    "take": [
        call("take", CUBE, SEGMENTS, axis=1),
        (lambda x: xp.take(x, SEGMENTS, axis=-1), (CUBE,)),
        (lambda x: xp.take(x, SEGMENTS), (ROW,)),
        (lambda x: xp.take(x, GRID, axis=1), (STRIDED[:, :, 0],)),
        (lambda x: x[[0, 2, 0]], (X,)),
        (lambda x: x[MASK], (X,)),
        (lambda x: x[:, GRID], (CUBE,)),
        (lambda x: x[np.int64(1)], (ROW,)),
    ],
    "gather": [
        call("gather", CUBE, np.array([0, 1, 0]), np.array([-1, 0, 3]), key=("array", 1, "array")),
        (lambda x: x[[0, 1, 1], :, [2, 2, 2]], (CUBE,)),
        (lambda x: x[None, 1, ..., GRID], (CUBE,)),
        (lambda x: x[:, MASK, [0, 1]], (STRIDED,)),
        (lambda x: x[np.array(X > 0)], (X,)),
        (lambda x: x[1:, np.int64(2)], (X,)),
    ],
    "scatter": [
        call("scatter", X, np.array([2, 0, 2]), key=(0, "array"), shape=(2, 3, 4)),
        call("scatter", X.T[::2], GRID[0], GRID[1], key=("array", "array"), shape=(3, 3, 3)),
    ],
    "assign": [
        (lambda x, y: xp.set_at(x, (slice(None), 1), y), (X, X[:, 0])),
        (lambda x, y: xp.set_at(x, [0, 0, 2], y), (X, Y)),
        (lambda x, y: xp.set_at(x, MASK, y), (X, ROW)),
        (lambda x: xp.set_at(x, X > 0, 0), (X,)),
        (lambda x: xp.set_at(np.zeros((3, 2), x.dtype), (..., 0), x), (X[:, 0],)),
        (lambda x: xp.set_at(x, 1, x[0] * x[1]), (STRIDED,)),
    ],
    "increase": [
        (lambda x, y: xp.add_at(x, (slice(None), 1), y), (X, X[:, 0])),
        (lambda x, y: xp.add_at(x, [0, 0, 2], y), (X, Y)),
        (lambda x, y: xp.add_at(x, (GRID, slice(1, 3)), y), (X[:, ::-1], ROW[:2])),
        (lambda x: xp.add_at(x, ([0, 1], [1, 1]), 2), (X,)),
    ],
    "bitwise_and": [(lambda x: xp.where((x > 0) & (x < 1), x * x, x), (X,))],
    "bitwise_invert": [(lambda x: xp.where(~(x > 0), x * x, x), (X,))],
    "bitwise_or": [(lambda x: xp.where((x < 0) | (x > 1), x * x, x), (X,))],
    "bitwise_xor": [(lambda x: xp.where((x < 0) ^ (x < 1), x * x, x), (X,))],
}
COMPOSITES = {
    "add_at": SAMPLES["increase"][:1],
    "set_at": SAMPLES["assign"][:1],
    "repeat": [
        (lambda x: xp.repeat(x, 2), (X,)),
        (lambda x: xp.repeat(x, 3, axis=-1), (STRIDED,)),
        (lambda x: xp.repeat(x, np.array([2, 0, 1]), axis=0), (X,)),
    ],
    "take_along_axis": [
        (lambda x: xp.take_along_axis(x, PLACES), (X,)),
        (lambda x: xp.take_along_axis(x, GRID[:, :, None] * 0 + 1, axis=1), (STRIDED[:2],)),
    ],
    "put_along_axis": [
        (lambda x, y: xp.put_along_axis(x, PLACES[:, :1], y, axis=1), (X, Y[:, :1])),
    ],
    "add_along_axis": [
        (lambda x, y: xp.add_along_axis(x, PLACES, y, axis=1), (X, Y[:, :2])),
    ],
    "nonzero": [(lambda x: x[xp.nonzero(x > 0)], (X,))],
    "sort": [
        (lambda x: xp.sort(x, axis=0), (X,)),
        (lambda x: xp.sort(x, descending=True), (STRIDED,)),
        (lambda x: xp.sort(x), (ROW,)),
    ],
}
DISCRETE = {"argsort": (X,), "searchsorted": (np.sort(ROW), X)}
