"""What a case of the engine's benchmark is: a function, what is asked of it, inputs, and the answer
derived by hand.

The one convention: a function takes a namespace first, `function(np, *inputs)`, and calls it by the
Array API's names (and `logsumexp`, `sigmoid`), so that every framework runs the same lines.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

SMALL = 1000  # elements; up to here, arrays are all overhead
RTOL = {np.dtype(np.float64): 1e-10}


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One computation at one size.

    `operator` is "vjp" of (x, cotangent), "gradient" in `argnums` of the inputs, "hvp" of
    (x, vector) or "penalty", the gradient of sum((f_x^2 - 1)^2) in both inputs. `draw` makes the
    inputs from a generator, `hand` maps them to the answer, a tuple. `elements` is the size of the
    largest array met. `instead` holds another function for the framework it is a key of.
    """

    name: str
    function: Callable
    operator: str
    argnums: tuple[int, ...] = (0,)
    draw: Callable[[np.random.Generator], tuple]
    hand: Callable[..., tuple]
    elements: int
    loop: bool = False
    instead: Mapping[str, Callable] = field(default_factory=dict)

    @property
    def tiny(self):
        return self.elements <= SMALL and not self.loop

    def inputs(self):
        return self.draw(np.random.default_rng(0))
