"""`torch.compile` for the adapter: whole operators, static shapes, no part left to Python.

A first call compiles whatever ran before: no cache is read. What the compiler learns of the machine
(which vector instructions it has) it learns before the first case, as a part of the import.
"""

import atexit
import os
import shutil
import tempfile
import types
import warnings

import torch
import torch._inductor.config
from torch._dynamo.exc import TorchRuntimeError
from torch._dynamo.exc import Unsupported as Untraceable
from torch._inductor.cpp_builder import get_cpp_compiler
from torch._inductor.decomposition import decompositions

from harness.errors import Unsupported

# What the compiler stumbles over without calling it unsupported, and what to say then.
STUMBLES = {
    "more than one element of the written-to tensor refers to a single memory location": (
        "torch.compile can't trace a forward mode within a forward mode here, because of zeros "
        "without memory; torch:eager and torch:func can"
    ),
    "___from_numpy": (
        "torch.compile can't take an array of NumPy from outside the function while torch.func "
        "differentiates it; pass it as an argument or write it as a list"
    ),
}
# What it warns of at every compilation: that it reads no cache, as it was told; an array of NumPy
# that a function closes over, which it made a tensor of; an own lowering that is out of date.
KNOWN = (
    "dynamo_pgo force disabled",
    "To copy construct from a tensor",
    "`torch._prims_common.check` is deprecated",
)


# Zeros without memory, which arise in a forward mode within a forward mode, are read from address 0
# by compiled code unless they are turned into others (pytorch issues 190856 and 197067).
def zeros(size, *, dtype=None, layout=None, device=None, pin_memory=None):
    return torch.zeros(size, dtype=dtype, device=device)


decompositions[torch.ops.aten._efficientzerotensor.default] = zeros


class Compiler:
    """How operators are compiled in this process; the last one made decides."""

    def __init__(self, threads, backend="inductor"):
        self.backend = backend
        torch._inductor.config.compile_threads = threads
        torch.compiler.config.force_disable_caches = True
        # Without caches every compilation leaves a folder of its own behind.
        self.folder = tempfile.mkdtemp(prefix="harness-")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)

    def try_out(self, device):
        """Compile a sum; raises `Unsupported` where nothing can be compiled.

        This one reads the cache: to look for vector instructions takes 10 s, once on a machine.
        """
        torch.compiler.config.force_disable_caches = False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the compiler's own imports are deprecated ones
                if device.type == "cpu":
                    get_cpp_compiler()  # as the sum below may lie in the cache
                torch.compile(lambda x: x + 1, backend=self.backend)(torch.ones(2, device=device))
        except Exception as error:
            line = str(error).strip().partition("\n")[0]
            raise Unsupported(
                f"torch.compile finds no compiler that works ({line}); on the CPU it needs one for "
                "C++: apt-get install g++, or set CXX to where it is"
            ) from error
        finally:
            torch.compiler.config.force_disable_caches = True
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = self.folder
        self.reset()

    def describe(self):
        config = torch._inductor.config
        return {
            "compile_threads": config.compile_threads,
            "compile_caches": not config.force_disable_caches,
            "compile_fast_math": config.cpp.enable_unsafe_math_opt_flag,
        }

    def compile(self, operator):
        for text in KNOWN:
            warnings.filterwarnings("ignore", text)
        call = torch.compile(
            with_own_code(operator), backend=self.backend, fullgraph=True, dynamic=False
        )

        def compiled(*inputs):
            try:
                return call(*inputs)
            except Untraceable as error:
                # Where the function itself raises, it is that which has to be told.
                operator(*inputs)
                raise Unsupported(f"torch.compile can't take it whole: {brief(error)}") from error
            except (TorchRuntimeError, AssertionError) as error:
                for text, sentence in STUMBLES.items():
                    if text in str(error):
                        raise Unsupported(sentence) from error
                raise

        return compiled

    def reset(self):
        torch.compiler.reset()


def with_own_code(function):
    """Copy a function with its code: what is compiled is filed under the code object, and all
    operators of one kind, each with a scenario's function in its closure, share theirs."""
    return types.FunctionType(
        function.__code__.replace(),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )


def brief(error):
    """Return what the compiler stumbled over and its explanation, without hints and traceback."""
    title, _, rest = str(error).partition("\n")
    explanation = rest.partition("Explanation:")[2].partition("\n")[0].strip()
    return f"{title}: {explanation}" if explanation else title
