"""The atlas: every primitive at every point under every way to differentiate it, on every backend.

`jets` and `mathematics` are the oracle's arithmetic, `truth` the expected answers, `verdicts` what
becomes of an answer, `answers` the worker's side, `survey` the parent's.
"""
