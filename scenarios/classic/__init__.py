"""Functions that every study of automatic differentiation has."""

from scenarios.classic import (
    determinant,
    determinant_expansion,
    gaussian_process,
    k_means,
    k_means_newton,
    least_squares,
    logistic_regression,
    logsumexp,
    quadratic,
    rosenbrock,
)

scenarios = (
    *rosenbrock.scenarios,
    *logsumexp.scenarios,
    *quadratic.scenarios,
    *least_squares.scenarios,
    *k_means.scenarios,
    *k_means_newton.scenarios,
    *determinant_expansion.scenarios,
    *determinant.scenarios,
    *logistic_regression.scenarios,
    *gaussian_process.scenarios,
)
