"""Samples without elements, one for each primitive that isn't elementwise.

The one convention: what is elementwise needs none here, as its other samples are cut to nothing.
"""

import numpy as np

from backends.engine import xp
from tests.backends.engine.samples.drawn import CUBE, IMAGES, MATRICES, ROW, WINDOWS, X, call

FLAT = X[:0]
NONE = CUBE[:0]
STACK = MATRICES[:0]
NOWHERE = np.zeros(0, np.intp)

EMPTY = {
    **{name: call(name, NONE) for name in ("boxed", "matrix_transpose", "prod", "sum")},
    **{name: call(name, NONE, axis=1) for name in ("length", "max", "mean", "min")},
    **{name: call(name, NONE, axis=0) for name in ("cumulative_prod", "cumulative_sum", "flip")},
    **{name: call(name, NONE, k=0) for name in ("tril", "triu")},
    **{name: call(name, STACK) for name in ("cholesky", "det", "inv", "pinv", "slogdet")},
    **{name: call(name, STACK) for name in ("leading_pair", "nuclear_norm", "polar")},
    **{name: call(name, STACK, STACK) for name in ("matmul", "vecdot")},
    "assign": (lambda x, y: xp.set_at(x, NOWHERE, y), (X, FLAT)),
    "astype": call("astype", NONE, dtype=np.longdouble),
    "bitwise_and": (lambda x: xp.where((x > 0) & (x < 1), x * x, x), (FLAT,)),
    "bitwise_invert": (lambda x: xp.where(~(x > 0), x * x, x), (FLAT,)),
    "bitwise_or": (lambda x: xp.where((x < 0) | (x > 1), x * x, x), (FLAT,)),
    "bitwise_xor": (lambda x: xp.where((x < 0) ^ (x < 1), x * x, x), (FLAT,)),
    "broadcast_to": call("broadcast_to", FLAT[:, :1], shape=(2, 0, 4)),
    "cofactors": call("cofactors", STACK, STACK[:, 0, 0]),
    "concat": call("concat", FLAT, X, axis=0),
    "cross": call("cross", FLAT[:, :3], X[0, :3]),
    "diagonal": call("diagonal", NONE),
    "eigh": (lambda x: xp.eigh(x)[1], (STACK,)),
    "eigvalsh": (xp.eigvalsh, (STACK,)),
    "einsum": call("einsum", FLAT, FLAT, subscripts="ij,ik->jk"),
    "gather": call("gather", X, NOWHERE, NOWHERE, key=("array", "array")),
    "increase": (lambda x, y: xp.add_at(x, NOWHERE, y), (X, FLAT)),
    "index": call("index", X, key=(slice(0, 0),)),
    "patches": call("patches", IMAGES[:0], shape=(3, 2), stride=2),
    "permute_dims": call("permute_dims", NONE, axes=(2, 0, 1)),
    "place": call("place", FLAT, keys=(slice(1, 1),), shape=(3, 4)),
    "qr": (lambda x: xp.qr(x)[0], (STACK,)),
    "reshape": call("reshape", NONE, shape=(4, 0)),
    "roll": (lambda x: xp.roll(x, 1, axis=0), (NONE,)),
    "scatter": call("scatter", ROW[:0], NOWHERE, key=("array",), shape=(3,)),
    "segment_sum": call("segment_sum", FLAT, NOWHERE, count=2),
    "lyapunov": call("lyapunov", STACK, STACK),
    "spectral_norm": call("spectral_norm", STACK),
    "solve": (xp.solve, (MATRICES[0], MATRICES[0][:, :0])),
    "solve_triangular": call("solve_triangular", STACK, STACK, lower=True),
    "stack": call("stack", FLAT, FLAT, axis=0),
    "sum_to": call("sum_to", NONE, shape=(1, 4)),
    "svd": (lambda x: xp.svd(x)[0], (STACK,)),
    "svdvals": (xp.svdvals, (STACK,)),
    "take": call("take", X, NOWHERE, axis=0),
    "undiagonal": call("undiagonal", FLAT, shape=(0, 4, 5)),
    "unpatch": call("unpatch", WINDOWS[:0], shape=(0, 2, 5, 4), stride=2),
}
