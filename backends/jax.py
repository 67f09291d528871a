"""The adapter to JAX: compiled by XLA in the variant "jit", one operation after another in "eager".

Numeric settings are JAX's process-wide configuration, so the last adapter made decides for all;
whatever has to be known before JAX starts is in the declaration's environment.
"""

import gc
import os

import jax
import jax.numpy as jnp
import jaxlib
import numpy as np
from jax.flatten_util import ravel_pytree

from backends.jax_probe import probe
from backends.jax_xp import namespace
from harness.contract import Backend, Description
from harness.errors import no_device, unknown
from harness.machine import card, facts
from harness.operators import as_tuple, restrict, restrict_along

ENVIRONMENT = (
    "NPROC",
    "NVIDIA_TF32_OVERRIDE",
    "OPENBLAS_NUM_THREADS",
    "XLA_FLAGS",
    "XLA_PYTHON_CLIENT_PREALLOCATE",
)
VARIANTS = ("jit", "eager", "expert")


class Jax(Backend):
    """JAX on one device."""

    refusals = (
        (NotImplementedError, ""),
        (ValueError, "Reverse-mode differentiation does not work for lax.while_loop"),
        # jit can't follow Python control flow that depends on values; eager can.
        (jax.errors.ConcretizationTypeError, ""),
    )
    exhaustions = (
        (MemoryError, ""),
        (jax.errors.JaxRuntimeError, "RESOURCE_EXHAUSTED|[Oo]ut of memory"),
    )

    def __init__(self, variant, device, settings):
        if variant not in VARIANTS:
            raise unknown("variant of jax", variant, VARIANTS)
        self.compiled = variant != "eager"  # what an expert wrote is compiled as well
        self.device = find(device)
        self.probe = probe(self.device)
        # Creation functions and zeros for ignored arguments go where JAX's default device is.
        jax.config.update("jax_default_device", self.device)
        if settings.numerics == "equal":
            jax.config.update("jax_enable_x64", True)
            jax.config.update("jax_default_matmul_precision", "highest")

    def describe(self):
        x64 = jax.config.jax_enable_x64
        return Description(
            version=jax.__version__,
            devices={name(device): label(device) for device in found()},
            numerics={
                "jaxlib": jaxlib.__version__,
                "x64": x64,
                "matmul_precision": jax.config.jax_default_matmul_precision,
                **{key: os.environ.get(key) for key in ENVIRONMENT},
            },
            native=tuple(WAYS),
            dtypes=("float32", "float64") if x64 else ("float32",),
        )

    def put(self, array):
        # device_put alone borrows NumPy's memory where its alignment allows (half of the time).
        return jax.device_put(np.array(array), self.device).block_until_ready()

    def get(self, array):
        (device,) = array.devices()
        return np.array(array), name(device)

    def wait(self, outputs):
        # 0.4 us for one output; jax.block_until_ready, which takes any pytree, needs 1.0.
        for output in outputs:
            output.block_until_ready()

    def namespace(self, case):
        return namespace(case.dtype, jax.config.jax_enable_x64)

    def prepare(self, case, function, wrt, example):
        """Compile nothing yet: that belongs to the first call, as in every other framework, and
        what `lower().compile()` returns takes 0.4 us a call longer than the jitted function."""
        operator = WAYS[case.operator, case.composition](function, wrt)
        return jax.jit(operator) if self.compiled else operator

    def release(self):
        # Eagerly called control flow leaves 3 MB of compiled code a call in these caches.
        jax.clear_caches()
        gc.collect()


def value(function, wrt):
    return lambda *inputs: as_tuple(function(*inputs))


def gradient(function, wrt):
    return jax.grad(function, argnums=wrt)


def vjp(function, wrt):
    def operator(*inputs):
        *arguments, cotangent = inputs
        restricted, xs = restrict(function, arguments, wrt)
        return jax.vjp(restricted, *xs)[1](cotangent)

    return operator


def jvp(function, wrt):
    def operator(*inputs):
        restricted, xs, vs = restrict_along(function, inputs, wrt)
        return (jax.jvp(restricted, xs, vs)[1],)

    return operator


