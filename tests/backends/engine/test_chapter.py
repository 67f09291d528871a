"""The engine's chapter, README.md: its sessions run, its quotations are true, its map is complete.

The one convention: a block of ```python is a session of Python's own, and all of them are one; a
block of ```py quotes the engine, paragraph by paragraph.
"""

import doctest
import io
import re
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import backends.engine
from backends.engine import hessian, hvp, xp
from backends.engine.derivatives import COMPOSITIONS
from backends.engine.tracer import OF_UFUNC, PRIMITIVES

ENGINE = Path(backends.engine.__file__).parent
CHAPTER = ENGINE / "README.md"
TEXT = CHAPTER.read_text()
MAP = TEXT.partition("in reading order")[2]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.REPORT_UDIFF


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def failures(text):
    """Run the sessions of a text in one namespace; return what doctest has to say about them."""
    unfenced = re.sub(r"^```.*$", "", text, flags=re.MULTILINE)  # a fence would count as output
    sessions = doctest.DocTestParser().get_doctest(unfenced, {}, CHAPTER.name, str(CHAPTER), 0)
    said = io.StringIO()
    # What the chapter declares is forgotten afterwards.
    with patch.dict(PRIMITIVES), patch.dict(OF_UFUNC):
        doctest.DocTestRunner(optionflags=FLAGS).run(sessions, out=said.write)
    return said.getvalue()


def test_every_session_prints_what_it_shows():
    assert not failures(TEXT)


@pytest.mark.parametrize(
    ("shown", "instead"),
    [
        (
            "array([ 3., 12., 27.])\n>>> value_and_grad",
            "array([ 3., 12., 28.])\n>>> value_and_grad",
        ),
        ("v1 = square(v0)", "v1 = square(x0)"),
        ("2 {1: [0.0, 1.0], 0: [0.0, 0.762]}", "2 {1: [0.0, 1.0], 0: [0.0, 0.763]}"),
        ("expected -0.4794", "expected -0.4795"),
    ],
)
def test_a_session_that_shows_anything_else_fails(shown, instead):
    assert TEXT.count(shown) == 1
    assert failures(TEXT.replace(shown, instead)).count("\nFailed example:") == 1


def test_every_block_of_python_is_a_session_and_every_session_is_in_one():
    sessions = blocks(TEXT, "python")
    assert all(block.startswith(">>> ") for block in sessions)
    assert TEXT.count("\n>>> ") == sum(f"\n{block}".count("\n>>> ") for block in sessions)


def test_a_primitive_of_the_chapters_own_is_forgotten_after_it():
    failures(TEXT)
    assert "kepler" not in PRIMITIVES


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_the_table_of_compositions_says_how_often_the_function_runs(composition):
    (row,) = (line for line in TEXT.splitlines() if line.startswith(f"| `{composition}`"))
    of_product, of_hessian = re.findall(r"\b(1|n) runs?\b", row)
    runs, x = [], np.array([1.0, 2.0, 3.0])

    def quartic(x):
        runs.append(x)
        return xp.sum(x**4)

    for run, said in (
        (lambda: hvp(quartic, composition)(x, x), of_product),
        (lambda: hessian(quartic, composition)(x), of_hessian),
    ):
        runs.clear()
        run()
        assert len(runs) == {"1": 1, "n": 3}[said]


def test_what_is_quoted_stands_in_the_engine():
    sources = [path.read_text() for path in ENGINE.rglob("*.py")]
    quotations = [q for block in blocks(TEXT, "py") for q in block.strip().split("\n\n")]
    assert quotations
    for quotation in quotations:
        assert any(f"\n{quotation}\n" in source for source in sources), quotation


def test_the_map_names_every_module_and_no_other():
    named = re.findall(r"`([\w/]+\.py)`", MAP)
    assert sorted(named) == sorted(str(p.relative_to(ENGINE)) for p in ENGINE.rglob("*.py"))


def test_files_and_constants_named_in_the_text_are_there():
    for name in re.findall(r"`([\w/]+\.py)`", TEXT):
        places = (ENGINE / name, ENGINE / "replaying" / name, ENGINE.parent.parent / name)
        assert any(place.is_file() for place in places), name
    constants = re.findall(r"`([A-Z]+)`\s+in\s+`(\w+)\.py`", TEXT)
    assert [constant for constant, _ in constants] == re.findall(r"`([A-Z]+)`", TEXT)
    for constant, module in constants:
        source = (ENGINE / "replaying" / f"{module}.py").read_text()
        assert re.search(rf"^{constant} = ", source, flags=re.MULTILINE), constant
