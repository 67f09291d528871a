"""Who takes part: replay, eager, by hand, and four other frameworks, each used as its users would.

The one convention: `enter(name, case, inputs)` is a call without arguments that is ready to be
timed: it computes the answer of inputs that are the framework's own arrays already, waits for it,
and returns a tuple. Frameworks are imported when they are first asked for; one that is missing, or
lacks what a case asks, raises Absent with the reason.
"""

from functools import cache, partial
from types import SimpleNamespace

import numpy


class Absent(Exception):
    """A contestant doesn't take part in a case; the message says why."""


def enter(name, case, inputs):
    """Return the call of a contestant, ready to be timed; raises Absent."""
    if name == "hand":
        return partial(case.hand, *inputs)
    try:
        framework = FRAMEWORKS[name]()
    except ModuleNotFoundError as error:
        raise Absent(f"{error}; try: pip install -e '.[all,dev]'") from error
    if case.operator not in framework.operators:
        raise Absent(f"{name} has no derivatives of second order")
    f = partial(case.instead.get(name, case.function), framework.np)
    call = framework.operators[case.operator](f, case.argnums)
    return partial(call, *map(framework.put, inputs))


def penalty_by(np, grad):
    """Return the operator "penalty" of a framework that differentiates functions."""

    def operator(f, argnums):
        def penalty(x, y):
            f_x = grad(f, 0)(x, y)
            return np.sum((f_x**2 - 1) ** 2)

        return grad(penalty, (0, 1))

    return operator


@cache
def eager():
    from backends.engine import grad, jvp, vjp, xp

    names = "concat exp log logsumexp matrix_transpose reshape stack sum tanh"
    np = SimpleNamespace(**{name: getattr(xp, name) for name in names.split()}, sigmoid=xp.expit)

    def hvp(f, argnums):
        gradient = grad(f)
        return lambda x, v: (jvp(gradient, (x,), (v,))[1],)

    return SimpleNamespace(
        np=np,
        put=lambda array: array,
        operators={
            "vjp": lambda f, argnums: lambda x, g: vjp(f, x)[1](g),
            "gradient": grad,
            "hvp": hvp,
            "penalty": penalty_by(np, grad),
        },
    )


@cache
def replayed():
    from backends.engine import replay

    def operator(make):
        return lambda f, argnums: replay(make(f, argnums))

    engine = eager()
    operators = {name: operator(make) for name, make in engine.operators.items()}
    return SimpleNamespace(np=engine.np, put=engine.put, operators=operators)


@cache
def hips():
    import autograd.numpy
    from autograd import grad, make_hvp, make_vjp
    from autograd.scipy.special import expit, logsumexp

    names = "exp log stack sum tanh reshape"
    np = SimpleNamespace(
        **{name: getattr(autograd.numpy, name) for name in names.split()},
        concat=autograd.numpy.concatenate,
        matrix_transpose=lambda x: autograd.numpy.swapaxes(x, -1, -2),
        logsumexp=logsumexp,
        sigmoid=expit,
    )
    return SimpleNamespace(
        np=np,
        put=lambda array: array,
        operators={
            "vjp": lambda f, argnums: lambda x, g: (make_vjp(f)(x)[0](g),),
            "gradient": grad,
            "hvp": lambda f, argnums: lambda x, v: (make_hvp(f)(x)[0](v),),
            "penalty": penalty_by(np, grad),
        },
    )


@cache
def mygrad():
    import mygrad as mg
    from mygrad.nnet.activations import sigmoid

    mg.turn_memory_guarding_off()  # as its documentation advises for speed

    def logsumexp(x, axis=None):
        peak = numpy.max(x.data, axis=axis, keepdims=True)
        total = mg.log(mg.sum(mg.exp(x - peak), axis=axis))
        return total + peak.reshape(total.shape)

    def pulled(f, argnums):
        def call(*inputs):
            filled = list(inputs)
            for position in argnums:
                filled[position] = mg.tensor(inputs[position], copy=False)
            f(*filled).backward()
            return tuple(filled[position].grad for position in argnums)

        return call

    def vjp(f, argnums):
        def call(x, g):
            leaf = mg.tensor(x, copy=False)
            f(leaf).backward(g)
            return (leaf.grad,)

        return call

    names = "exp log stack sum tanh reshape"
    np = SimpleNamespace(
        **{name: getattr(mg, name) for name in names.split()},
        concat=mg.concatenate,
        matrix_transpose=lambda x: mg.swapaxes(x, -1, -2),
        logsumexp=logsumexp,
        sigmoid=sigmoid,
    )
    return SimpleNamespace(
        np=np, put=lambda array: array, operators={"vjp": vjp, "gradient": pulled}
    )


@cache
def pytorch():
    import torch

    torch.set_num_threads(1)
    names = "concat exp log logsumexp reshape sigmoid stack sum tanh"
    np = SimpleNamespace(**{name: getattr(torch, name) for name in names.split()})
    np.matrix_transpose = lambda x: x.mT
    np.logsumexp = lambda x, axis=0: torch.logsumexp(x, axis)

    def vjp(f, argnums):
        def call(x, g):
            leaf = x.detach().requires_grad_()
            return torch.autograd.grad(f(leaf), leaf, g)

        return call

    def gradient(f, argnums):
        def call(*inputs):
            filled = list(inputs)
            for position in argnums:
                filled[position] = inputs[position].detach().requires_grad_()
            return torch.autograd.grad(f(*filled), [filled[position] for position in argnums])

        return call

    def hvp(f, argnums):
        def call(x, v):
            leaf = x.detach().requires_grad_()
            (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
            return torch.autograd.grad(g, leaf, v)

        return call

    def penalty(f, argnums):
        def call(x, y):
            x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
            (f_x,) = torch.autograd.grad(f(x, y), x, create_graph=True)
            return torch.autograd.grad(torch.sum((f_x**2 - 1) ** 2), (x, y))

        return call

    return SimpleNamespace(
        np=np,
        put=torch.from_numpy,
        operators={"vjp": vjp, "gradient": gradient, "hvp": hvp, "penalty": penalty},
    )


@cache
def xla():
    import jax

    jax.config.update("jax_enable_x64", True)
    names = "concat exp log matrix_transpose reshape stack sum tanh"
    np = SimpleNamespace(**{name: getattr(jax.numpy, name) for name in names.split()})
    np.logsumexp, np.sigmoid = jax.scipy.special.logsumexp, jax.nn.sigmoid

    def compiled(make):
        def operator(f, argnums):
            call = jax.jit(make(f, argnums))
            return lambda *inputs: jax.block_until_ready(call(*inputs))

        return operator

    operators = {
        "vjp": lambda f, argnums: lambda x, g: jax.vjp(f, x)[1](g),
        "gradient": jax.grad,
        "hvp": lambda f, argnums: lambda x, v: (jax.jvp(jax.grad(f), (x,), (v,))[1],),
        "penalty": penalty_by(np, jax.grad),
    }
    return SimpleNamespace(
        np=np,
        put=jax.numpy.asarray,
        operators={name: compiled(make) for name, make in operators.items()},
    )


FRAMEWORKS = {
    "replay": replayed,
    "eager": eager,
    "autograd": hips,
    "mygrad": mygrad,
    "torch": pytorch,
    "jax": xla,
}
CONTESTANTS = ("hand", *FRAMEWORKS)
