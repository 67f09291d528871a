"""Replay: record once which NumPy calls a function makes, then make them as straight-line code.

`recorder` listens while the function runs, `rewriting` simplifies what it hears, `storage` finds
out which line may write into memory that is there, `source` writes the Python function, and
`replay` decides when to record anew. Nothing here knows a derivative: a function that has been
differentiated is recorded like any other.
"""
