"""Ways to draw a part of an expression from matrices.

The one convention: `WAYS` lists (does it fit this shape?, way); see drawing.py. Matrices to invert
dominate by their diagonal, so that solving is well-conditioned.
"""

from tests.backends.engine.parts import call, constant, regular


def product(draft, shape):
    """A matrix product of vectors, matrices or stacks of matrices."""
    k = draft.choose((2, 3, 1))
    if len(shape) == 0:
        pairs = [((k,), (k,))]
    elif len(shape) == 1:
        pairs = [((*shape, k), (k,)), ((k,), (k, *shape))]
    else:
        *batch, m, n = shape
        pairs = [((*batch, m, k), (*batch, k, n)), ((*batch, m, k), (k, n))]
    x, y = (draft.part(each) for each in draft.choose(pairs))
    return call("@", x, y, shape=shape, bound=k * x.bound * y.bound)


def contraction(draft, shape):
    subscripts = draft.choose(SUBSCRIPTS[len(shape)])
    inputs, output = subscripts.split("->")
    lengths = {"p": 2, "q": 3} | dict(zip(output, shape, strict=True))
    parts = [draft.tame(tuple(lengths[i] for i in each)) for each in inputs.split(",")]
    bound = 6 * 2 ** len(parts)
    return call("einsum", subscripts, *parts, shape=shape, bound=bound)


SUBSCRIPTS = [
    ["p,q->", "pq,pq->", "pq,q->", "pq->"],
    ["ip,p->i", "pi,p->i", "i,i->i", "pqi->i", "pi,pq,q->i"],
    ["i,j->ij", "pi,pj->ij", "ji->ij", "i,jp,p->ij"],
    ["ij,jk->ijk", "ijp,kp->ijk", "j,ki->ijk"],
]


def solution(draft, shape):
    a, b = regular(draft, shape[0]), draft.part(shape)
    if draft.choose((True, False)):
        return call("linalg.solve", a, b, shape=shape, bound=b.bound)
    lower = draft.choose((True, False))
    return call("solve_triangular", a, b, shape=shape, bound=b.bound, lower=lower)


def inverse(draft, shape):
    return call("linalg.inv", regular(draft, shape[0]), shape=shape, bound=1)


def factor(draft, shape):
    """The Cholesky factor of m m^T + 1."""
    n = shape[0]
    m = draft.tame(shape, limit=1)
    turned = call("matrix_transpose", m, shape=shape, bound=1)
    product = call("@", m, turned, shape=shape, bound=n)
    identity = constant(shape, [float(i == j) for i in range(n) for j in range(n)])
    definite = call("+", product, identity, shape=shape, bound=n + 1)
    return call("linalg.cholesky", definite, shape=shape, bound=2)


def triangle(draft, shape):
    x = draft.part(shape)
    name, k = draft.choose(("tril", "triu")), draft.choose((0, 1, -1))
    return call(name, x, shape=shape, bound=x.bound, k=k)


def turned(draft, shape):
    x = draft.part((*shape[:-2], shape[-1], shape[-2]))
    return call("matrix_transpose", x, shape=shape, bound=x.bound)


def determinant(draft, shape):
    a = regular(draft, draft.choose((2, 3)))
    if draft.choose((True, False)):
        return call("linalg.det", a, shape=shape, bound=150)
    both = call("linalg.slogdet", a, shape=shape, bound=6)
    return call("[]", both, 1, shape=shape, bound=6)


def traced(draft, shape):
    n = draft.choose((2, 3))
    x = draft.part((*shape, n, n))
    return call("linalg.trace", x, shape=shape, bound=n * x.bound)


def diagonal(draft, shape):
    x = draft.part((*shape, shape[-1]))
    return call("linalg.diagonal", x, shape=shape, bound=x.bound)


def small(shape):
    return max(shape, default=1) <= 4


def square(shape):
    return small(shape) and len(shape) == 2 and shape[0] == shape[1]


def columns(shape):
    return small(shape) and len(shape) in (1, 2)


WAYS = [
    (lambda shape: True, product),
    (lambda shape: True, contraction),
    (columns, solution),
    (square, inverse),
    (square, factor),
    (lambda shape: len(shape) >= 2, triangle),
    (lambda shape: len(shape) >= 2, turned),
    (lambda shape: shape == (), determinant),
    (lambda shape: len(shape) <= 1, traced),
    (columns, diagonal),
]
