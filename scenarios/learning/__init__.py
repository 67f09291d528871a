"""What is differentiated in machine learning, small."""

from scenarios.learning import attention, convolution, mlp, ridge_hypergradient, wgan_gp

scenarios = (
    *mlp.scenarios,
    *wgan_gp.scenarios,
    *attention.scenarios,
    *convolution.scenarios,
    *ridge_hypergradient.scenarios,
)
