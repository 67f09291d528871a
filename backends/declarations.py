"""What is known of our four backends without importing a framework.

Each declaration is an entry point in the group `harness.backends`, like anybody's; the adapters
stand beside this file, one per framework, with the framework's `xp` next to each. They are declared
here and not in the package itself, whose attribute `numpy` is the module `backends.numpy`.
"""

from backends import ledger
from harness.contract import Declaration, Expert

numpy = Declaration(
    name="numpy",
    adapter="backends.numpy:Numpy",
    variants={
        "replay": "our own engine, its NumPy calls recorded once and run as straight-line code",
        "eager": "our own engine, one NumPy call after another",
    },
    requires="numpy",
    install="pip install autodiff-harness",
    companions=("scipy",),
    no_device={"cuda": "NumPy computes on the CPU; leave out --device cuda or --backend numpy"},
    reference="eager",
    compiled={"replay": "eager"},
    by_hand={"replay": "backends.byhand.numpy:REPLAY", "eager": "backends.byhand.numpy:EAGER"},
)

torch = Declaration(
    name="torch",
    adapter="backends.torch:Torch",
    variants={
        "eager": "torch.autograd, dual numbers for jvp, torch.func where modes mix",
        "func": "torch.func throughout, one operation after another",
        "compile": "torch.func compiled whole by torch.compile, static shapes",
        "expert": "own implementations of scenarios, which compile what gains by it",
    },
    requires="torch",
    install="pip install 'autodiff-harness[torch]'",
    environment={"TORCH_CPP_LOG_LEVEL": "ERROR"},
    equal={"NVIDIA_TF32_OVERRIDE": "0"},
    compiled={"compile": "eager", "expert": "eager"},
    by_hand={
        "eager": "backends.byhand.torch:EAGER",
        "func": "backends.byhand.torch:FUNC",
        "compile": "backends.byhand.torch:COMPILE",
    },
    experts={
        "adbench/lstm": Expert(
            operators=("value", "gradient"), value="backends.experts.torch_lstm:value"
        ),
        "adbench/hand-simple": Expert(
            operators=("jacobian",), jacobian="backends.experts.torch_hand:simple"
        ),
        "adbench/hand-complicated": Expert(
            operators=("jacobian",), jacobian="backends.experts.torch_hand:complicated"
        ),
    },
    reproducer="backends.reproducers.torch:written",
    ledger=ledger.torch,
)

jax = Declaration(
    name="jax",
    adapter="backends.jax:Jax",
    variants={
        "jit": "compiled by XLA",
        "eager": "one operation after another",
        "expert": "own implementations of scenarios, run as jit",
    },
    requires="jax",
    install="pip install 'autodiff-harness[jax]'",
    environment={
        "JAX_PLATFORMS": "{device}",
        "JAX_ENABLE_COMPILATION_CACHE": "false",  # a first call compiles, whatever ran before
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",  # the other workers need the card as well
    },
    equal={
        "JAX_ENABLE_X64": "1",
        "NVIDIA_TF32_OVERRIDE": "0",
        "NPROC": "{threads}",  # XLA's thread pool; LAPACK's obeys OPENBLAS_NUM_THREADS
    },
    compiled={"jit": "eager", "expert": "eager"},
    by_hand={"jit": "backends.byhand.jax:JIT", "eager": "backends.byhand.jax:EAGER"},
    experts={
        "adbench/hand-simple": Expert(
            operators=("jacobian",), jacobian="backends.experts.jax_hand:simple"
        ),
        "adbench/hand-complicated": Expert(
            operators=("jacobian",), jacobian="backends.experts.jax_hand:complicated"
        ),
    },
    reproducer="backends.reproducers.jax:written",
    ledger=ledger.jax,
)

tensorflow = Declaration(
    name="tensorflow",
    adapter="backends.tensorflow:TensorFlow",
    variants={
        "function": "the concrete function of a tf.function, autograph off",
        "eager": "one operation after another",
        "xla": "the same function, compiled as a whole by XLA",
        "expert": "own implementations of scenarios, run as xla",
    },
    requires="tensorflow",
    install="pip install 'autodiff-harness[tensorflow]'",
    environment={"TF_CPP_MIN_LOG_LEVEL": "2", "TF_FORCE_GPU_ALLOW_GROWTH": "true"},
    equal={"NVIDIA_TF32_OVERRIDE": "0"},
    compiled={"function": "eager", "xla": "eager", "expert": "eager"},
    by_hand={
        "function": "backends.byhand.tensorflow:FUNCTION",
        "eager": "backends.byhand.tensorflow:EAGER",
        "xla": "backends.byhand.tensorflow:XLA",
    },
    experts={
        "adbench/lstm": Expert(
            operators=("value", "gradient"), value="backends.experts.tensorflow_lstm:value"
        ),
    },
    reproducer="backends.reproducers.tensorflow:written",
    ledger=ledger.tensorflow,
)
