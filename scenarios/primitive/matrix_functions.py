"""Functions of a matrix: powers, exponential, square root, trace.

One convention: an argument that is not symmetric, so that transposes are told apart.
"""

from scenarios.primitive import matrices as given
from scenarios.primitive.writing import at, chapter

entry = chapter("matrix functions")

NO_POWER = {"tensorflow": "tf.linalg has no power of a matrix"}
NO_ROOT = {
    "numpy": "the engine has no square root of a matrix",
    "torch": "PyTorch has no square root of a matrix",
}
POWERS = (
    at("generic", given.GENERIC),
    at("identity", given.IDENTITY),
    at("permutation", given.SHIFT),
)

TABLE = (
    entry(
        "matrix_power-3",
        "x x x",
        lambda m, x: m.matrices.matrix_power(x, 3),
        (
            *POWERS,
            at("nilpotent", given.NILPOTENT),
            at("zero", given.ZERO),
            at("rank 1 of 3", given.RANK_ONE),
            at("twice", given.GENERIC, form="twice"),
            at("view", given.SPREAD, form="view"),
            at("batch", given.PAIR),
        ),
        xp="xp.matmul(xp.matmul(x, x), x)",
        numpy="engine.linalg.matrix_power(x, 3)",
        torch="torch.linalg.matrix_power(x, 3)",
        jax="jnp.linalg.matrix_power(x, 3)",
        lacks=NO_POWER,
    ),
    entry(
        "matrix_exp",
        "1 + x + x x / 2 + x x x / 6 + ...",
        lambda m, x: m.matrices.exp(x),
        (
            *POWERS,
            at("zero", given.ZERO),
            at("nilpotent", given.NILPOTENT),
            at("diagonal", given.DIAGONAL),
            at("great", ((12.0, 3.0, -2.0), (1.0, 10.0, 4.0), (-3.0, 2.0, 14.0))),
            at("small", ((2e-9, 1e-9, 0.0), (1e-9, -3e-9, 1e-9), (0.0, 5e-9, 1e-9))),
            at("rotation", ((0.0, -1.5, 0.5), (1.5, 0.0, -0.25), (-0.5, 0.25, 0.0))),
            at("twice", given.SMALL, form="twice"),
            at("one by one", ((-0.5,),)),
        ),
        torch="torch.linalg.matrix_exp(x)",
        jax="jax.scipy.linalg.expm(x)",
        tensorflow="tf.linalg.expm(x)",
        lacks={"numpy": "the engine has no exponential of a matrix"},
        source="Higham (2008), Functions of Matrices, chapter 10",
    ),
    entry(
        "sqrtm",
        "the principal square root of a matrix",
        lambda m, x: m.matrices.sqrtm(x),
        (
            at("generic", given.SMALL),
            at("identity", given.SMALL_IDENTITY),
            at("pair of equal eigenvalues", ((4.0, 1.0), (0.0, 4.0))),
            at("twice", given.SMALL, form="twice"),
        ),
        jax="jax.scipy.linalg.sqrtm(x).real",
        tensorflow="tf.linalg.sqrtm(x)",
        lacks=NO_ROOT,
        source="Higham (2008), Functions of Matrices, chapter 6",
    ),
    entry(
        "trace",
        "the sum of the diagonal",
        lambda m, x: m.np.trace(x),
        (
            at("generic", given.GENERIC),
            at("zero", given.ZERO),
            at("twice", given.GENERIC, form="twice"),
            at("view", given.SPREAD, form="view"),
        ),
        xp="xp.linalg.trace(x)",
        torch="torch.trace(x)",
        jax="jnp.linalg.trace(x)",
        tensorflow="tf.linalg.trace(x)",
    ),
)
