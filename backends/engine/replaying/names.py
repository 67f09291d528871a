"""The names in a replay's source, and what they stand for.

The one convention: `x0` is an argument's array, `v0` a line's, `c0` a constant, `b0` a buffer kept
from call to call, `w0` a block of an array, `d0` a part of one.
"""

import numpy as np

from backends.engine.replaying.nodes import Constant
from backends.engine.replaying.writing import literal


class Names:
    """The names of nodes, and everything that the function finds by name."""

    def __init__(self):
        self.of = {}
        self.bound = {}
        self.counts = {}

    def new(self, letter):
        self.counts[letter] = self.counts.get(letter, -1) + 1
        return f"{letter}{self.counts[letter]}"

    def give(self, node, letter):
        self.of[node] = self.new(letter)
        return self.of[node]

    def bind(self, name, thing):
        """Let the function find a thing by its name; another of the same name gets a number."""
        if name.isidentifier() and self.bound.setdefault(name, thing) is thing:
            return name
        return self.fresh(f"{name}_" if name.isidentifier() else "m", thing)

    def fresh(self, letter, thing):
        name = self.new(letter)
        self.bound[name] = thing
        return name

    def scalar(self, node):
        """A node among NumPy's scalars, of which a constant is one too."""
        if not isinstance(node, Constant) or not isinstance(node.value, np.ndarray):
            return self.text(node)
        key = (node, "scalar")
        if key not in self.of:
            self.of[key] = self.fresh("c", node.value[()])
        return self.of[key]

    def text(self, node):
        """A node where it is used: a constant gets its name then."""
        if node not in self.of and isinstance(node, Constant):
            value = node.value
            if isinstance(value, (np.ndarray, np.generic)):
                self.of[node] = self.fresh("c", value)
            else:
                self.of[node] = literal(value, self)
        return self.of[node]
