"""ADBench's input files for hand tracking, and the folder that holds the model of the hand.

The one convention: the model is the folder given by --model, else `model` beside the input file; of
its files bones.txt and vertices.txt are always read, triangles.txt for hand-complicated.
"""

import numpy as np

from harness.errors import UsageError, printable
from scenarios.adbench.hand_model import ANGLES, NAMES, PARENTS
from scenarios.adbench.reading import Reader

SIMPLE = "give a file of ADBench's HAND for hand-simple, which begins with 'N n_theta'"
COMPLICATED = (
    "give a file of ADBench's HAND for hand-complicated, which begins with 'N n_theta' and has "
    "'u1 u2' for every point before theta"
)
MODEL = "give ADBench's model of the hand by --model"
LAST_ROW = (0, 0, 0, 1)


def simple(file, model):
    """Return the size and the arguments of `adbench/hand-simple`."""
    reader = Reader(file, SIMPLE)
    count = header(reader)
    folder = located(file, model)
    relatives, inverses = bones(folder)
    positions, weights = vertices(folder)
    which, measured = points(reader, count, len(positions), "vertex")
    theta = ending(reader)
    size = {"vertices": len(positions), "correspondences": count}
    return size, (theta, relatives, inverses, positions, weights, which, measured)


def complicated(file, model):
    """Return the size and the arguments of `adbench/hand-complicated`."""
    reader = Reader(file, COMPLICATED)
    count = header(reader)
    folder = located(file, model)
    relatives, inverses = bones(folder)
    positions, weights = vertices(folder)
    corners = triangles(folder, len(positions))
    which, measured = points(reader, count, len(corners), "triangle")
    us = reader.rows(count, 2, "u1 u2")
    theta = ending(reader)
    size = {"vertices": len(positions), "correspondences": count}
    return size, (theta, us, relatives, inverses, positions, weights, which, measured, corners)


def header(reader):
    """Return N."""
    count, angles = reader.counts("N", "n_theta")
    if angles != ANGLES:
        raise reader.wrong(f"n_theta should be {ANGLES}, not {angles}")
    return count


def points(reader, count, most, what):
    """Return the indices of what the points correspond to, and the measured points."""
    which, measured = [], []
    for i in range(1, count + 1):
        title = f"'{what} x y z' (point {i} of {count})"
        index, *place = reader.exactly(4, reader.fields(title), title)
        which.append(within(reader, reader.integer(index, what), most, what))
        measured.append(reader.numbers(place, title))
    return np.array(which), np.array(measured)


def ending(reader):
    theta = reader.rows(ANGLES, 1, "theta")[:, 0]
    reader.end()
    return theta


def within(reader, index, most, what):
    if not 0 <= index < most:
        raise reader.wrong(f"{what} {index} is not there, the last one is {most - 1}")
    return index


def located(file, model):
    """Return the model's folder."""
    folder = file.parent / "model" if model is None else model
    if not folder.is_dir():
        place = printable(str(folder))
        raise UsageError(f"there is no folder {place} with a model of the hand; {MODEL}")
    return folder


def bones(folder):
    """Read lines `name:parent:base relative:inverse base absolute`: two arrays (22, 4, 4)."""
    reader = Reader(folder / "bones.txt", MODEL)
    transforms = []
    for name, parent in zip(NAMES, PARENTS, strict=True):
        title = f"bone {name!r}, its parent and two 4 x 4 transforms,"
        own_name, own_parent, *numbers = reader.exactly(34, reader.fields(title, ":"), title)
        if (own_name, reader.integer(own_parent, "a parent")) != (name, parent):
            raise reader.wrong(
                f"another tree of bones, whose derivatives are not provided for: bone {name!r} "
                f"with parent {parent} should stand here"
            )
        both = np.array(reader.numbers(numbers, title)).reshape(2, 4, 4)
        if (both[:, 3] != LAST_ROW).any():
            raise reader.wrong("the last row of a transform should be 0 0 0 1")
        transforms.append(both)
    reader.end()
    relatives, inverses = np.stack(transforms, 1)
    return relatives, inverses


def vertices(folder):
    """Read lines `x:y:z:5 ignored:count:bone:weight:...`: positions, and weights (count, 22)."""
    reader = Reader(folder / "vertices.txt", MODEL)
    positions, weights = [], []
    while reader.rest or not positions:
        title = f"vertex {len(positions)}"
        fields = reader.fields(title, ":")
        if len(fields) < 9:
            raise reader.wrong(f"{title} should have 9 fields and two for each bone")
        count = reader.count(fields[8], "the number of bones")
        reader.exactly(9 + 2 * count, fields, title)
        positions.append(reader.numbers(fields[:3], title))
        weights.append(np.zeros(len(NAMES)))
        for bone, weight in zip(fields[9::2], fields[10::2], strict=True):
            place = within(reader, reader.integer(bone, "a bone"), len(NAMES), "bone")
            weights[-1][place] += reader.number(weight, title)
    return np.array(positions), np.array(weights)


def triangles(folder, most):
    """Read lines `a:b:c` of vertices."""
    reader = Reader(folder / "triangles.txt", MODEL)
    corners = []
    while reader.rest or not corners:
        title = f"triangle {len(corners)}"
        fields = reader.exactly(3, reader.fields(title, ":"), title)
        taken = [reader.integer(field, "a vertex") for field in fields]
        corners.append([within(reader, index, most, "vertex") for index in taken])
    return np.array(corners)
