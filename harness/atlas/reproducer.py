"""A script that shows one wrong derivative with nothing but the framework, put together.

One convention: a backend's reproducer, "module:function" of its declaration, takes an `Asked` and
returns sections, which are lists of lines, and the expression of the answer after them, a tuple of
arrays. What stands before and after, and that all is at most 30 lines, is this module's part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.atlas.evaluation import Inputs
from harness.atlas.scripts import MOST_LINES, comment, joined, literal, tupled
from harness.atlas.ways import ALONG, Way, is_scalar
from harness.primitive import Point, Primitive
from results.schema import Record, Run

WHAT = {
    "value": "The value",
    "gradient": "The gradient of <w, f>",
    "vjp": "The pullback of w",
    "jvp": "The derivative along v",
    "hvp": "The Hessian of <w, f> times v",
    "second": "The second derivative along v",
    "third": "The third derivative along v",
}
SEPARATE = 3  # arrays up to which each has a line of its own
ISSUE = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/issues/(\d+)")
WITHIN = "abs(computed - expected) <= tolerance"
LONGEST = 150  # characters of what a record that failed says of itself


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the lines of a backend have to compute.

    `call` is the framework's expression in `operands`. A point holds `names` (one for all operands
    in the form "same"); of these `integers` hold indices and `wrt` are differentiated. `arrays` are
    the inputs by name, in order: what the point holds, and where the way takes them the cotangent,
    whose name is `w`, and the tangents of `wrt`, whose names are `vs`.
    """

    call: str
    operands: tuple[str, ...]
    names: tuple[str, ...]
    integers: tuple[str, ...]
    wrt: tuple[str, ...]
    w: str
    vs: tuple[str, ...]
    arrays: Mapping[str, Any]
    form: str
    way: Way
    variant: str
    device: str
    dtype: str

    def function(self, call: str) -> list[str]:
        """Define f, a function of what the point holds, in the point's form."""
        code = [f"def f({', '.join(self.names)}):"]
        views = [name for name in self.names if name not in self.integers]
        if self.form == "view":
            every = ", ".join(f"{name}[..., ::2]" for name in views)
            code.append(f"    {', '.join(views)} = {every}")
        if self.form == "same" and len(self.operands) > 1:
            code.append(f"    {' = '.join(self.operands[1:])} = {self.names[0]}")
        if self.form == "twice":
            m = free("m", self.operands)
            return [*code, f"    {m} = {call}", f"    return ({m} * {m}) * {m}"]
        return [*code, f"    return {call}"]

    def assignments(self, real: str, whole: str) -> list[str]:
        """Make all inputs; `real` and `whole` make an array, of the dtype or of integers, of what
        is put in the place of `{}`."""
        makers = {name: whole if name in self.integers else real for name in self.arrays}
        if len(self.arrays) <= SEPARATE:
            return [
                f"{name} = {makers[name].format(literal(x))}" for name, x in self.arrays.items()
            ]
        lines = []
        for maker in dict.fromkeys(makers.values()):
            names = [name for name in self.arrays if makers[name] == maker]
            numbers = tupled([literal(self.arrays[name]) for name in names])
            made = maker.format("x")
            together = f"{', '.join(names)} = ({made} for x in {numbers})"
            alone = f"{names[0]} = {maker.format(literal(self.arrays[names[0]]))}"
            lines.append(together if len(names) > 1 else alone)
        return lines


def free(name: str, taken: Sequence[str]) -> str:
    """Return a name like this one that is not taken."""
    return free(f"{name}_", taken) if name in taken else name


def asked(
    primitive: Primitive, point: Point, way: Way, record: Record, inputs: Inputs, call: str
) -> Asked:
    """Gather what a record asks of a script that uses a framework's `call`."""
    operands = primitive.arguments
    names = operands[:1] if point.form == "same" else operands
    wrt = tuple(name for name in names if name not in primitive.integers)
    arrays = {
        name: numbers if name in primitive.integers else as_reals(numbers)
        for name, numbers in zip(names, point.arguments, strict=True)
    }
    w = free("w", operands)
    numbers = [""] if len(wrt) == 1 else [str(i) for i in range(1, len(wrt) + 1)]
    vs = tuple(free(f"v{number}", operands) for number in numbers)
    if is_scalar(way) or way.operator == "vjp":
        arrays[w] = inputs.cotangent.tolist()
    if way.operator in ALONG:
        arrays |= zip(vs, (v.tolist() for v in inputs.tangents), strict=True)
    return Asked(
        call=call,
        operands=operands,
        names=names,
        integers=primitive.integers,
        wrt=wrt,
        w=w,
        vs=vs,
        arrays=arrays,
        form=point.form,
        way=way,
        variant=record.variant,
        device=record.device,
        dtype=record.dtype,
    )


