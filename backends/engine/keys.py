"""Keys of indexing, split into what is metadata and what is an array.

The one convention: Python's integers, slices, None, Ellipsis and bools are metadata. Whatever else
is an array: NumPy's integers as well, for they come from computing, and so does the key. The
template of a key has GAP where an array stood; a mask counts as the integers it stands for.
"""

import numpy as np

GAP = "array"
WHOLE = slice(None)
PLAIN = frozenset({int, bool, slice, type(None), type(Ellipsis)})


def is_plain(key):
    """Whether a key is all metadata: NumPy's basic indexing."""
    if type(key) is tuple:
        return PLAIN.issuperset(map(type, key))
    return type(key) in PLAIN


def split(key, shape, concrete):
    """Return the template of a key and the arrays of integers that fill its gaps.

    `concrete` reads a mask, on whose entries the result's shape depends. Raises TypeError for
    arrays of anything else but integers and bools, IndexError for masks of another shape.
    """
    parts = [_as_array(part) for part in (key if isinstance(key, tuple) else (key,))]
    template, indices, axis = [], [], 0
    for position, part in enumerate(parts):
        if type(part) in PLAIN:
            template.append(part)
        elif part.dtype.kind in "iu":
            template.append(GAP)
            indices.append(part)
        elif part.ndim == 0:
            template.append(bool(concrete(part)))
        else:
            found = _places(concrete(part), shape[axis : axis + part.ndim])
            template.extend([GAP] * len(found))
            indices.extend(found)
        axis += _axes(part)
        if part is Ellipsis:
            axis = len(shape) - sum(map(_axes, parts[position + 1 :]))
    return tuple(template), indices


def filled(template, indices):
    """The key itself: the template with arrays in its gaps."""
    if len(template) == len(indices):
        return tuple(indices)
    rest = iter(indices)
    return tuple(next(rest) if part == GAP else part for part in template)


def first_of_block(template):
    """The axis of the first gap, if the gaps are neighbours and whole axes are around; else None.

    The arrays' common axes then stand where the axes that they index stood.
    """
    if len(template) == 1:
        return 0
    first, gaps = template.index(GAP), template.count(GAP)
    block = (GAP,) * gaps
    around = template[:first] + template[first + gaps :]
    if template[first : first + gaps] == block and around == (WHOLE,) * len(around):
        return first
    return None


def _as_array(part):
    if type(part) in PLAIN:
        return part
    if isinstance(part, (list, tuple)):
        part = np.asarray(part) if len(part) else np.zeros(0, np.intp)
    elif isinstance(part, int):
        return int(part)
    if part.dtype.kind not in "iub":
        raise TypeError(
            f"an array can't be indexed by one of {part.dtype}; use integers, a mask, or where"
        )
    return part


def _places(mask, shape):
    if mask.shape != shape:
        raise IndexError(f"a mask of shape {mask.shape} stands for axes of shape {shape}")
    return np.nonzero(mask)


def _axes(part):
    """How many axes a part of a key consumes."""
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    return part.ndim if not isinstance(part, (int, slice)) and part.dtype.kind == "b" else 1
