"""ADBench's input files for bundle adjustment: `n m p`, then one camera, point, weight and feature.

The one convention: a file replicates its one camera n times, its point m times, its weight and
feature p times; observation i is of camera i mod n and point i mod m.
"""

import numpy as np

from scenarios.adbench.ba import cycle
from scenarios.adbench.reading import Reader

FORM = "give a file of ADBench's BA, which begins with 'n m p' and has four lines more"


def read(file, model):
    """Return the size and the arguments of `adbench/ba`; no model belongs to it."""
    reader = Reader(file, FORM)
    n, m, p = reader.counts("n", "m", "p")
    camera = reader.row(11, "the camera, 'r C f u0 v0 k1 k2',")
    point = reader.row(3, "the point")
    weight = reader.row(1, "the weight")
    feature = reader.row(2, "the feature")
    reader.end()
    try:
        arguments = replicated(n, camera), replicated(m, point), replicated(p, weight)[:, 0]
        features, observations = replicated(p, feature), cycle(n, m, p)
    except (MemoryError, OverflowError, ValueError) as error:
        raise reader.wrong(f"n={n} m={m} p={p} is more than fits into memory") from error
    return {"n": n, "m": m, "p": p}, (*arguments, features, observations)


def replicated(count, row):
    return np.tile(np.array(row), (count, 1))
