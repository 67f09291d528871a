"""Computations written by hand as each framework's users would, to tell what an adapter costs.

One convention: a module has a table for each variant, from a scenario's name to a function that
takes the inputs as the framework's arrays and returns a function without arguments, which computes
the answer, waits for it, and returns the outputs as a tuple. Nothing in them comes from an adapter;
settings (x64, threads, precision) are the process's.
"""
