"""Numbers that count what is done with them, to count a closed form's operations by brute force."""

import math
from collections import Counter
from contextlib import contextmanager

import numpy as np

DONE = Counter()


class Counted:
    """A number. Arrays of them (dtype object) go through NumPy one operation at a time."""

    def __init__(self, number):
        self.number = float(number)

    def __float__(self):
        return self.number

    def __lt__(self, other):
        return float(self) < float(other)

    def __ge__(self, other):
        return float(self) >= float(other)


def binary(name, compute):
    def straight(self, other):
        if isinstance(other, np.ndarray):
            return NotImplemented
        DONE[name] += 1
        return Counted(compute(float(self), float(other)))

    def swapped(self, other):
        DONE[name] += 1
        return Counted(compute(float(other), float(self)))

    return straight, swapped


def unary(name, compute):
    def call(self):
        DONE[name] += 1
        return Counted(compute(self.number))

    return call


for word, compute in (
    ("add", lambda a, b: a + b),
    ("sub", lambda a, b: a - b),
    ("mul", lambda a, b: a * b),
    ("truediv", lambda a, b: a / b),
    ("pow", lambda a, b: a**b),
):
    straight, swapped = binary(word, compute)
    setattr(Counted, f"__{word}__", straight)
    setattr(Counted, f"__r{word}__", swapped)
for word in ("exp", "log", "log1p", "tanh"):
    setattr(Counted, word, unary(word, getattr(math, word)))
Counted.__neg__ = unary("neg", lambda a: -a)


def counted(array):
    """The array with numbers that count."""
    return np.vectorize(Counted, otypes=[object])(array)


@contextmanager
def counting():
    """Give a function that tells how many operations were made inside the block."""
    before = sum(DONE.values())
    yield lambda: sum(DONE.values()) - before
