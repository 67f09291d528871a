"""Automatic differentiation of NumPy code, of any order, in both modes."""
