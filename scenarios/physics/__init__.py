"""Control flow, forces, and derivatives within derivatives."""

from scenarios.physics import n_body, ode, particle, pinn, saddle

scenarios = (
    *ode.scenarios,
    *saddle.scenarios,
    *particle.scenarios,
    *n_body.scenarios,
    *pinn.scenarios,
)
