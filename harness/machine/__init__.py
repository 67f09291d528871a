"""The machine that a run is made on: what it is, what it does besides, and what it gives at most.

One convention: what a system does not tell is None or left out, never an error and never "off".
"""
