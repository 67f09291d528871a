"""Operators by the transformations of `torch.func`, which nest in every order and can be compiled.

A way takes the function, the positions of the differentiated arguments and examples of the inputs,
and returns the operator. Matrices are vectorised over their rows, or columns, by `vmap`.
"""

import torch
from torch.func import grad, jacrev, vmap

from harness.operators import as_tuple, ravel, restrict, restrict_along, unravel

# In the tangents or cotangents of one vectorised pass: 128 MB of float64, and a multiple of it for
# what the function computes with them.
NUMBERS = 2**24


def value(function, wrt, example):
    def operator(*arguments):
        return as_tuple(function(*arguments))

    return operator


def gradient(function, wrt, example):
    def operator(*arguments):
        return grad(function, argnums=wrt)(*arguments)

    return operator


def vjp(function, wrt, example):
    def operator(*inputs):
        restricted, xs = restrict(function, inputs[:-1], wrt)
        return torch.func.vjp(restricted, *xs)[1](inputs[-1])

    return operator


def jvp(function, wrt, example):
    def operator(*inputs):
        restricted, xs, vs = restrict_along(function, inputs, wrt)
        return (torch.func.jvp(restricted, xs, vs)[1],)

    return operator


def hvp(product):
    """Return a way to `product(f, gradient of f, xs, vs)`, a tuple."""

    def way(function, wrt, example):
        every = tuple(range(len(wrt)))

        def operator(*inputs):
            f, xs, vs = restrict_along(function, inputs, wrt)
            return product(f, grad(f, argnums=every), xs, vs)

        return operator

    return way


def forward_over_reverse(f, gradient_of_f, xs, vs):
    return torch.func.jvp(gradient_of_f, xs, vs)[1]


def reverse_over_reverse(f, gradient_of_f, xs, vs):
    return torch.func.vjp(gradient_of_f, *xs)[1](vs)


def reverse_over_forward(f, gradient_of_f, xs, vs):
    every = tuple(range(len(xs)))
    return grad(lambda *xs: torch.func.jvp(f, xs, vs)[1], argnums=every)(*xs)


def forward_over_forward(f, gradient_of_f, xs, vs):
    """One nested forward pass for every element of the arguments, vectorised."""

    def entry(e):
        along = unravel(torch, e, xs)
        return torch.func.jvp(lambda *xs: torch.func.jvp(f, xs, along)[1], xs, vs)[1]

    identity = identity_like(ravel(torch, xs))
    entries = vmap(entry, chunk_size=chunk(len(identity), len(identity)))(identity)
    return unravel(torch, entries, xs)


def matrix(transformation):
    """Return a way to a whole matrix at once: `transformation(f, x)` of the ravelled function."""

    def way(function, wrt, example):
        def operator(*inputs):
            f, x = ravelled(function, inputs, wrt)
            return (transformation(f, x).reshape(-1, x.numel()),)

        return operator

    return way


def ravelled(function, inputs, wrt):
    """Return the function of what is differentiated as one flat array, and that."""
    restricted, xs = restrict(function, inputs, wrt)
    return lambda v: restricted(*unravel(torch, v, xs)), ravel(torch, xs)


def jacobian(function, wrt, example):
    """Take one pass for every element of the output or of the arguments, whichever are fewer."""
    known = {}

    def rows_of(inputs):
        # A compiler drops this call, as only the shape is used; else it is made once.
        if torch.compiler.is_compiling():
            return function(*inputs).numel()
        if not known:
            known["rows"] = function(*inputs).numel()
        return known["rows"]

    def operator(*inputs):
        rows = rows_of(inputs)
        f, x = ravelled(function, inputs, wrt)
        return (jacobian_of(f, x, rows).reshape(-1, x.numel()),)

    return operator


def jacobian_of(f, x, rows):
    if x.numel() < rows:
        return columns(f, x, rows)
    return jacrev(f, chunk_size=chunk(rows, x.numel()))(x)


def columns(f, x, rows):
    """Push all unit vectors forward: `jacfwd`, which can't do it in chunks."""
    push = lambda e: torch.func.jvp(f, (x,), (e,))[1]  # noqa: E731
    # With out_dims=-1, vmap reads sizes at random where f is linear and all tangents are the same.
    return vmap(push, chunk_size=chunk(x.numel(), rows))(identity_like(x)).movedim(0, -1)


def hessian_forward_over_reverse(f, x):
    return columns(grad(f), x, x.numel())


def hessian_reverse_over_reverse(f, x):
    return jacrev(grad(f), chunk_size=chunk(x.numel(), x.numel()))(x)


def hessian_reverse_over_forward(f, x):
    """Take the gradient of every directional derivative: `jacrev(jacfwd(f))` has a pass a pair."""
    along = lambda x, e: torch.func.jvp(f, (x,), (e,))[1]  # noqa: E731
    units = identity_like(x)
    if not torch.compiler.is_compiling():
        return vmap(grad(along), (None, 0), chunk_size=chunk(len(units), len(units)))(x, units)
    # PyTorch 2.13 can't compile that where f closes over an array ("Please convert all Tensors to
    # FakeTensors"). Pulling back to a copy of the point for each direction is the same, except that
    # branches on values, which are not compiled anyway, would see a stack of points.
    every = lambda copies: vmap(along)(copies, units).sum()  # noqa: E731
    return grad(every)(x.expand(len(units), -1))


def hessian_forward_over_forward(f, x):
    return columns(lambda x: columns(f, x, 1), x, x.numel() ** 2)


def identity_like(x):
    return torch.eye(x.numel(), dtype=x.dtype, device=x.device)


def chunk(lanes, size):
    """How many of the lanes, each of `size` numbers, go through one pass; None for all."""
    return None if lanes * size <= NUMBERS else max(1, NUMBERS // size)


WAYS = {
    ("value", None): value,
    ("gradient", None): gradient,
    ("vjp", None): vjp,
    ("jvp", None): jvp,
    ("jacobian", None): jacobian,
    ("hvp", "forward-over-reverse"): hvp(forward_over_reverse),
    ("hvp", "reverse-over-reverse"): hvp(reverse_over_reverse),
    ("hvp", "reverse-over-forward"): hvp(reverse_over_forward),
    ("hvp", "forward-over-forward"): hvp(forward_over_forward),
    ("hessian", "forward-over-reverse"): matrix(hessian_forward_over_reverse),
    ("hessian", "reverse-over-reverse"): matrix(hessian_reverse_over_reverse),
    ("hessian", "reverse-over-forward"): matrix(hessian_reverse_over_forward),
    ("hessian", "forward-over-forward"): matrix(hessian_forward_over_forward),
}
