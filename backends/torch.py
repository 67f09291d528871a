"""The adapter to PyTorch, on the CPU or a CUDA device.

Its variants: in "eager" reverse mode is `torch.autograd`, the forward mode dual numbers, and where
modes mix `torch.func`, for which `backends.torch_xp` says why; "expert" is the same with functions
of its own. "func" is `torch.func` throughout, and "compile" that, compiled.
"""

import gc
from contextlib import suppress

import numpy as np
import torch

from backends import torch_eager, torch_func
from backends.torch_probe import probe
from backends.torch_xp import namespace
from harness.contract import Backend, Description
from harness.errors import Unsupported, unknown
from harness.machine import card, facts

PRECISIONS = {
    "cuda.matmul": torch.backends.cuda.matmul,
    "cudnn.conv": torch.backends.cudnn.conv,
    "cudnn.rnn": torch.backends.cudnn.rnn,
    "mkldnn.matmul": torch.backends.mkldnn.matmul,
    "mkldnn.conv": torch.backends.mkldnn.conv,
}


EAGER = {**torch_func.WAYS, **torch_eager.WAYS}
WAYS = {
    "eager": EAGER,
    "func": torch_func.WAYS,
    "compile": torch_func.WAYS,
    "expert": EAGER,
}


class Torch(Backend):
    """PyTorch on one device. Threads and precisions are the process's: the last adapter decides."""

    refusals = (
        (NotImplementedError, ""),
        # An expert's function may compile a part of itself.
        (RuntimeError, "No working C\\+\\+ compiler found"),
        (RuntimeError, "not implemented for|derivative for .* is not implemented"),
        (RuntimeError, "does not support (forward|automatic|double)|once_differentiable"),
        (RuntimeError, "[Dd]ouble backward is unsupported"),
    )
    exhaustions = (
        (torch.OutOfMemoryError, ""),
        (RuntimeError, "not enough memory|can't allocate memory"),
        (RuntimeError, "CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED"),
        (MemoryError, ""),
    )

    def __init__(self, variant, device, settings):
        if variant not in WAYS:
            raise unknown("variant of torch", variant, WAYS)
        self.variant = variant
        self.device = torch.device(device)
        self.asynchronous = self.device.type == "cuda"
        self.probe = probe(self.device)
        torch.set_num_threads(settings.threads)
        # This one may be set once in a process, and not after the first parallel work.
        if torch.get_num_interop_threads() != settings.threads:
            torch.set_num_interop_threads(settings.threads)
        if settings.numerics == "equal":
            # Of all switches for TF32 only these neither warn nor mix two generations of settings.
            for precision in PRECISIONS.values():
                precision.fp32_precision = "ieee"
        self.compiler = None
        if variant in ("compile", "expert"):
            # Imported here, as it takes as long as all the rest of PyTorch.
            from backends.torch_compile import Compiler

            self.compiler = Compiler(settings.threads)
        if variant == "compile":
            self.compiler.try_out(self.device)
        if variant == "expert":
            # Without a compiler only those functions are refused that need one.
            with suppress(Unsupported):
                self.compiler.try_out(self.device)

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
                **(self.compiler.describe() if self.compiler else {}),
            },
            native=tuple(WAYS[self.variant]),
        )

    def put(self, array):
        # torch.tensor copies, where from_numpy would borrow; it can't read negative strides.
        return torch.tensor(np.asarray(array, order="C"), device=self.device)

    def get(self, array):
        # What torch.func knows to be zero has no memory: NumPy would read a part of it from next to
        # address 0 and end the process (2.13), so it is copied first. Forced, as a view may say
        # "conjugate" of numbers that it leaves as they are.
        copy = array.detach().cpu().clone(memory_format=torch.contiguous_format)
        return copy.numpy(force=True), str(array.device)

    def wait(self, outputs):
        # On the CPU an eager operation has been computed when its call returns.
        if self.asynchronous:
            torch.cuda.synchronize(self.device)

    def namespace(self, case):
        kind = {"func": "func", "compile": "compiled"}.get(self.variant) or kind_in_eager(case)
        return namespace(kind, getattr(torch, case.dtype), self.device)

    def prepare(self, case, function, wrt, example):
        way = (case.operator, case.composition)
        if way not in WAYS[self.variant]:
            raise Unsupported(f"torch has no own way to {case.operator}; derive it from the xp")
        operator = WAYS[self.variant][way](function, wrt, example)
        return self.compiler.compile(operator) if self.variant == "compile" else operator

    def release(self):
        if self.compiler:
            self.compiler.reset()
        gc.collect()
        if self.asynchronous:
            torch.cuda.empty_cache()


def kind_in_eager(case):
    """Choose how derivatives inside a scenario are taken, by what is around them."""
    if case.operator == "jvp":
        return "within dual"
    mixed = case.operator == "jacobian" or case.composition not in (None, "reverse-over-reverse")
    return "func" if mixed else "reverse"


def devices():
    cards = range(torch.cuda.device_count())
    named = {f"cuda:{i}": card.with_driver(torch.cuda.get_device_name(i)) for i in cards}
    return {"cpu": facts.processor(), **named}
