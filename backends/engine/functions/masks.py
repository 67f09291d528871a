"""Combining masks bit by bit, as the operators `&`, `|`, `^` and `~` do.

The one convention: masks come from comparisons and have no derivative, so neither have these.
"""

import numpy as np

from backends.engine.core import discrete

bitwise_and = discrete("bitwise_and", np.bitwise_and)
bitwise_invert = discrete("bitwise_invert", np.bitwise_not)
bitwise_or = discrete("bitwise_or", np.bitwise_or)
bitwise_xor = discrete("bitwise_xor", np.bitwise_xor)
