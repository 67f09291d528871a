"""The sentences with which a traced array refuses what would lose its derivative.

The one convention: each names what was called and what to use instead.
"""

OFFERED = set()  # the public names of xp, which enters them when it is imported

# NumPy's name: the engine's, or the operator or attribute to use
RENAMED = {
    "absolute": "abs",
    "add.accumulate": "cumulative_sum",
    "add.at": "add_at",
    "add.reduce": "sum",
    "amax": "max",
    "amin": "min",
    "append": "concat",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "array": "asarray",
    "atleast_1d": "expand_dims",
    "concatenate": "concat",
    "copy": "x itself, which is never changed",
    "cumprod": "cumulative_prod",
    "cumsum": "cumulative_sum",
    "diag": "diagonal",
    "dot": "matmul",
    "dstack": "concat",
    "flatten": "reshape",
    "fliplr": "flip",
    "flipud": "flip",
    "hstack": "concat",
    "maximum.accumulate": "cumulative_max",
    "maximum.reduce": "max",
    "minimum.accumulate": "cumulative_min",
    "minimum.reduce": "min",
    "multiply.accumulate": "cumulative_prod",
    "multiply.outer": "outer",
    "multiply.reduce": "prod",
    "ndim": "x.ndim",
    "put": "set_at",
    "ravel": "reshape",
    "rollaxis": "moveaxis",
    "row_stack": "concat",
    "shape": "x.shape",
    "size": "x.size",
    "split": "slices",
    "swapaxes": "permute_dims",
    "transpose": "permute_dims",
    "true_divide": "divide",
    "vstack": "concat",
}


def lost(what):
    """The refusal to hand a traced array out as plain numbers."""
    return TypeError(
        f"{what} of a traced array would lose its derivative; keep it an array, or pass it through "
        "stop_gradient if it is to count as a constant"
    )


def foreign(called, name, how=""):
    """The refusal of a function of NumPy's, whose bare name is `name`."""
    return TypeError(f"{called} can't take a traced array; {_remedy(name, how)}")


def lacking(name):
    """The refusal of an attribute or method."""
    known = RENAMED.get(name, name)
    called = f"use the function {known}(x) instead"
    remedy = called if known in OFFERED else _remedy(name, "")
    return AttributeError(f"a traced array has no {name!r}; {remedy}")


def assigned():
    return TypeError(
        "a traced array can't be assigned in place; build the new one with where, concat or stack, "
        "or with set_at(x, key, entries)"
    )


def without_axes(what):
    return TypeError(f"{what} needs an axis, and a traced array of shape () has none; reshape it")


def _remedy(name, how):
    known = RENAMED.get(name, name)
    if known in OFFERED:
        return f"use the engine's {known}{how}"
    if name in RENAMED:
        return f"use {known}"
    return "write it with the functions in backends.engine.xp"
