"""Adapters to differentiation systems, one framework a file, and our own engine."""
