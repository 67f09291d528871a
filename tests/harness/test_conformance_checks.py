"""Every behaviour that the conformance suite checks is broken here once, and found to be."""

import numpy as np
import pytest

from harness import conformance
from harness.conformance import ConformanceError
from harness.conformance.closed import closed_checks
from harness.conformance.handling import handlings
from harness.conformance.nesting import nesting_checks
from harness.contract import Description
from harness.operators import complete
from harness.xp import Namespace
from tests.harness.dual import Small, jvp, names

CHECKS = dict(conformance.checks())


@pytest.mark.parametrize("name", CHECKS)
def test_a_right_backend_passes(name):
    CHECKS[name](Small)


class Confusing(Small):
    """All levels are one, so inner and outer tangents are taken for each other."""

    def namespace(self, case):
        lent = {**names(case.dtype), "jvp": lambda f, xs, vs: jvp(f, xs, vs, level=1)}
        del lent["vjp"], lent["grad"]
        return Namespace(complete(lent), {})


class Leaking(Small):
    """A count of the derivatives under way, which an exception leaves too high for good."""

    def __init__(self):
        self.depth = 0

    def namespace(self, case):
        def counted(f, xs, vs):
            self.depth += 1
            y, tangent = jvp(f, xs, vs)
            self.depth -= 1
            return y, tangent if self.depth == 0 else tangent * 0

        lent = {**names(case.dtype), "jvp": counted}
        del lent["vjp"], lent["grad"]
        return Namespace(complete(lent), {})


class Lazy(Small):
    """Outputs are filled in when they are waited for."""

    def __init__(self):
        self.pending = []

    def prepare(self, case, function, wrt, example):
        call = super().prepare(case, function, wrt, example)

        def promising(*inputs):
            outputs = tuple(np.asarray(y) for y in call(*inputs))
            promises = tuple(np.zeros_like(y) for y in outputs)
            self.pending += zip(promises, outputs, strict=True)
            return promises

        return promising

    def wait(self, outputs):
        for promise, output in self.pending:
            promise[...] = output
        self.pending.clear()


class Impatient(Lazy):
    def wait(self, outputs):
        pass


def spoiling(spoil):
    """Small whose calls are spoilt: `spoil(call, case, example)` is the new call."""

    class Spoiling(Small):
        def prepare(self, case, function, wrt, example):
            return spoil(super().prepare(case, function, wrt, example), case, example)

    return Spoiling


def mutates(call, case, example):
    def mutating(*inputs):
        outputs = call(*inputs)
        inputs[0][...] += 1
        return outputs

    return mutating


def remembers_the_first(call, case, example):
    kept = []

    def remembering(*inputs):
        kept.append(call(*inputs))
        return kept[0]

    return remembering


def remembers_the_seed(call, case, example):
    kept = []

    def remembering(*inputs):
        kept.append(inputs[-1])
        return call(*inputs[:-1], kept[0])

    return remembering


def shares_its_output(call, case, example):
    buffer = []

    def sharing(*inputs):
        outputs = call(*inputs)
        buffer.append(outputs[0].copy())
        buffer[0][...] = outputs[0]
        return (buffer[0],)

    return sharing


def swallows(call, case, example):
    def swallowing(*inputs):
        try:
            return call(*inputs)
        except ArithmeticError:
            return (np.zeros(3),)

    return swallowing


LATEST = []


def calls_the_latest(call, case, example):
    LATEST.append(call)
    return lambda *inputs: LATEST[-1](*inputs)


def changing(**methods):
    """Small with other methods."""
    return type("Changing", (Small,), methods)


def described(**fields):
    usual = {"version": "1", "devices": {"cpu": ""}, "numerics": {}, "native": (("value", None),)}
    return changing(describe=lambda self: Description(**{**usual, **fields}))


class Forgetful(Small):
    """Frees what was put when it is told to drop its caches."""

    def __init__(self):
        self.held = []

    def put(self, array):
        self.held.append(np.array(array))
        return self.held[-1]

    def release(self):
        for array in self.held:
            array[...] = 0


def shifted(call, case, example):
    return lambda *inputs: tuple(y + 1e-3 for y in call(*inputs))


FAULTS = {
    "confusion under gradient": Confusing,
    "confusion under jvp": Confusing,
    "forward confusion under jvp": Confusing,
    "confusion under hvp, reverse-over-reverse": Confusing,
    "confusion under hvp, forward-over-forward": Confusing,
    "closure over an outer argument under gradient": Confusing,
    "ignored argument under gradient": spoiling(
        lambda call, case, example: lambda *inputs: (call(*inputs)[0], None)
    ),
    "arguments in reverse order": spoiling(
        lambda call, case, example: lambda *inputs: call(*inputs)[::-1]
    ),
    "integer index under gradient": spoiling(
        lambda call, case, example: lambda *inputs: (call(*inputs)[0][1:2],)
    ),
    "second argument alone": spoiling(
        lambda call, case, example: lambda *inputs: call(*inputs) * 2
    ),
    "identity under gradient": spoiling(mutates),
    "value": spoiling(lambda call, case, example: lambda *inputs: call(*inputs)[0]),
    "jacobian of two arguments": spoiling(
        lambda call, case, example: lambda *inputs: (call(*inputs)[0].T.copy(),)
    ),
    "put keeps values, dtype and shape": changing(
        put=lambda self, array: np.array(array, dtype=np.result_type(array, np.float32))
    ),
    "put copies": changing(put=lambda self, array: array),
    "get copies": changing(get=lambda self, array: (array, "cpu")),
    "get names the device": changing(get=lambda self, array: (np.array(array), "gpu")),
    "wait takes any number of outputs": changing(wait=lambda self, outputs: outputs),
    "the point is not baked in": spoiling(remembers_the_first),
    "seeds are not baked in": spoiling(remembers_the_seed),
    "two callables live side by side": spoiling(calls_the_latest),
    "earlier outputs stay as they were": spoiling(shares_its_output),
    "an exception leaves nothing behind": Leaking,
    "grad refuses an array": changing(
        namespace=lambda self, case: Namespace(
            {**names(case.dtype), "grad": lambda f, argnums=0: lambda x: x}, {}
        )
    ),
    "release forgets nothing that is needed": Forgetful,
    "the description is sound": described(native=(("value", "sideways"),)),
    "the namespace has every name": changing(namespace=lambda self, case: Namespace({}, {})),
}
MORE_FAULTS = [
    ("an exception leaves nothing behind", spoiling(swallows)),
    ("the point is not baked in", spoiling(lambda call, case, example: lambda x: call(*example))),
    ("the description is sound", described(version="")),
    ("the description is sound", described(devices={})),
    ("the description is sound", described(refuses={"hvp/sideways": "it can't"})),
    ("the description is sound", described(refuses={"hvp": " "})),
    ("the description is sound", described(numerics={"threads": (1, 2)})),
    ("value", Impatient),
]


@pytest.mark.parametrize(("name", "backend"), [*FAULTS.items(), *MORE_FAULTS])
def test_a_fault_is_found(name, backend):
    with pytest.raises(ConformanceError):
        CHECKS[name](backend)


@pytest.mark.parametrize("name", {**closed_checks(), **nesting_checks()})
def test_an_answer_that_is_off_by_a_thousandth_is_found(name):
    with pytest.raises(ConformanceError, match="relative error"):
        CHECKS[name](spoiling(shifted))


def test_every_check_of_handling_fails_here():
    assert set(handlings()) == {name for name in FAULTS if name in handlings()}


def test_outputs_are_waited_for_before_they_are_looked_at():
    CHECKS["value"](Lazy)