def product(transformation):
    """Return a way to the Hessian times vectors: `transformation(f, xs, vs)`, f of tuple xs."""

    def way(function, wrt):
        def operator(*inputs):
            restricted, xs, vs = restrict_along(function, inputs, wrt)
            return tuple(transformation(lambda xs: restricted(*xs), xs, vs))

        return operator

    return way


def directional(f, vs):
    """The derivative of f along vs, as a function of the point."""
    return lambda xs: jax.jvp(f, (xs,), (vs,))[1]


def pushed_twice(f, xs, vs):
    """Forward over forward: for every element of xs a pass along it and along vs, vectorised."""
    flat, unravel = ravel_pytree(xs)
    slope = directional(f, vs)
    entry = lambda e: jax.jvp(slope, (xs,), (unravel(e),))[1]  # noqa: E731
    return unravel(jax.vmap(entry)(jnp.eye(flat.size, dtype=flat.dtype)))


def matrix(transformation):
    """Return a way to a whole matrix at once: `transformation` of the ravelled function.

    JAX vectorises over the rows. One row after another, as derived, takes about 20 times as long
    to compile at n = 50, and 1.4 to 4 times as long to run.
    """

    def way(function, wrt):
        def operator(*inputs):
            restricted, xs = restrict(function, inputs, wrt)
            flat, unravel = ravel_pytree(xs)
            rows = transformation(lambda v: restricted(*unravel(v)))(flat)
            return (jnp.reshape(rows, (-1, flat.size)),)

        return operator

    return way


def jacobian(f):
    """Return the Jacobian by columns where the argument is the smaller side, else by rows."""

    def of_f(v):
        fewer_columns = v.size < jax.eval_shape(f, v).size
        return (jax.jacfwd if fewer_columns else jax.jacrev)(f)(v)

    return of_f


def reverse_over_forward(f):
    """Return the Hessian of scalar f, each row the gradient of a directional derivative.

    jax.jacrev(jax.jacfwd(f)) has one pass for every pair: 4 ms against 0.2 at n = 100.
    """

    def hessian(v):
        row = jax.grad(lambda v, e: jax.jvp(f, (v,), (e,))[1])
        return jax.vmap(row, (None, 0))(v, jnp.eye(v.size, dtype=v.dtype))

    return hessian


WAYS = {
    ("value", None): value,
    ("gradient", None): gradient,
    ("vjp", None): vjp,
    ("jvp", None): jvp,
    ("jacobian", None): matrix(jacobian),
    ("hvp", "forward-over-reverse"): product(
        lambda f, xs, vs: jax.jvp(jax.grad(f), (xs,), (vs,))[1]
    ),
    ("hvp", "reverse-over-reverse"): product(lambda f, xs, vs: jax.vjp(jax.grad(f), xs)[1](vs)[0]),
    ("hvp", "reverse-over-forward"): product(lambda f, xs, vs: jax.grad(directional(f, vs))(xs)),
    ("hvp", "forward-over-forward"): product(pushed_twice),
    ("hessian", "forward-over-reverse"): matrix(jax.hessian),
    ("hessian", "reverse-over-reverse"): matrix(lambda f: jax.jacrev(jax.jacrev(f))),
    ("hessian", "reverse-over-forward"): matrix(reverse_over_forward),
    ("hessian", "forward-over-forward"): matrix(lambda f: jax.jacfwd(jax.jacfwd(f))),
}


def found():
    """Return every device of the platforms that JAX was allowed to start."""
    devices = []
    for kind in ("cpu", "cuda"):
        try:
            devices += jax.local_devices(backend=kind)
        # JAX's answers for a platform that is not here, and for JAX_PLATFORMS naming no other.
        except (RuntimeError, AssertionError):
            continue
    return devices


def find(device):
    """Return JAX's device for "cpu", "cuda" or "cuda:1"."""
    wanted = f"{device}:0" if device == "cuda" else device
    here = {name(one): one for one in found()}
    if wanted not in here:
        raise no_device("jax", device, here)
    return here[wanted]


def name(device):
    return "cpu" if device.platform == "cpu" else f"cuda:{device.id}"


def label(device):
    return facts.processor() if device.platform == "cpu" else card.with_driver(device.device_kind)
