"""Operators by `torch.autograd` and dual numbers, the fastest that eager mode has.

A way takes the function, the positions of the differentiated arguments and examples of the inputs,
and returns the operator. What goes out is detached from its graph.
"""

import warnings

import torch
from torch.autograd import forward_ad

from backends.torch_reverse import pull, pull_all
from harness.operators import as_tuple


def value(function, wrt, example):
    def operator(*arguments):
        with torch.no_grad():
            return as_tuple(function(*arguments))

    return operator


def gradient(function, wrt, example):
    watched = watching(wrt, len(example))

    def operator(*arguments):
        arguments, xs = watched(arguments)
        return pull(function(*arguments), xs)

    return operator


def vjp(function, wrt, example):
    watched = watching(wrt, len(example) - 1)

    def operator(*inputs):
        arguments, xs = watched(inputs[:-1])
        return pull(function(*arguments), xs, inputs[-1])

    return operator


def hvp(function, wrt, example):
    """Pull the vectors back through the gradient: no inner product, hence no gradient of one."""
    watched = watching(wrt, len(example) - len(wrt))

    def operator(*inputs):
        arguments, xs = watched(inputs[: -len(wrt)])
        gradients = pull(function(*arguments), xs, create=True)
        return pull_all(gradients, xs, inputs[-len(wrt) :])

    return operator


def hessian(function, wrt, example):
    """Pull all unit vectors back through the gradient in one vectorised backward."""
    watched = watching(wrt, len(example))
    counts = [example[position].numel() for position in wrt]

    def operator(*arguments):
        arguments, xs = watched(arguments)
        gradients = pull(function(*arguments), xs, create=True)
        identity = torch.eye(sum(counts), dtype=xs[0].dtype, device=xs[0].device)
        units = [
            part.reshape(-1, *x.shape)
            for part, x in zip(identity.split(counts, dim=1), xs, strict=True)
        ]
        rows = pull_all(gradients, xs, units, batch=len(identity))
        return (torch.cat([row.reshape(len(identity), -1) for row in rows], dim=1),)

    return operator


def watching(wrt, arity):
    """Return what makes leaves of the differentiated arguments: all arguments, and the leaves."""

    def all_watched(arguments):
        leaves = [x.detach().requires_grad_() for x in arguments]
        return leaves, leaves

    def some_watched(arguments):
        arguments = list(arguments)
        for position in wrt:
            arguments[position] = arguments[position].detach().requires_grad_()
        return arguments, [arguments[position] for position in wrt]

    return all_watched if wrt == tuple(range(arity)) else some_watched


def jvp(function, wrt, example):
    """Push dual numbers through: a third of the time of `torch.func.jvp` for small arrays."""

    def operator(*inputs):
        arguments = list(inputs[: -len(wrt)])
        with forward_ad.dual_level():
            for position, tangent in zip(wrt, inputs[-len(wrt) :], strict=True):
                arguments[position] = forward_ad.make_dual(arguments[position], tangent)
            primal, tangent = forward_ad.unpack_dual(function(*arguments))
        return (torch.zeros_like(primal) if tangent is None else tangent,)

    return operator


def accumulate(accumulation, wrt, example):
    """Call `backward` once a pass; a leaf's `grad` is its accumulator, and None stands for zeros.

    While a `grad` has a graph, it and its leaf keep each other alive; so none is left behind, and
    the warning that one might be is of no use.
    """
    warnings.filterwarnings("ignore", r"Using backward\(\) with create_graph=True", UserWarning)
    *earlier, last = accumulation.passes
    zeros = tuple(torch.zeros_like(x) for x in example)

    def scalar_of(one, leaves):
        pairs = zip([leaf.grad for leaf in leaves], zeros, strict=True)
        scalar = one.value(leaves, tuple([zero if g is None else g for g, zero in pairs]))
        for position in one.clear:
            leaves[position].grad = None
        return scalar

    def operator(*arguments):
        leaves = tuple([x.detach().requires_grad_() for x in arguments])
        try:
            for one in earlier:
                backward(scalar_of(one, leaves), create_graph=True)
            scalar = scalar_of(last, leaves)
            # Without a graph, backward adds in place, and to a `grad` that this very backward may
            # still have to read. So it adds to nothing, and the sum is formed here.
            before = [leaf.grad for leaf in leaves]
            for leaf in leaves:
                leaf.grad = None
            backward(scalar)
            return tuple(added(before[i], leaves[i]) for i in accumulation.read)
        finally:
            for leaf in leaves:
                leaf.grad = None

    return operator


def backward(scalar, create_graph=False):
    if scalar.requires_grad:
        scalar.backward(create_graph=create_graph)


def added(before, leaf):
    if before is None:
        return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
    return before.detach() if leaf.grad is None else before.detach() + leaf.grad


WAYS = {
    ("value", None): value,
    ("gradient", None): gradient,
    ("vjp", None): vjp,
    ("jvp", None): jvp,
    ("accumulate", None): accumulate,
    ("hvp", "reverse-over-reverse"): hvp,
    ("hessian", "reverse-over-reverse"): hessian,
}
