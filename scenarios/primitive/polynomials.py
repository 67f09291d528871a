"""Orthogonal polynomials, of degree 3."""

from scenarios.primitive.writing import at, chapter, singles

entry = chapter("special")

POINTS = singles(
    0.3,
    at("zero", 0.0),
    at("one", 1.0),
    at("minus one", -1.0),
    at("beyond", 2.5),
    lane=(0.5, 0.0, -0.75, 0.0),
)
NONE = {
    "jax": "JAX has no orthogonal polynomials",
    "tensorflow": "TensorFlow has no orthogonal polynomials",
}


TABLE = (
    entry(
        "chebyshev_polynomial_t",
        "4 x^3 - 3 x",
        lambda m, x: 4 * x**3 - 3 * x,
        POINTS,
        torch="torch.special.chebyshev_polynomial_t(x, 3)",
        lacks=NONE,
        source="DLMF 18.3",
    ),
    entry(
        "chebyshev_polynomial_u",
        "8 x^3 - 4 x",
        lambda m, x: 8 * x**3 - 4 * x,
        POINTS,
        torch="torch.special.chebyshev_polynomial_u(x, 3)",
        lacks=NONE,
        source="DLMF 18.3",
    ),
    entry(
        "legendre_polynomial_p",
        "(5 x^3 - 3 x) / 2",
        lambda m, x: (5 * x**3 - 3 * x) / 2,
        POINTS,
        torch="torch.special.legendre_polynomial_p(x, 3)",
        lacks=NONE,
        source="DLMF 18.3",
    ),
    entry(
        "hermite_polynomial_h",
        "8 x^3 - 12 x",
        lambda m, x: 8 * x**3 - 12 * x,
        POINTS,
        torch="torch.special.hermite_polynomial_h(x, 3)",
        lacks=NONE,
        source="DLMF 18.3",
    ),
    entry(
        "laguerre_polynomial_l",
        "1 - 3 x + 3 x^2 / 2 - x^3 / 6",
        lambda m, x: 1 - 3 * x + 3 * x**2 / 2 - x**3 / 6,
        POINTS,
        torch="torch.special.laguerre_polynomial_l(x, 3)",
        lacks=NONE,
        source="DLMF 18.3",
    ),
)
