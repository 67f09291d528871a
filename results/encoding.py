"""What JSON or UTF-8 can't hold, written so that they can, and read back.

One convention: numbers that are not finite are written as the strings "nan", "inf" and "-inf".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def encode(data: Any) -> Any:
    """Replace what JSON or UTF-8 can't hold: floats that are not finite become strings, tuples
    lists, and lone surrogates are written out."""
    if isinstance(data, float) and not math.isfinite(data):
        return str(data)
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, Mapping):
        return {key: encode(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [encode(item) for item in data]
    return data


NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def decode_numbers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `encode` where a record holds numbers: in `value`, `error` and `seconds`."""
    numeric = {key: decode(data[key]) for key in ("value", "error", "seconds") if key in data}
    return {**data, **numeric}


def decode(data: Any) -> Any:
    if isinstance(data, str):
        return NOT_FINITE.get(data, data)
    if isinstance(data, dict):  # not Mapping: to ask every number for that takes long
        return {key: decode(item) for key, item in data.items()}
    if isinstance(data, list):
        return [decode(item) for item in data]
    return data
