"""The table of primitives: what every entry has, and what the table as a whole covers."""

import ast
import builtins
from dataclasses import replace

import pytest

from harness.primitive import EVERY, shape_of
from harness.xp import TABLE as PORTABLE
from scenarios.primitive import TABLE
from tests.harness.atlas.differences import is_flat
from tests.harness.atlas.planted import of

FRAMEWORKS = ("torch", "jax", "tensorflow")
WORDS = {
    "xp": {"xp"},
    "numpy": {"engine"},
    "torch": {"torch"},
    "jax": {"jax", "jnp"},
    "tensorflow": {"tf"},
}
STEPS = "it is constant between its steps"
FLAT = {
    "ceil": STEPS,
    "floor": STEPS,
    "floor-divide": STEPS,
    "heaviside": STEPS,
    "pow-0": "the power 0 of every number is 1",
    "round": STEPS,
    "sign": STEPS,
    "slogdet-sign": "a sign changes at singular matrices alone",
    "trunc": STEPS,
}
EACH = pytest.mark.parametrize("primitive", TABLE, ids=lambda p: p.name)


def faults(primitive):
    """What is amiss with an entry, as sentences."""
    return [*_of_spellings(primitive), *_of_points(primitive)]


def _of_spellings(primitive):
    for framework in FRAMEWORKS:
        if (framework in primitive.calls) == (framework in primitive.lacks):
            yield f"{framework} needs a call or a sentence in lacks, and one of them only"
    for backend, why in primitive.lacks.items():
        if len(why.split()) < 4:
            yield f"lacks has no sentence for {backend}"
    for backend, expression in primitive.calls.items():
        if backend not in WORDS:
            yield f"there is no backend called {backend!r}"
            continue
        strange = free_names(expression) - WORDS[backend] - set(primitive.arguments)
        if strange:
            yield f"{backend} is called with the unknown {', '.join(sorted(strange))}"
    if strange := portable_names(primitive.calls.get("xp", "xp")) - set(PORTABLE):
        yield f"xp has no {', '.join(sorted(strange))}"


def _of_points(primitive):
    first = primitive.points[0]
    if first.name != "generic" or first.exists != EVERY:
        yield "the first point is not a generic one with every derivative"
    for point in primitive.points:
        if not 0 <= point.exists <= 2 and point.exists != EVERY:
            yield f"{point.name!r} has {point.exists} derivatives; say 0, 1, 2 or EVERY"
    if is_flat(primitive, first) != (primitive.name in FLAT):
        yield "its derivative is zero at the generic point, or listed as if it were"


def free_names(expression):
    """The names that an expression takes from outside itself."""
    nodes = list(ast.walk(ast.parse(expression, mode="eval")))
    bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return used - bound - set(dir(builtins))


def portable_names(expression):
    """What an expression asks of `xp`, dotted names in full."""
    dotted = map(_dotted, ast.walk(ast.parse(expression, mode="eval")))
    return {".".join(name[1:]) for name in dotted if name[:1] == ["xp"]} - {"", "linalg"}


def _dotted(node):
    """The parts of a dotted name, none where a node is something else."""
    if isinstance(node, ast.Name):
        return [node.id]
    inner = _dotted(node.value) if isinstance(node, ast.Attribute) else []
    return [*inner, node.attr] if inner else []


@EACH
def test_every_entry_is_complete(primitive):
    assert not (found := faults(primitive)), "\n".join(found)


def test_names_are_unique():
    names = [primitive.name for primitive in TABLE]
    assert len(names) == len(set(names))


def test_there_are_200_entries_or_more():
    assert len(TABLE) >= 200


def test_what_is_listed_as_flat_is_in_the_table():
    assert set(FLAT) <= {primitive.name for primitive in TABLE}


def numbers(primitive, point):
    """The numbers of the differentiated arguments."""

    def flat(x):
        return [n for part in x for n in flat(part)] if isinstance(x, tuple | list) else [float(x)]

    pairs = zip(primitive.names(point), point.arguments, strict=True)
    return [n for name, x in pairs if name not in primitive.integers for n in flat(x)]


def named(*words):
    return lambda primitive, point: any(word in point.name for word in words)


def singular(primitive, point):
    return primitive.kind == "linalg" and named("rank", "singular", "zero")(primitive, point)


