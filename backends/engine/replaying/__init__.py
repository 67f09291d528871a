"""Replay: record once which NumPy calls a function makes, then make them as straight-line code.

`recording` runs the function, `recorder` listens, `leaning` and `rewriting` simplify what it hears,
`storage` and `blocking` find out which line may write into memory that is there, `source` writes
the Python function, `arguments` what that checks first, and `replay` decides when to record anew.
Nothing here knows a derivative: a function that has been differentiated is recorded like any other.
"""
