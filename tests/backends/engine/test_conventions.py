"""Derivatives at kinks, ties and branch points are those of the table in elementwise.py.

Ours are tested against the column "derivative", and the columns of PyTorch and JAX against what is
installed. TensorFlow's is left as it was recorded: importing it takes longer than all this.
"""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from backends.engine import jvp, vjp, xp
from backends.engine.functions import elementwise

WEIGHTS = [1.0, 2.0, 3.0, 4.0]
FUNCTIONS = {
    "clip to 0, 1": lambda n, x: n.clip(x, min=0, max=1),
    "clip to 0, 0": lambda n, x: n.clip(x, min=0, max=0),
    "x**0": lambda n, x: x**0,
    "median": lambda n, x: n.median(x, axis=0),
    "logsumexp": lambda n, x: n.logsumexp(x, axis=0),
    "sum of cumulative_prod": lambda n, x: n.sum(n.cumulative_prod(x, axis=0)),
    "sum of cumulative_max": lambda n, x: n.sum(n.cumulative_max(x, axis=0)),
}


class Row(NamedTuple):
    function: str
    at: str
    derivative: str
    torch: str
    jax: str
    tensorflow: str


ROWS = [
    Row(*(cell.split("(")[0].strip() for cell in line.split("|")))
    for line in elementwise.__doc__.splitlines()
    if line.count("|") == 5 and not line.startswith("function")
]
IDS = [f"{row.function} at {row.at}" for row in ROWS]
each_row = pytest.mark.parametrize("row", ROWS, ids=IDS)


def number(word):
    numerator, _, denominator = word.partition("/")
    return float(numerator) / float(denominator or 1)


def numbers(cell):
    """The arguments in a cell; one number is a scalar."""
    arguments = []
    for argument in cell.replace("log 2", str(np.log(2))).split(","):
        words = [number(word) for word in argument.split()]
        arguments.append(np.array(words if len(words) > 1 else words[0]))
    return arguments


def function(row, namespace):
    f = FUNCTIONS.get(row.function, lambda n, *xs: getattr(n, row.function)(*xs))
    return lambda *xs: f(namespace, *xs)


def recorded(row, framework):
    cell = getattr(row, framework)
    return numbers(row.derivative if cell == "=" else cell)


def assert_same(got, expected):
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-15)


def majority(row):
    """What most frameworks return; None where it is one against one."""
    cells = [cell.replace("=", row.derivative) for cell in row[3:] if cell != "-"]
    most = max(cells, key=cells.count)
    return most if 2 * cells.count(most) > len(cells) else None


def test_the_table_is_read_whole():
    assert len(ROWS) > 40


@each_row
def test_reverse_mode_returns_what_the_table_says(row):
    xs = numbers(row.at)
    with np.errstate(all="ignore"):
        y, pullback = vjp(function(row, xp), *xs)
        assert_same(pullback(np.ones(np.shape(y))), numbers(row.derivative))


@pytest.mark.parametrize("row", [r for r in ROWS if not any(x.ndim for x in numbers(r.at))])
def test_forward_mode_returns_the_same_where_arguments_are_numbers(row):
    xs = numbers(row.at)
    with np.errstate(all="ignore"):
        for i, expected in enumerate(numbers(row.derivative)):

            def f_of_one(x, i=i):
                return function(row, xp)(*xs[:i], x, *xs[i + 1 :])

            assert_same([jvp(f_of_one, (xs[i],), (np.ones(()),))[1]], [expected])


@each_row
def test_the_table_follows_the_majority_but_for_its_three_notes(row):
    noted = {("power", "0, 0"), ("gammaln", "0")}
    assert majority(row) in (None, row.derivative) or (row.function, row.at) in noted


@each_row
def test_the_column_of_torch_is_what_it_returns(row):
    torch = pytest.importorskip("torch", reason="the column of PyTorch needs torch")
    xs = [torch.tensor(x, requires_grad=True) for x in numbers(row.at)]
    y = function(row, torch_names(torch))(*xs)
    gradients = torch.autograd.grad(y, xs, torch.ones_like(y), allow_unused=True)
    assert_same([0 if g is None else g.numpy() for g in gradients], recorded(row, "torch"))


@each_row
def test_the_column_of_jax_is_what_it_returns(row):
    jax = pytest.importorskip("jax", reason="the column of JAX needs jax")
    with jax.enable_x64(True):
        xs = [jax.numpy.asarray(x) for x in numbers(row.at)]
        y, pullback = jax.vjp(function(row, jax_names(jax)), *xs)
        assert_same(pullback(jax.numpy.ones_like(y)), recorded(row, "jax"))


def torch_names(torch):
    renamed = {
        "cumulative_max": lambda x, *, axis: torch.cummax(x, axis).values,
        "cumulative_prod": lambda x, *, axis: torch.cumprod(x, axis),
        "gammaln": torch.lgamma,
        "logsumexp": lambda x, *, axis: torch.logsumexp(x, axis),
        "max": torch.amax,
        "median": lambda x, *, axis: torch.quantile(x, 0.5, axis),
        "min": torch.amin,
        "power": torch.pow,
        "std": lambda x: torch.std(x, correction=0),
    }
    return SimpleNamespace(**{**vars(torch), **renamed})


def jax_names(jax):
    renamed = {
        "cumulative_max": lambda x, *, axis: jax.lax.cummax(x, axis),
        "cumulative_prod": lambda x, *, axis: jax.numpy.cumprod(x, axis),
    }
    return SimpleNamespace(**{**vars(jax.scipy.special), **vars(jax.numpy), **renamed})
