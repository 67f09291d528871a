"""Two minimisations through nested derivatives: a saddle point, and where a particle lands.

Those of Siskind and Pearlmutter (2008), by their naive gradient descent, for each pair of an outer
and an inner mode. A descent evaluates inner derivatives 30 000 times, so both backends run them
from recordings: the engine's replays, and what torch's make_fx makes of torch.func. One convention:
`both` is a function that returns a value and a gradient.
"""

from itertools import product
from types import SimpleNamespace

import pytest

from backends import numpy_xp
from backends.engine import jvp, replay, vjp
from scenarios.physics import particle, saddle

SADDLE = 8.246324826140356e-06
PARTICLE = 0.2071918746486116
PAIRS = list(product(("forward", "reverse"), repeat=2))


def minimise(xp, both, x):
    """Descend by steps that double after ten in a row and halve where f does not fall."""
    rate, streak = 1e-5, 0
    y, slope = both(x)
    while xp.sum(slope * slope) > 1e-10:
        if streak == 10:
            rate, streak = 2 * rate, 0
        moved = x - rate * slope
        if xp.sum((moved - x) * (moved - x)) <= 1e-10:
            break
        lower, slope_there = both(moved)
        if lower < y:
            x, y, slope, streak = moved, lower, slope_there, streak + 1
        else:
            rate, streak = rate / 2, 0
    return x


def by_forward(side, f):
    """One pass for both directions: f allows leading axes."""
    xp = side.xp

    def both(x):
        copies = xp.reshape(xp.stack([x, x]), (2, 1, 2))
        y, tangent = side.jvp(f, (copies,), (xp.reshape(xp.eye(2), (2, 1, 2)),))
        return xp.reshape(y, (2,))[0], xp.reshape(tangent, (2,))

    return both


def by_reverse(side, f):
    def both(x):
        y, pullback = side.vjp(f, x)
        return y, pullback(side.xp.ones_like(y))[0]

    return both


def by_directions(side, f):
    """One pass for each direction: f may take decisions by its values."""
    xp = side.xp

    def both(x):
        passes = [side.jvp(f, (x,), (xp.eye(2)[i],)) for i in range(2)]
        return passes[0][0], xp.stack([tangent for _, tangent in passes])

    return both


INNER = {"forward": by_forward, "reverse": by_reverse}
OUTER = {"forward": by_directions, "reverse": by_reverse}


def saddle_point(side, outer, inner):
    """Return p and q, both coordinates of each; the top above p is found anew for every p."""
    xp, start = side.xp, side.xp.ones((2,))

    def below(p, q):
        return INNER[inner](side, lambda q: -saddle.payoff(xp, p, q))(q)

    below = side.recorded(below, (start, 2 * start))

    def top(p):
        return minimise(xp, lambda q: below(p, q), start)

    objective = OUTER[outer](side, lambda p: saddle.payoff(xp, p, top(p)))
    p = minimise(xp, side.repeated(objective), start)
    return [float(x) for x in (p[0], p[1], *top(p))]


def aim(side, outer, inner):
    """Return where the charge has to be for the particle to land nearest to 0.

    A path differs in length from descent to descent, so a recording holds one step of it, with its
    derivative in the outer mode; the paths below chain them.
    """
    xp = side.xp
    dt = xp.asarray(0.1)

    def begin(w):
        charges, start = particle.begin(xp, w, dt)
        return (*start, charges)

    def step(x, velocity, ahead, charges):
        both = INNER[inner](side, lambda x: particle.potential(xp, x, charges))
        return (*particle.step(lambda x: both(x)[1], dt, x, velocity, ahead), charges)

    def end(x, velocity, ahead, charges):
        return particle.landing(xp, x, velocity, ahead)

    path = {"forward": forward_path, "reverse": reverse_path}[outer]
    return float(minimise(xp, path(side, begin, step, end), xp.asarray(0.0)))


def forward_path(side, begin, step, end):
    def push(*pairs):
        moved, tangents = side.jvp(step, pairs[:4], pairs[4:])
        return (*moved, *tangents)

    def both(w):
        one = side.xp.ones_like(w)
        now, tangents = side.jvp(begin, (w,), (one,))
        pairs = (*now, *tangents)
        while particle.in_flight(pairs):
            pairs = pushed(*pairs)
        return side.jvp(end, pairs[:4], pairs[4:])

    w = side.xp.asarray(0.5)
    pushed = side.recorded(push, (*begin(w), *begin(2 * w)))
    return both


def reverse_path(side, begin, step, end):
    def pull(*pairs):
        _, pullback = side.vjp(step, *pairs[:4])
        return pullback(tuple(pairs[4:]))

    def both(w):
        path = [begin(w)]
        while particle.in_flight(path[-1]):
            path.append(stepped(*path[-1]))
        y, pullback = side.vjp(end, *path.pop())
        cotangents = pullback(side.xp.ones_like(y))
        for now in reversed(path):
            cotangents = pulled(*now, *cotangents)
        return y, side.vjp(begin, w)[1](tuple(cotangents))[0]

    w = side.xp.asarray(0.5)
    stepped = side.recorded(step, begin(w))
    pulled = side.recorded(pull, (*begin(w), *begin(2 * w)))
    return both


def engine():
    return SimpleNamespace(
        xp=numpy_xp.namespace("float64"),
        jvp=jvp,
        vjp=vjp,
        recorded=lambda f, example: replay(f),
        repeated=replay,
    )


def torch():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from torch.fx.experimental.proxy_tensor import make_fx

    from backends import torch_xp

    def recorded(f, example):
        module = make_fx(f)(*example)
        module.graph.eliminate_dead_code()
        module.recompile()
        return module.forward

    return SimpleNamespace(
        xp=torch_xp.namespace("func", torch.float64, torch.device("cpu")),
        jvp=torch.func.jvp,
        vjp=torch.func.vjp,
        recorded=recorded,
        repeated=lambda f: f,  # make_fx can't follow decisions
    )


@pytest.mark.parametrize("side", [engine, torch])
@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_the_saddle_point_is_found(side, outer, inner):
    assert saddle_point(side(), outer, inner) == pytest.approx([SADDLE] * 4, rel=1e-12)


@pytest.mark.parametrize("side", [engine, torch])
def test_the_particle_lands_where_it_should_by_every_composition(side):
    places = [aim(side(), outer, inner) for outer, inner in PAIRS]
    assert places == pytest.approx([PARTICLE] * 4, rel=0, abs=1e-12)
    assert max(places) - min(places) <= 1e-12
