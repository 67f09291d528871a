"""Implementations of scenarios as an expert would write them in one framework, a file for each.

Each module says which scenario it is for; `backends.declarations` registers it, and it runs as that
backend's variant "expert". No derivative is written by hand.
"""
