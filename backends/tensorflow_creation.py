"""TensorFlow's creation functions. tf.range and tf.linspace add steps up in floating point and
drift; NumPy's do not."""

from __future__ import annotations

import numpy as np
import tensorflow as tf


def creation(default):
    """Make the functions whose dtype is the case's unless another is asked for."""

    def arange(start, stop=None, step=1, *, dtype=None):
        first, last = (0, start) if stop is None else (start, stop)
        return asarray(np.arange(first, last, step), dtype=dtype)

    def asarray(values, *, dtype=None):
        if isinstance(values, tf.Tensor):
            return values if dtype is None else tf.cast(values, dtype)
        dtype = tf.as_dtype(dtype or default)
        if isinstance(values, np.ndarray):
            values = values.astype(dtype.as_numpy_dtype)
        return tf.convert_to_tensor(values, dtype)

    def full(shape, fill_value, *, dtype=None):
        return tf.fill(shape, asarray(fill_value, dtype=dtype or default))

    return {
        "arange": arange,
        "asarray": asarray,
        "eye": lambda n, *, dtype=None: tf.eye(n, dtype=dtype or default),
        "full": full,
        "linspace": lambda start, stop, num, *, dtype=None: asarray(
            np.linspace(start, stop, num), dtype=dtype
        ),
        "ones": lambda shape, *, dtype=None: tf.ones(shape, dtype or default),
        "zeros": lambda shape, *, dtype=None: tf.zeros(shape, dtype or default),
    }
