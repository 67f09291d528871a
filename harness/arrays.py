"""NumPy arrays to bytes and back, and a hash of their bits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.channel import Blob

NDArray = npt.NDArray[Any]


def to_blob(array: NDArray) -> Blob:
    """View an array as bytes in C order, copied only where it is not contiguous."""
    flat = np.ascontiguousarray(array).reshape(-1)
    return Blob(array.dtype.str, array.shape, memoryview(flat.view(np.uint8).data))


def from_blob(blob: Blob) -> NDArray:
    """Return the array, sharing the blob's memory."""
    return np.frombuffer(blob.data, dtype=np.dtype(blob.dtype)).reshape(blob.shape)


def fingerprint(arrays: Sequence[NDArray]) -> str:
    """Hash dtypes, shapes and bits."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"sha256:{digest.hexdigest()}"
