"""The conformance suite over our own backends, in every variant, on the CPU."""

from functools import lru_cache, reduce
from importlib import import_module
from importlib.util import find_spec

import pytest

from backends import declarations, ledger
from harness import conformance
from harness.contract import Settings
from harness.errors import Unsupported
from harness.xp import ARRAY

DECLARATIONS = (
    declarations.numpy,
    declarations.torch,
    declarations.jax,
    declarations.tensorflow,
)
# What an expert wrote runs as the default variant does.
VARIANTS = [(one, v) for one in DECLARATIONS for v in one.variants if v != "expert"]

# Variants whose functions are another variant's. To compile the 1500 operations of the samples one
# by one takes JAX a minute and a half, compiled together they take a third of that.
SAME_FUNCTIONS = {
    ("jax", "eager"): "jit",
    ("jax", "expert"): "jit",
    ("torch", "expert"): "eager",
    ("tensorflow", "expert"): "xla",
    ("tensorflow", "xla"): "function",
}

# To compile the operations of the samples one by one takes PyTorch six minutes; its loops and
# branches are its own, and have tests of their own.
UNSAMPLED = {("torch", "compile")}

# Forward accumulators nested in one another lose terms where an intermediate is used twice. Under a
# tape that always shows; among themselves, in eager mode, only once TensorFlow has traced an
# operation's jvp often enough (32 times) to relax its shapes: so it depends on what ran before.
NESTED_FORWARD = ledger.tensorflow[0].issue
ALWAYS_WRONG = {
    ("tensorflow", "function", "third order, forward in reverse"): NESTED_FORWARD,
    ("tensorflow", "eager", "third order, forward in reverse"): NESTED_FORWARD,
    ("tensorflow", "xla", "third order, forward in reverse"): NESTED_FORWARD,
}
AT_TIMES_WRONG = {
    ("tensorflow", "eager", "hvp, forward-over-forward"): NESTED_FORWARD,
    ("tensorflow", "eager", "hessian, forward-over-forward"): NESTED_FORWARD,
    ("tensorflow", "eager", "confusion under hvp, forward-over-forward"): NESTED_FORWARD,
}

# torch's own rules of forward mode are compiled with torch.jit.script when they are first needed.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated"),
    pytest.mark.filterwarnings("ignore:.torch.jit.script_method. is deprecated"),
]


@pytest.fixture(scope="module", autouse=True)
def environment():
    """Set what the declarations ask for before a framework is imported; take it back after."""
    with pytest.MonkeyPatch.context() as patch:
        for declaration in DECLARATIONS:
            for name, text in {**declaration.environment, **declaration.equal}.items():
                patch.setenv(name, text.format(threads=1, device="cpu"))
        yield


@lru_cache
def adapter(locator, variant):
    module, _, name = locator.partition(":")
    return getattr(import_module(module), name)(variant, "cpu", Settings())


def run(check, declaration, variant):
    if find_spec(declaration.requires) is None:
        pytest.skip(f"{declaration.requires} is not installed; try: {declaration.install}")
    try:
        check(lambda: adapter(declaration.adapter, variant))
    except Unsupported as reason:
        pytest.skip(f"declared by the backend: {reason}")


def items(variants, pairs):
    return [item(*way, *pair) for way in variants for pair in pairs]


def item(declaration, variant, name, check):
    key = (declaration.name, variant, name)
    link = {**ALWAYS_WRONG, **AT_TIMES_WRONG}.get(key)
    marks = [pytest.mark.xfail(reason=link, strict=key in ALWAYS_WRONG)] if link else []
    title = f"{declaration.name}:{variant} {name}"
    return pytest.param(declaration, variant, check, id=title, marks=marks)


DISTINCT = [
    (one, variant)
    for one, variant in VARIANTS
    if (one.name, variant) not in {*SAME_FUNCTIONS, *UNSAMPLED}
]


@pytest.mark.parametrize(
    ("declaration", "variant", "check"), items(DISTINCT, conformance.samples())
)
def test_every_name_means_what_the_table_says(declaration, variant, check):
    run(check, declaration, variant)


@pytest.mark.parametrize(("declaration", "variant", "check"), items(VARIANTS, conformance.checks()))
def test_every_adapter_behaves(declaration, variant, check):
    run(check, declaration, variant)


@pytest.mark.parametrize(("name", "variant"), SAME_FUNCTIONS)
def test_variants_left_out_above_lend_the_functions_of_another(name, variant):
    declaration = getattr(declarations, name)
    if find_spec(declaration.requires) is None:
        pytest.skip(f"{declaration.requires} is not installed; try: {declaration.install}")
    case = conformance.case_of("the same functions")
    mine = adapter(declaration.adapter, variant).namespace(case)
    theirs = adapter(declaration.adapter, SAME_FUNCTIONS[name, variant]).namespace(case)
    assert {name: code_of(mine, name) for name in ARRAY} == {
        name: code_of(theirs, name) for name in ARRAY
    }


def code_of(namespace, name):
    """What a name is bound to; closures made for one case by the code that they share."""
    function = reduce(getattr, name.split("."), namespace)
    return getattr(function, "__code__", function)
