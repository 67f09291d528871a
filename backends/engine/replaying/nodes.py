"""What a recording is made of: inputs, constants, lines and guards.

The one convention: nodes point to the nodes that they use, so what no result can reach is dead.
A node knows the layout of its value and not the value, which is kept by the traced arrays only.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Shape, dtype and strides; `scalar` where NumPy gave a scalar and not an array of no axes."""

    shape: tuple
    dtype: np.dtype
    strides: tuple
    scalar: bool
    writeable: bool

    @property
    def nbytes(self):
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def by_rows(self):
        """Whether the last axis moves fastest and memory has no gaps."""
        return self._packed(range(len(self.shape) - 1, -1, -1))

    @property
    def by_columns(self):
        """Whether the first axis moves fastest and memory has no gaps."""
        return self._packed(range(len(self.shape)))

    def _packed(self, axes):
        step = self.dtype.itemsize
        for axis in axes:
            n = self.shape[axis]
            if n != 1 and self.strides[axis] != step:
                return 0 in self.shape
            step *= n
        return True

    def is_like(self, other):
        """Whether NumPy makes the same of arrays of either layout."""
        return (self.shape, self.dtype, self.strides, self.scalar) == (
            other.shape,
            other.dtype,
            other.strides,
            other.scalar,
        )


def is_single(dtype):
    """Whether a dtype is the one object that nearly all arrays of it share.

    Bytes in the other order, structures and dates have many objects; so has what was unpickled,
    until `replay` sees it.
    """
    return dtype.isbuiltin == 1 and dtype.kind in "biufc" and np.dtype(dtype.char) is dtype


def layout_of(x):
    return Layout(
        shape=x.shape,
        dtype=x.dtype,
        strides=x.strides,
        scalar=not isinstance(x, np.ndarray),
        writeable=isinstance(x, np.ndarray) and x.flags.writeable,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Input:
    """An array among the arguments."""

    layout: Layout


@dataclass(frozen=True, kw_only=True, eq=False)
class Constant:
    """A Python number, or an array of ours alone, that does not depend on the inputs."""

    value: object

    @property
    def layout(self):
        return layout_of(self.value) if isinstance(self.value, (np.ndarray, np.generic)) else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One call: a primitive with its operands and metadata.

    `base` is the node in whose memory the result lies, where the call made a view.
    """

    primitive: object
    operands: tuple
    metadata: dict
    layout: Layout
    base: object = None

    @property
    def name(self):
        return self.primitive.name


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation:
    """What a line calls where no primitive does it: derivatives never see it."""

    name: str
    function: object


@dataclass(frozen=True, kw_only=True, eq=False)
class Guard:
    """A look at a value: what was read then must be read again, else the path may be another."""

    node: object
    convert: object
    seen: object


@dataclass(frozen=True, kw_only=True)
class Recording:
    """The steps (lines and guards, in order) that lead from arguments to results.

    `arguments` and `results` are trees with nodes for leaves.
    """

    arguments: tuple
    results: object
    steps: list


def owner_of(node):
    """The node in whose memory a node's value lies."""
    return node.base if isinstance(node, Line) and node.base is not None else node


def is_line(node, name):
    return isinstance(node, Line) and node.name == name


def is_elementwise(primitive):
    """Whether a primitive is a ufunc that reads and writes element by element."""
    function = primitive.function
    return isinstance(function, np.ufunc) and function.signature is None
