"""What a recording is made of: inputs, constants and lines.

The one convention: nodes point to the nodes that they use, so what no result can reach is dead.
A node knows the layout of its value and not the value, which is kept by the traced arrays only.
"""

import math
from dataclasses import dataclass, field

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
    """A Python number or an array that does not depend on the inputs; arrays are ours alone."""

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
    steps: list = field(default_factory=list)
