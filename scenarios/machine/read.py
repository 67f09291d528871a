"""The sum of a vector, s = sum_i b_i: what the memory gives, 8 bytes an element in float64.

Source: McCalpin (1995), Memory bandwidth and machine balance in current high performance computers,
whose STREAM benchmark asks for arrays of four times the last cache. Unlike STREAM nothing is
written: an array that a framework returns lies in memory taken anew for every call, which the
kernel hands out page by page and clears first (torch's copy of 64 MiB: 16 385 page faults a call,
and 13 GB/s where 23 were read and written in place).

The entries are even whole numbers from -8 to 8, but for a first one of 1: so the sum is odd and
never zero, and partial sums stay below 2^24 by far, which is exact in float32 as in float64,
whatever the order of the additions.
"""

from harness.scenario import Scenario

MOST = 8


def value(xp, b):
    return xp.sum(b)


def total(np, b):
    return (np.sum(b),)


def point(rng, n):
    b = 2.0 * rng.integers(-MOST // 2, MOST // 2, n, dtype="int8", endpoint=True)
    b[0] = 1
    return (b,)


LEVELS = {"S": {"n": 10}, "M": {"n": 2**22}, "L": {"n": 2**25}}

scenarios = (
    Scenario(
        name="machine/read",
        about="sum of a vector read from memory",
        source="after McCalpin 1995, STREAM",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda n: n,
        elements=lambda n: n,
        wrt=("b",),
        operator="value",
        operators=("value",),
        closed_forms={"value": total},
        work={"value": lambda n: (n + 1, n - 1)},
    ),
)