def repeated_indices(primitive, point):
    pairs = zip(primitive.names(point), point.arguments, strict=True)
    indices = [x for name, x in pairs if name in primitive.integers and len(shape_of(x)) == 1]
    return any(len(set(x)) < len(x) for x in indices)


def shapes(point):
    return [shape_of(x) for x in point.arguments]


HARD = {
    "tie": lambda p, q: q.exists == 0 and named("tie", "equal")(p, q),
    "kink": lambda p, q: q.exists == 0 and shapes(q) == [()],
    "joint of two derivatives": lambda p, q: q.exists == 1,
    "zero": lambda p, q: q.exists == EVERY and 0.0 in numbers(p, q),
    "saturation": named("saturated"),
    "far tail": named("tail"),
    "cancellation": named("cancel"),
    "next to a removable singularity": lambda p, q: any(0 < abs(n) < 1e-5 for n in numbers(p, q)),
    "repeated eigenvalues": named("equal eigenvalues"),
    "clustered eigenvalues": named("cluster of two eigenvalues"),
    "repeated singular values": named("equal singular values"),
    "clustered singular values": lambda p, q: p.name.startswith("svd") and q.name == "cluster",
    "singular matrix with a derivative": lambda p, q: q.exists == EVERY and singular(p, q),
    "subnormal": lambda p, q: any(0 < abs(n) < 2.0**-1022 for n in numbers(p, q)),
    "empty array": lambda p, q: any(0 in shape for shape in shapes(q)),
    "array without axes": lambda p, q: () in shapes(q),
    "broadcast": lambda p, q: named("broadcast")(p, q) and len(set(shapes(q))) > 1,
    "view": lambda p, q: q.form == "view",
    "intermediate used several times": lambda p, q: q.form == "twice",
    "same operand": lambda p, q: q.form == "same",
    "repeated index": repeated_indices,
}


@pytest.mark.parametrize("kind", HARD)
def test_every_kind_of_hard_point_occurs_and_not_everywhere(kind):
    found = [HARD[kind](primitive, point) for primitive in TABLE for point in primitive.points]
    assert any(found) and not all(found)


COMPLETE = {
    "name": "complete",
    "calls": {"xp": "xp.sin(x)", **{name: f"{min(WORDS[name])}.sin(x)" for name in FRAMEWORKS}},
}


def complete(**changed):
    entry = of(lambda m, x: m.sin(x), 0.7, **{**COMPLETE, **changed})
    return replace(entry, points=(replace(entry.points[0], name="generic"),))


def without(framework):
    return {name: call for name, call in COMPLETE["calls"].items() if name != framework}


def test_a_complete_entry_has_no_faults():
    assert faults(complete()) == []
    assert faults(complete(calls=without("jax"), lacks={"jax": "JAX has no such function."})) == []


BAD = {
    "jax needs a call": {"calls": without("jax")},
    "torch needs a call": {"lacks": {"torch": "PyTorch has no such function."}},
    "no sentence for jax": {"calls": without("jax"), "lacks": {"jax": "none"}},
    "no backend called 'tourch'": {"calls": {**COMPLETE["calls"], "tourch": "sin(x)"}},
    "torch is called with the unknown np": {"calls": {**COMPLETE["calls"], "torch": "np.sin(x)"}},
    "xp has no sine": {"calls": {**COMPLETE["calls"], "xp": "xp.sine(x)"}},
    "xp has no linalg.sine": {"calls": {**COMPLETE["calls"], "xp": "xp.linalg.sine(x)"}},
    "listed as if it were": {"name": "floor"},
}


@pytest.mark.parametrize("fault", BAD)
def test_an_incomplete_entry_is_told(fault):
    assert fault in "\n".join(faults(complete(**BAD[fault])))


def test_a_flat_entry_that_is_not_listed_is_told():
    entry = complete()
    flat = replace(entry, define=lambda m, x: x * 0)
    assert "its derivative is zero" in "\n".join(faults(flat))


def test_a_first_point_that_is_not_generic_is_told():
    entry = complete()
    for point in (replace(entry.points[0], name="zero"), replace(entry.points[0], exists=1)):
        assert "the first point is not a generic one" in faults(replace(entry, points=(point,)))[0]


def test_names_bound_within_an_expression_are_its_own():
    assert free_names("(lambda q, r: q @ r)(*torch.linalg.qr(x))") == {"torch", "x"}
    assert free_names("sum(x[i] for i in range(3))") == {"x"}
