"""Samples of every primitive, one module per module of the engine, and all of them merged here.

The one convention: each module has three tables by name. `SAMPLES` has, for a primitive, a list of
(function, inputs); `COMPOSITES` the same for functions of xp that are not one primitive; `DISCRETE`
the inputs of primitives without a derivative. Inputs are generic points, off every kink.
"""

from tests.backends.engine.samples import (
    control,
    elementwise,
    indexing,
    linear_algebra,
    manipulation,
    reductions,
    special,
)

MODULES = (
    elementwise,
    special,
    reductions,
    manipulation,
    indexing,
    linear_algebra,
    control,
)


def merged(table):
    """One table of all modules; a name that two of them have is refused."""
    names = [name for module in MODULES for name in getattr(module, table)]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"sampled in two modules: {', '.join(sorted(twice))}"
    return {name: entry for module in MODULES for name, entry in getattr(module, table).items()}


SAMPLES = merged("SAMPLES")
COMPOSITES = merged("COMPOSITES")
DISCRETE = merged("DISCRETE")
