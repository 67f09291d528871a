"""The Array API standard's `linalg`, as far as it has derivatives: `xp.linalg.solve(a, b)`.

The one convention: matrices are the last two axes.
"""

from backends.engine.functions.decompositions import cholesky, qr
from backends.engine.functions.determinants import det
from backends.engine.functions.linear_algebra import (
    inv,
    matrix_power,
    pinv,
    slogdet,
    solve,
    solve_triangular,
)
from backends.engine.functions.manipulation import matrix_transpose
from backends.engine.functions.norms import matrix_norm, norm, vector_norm
from backends.engine.functions.products import (
    cross,
    diagonal,
    matmul,
    outer,
    tensordot,
    trace,
    vecdot,
)
from backends.engine.functions.spectral import eigh, eigvalsh, svd, svdvals

__all__ = [
    "cholesky",
    "cross",
    "det",
    "diagonal",
    "eigh",
    "eigvalsh",
    "inv",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_transpose",
    "norm",
    "outer",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]
