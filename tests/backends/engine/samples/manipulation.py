"""Samples of manipulation.py and creation.py."""

import numpy as np

from backends.engine import xp
from backends.engine.functions import creation
from tests.backends.engine.samples.drawn import CUBE, ROW, X, Y, call

SCALAR = X[0, 0, None].reshape(())
STRIDED = CUBE.T[::2, ::-1]

SAMPLES = {
    "boxed": [call("boxed", X)],
    "sum_to": [call("sum_to", CUBE, shape=(3, 1)), call("sum_to", STRIDED, shape=(1, 2))],
    "broadcast_to": [
        call("broadcast_to", X[:, :1], shape=(2, 3, 4)),
        call("broadcast_to", SCALAR, shape=(3,)),
        call("broadcast_to", STRIDED[:, :1], shape=(2, 3, 2)),
    ],
    "astype": [
        (lambda x: xp.astype(x * x, x.dtype), (X,)),
        (lambda x: xp.astype(x * x, x.dtype), (SCALAR,)),
    ],
    "reshape": [
        call("reshape", CUBE, shape=(4, -1)),
        call("reshape", STRIDED, shape=(-1,)),
        call("reshape", SCALAR, shape=(1, 1)),
    ],
    "permute_dims": [
        call("permute_dims", CUBE, axes=(2, 0, 1)),
        (lambda x: x.T, (CUBE,)),
        (lambda x: xp.permute_dims(x, (-1, 0, 1)), (STRIDED,)),
        call("permute_dims", SCALAR, axes=()),
    ],
    "matrix_transpose": [
        call("matrix_transpose", CUBE),
        (lambda x: x.mT, (STRIDED,)),
    ],
    "flip": [
        call("flip", CUBE, axis=1),
        call("flip", STRIDED, axis=(0, -1)),
        call("flip", CUBE),
        call("flip", SCALAR),
    ],
    "roll": [
        (lambda x: xp.roll(x, -2, axis=2), (CUBE,)),
        (lambda x: xp.roll(x, 7, axis=-1), (STRIDED,)),
        (lambda x: xp.roll(x, (1, 2), axis=(0, -1)), (CUBE,)),
        (lambda x: xp.roll(x, 1, axis=(0, 1)), (X,)),
        (lambda x: xp.roll(x, 5), (X,)),
        (lambda x: xp.roll(x, 1), (SCALAR,)),
    ],
    "tril": [call("tril", CUBE, k=-1), call("tril", STRIDED)],
    "triu": [call("triu", CUBE, k=1), call("triu", STRIDED)],
    "index": [
        call("index", CUBE, key=(0, slice(1, None), slice(None, None, 2))),
        call("index", CUBE, key=(Ellipsis, None, -1)),
        call("index", STRIDED, key=(slice(None, None, -1), 1)),
        call("index", SCALAR, key=(None,)),
        (lambda x: x[:, True, 1], (X,)),
    ],
    "place": [
        call("place", ROW, keys=((slice(None), 1),), shape=(4, 3)),
        call("place", SCALAR, keys=(2,), shape=(3,)),
        call("place", STRIDED[0], keys=(slice(1, 4),), shape=(5, 2)),
        call("place", X, X[1:], keys=(slice(1, 4), slice(None, 2)), shape=(5, 4)),
    ],
    "concat": [
        call("concat", X, Y, axis=1),
        (lambda x: xp.concat([x, np.ones((1, 4), x.dtype), x]), (X,)),
        (lambda x, y: xp.concat([x, y, x], axis=-3), (STRIDED, CUBE.T)),
        (lambda x, y: xp.concat([x, y], axis=None), (SCALAR, X)),
    ],
    "stack": [
        call("stack", X, Y, axis=2),
        (lambda x: xp.stack([x, np.ones((3, 4), x.dtype)]), (X,)),
        (lambda x: xp.stack([x, 2 * x, x], axis=-2), (STRIDED,)),
        (lambda x: xp.stack([x, x.dtype.type(2), x * x]), (SCALAR,)),
    ],
}
COMPOSITES = {
    "broadcast_arrays": [
        (lambda x, y: xp.concat(xp.broadcast_arrays(x, y)), (X[:, :1], ROW)),
    ],
    "diff": [
        (lambda x: xp.diff(x), (X,)),
        (lambda x: xp.diff(x, axis=1, n=2), (STRIDED,)),
        (lambda x, y: xp.diff(x, prepend=y, append=x[:, :2]), (X, Y[:, :1])),
    ],
    "expand_dims": [
        (lambda x: xp.expand_dims(x, axis=-2), (X,)),
        (lambda x: xp.expand_dims(x, axis=(0, -1)), (X,)),
        (lambda x: xp.expand_dims(x, axis=0), (SCALAR,)),
    ],
    "moveaxis": [
        (lambda x: xp.moveaxis(x, 0, -1), (CUBE,)),
        (lambda x: xp.moveaxis(x, (0, 2), (2, 1)), (STRIDED,)),
    ],
    "squeeze": [
        (lambda x: xp.squeeze(x[:, :1], -1), (X,)),
        (lambda x: xp.squeeze(x[:1, :, :1], axis=(0, 2)), (CUBE,)),
    ],
    "tile": [
        (lambda x: xp.tile(x, 2), (X,)),
        (lambda x: xp.tile(x, (2, 3)), (STRIDED,)),
        (lambda x: xp.tile(x, (2, 1, 2)), (ROW,)),
        (lambda x: xp.tile(x, 3), (SCALAR,)),
    ],
    "unstack": [(lambda x: xp.unstack(x, axis=1)[2], (CUBE,))],
    # Most of these make plain arrays or constants: test_creation.py has them
    **{name: [] for name in creation.__all__},
    "asarray": [
        (lambda x: xp.asarray([[x[0], x[2]], (x[1] * x[2], x[0])]), (ROW,)),
        (lambda x: xp.asarray(x * x), (X,)),
    ],
    "full": [(lambda x: xp.full((2, 3), x), (SCALAR,))],
    "full_like": [(lambda x: x * xp.full_like(x, x[0, 0]), (X,))],
    "meshgrid": [
        (lambda x, y: xp.concat(xp.meshgrid(x, y)), (ROW, X[:, 0])),
        (lambda x, y: xp.concat(xp.meshgrid(x, y, y[:2], indexing="ij")), (ROW, X[:, 0])),
    ],
    "ones_like": [(lambda x: x * xp.ones_like(x), (X,))],
    "zeros_like": [(lambda x: x + xp.zeros_like(x), (X,))],
}
DISCRETE = {"stop_gradient": (X,)}
