"""What a scenario is: one mathematical function, its inputs by size, and independent answers.

A scenario's functions receive what they compute with as their first argument: `value` gets a
backend's `xp` (see `harness.xp`), closed forms get NumPy. So a scenario file imports no framework.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.case import BYTES, Case
from harness.primitive import Primitive

Array = Any
Numbers = Any  # nested sequences of floats, or one float


@dataclass(frozen=True, kw_only=True)
class Documented:
    """A point and answers as the source prints them. Checked before any other oracle.

    `point` holds one entry per argument of the scenario, `seeds` one per cotangent or tangent,
    `answers` one per output in the order of `wrt`; `intermediates` by the intermediate's name.
    """

    point: tuple[Numbers, ...]
    answers: tuple[Numbers, ...]
    source: str
    wrt: tuple[str, ...]
    seeds: tuple[Numbers, ...] = ()
    intermediates: Mapping[str, Numbers] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Intermediate:
    """A quantity on the way to the answer, checked in the same record but never timed."""

    value: Callable[..., Array]
    closed_form: Callable[..., Array]


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One backward pass of an accumulation.

    `value(xp, arguments, accumulators)` is a scalar; both parameters are tuples in the order of the
    scenario's arguments. `clear` names the accumulators that are set to zero after the scalar is
    formed and before its gradient, taken through everything including earlier accumulators, is
    added to every accumulator.
    """

    value: Callable[..., Array]
    clear: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A differentiable function with what is needed to run it and to know the right answer.

    `value(xp, *arguments)` returns one array. `point(rng, **size)` returns one array per
    argument, drawn from a `numpy.random.Generator`: float64, which become the case's dtype, or
    integers, which stay. `closed_forms[operator](np, *inputs)` returns
    a tuple: for `gradient` and `vjp` one array per argument of the function, else the output.
    `cotangent` fixes every element of a vjp's cotangent where the computation prescribes it.
    `levels` names sizes ("S", "M", "L"), `size` is the default one.
    `variables(**size)` counts the numbers that are differentiated, `elements(**size)` roughly those
    that a gradient keeps in memory (by default 16 for every variable); a run that would need more
    memory than the machine has is refused beforehand.
    `jacobian(xp, *arguments)` stands for the whole matrix where it has a structure, as that of
    independent observations: it returns one array of the entries that matter, found with `xp.vjp`
    or `xp.jvp`; the scenario's docstring says how they lie.
    `data` is "module:function", which reads the arguments from files: `function(file, model)` takes
    paths (`model` None where --model was not given) and returns the size and the arguments.
    `work[operator](**size)` returns how many numbers the answer can't do without moving (every
    input that it depends on read once, every output written once) and how many operations its
    closed form or documented algorithm makes, a function such as exp counted as one; for
    derivatives by all of `wrt`. It tells what share of the machine's own ceilings was reached.
    `zero_expected` documents that an answer of zeros is right. `conditioning` multiplies the
    default tolerance of the operators that it names, and needs `conditioning_reason`.
    `primitive` is what the scenario was made of, where it is one function of a framework.
    `about` says in a phrase what it is, `source` where it comes from; lists show both.
    """

    name: str
    value: Callable[..., Array]
    point: Callable[..., tuple[Array, ...]]
    size: Mapping[str, int]
    wrt: tuple[str, ...]
    operator: str = "gradient"
    operators: tuple[str, ...] = ("value", "gradient", "vjp", "jvp", "hvp", "hessian")
    dtype: str = "float64"
    closed_forms: Mapping[str, Callable[..., tuple[Array, ...]]] = field(default_factory=dict)
    documented: Documented | None = None
    intermediates: Mapping[str, Intermediate] = field(default_factory=dict)
    passes: tuple[Pass, ...] = ()
    read: tuple[str, ...] = ()
    levels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    variables: Callable[..., int] | None = None
    elements: Callable[..., int] | None = None
    work: Mapping[str, Callable[..., tuple[int, int]]] = field(default_factory=dict)
    jacobian: Callable[..., Array] | None = None
    data: str | None = None
    cotangent: float | None = None
    zero_expected: bool = False
    conditioning: Mapping[str, float] = field(default_factory=dict)
    conditioning_reason: str | None = None
    primitive: Primitive | None = None
    about: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        family, slash, short = self.name.partition("/")
        if not (family and slash and short):
            raise ValueError(f"scenario name {self.name!r} should read 'family/name'")
        if self.operator not in self.operators:
            raise ValueError(f"{self.name}: operator {self.operator!r} is not in its operators")
        for name in (*self.wrt, *self.read):
            if name not in self.arguments:
                raise ValueError(f"{self.name}: {name!r} is no argument of its value")
        given = self.documented
        if given and len(given.point) != len(self.arguments):
            raise ValueError(f"{self.name}: its documented point needs one entry per argument")
        if given and self.operator in ("gradient", "vjp", "accumulate"):
            names = self.read if self.operator == "accumulate" else given.wrt
            if len(given.answers) != len(names):
                raise ValueError(f"{self.name}: it needs documented answers for {names}")
        if self.conditioning and not self.conditioning_reason:
            raise ValueError(f"{self.name}: say why the tolerance is multiplied")

    @property
    def short(self) -> str:
        return self.name.partition("/")[2]

    @property
    def family(self) -> str:
        return self.name.partition("/")[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the function's arguments, in order, without `xp`."""
        return tuple(inspect.signature(self.value).parameters)[1:]

    def is_matrix(self, operator: str) -> bool:
        """Whether an operator's answer is a whole matrix, and no program of the scenario's own."""
        return operator == "hessian" or (operator == "jacobian" and self.jacobian is None)

    def work_of(self, case: Case) -> dict[str, int] | None:
        """Return the bytes and operations that a case can't do without; None where `work` does not
        state them for it."""
        count = self.work.get(case.operator)
        if count is None or (case.operator != "value" and case.wrt != self.wrt):
            return None
        numbers, operations = count(**case.size)
        return {"bytes": BYTES[case.dtype] * numbers, "operations": operations}

    def positions(self, names: Sequence[str]) -> tuple[int, ...]:
        """Turn argument names into positions."""
        return tuple(self.arguments.index(name) for name in names)
