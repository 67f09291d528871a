"""JAX: its own transformations, compiled by XLA but in the variant "eager".

One convention: see the package.
"""

from backends.reproducers import functional
from backends.reproducers.portable import own_words

ARRAY = "jnp.array({{}}, dtype=jnp.{})"


def written(asked):
    kind, _, number = asked.device.partition(":")
    device = f'jax.devices("{kind}")[{number or 0}]'
    operator = asked.way.operator
    called = operator if asked.variant == "eager" else f"jax.jit({operator})"
    sections = [
        [
            "import jax",
            "import jax.numpy as jnp",
            'jax.config.update("jax_enable_x64", True)',
            f'jax.config.update("jax_default_device", {device})',
        ],
        asked.function(own_words("jax", asked.call)),
        functional.operator(asked, "jax", "jnp.sum"),
        asked.assignments(ARRAY.format(asked.dtype), ARRAY.format("int64")),
    ]
    return sections, f"{called}({', '.join(asked.arrays)})"
