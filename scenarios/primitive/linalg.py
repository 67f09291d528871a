"""Linear algebra."""

from scenarios.primitive.writing import at, chapter

entry = chapter("linalg")


def minors(m, x):
    """The determinant, by expansion along the first row."""
    if len(x) == 1:
        return x[0, 0]
    rest = [[j for j in range(len(x)) if j != column] for column in range(len(x))]
    terms = [(-1) ** j * x[0, j] * minors(m, x[1:, columns]) for j, columns in enumerate(rest)]
    return sum(terms[1:], terms[0])


GENERIC = ((2.0, 0.5, -1.0), (0.25, 1.5, 0.75), (-0.5, 1.0, 3.0))
IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
SINGULAR = ((1.0, 2.0, 3.0), (2.0, 4.0, 6.0), (1.0, 0.0, 1.0))

TABLE = (
    entry(
        "det",
        "the determinant of a square matrix",
        minors,
        (
            at("generic", GENERIC),
            at("identity", IDENTITY),
            at("singular", SINGULAR),
            at("twice", GENERIC, form="twice"),
        ),
        xp="xp.linalg.det(x)",
        torch="torch.linalg.det(x)",
        jax="jnp.linalg.det(x)",
        tensorflow="tf.linalg.det(x)",
    ),
)
