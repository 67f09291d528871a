"""Primitives that the table writes in portable names alone, in a framework's own words.

One convention: only names that every framework has a counterpart of stand here; for others a
primitive needs a call in the framework's words.
"""

import re

from harness.errors import UsageError

SAME = (
    *("abs", "cos", "exp", "expm1", "log", "log1p", "maximum", "minimum", "sign", "sin", "sqrt"),
    *("square", "tan", "tanh", "linalg.cholesky", "linalg.det", "linalg.inv", "linalg.slogdet"),
)
NAMES = {
    "torch": {
        **{name: f"torch.{name}" for name in (*SAME, "reshape", "sum", "where")},
        "linalg.diagonal": "torch.linalg.diagonal",
        "matrix_transpose": "torch.adjoint",
        "solve_triangular": "(lambda a, b, lower: torch.linalg.solve_triangular("
        "a, b.reshape(len(b), -1), upper=not lower).reshape(b.shape))",
    },
    "jax": {
        **{name: f"jnp.{name}" for name in (*SAME, "reshape", "sum", "where")},
        "linalg.diagonal": "jnp.linalg.diagonal",
        "matrix_transpose": "jnp.matrix_transpose",
        "solve_triangular": "jax.scipy.linalg.solve_triangular",
    },
    "tensorflow": {
        **{name: f"tf.{name}" if "." in name else f"tf.math.{name}" for name in SAME},
        "reshape": "tf.reshape",
        "sum": "tf.reduce_sum",
        "where": "tf.where",
        "linalg.diagonal": "tf.linalg.diag_part",
        "matrix_transpose": "tf.linalg.matrix_transpose",
        "solve_triangular": "(lambda a, b, lower: tf.reshape(tf.linalg.triangular_solve("
        "a, tf.reshape(b, (b.shape[0], -1)), lower=lower), b.shape))",
    },
}


def own_words(framework, call):
    """Write a call in the framework's words. Raises UsageError where that can't be done."""

    def translated(match):
        if match[1] not in NAMES[framework]:
            raise UsageError(
                f"xp.{match[1]} is a portable name, which a script without the harness lacks; give "
                f"the primitive a call in the framework's words: calls={{{framework!r}: ...}}"
            )
        return NAMES[framework][match[1]]

    return re.sub(r"\bxp\.((?:linalg\.)?\w+)", translated, call)
