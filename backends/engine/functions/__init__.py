"""The functions that the engine differentiates, each declared with its derivative.

elementwise.py is where to begin. `backends.engine.xp` gathers those that are public.
"""
