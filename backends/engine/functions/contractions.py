"""How einsum computes: as products of matrices where that pays, else as NumPy's plain loop.

The one convention: a plan is made once for given subscripts and shapes, and depends on nothing
else, so that eager and replayed derivatives agree to the bit.
"""

import math
from functools import cache, lru_cache

import numpy as np

# Combinations of indices below which one loop over three arrays or more beats a product in steps.
WORTH_STEPS = 2500


@cache
def parsed(subscripts, count):
    """The indices of every array, and those of the result."""
    if "->" not in subscripts or "." in subscripts:
        raise ValueError(f"einsum needs an explicit output and no ellipsis; got {subscripts!r}")
    inputs, result = subscripts.replace(" ", "").split("->")
    terms = tuple(inputs.split(","))
    if len(terms) != count:
        raise ValueError(f"einsum was given {count} arrays for the subscripts {subscripts!r}")
    return terms, result


def contract(*arrays, subscripts):
    if len(arrays) == 1:
        return np.einsum(subscripts, arrays[0])
    return _planned(subscripts, *[x.shape for x in arrays])(*arrays)


@lru_cache(1024)
def _planned(subscripts, *shapes):
    """The function that contracts arrays of these shapes."""
    inputs, result = subscripts.split("->")
    terms = inputs.split(",")
    sizes = _sizes(terms, shapes)
    if len(terms) == 2:
        return _pair(subscripts, sizes)
    if math.prod(sizes.values()) < WORTH_STEPS:
        return _plain(subscripts)
    return _in_steps(_steps(subscripts, terms, result, sizes))


def _steps(subscripts, terms, result, sizes):
    """The positions of the arrays contracted next, and the function that does it."""
    steps = []
    like = [np.broadcast_to(0.0, tuple(sizes[i] for i in term)) for term in terms]
    for positions in np.einsum_path(subscripts, *like, optimize="greedy")[0][1:]:
        taken = [terms[i] for i in positions]
        terms = [term for i, term in enumerate(terms) if i not in positions]
        needed = set("".join([result, *terms]))
        made = "".join(sorted(set("".join(taken)) & needed)) if terms else result
        terms.append(made)
        step = f"{','.join(taken)}->{made}"
        steps.append((positions, _pair(step, sizes) if len(taken) == 2 else _plain(step)))
    return steps


def _in_steps(steps):
    def contract_in_steps(*arrays):
        for positions, step in steps:
            made = step(*[arrays[i] for i in positions])
            arrays = [x for i, x in enumerate(arrays) if i not in positions] + [made]
        return arrays[0]

    return contract_in_steps


def _plain(subscripts):
    return lambda *arrays: np.einsum(subscripts, *arrays)


def _sizes(terms, shapes):
    """The length of every index."""
    sizes = {}
    for term, shape in zip(terms, shapes, strict=True):
        if len(term) != len(shape):
            raise ValueError(f"einsum was given an array of {len(shape)} axes for {term!r}")
        for i, n in zip(term, shape, strict=True):
            if sizes.setdefault(i, n) != n:
                raise ValueError(
                    f"einsum was given lengths {sizes[i]} and {n} for the index {i!r}; "
                    "it doesn't broadcast, but leave the index out and it is as if repeated"
                )
    return sizes


def _pair(subscripts, sizes):
    """The function that contracts two arrays: one matmul over (batch, kept, summed) axes."""
    inputs, result = subscripts.split("->")
    x, y = inputs.split(",")
    batch = [i for i in result if i in x and i in y]
    rows = [i for i in result if i in x and i not in y]
    columns = [i for i in result if i in y and i not in x]
    summed = [i for i in x if i in y and i not in result]
    lonely = len(batch + rows + summed) < len(x) or len(batch + columns + summed) < len(y)
    # NumPy's loop starts as fast as a matmul with its transposes, 2 us, and is slower in all but
    # these: no sum over both, or a batch of products of two vectors.
    if lonely or not summed or (batch and not rows and not columns):
        return _plain(subscripts)
    left = _arrangement(x, (batch, rows, summed), sizes)
    right = _arrangement(y, (batch, summed, columns), sizes)
    made = batch + rows + columns
    shape = tuple(sizes[i] for i in made)
    back = tuple(made.index(i) for i in result)

    def multiply(x, y):
        return np.matmul(left(x), right(y)).reshape(shape).transpose(back)

    return multiply


def _arrangement(term, groups, sizes):
    """The function that brings an array to axes (*batch, one group, the other)."""
    batch, *matrix = groups
    axes = tuple(term.index(i) for group in groups for i in group)
    shape = tuple(sizes[i] for i in batch)
    shape += tuple(math.prod(sizes[i] for i in group) for group in matrix)
    if len(shape) < len(axes) or not all(matrix):
        return lambda x: x.transpose(axes).reshape(shape)
    if axes == tuple(range(len(axes))):
        return lambda x: x
    return lambda x: x.transpose(axes)
