"""PyTorch by hand: `torch.autograd`, `torch.func`, and that compiled."""

import torch

SQUARE, PENALTY = "documented/square-vjp-ones", "documented/gradient-penalty"


def square(x, cotangent):
    def once():
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad(leaf**2, leaf, cotangent)

    return once


def gradient_penalty(x, y):
    def once():
        a, b = x.detach().requires_grad_(), y.detach().requires_grad_()
        (f_x,) = torch.autograd.grad(torch.sum(a * a * b), a, create_graph=True)
        return torch.autograd.grad(torch.sum((f_x**2 - 1) ** 2), (a, b))

    return once


def pulled(x, cotangent):
    return torch.func.vjp(lambda x: x**2, x)[1](cotangent)


def penalty(x, y):
    f_x = torch.func.grad(lambda x, y: torch.sum(x * x * y))(x, y)
    return torch.sum((f_x**2 - 1) ** 2)


def gradient(x, y):
    return torch.func.grad(penalty, argnums=(0, 1))(x, y)


def by_transformation(function):
    return lambda *inputs: lambda: function(*inputs)


def by_compiler(function):
    def prepared(*inputs):
        compiled = torch.compile(function, fullgraph=True, dynamic=False)
        return lambda: compiled(*inputs)

    return prepared


EAGER = {SQUARE: square, PENALTY: gradient_penalty}
FUNC = {SQUARE: by_transformation(pulled), PENALTY: by_transformation(gradient)}
COMPILE = {SQUARE: by_compiler(pulled), PENALTY: by_compiler(gradient)}