def as_reals(numbers: Any) -> Any:
    """Turn whole numbers in nested sequences into what arrays of the dtype hold."""
    if isinstance(numbers, tuple | list):
        return [as_reals(one) for one in numbers]
    return float(numbers)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What to look at: of output `output` the number at `index`, where `number` is right to
    `within`; or its shape, where it holds no number and `index` is None. `relative` is the
    tolerance as the atlas states it."""

    output: int
    index: tuple[int, ...] | None
    number: Any
    within: float
    relative: float


def script(
    written: tuple[Sequence[Sequence[str]], str],
    record: Record,
    run: Run,
    primitive: Primitive,
    point: Point,
    expected: Expected,
) -> str:
    """Put what a backend wrote between what was seen and what is right: as easy to read as the
    number of lines permits."""
    sentences = header(record, run, primitive, point, expected)
    sections, answer = written
    last = footer(answer, record, expected)
    text = joined([[part for line in sentences for part in comment(line)], *sections, last])
    if text.count("\n") > MOST_LINES:
        terse = comment(ISSUE.sub(r"\1#\2", ". ".join(sentences)))
        text = joined([terse, *sections, last])
    if text.count("\n") > MOST_LINES:
        text = joined([terse, *sections, brief(answer, record, expected)])
    return text


def header(
    record: Record, run: Run, primitive: Primitive, point: Point, expected: Expected
) -> list[str]:
    """Say what is wrong, of what, where it was seen and how the right answer is known, each in a
    sentence."""
    composition = f", {record.composition}" if record.composition else ""
    source = f" ({primitive.source})" if primitive.source else ""
    return [
        f"{WHAT[record.operator]}{composition}, of {primitive.name} at its point {point.name!r} "
        f"{ending(record, expected)}",
        f"Expected by its definition, {primitive.formula}{source}, in extended precision (mpmath), "
        f"tolerance {expected.relative:.2g}",
        f"Seen with {record.backend} {record.version} ({record.variant}), {record.dtype} on "
        f"{record.device}, Python {run.versions['python']}",
        *([f"Known: {record.known}"] if record.known else []),
    ]


def ending(record: Record, expected: Expected) -> str:
    """Say what became of a record."""
    if record.error and record.error.worst:
        return f"is {record.error.worst['got']:.9g} where {expected.number:.9g} is right"
    reason = " ".join((record.reason or "").split())
    return f"ends as {record.status}: {reason[:LONGEST]}{'...' if len(reason) > LONGEST else ''}"


def footer(answer: str, record: Record, expected: Expected) -> list[str]:
    """Compare, print, and exit: 1 where the answer is wrong still, 0 where it is right."""
    right = "computed == expected" if expected.index is None else WITHIN
    given = f"expected, tolerance = {literal(expected.number)}, {expected.within!r}"
    told = f"recorded {recorded(record)}, computed {{computed}}: {{verdict}}"
    return [
        f"computed = {looked_at(answer, expected)}",
        f"expected = {expected.number!r}" if expected.index is None else given,
        f'verdict = "fixed here" if {right} else "wrong"',
        f'print(f"expected {{expected}}, {told}")',
        'raise SystemExit(verdict == "wrong")',
    ]


def brief(answer: str, record: Record, expected: Expected) -> list[str]:
    """The same as a footer in fewer lines, which tells by its exit status alone."""
    right = f"abs(computed - {literal(expected.number)}) <= {expected.within!r}"
    if expected.index is None:
        right = f"computed == {expected.number!r}"
    told = f"expected {expected.number!r}, recorded {recorded(record)}, computed"
    return [
        f'print("{told}", computed := {looked_at(answer, expected)})',
        f"raise SystemExit(not {right})",
    ]


def recorded(record: Record) -> str:
    """What came out when the record was made: the number, or how it ended."""
    worst = record.error.worst if record.error else None
    return repr(worst["got"]) if worst else record.status


def looked_at(answer: str, expected: Expected) -> str:
    """The expression of what is compared."""
    if expected.index is None:
        return f"tuple({answer}[{expected.output}].shape)"
    index = ", ".join(map(str, expected.index))
    return f"float({answer}[{expected.output}]{f'[{index}]' if index else ''})"
