"""TensorFlow's adapter: tapes and forward accumulators, as traced functions or eagerly.

TensorFlow chooses threads, visible devices and memory growth once in a process, before its first
operation; an adapter made later records what is in force.
"""

from __future__ import annotations

import gc
import os

import numpy as np
import tensorflow as tf

from backends import tensorflow_xp
from backends.tensorflow_probe import probe
from backends.tensorflow_ways import WAYS
from harness.contract import Backend, Description
from harness.errors import Unsupported, unknown
from harness.machine import card, facts

VARIANTS = ("function", "xla", "eager", "expert")


class TensorFlow(Backend):
    """Variants: "function" (tf.function, autograph off), "xla" (the same, compiled as a whole),
    "eager", and "expert": what an expert wrote is compiled by XLA as well."""

    refusals = (
        (NotImplementedError, ""),
        (tf.errors.UnimplementedError, ""),
        (LookupError, "gradient registry has no entry|[Nn]o gradient defined"),
        # tf.linalg.lu: "the input has to be invertible" (others differentiate by such operations).
        (tf.errors.InvalidArgumentError, r"Input is not invertible[\s\S]*(node|Op:)[ ]?Lu\b"),
        # Pooling with explicit padding has a first derivative and no second: in graphs, eagerly.
        (ValueError, "Attr 'padding' of '\\w+' Op passed string 'EXPLICIT'"),
        (tf.errors.InvalidArgumentError, "Value for attr 'padding' of \"EXPLICIT\" is not in"),
        # Forward mode through a TensorArray, or through the gradient of a tf.while_loop.
        (TypeError, "`dtype` <dtype: 'variant'> is not compatible"),
        # XLA lacks kernels, and a reverse mode of loops whose length it doesn't know.
        (tf.errors.InvalidArgumentError, "Detected unsupported operations when trying to compile"),
        (tf.errors.InvalidArgumentError, "XLA compilation requires a fixed tensor list size"),
        # A graph can't follow Python control flow that depends on values; eager can.
        (tf.errors.OperatorNotAllowedInGraphError, ""),
    )
    exhaustions = (
        (tf.errors.ResourceExhaustedError, ""),
        # How a graph says that a constant of its own is too large for the memory.
        (tf.errors.InvalidArgumentError, "Cannot parse tensor from proto"),
        (tf.errors.InternalError, "out of memory|OUT_OF_MEMORY|Dst tensor is not initialized"),
        (MemoryError, ""),
    )

    def __init__(self, variant, device, settings):
        if variant not in VARIANTS:
            raise unknown("variant of tensorflow", variant, VARIANTS)
        self._graph = variant != "eager"
        self._compiled = variant in ("xla", "expert")
        kind, _, number = device.partition(":")
        self._card = int(number or 0)
        self._cuda = kind == "cuda"
        configure(self._visible(), settings)
        self._place = "GPU:0" if self._cuda else "CPU:0"
        self.probe = probe(self._place)

    def _visible(self):
        """The one card that this adapter computes on, so that operations are placed there."""
        if not self._cuda:
            return []
        cards = tf.config.list_physical_devices("GPU")
        if self._card >= len(cards):
            raise Unsupported(
                f"TensorFlow finds {len(cards)} GPUs, so no cuda:{self._card}; "
                "try: pip install 'tensorflow[and-cuda]'"
            )
        return [cards[self._card]]

    def describe(self):
        return Description(
            version=tf.__version__,
            devices=devices(),
            numerics=numerics(self._graph, self._compiled),
            native=tuple(WAYS),
        )

    def put(self, array):
        with tf.device(self._place):
            return tf.constant(array)  # a copy

    def get(self, array):
        name = f"cuda:{self._card}" if "GPU" in array.device else "cpu"
        return np.array(array), name

    def wait(self, outputs):
        """On the CPU nothing is pending: eager operations run in the calling thread and a function
        returns when its graph has run (asynchronous execution is off unless asked for)."""
        if self._cuda:
            tf.test.experimental.sync_devices()

    def namespace(self, case):
        return tensorflow_xp.namespace(case, self._graph)

    def prepare(self, case, function, wrt, example):
        operator = WAYS[case.operator, case.composition](function, wrt)
        if not self._graph:
            return operator
        specs = [tf.TensorSpec(x.shape, x.dtype) for x in example]
        # tf.function looks its trace up at every call: 130 us where this takes 65 (five numbers).
        traced = tf.function(operator, autograph=False, jit_compile=self._compiled)
        return traced.get_concrete_function(*specs)

    def release(self):
        """Collect graphs, which are cyclic. The allocator of a GPU never gives memory back."""
        gc.collect()


ENVIRONMENT = (
    "NVIDIA_TF32_OVERRIDE",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_FORCE_GPU_ALLOW_GROWTH",
    "TF_NUM_INTEROP_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)


def configure(visible, settings):
    """Choose threads and devices; they are fixed once TensorFlow has begun to compute."""
    equal = settings.numerics == "equal"
    try:
        tf.config.threading.set_intra_op_parallelism_threads(settings.threads)
        tf.config.threading.set_inter_op_parallelism_threads(settings.threads)
        tf.config.set_visible_devices(visible, "GPU")
        for card in visible if equal else ():
            tf.config.experimental.set_memory_growth(card, True)
    except RuntimeError as error:
        if tf.config.get_visible_devices("GPU") != visible:
            raise Unsupported(
                "TensorFlow computes on the devices chosen first; start another process"
            ) from error
    if equal:
        tf.config.experimental.enable_tensor_float_32_execution(False)
    tf.config.list_logical_devices()  # starts the runtime and with it its threads


def devices():
    """All that TensorFlow could use, also the cards that are hidden from this process."""
    cards = tf.config.list_physical_devices("GPU")
    return {
        "cpu": facts.processor(),
        **{f"cuda:{i}": label(c) for i, c in enumerate(cards)},
    }


def label(device):
    known = tf.config.experimental.get_device_details(device).get("device_name", device.name)
    return card.with_driver(known)


def numerics(graph, compiled):
    threading = tf.config.threading
    return {
        "intra_op_threads": threading.get_intra_op_parallelism_threads(),  # 0: as many as cores
        "inter_op_threads": threading.get_inter_op_parallelism_threads(),
        "tf32": tf.config.experimental.tensor_float_32_execution_enabled(),
        "synchronous": tf.config.experimental.get_synchronous_execution(),
        "graph": graph,
        "jit_compile": compiled,
        **{key: os.environ.get(key) for key in ENVIRONMENT},
    }
