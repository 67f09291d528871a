"""How a size of memory is written.

One convention: powers of 1024, as caches and pages come in them, and three digits at most.
"""

from __future__ import annotations

SIZES = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")


def size(count: float) -> str:
    """Write a number of bytes: `512 B`, `48 KiB`, `7.75 GiB`."""
    for unit in SIZES[:-1]:
        if count < 999.5:  # above, three digits would be 1e+03
            return f"{count:.3g} {unit}"
        count /= 1024
    return f"{count:.3g} {SIZES[-1]}"
