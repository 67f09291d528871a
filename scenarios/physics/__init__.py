"""Control flow, forces, and derivatives within derivatives."""

from scenarios.physics import n_body, ode, particle, pinn, saddle

scenarios = (
    ode.scenario,
    saddle.scenario,
    particle.scenario,
    n_body.scenario,
    pinn.scenario,
)
