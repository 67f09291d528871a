"""The ten documented computations: gradients with respect to inputs, and gradients of gradients.

All of them ask for float32, and every number they document is exact in float32, so the relative
error has to be 0.
"""

from scenarios.documented import gradient_penalty, square, sum_of_squares

scenarios = (*square.scenarios, *sum_of_squares.scenarios, *gradient_penalty.scenarios)
