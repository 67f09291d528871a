"""Functions that every study of automatic differentiation has."""

scenarios = ()
