"""Control flow, forces, and derivatives within derivatives."""

scenarios = ()
