"""The map on a screen of 80 columns."""

from __future__ import annotations

from dataclasses import replace

from results.atlas.layers import laid_out
from results.atlas.map_table import Map, legend
from results.schema import Record
from tests.results.atlas.survey import ABOUT, RUNNERS, answers, convention, off
from tests.results.samples import drawn_lines


def drawn_map(records: list[Record], width: int = 80) -> list[str]:
    atlas = laid_out(records, ABOUT)
    return drawn_lines(Map(atlas, atlas.states()), width)


def test_seven_runners_in_eight_ways_fit_in_one_map_of_80_columns() -> None:
    lines = drawn_map(answers())
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("det") for line in lines) == 1
    assert lines[lines.index("linalg") + 1] == "det " + " ".join(["........"] * 7)


def test_runners_stand_over_the_ends_of_their_blocks() -> None:
    lines = drawn_map(answers())
    block = next(line for line in lines if line.startswith("abs"))
    for backend, variant in RUNNERS:
        above = next(line for line in lines if f"{backend}:{variant}" in line)
        end = above.index(f"{backend}:{variant}") + len(f"{backend}:{variant}")
        assert block[:end].endswith(" ........"), above


def test_a_runner_with_a_longer_name_than_its_block_has_room_over_it() -> None:
    lines = drawn_map(answers(("abs",), runners=(("tensorflow", "function"),)))
    assert len(lines[0]) == len("tensorflow:function") == len(lines[-2])


def test_ways_are_read_downwards() -> None:
    lines = drawn_map(answers(runners=RUNNERS[:1]))
    start = next(place for place, line in enumerate(lines) if "jax:eager" in line) + 1
    letters = [line.strip() for line in lines[start : start + 3]]
    assert ["".join(way) for way in zip(*letters, strict=True)] == [
        *("val", "grd", "vjp", "jvp", "FoR", "RoR", "RoF", "FoF"),
    ]


def test_what_has_no_room_stands_in_a_further_map() -> None:
    lines = drawn_map(answers(), width=40)
    assert max(map(len, lines)) <= 40
    assert sum(line.startswith("det") for line in lines) == 2
    assert all(any(f"{b}:{v}" in line for line in lines) for b, v in RUNNERS)


def test_a_long_name_is_not_cut() -> None:
    name = "scaled-dot-product-attention"
    lines = drawn_map(answers((name, "abs")))
    assert max(map(len, lines)) <= 80
    assert lines[lines.index(name) + 1].strip() == " ".join(["........"] * 7)


def test_one_symbol_a_cell_and_none_where_nothing_was_asked() -> None:
    records = answers(("det",), runners=RUNNERS[:1], points=("a", "b"))
    wrong = replace(records[3], **off(1, 2, 1.0))  # the gradient at the second point
    tie = replace(records[2], **convention(0.5))
    kept = [*records[:2], tie, wrong, *records[6:]]
    atlas = laid_out(kept, ABOUT)
    (line,) = [one for one in drawn_lines(Map(atlas, atlas.states())) if one.startswith("det")]
    assert line.split(maxsplit=1)[1] == ".X....."
    kept = [*records[:4], *[replace(one, **convention(0.5)) for one in records[4:6]]]
    atlas = laid_out(kept, ABOUT)
    (line,) = [one for one in drawn_lines(Map(atlas, atlas.states())) if one.startswith("det")]
    assert line.split(maxsplit=1)[1] == "..c"


def test_a_way_that_a_runner_was_not_asked_for_leaves_a_blank() -> None:
    records = answers(("det",), runners=RUNNERS[:2], points=("a",))
    (line,) = [one for one in drawn_map(records[:1] + records[8:]) if one.startswith("det")]
    assert line == "det .        ........"


def test_the_legend_names_what_is_there_and_nothing_else() -> None:
    atlas = laid_out([replace(answers()[0], **off(1, 2, 1.0)), *answers()[1:]], ABOUT)
    told = [line.strip() for part in legend(atlas, atlas.states()) for line in drawn_lines(part)]
    assert [line[:7] for line in told[:2]] == ["X wrong", ". right"]
    assert " ".join(told[2:]).startswith("val value, grd gradient, FoR hvp forward-over-reverse")
