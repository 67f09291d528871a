"""The adapter to PyTorch, one operation after another on the CPU or a CUDA device.

Reverse mode is `torch.autograd`, the forward mode dual numbers, and what the harness derives from
both is `torch.func`; `backends.torch_xp` says why. Whatever goes out is detached from its graph.
"""

import gc
import warnings

import numpy as np
import torch
from torch.autograd import forward_ad

from backends.torch_reverse import pull, pull_all
from backends.torch_xp import namespace
from harness import machine
from harness.contract import Backend, Description
from harness.errors import Unsupported, unknown

PRECISIONS = {
    "cuda.matmul": torch.backends.cuda.matmul,
    "cudnn.conv": torch.backends.cudnn.conv,
    "cudnn.rnn": torch.backends.cudnn.rnn,
    "mkldnn.matmul": torch.backends.mkldnn.matmul,
    "mkldnn.conv": torch.backends.mkldnn.conv,
}


class Torch(Backend):
    """PyTorch on one device. Threads and precisions are the process's: the last adapter decides."""

    refusals = (
        (NotImplementedError, ""),
        (RuntimeError, "not implemented for|derivative for .* is not implemented"),
        (RuntimeError, "does not support (forward|automatic|double)|once_differentiable"),
    )
    exhaustions = (
        (torch.OutOfMemoryError, ""),
        (RuntimeError, "not enough memory|can't allocate memory"),
        (RuntimeError, "CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED"),
        (MemoryError, ""),
    )

    def __init__(self, variant, device, settings):
        if variant != "eager":
            raise unknown("variant of torch", variant, ("eager",))
        self.device = torch.device(device)
        self.asynchronous = self.device.type == "cuda"
        torch.set_num_threads(settings.threads)
        # This one may be set once in a process, and not after the first parallel work.
        if torch.get_num_interop_threads() != settings.threads:
            torch.set_num_interop_threads(settings.threads)
        if settings.numerics == "equal":
            # Of all switches for TF32 only these neither warn nor mix two generations of settings.
            for precision in PRECISIONS.values():
                precision.fp32_precision = "ieee"

    def describe(self):
        return Description(
            version=str(torch.__version__),
            devices=devices(),
            numerics={
                "threads": torch.get_num_threads(),
                "interop_threads": torch.get_num_interop_threads(),
                "cpu_capability": torch.backends.cpu.get_cpu_capability(),
                "cudnn_benchmark": torch.backends.cudnn.benchmark,
                "deterministic": torch.are_deterministic_algorithms_enabled(),
                **{name: each.fp32_precision for name, each in PRECISIONS.items()},
            },
            native=tuple(NATIVE),
        )

    def put(self, array):
        # torch.tensor copies, where from_numpy would borrow; it can't read negative strides.
        return torch.tensor(np.asarray(array, order="C"), device=self.device)

    def get(self, array):
        return array.detach().cpu().numpy().copy(), str(array.device)

    def wait(self, outputs):
        # On the CPU an eager operation has been computed when its call returns.
        if self.asynchronous:
            torch.cuda.synchronize(self.device)

    def namespace(self, case):
        return namespace(kind(case), getattr(torch, case.dtype), self.device)

    def prepare(self, case, function, wrt, example):
        way = (case.operator, case.composition)
        if way not in NATIVE:
            raise Unsupported(f"torch has no own way to {case.operator}; derive it from the xp")
        return NATIVE[way](function, wrt, example)

    def release(self):
        gc.collect()
        if self.asynchronous:
            torch.cuda.empty_cache()


def kind(case):
    """Choose how derivatives inside a scenario are taken, by what is around them."""
    if case.operator == "jvp":
        return "within dual"
    forward = case.composition is not None and case.composition != "reverse-over-reverse"
    return "func" if forward else "reverse"


def devices():
    cards = range(torch.cuda.device_count())
    named = {f"cuda:{i}": machine.card(torch.cuda.get_device_name(i)) for i in cards}
    return {"cpu": machine.processor(), **named}


def value(function, wrt, example):
    def operator(*arguments):
        with torch.no_grad():
            outputs = function(*arguments)
        return outputs if isinstance(outputs, tuple) else (outputs,)

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


NATIVE = {
    ("value", None): value,
    ("gradient", None): gradient,
    ("vjp", None): vjp,
    ("jvp", None): jvp,
    ("accumulate", None): accumulate,
    ("hvp", "reverse-over-reverse"): hvp,
}
