"""Convolution, as a product of matrices.

The one convention: images are (batch, channels, height, width), and kernels (out, in, height,
width), not turned around: what is computed is cross-correlation.
"""

import math

import numpy as np

from backends.engine.core import linear
from backends.engine.functions.manipulation import matrix_transpose, permute_dims, place, reshape


def _patches(x, *, shape, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, shape, axis=(2, 3))
    return windows[:, :, ::stride, ::stride]


def _unpatch(g, *, shape, stride):
    out = np.zeros(shape, g.dtype)
    _, _, rows, columns, height, width = g.shape
    for i in range(height):
        for j in range(width):
            down = slice(i, i + stride * rows, stride)
            across = slice(j, j + stride * columns, stride)
            out[:, :, down, across] += g[..., i, j]
    return out


patches = linear(
    "patches",
    _patches,
    lambda g, x, *, shape, stride: unpatch(g, shape=x.shape, stride=stride),
)
unpatch = linear(
    "unpatch",
    _unpatch,
    lambda g, x, *, shape, stride: patches(g, shape=x.shape[-2:], stride=stride),
)


def conv(x, kernel, *, stride=1, padding=0):
    """Cross-correlate x (batch, in, height, width) with kernel (out, in, height, width).

    A product of matrices: every patch under the kernel, ravelled, times every kernel.
    """
    batch, channels, height, width = x.shape
    if padding:
        inside = (slice(None), slice(None), *(slice(padding, padding + n) for n in (height, width)))
        padded = (batch, channels, height + 2 * padding, width + 2 * padding)
        x = place(x, keys=(inside,), shape=padded)
    under = permute_dims(patches(x, shape=kernel.shape[2:], stride=stride), (0, 2, 3, 1, 4, 5))
    _, rows, columns, *each = under.shape
    columns_of = reshape(under, (batch * rows * columns, math.prod(each)))
    y = columns_of @ matrix_transpose(reshape(kernel, (kernel.shape[0], math.prod(each))))
    return permute_dims(reshape(y, (batch, rows, columns, kernel.shape[0])), (0, 3, 1, 2))
