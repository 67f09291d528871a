"""ADBench's hand tracking files and their model: what is written is read, defects are refused."""

import numpy as np
import pytest

from harness.errors import UsageError
from scenarios.adbench import hand, hand_files
from scenarios.adbench.hand_model import NAMES, PARENTS

SIMPLE, COMPLICATED = hand.scenarios
RNG = np.random.default_rng


def lines(*arrays):
    """Rows of numbers as the files have them."""
    rows = [" ".join(repr(number) for number in row) for array in arrays for row in array.tolist()]
    return "\n".join(rows) + "\n"


def written(folder, scenario):
    """Write a drawn point as ADBench does: the input file, and its model beside it."""
    theta, *rest = arguments = scenario.point(RNG(0), vertices=9, correspondences=4)
    us = [rest.pop(0)] if scenario is COMPLICATED else []
    relative, inverse, positions, weights, which, measured, *triangles = rest
    model = folder / "model"
    model.mkdir()
    transforms = np.hstack([relative.reshape(22, 16), inverse.reshape(22, 16)])
    heads = [f"{name}:{parent}:" for name, parent in zip(NAMES, PARENTS, strict=True)]
    bodies = lines(transforms).replace(" ", ":").splitlines()
    (model / "bones.txt").write_text("\n".join(map("".join, zip(heads, bodies, strict=True))))
    with (model / "vertices.txt").open("w") as file:
        for x, row in zip(positions, weights, strict=True):
            bones = np.flatnonzero(row)
            pairs = [f"{bone}:{float(row[bone])!r}" for bone in bones.tolist()]
            numbers = [*map(repr, x.tolist()), *"00000", str(len(bones))]
            file.write(":".join([*numbers, *pairs]) + "\n")
    corners = triangles[0] if triangles else np.array([[0, 1, 2]])
    (model / "triangles.txt").write_text(lines(corners).replace(" ", ":"))
    rows = [
        f"{i} {x!r} {y!r} {z!r}\n" for i, (x, y, z) in zip(which, measured.tolist(), strict=True)
    ]
    (folder / "input.txt").write_text("4 26\n" + "".join(rows) + lines(*us, theta[:, None]))
    return folder / "input.txt", arguments


READERS = {"hand-simple": hand_files.simple, "hand-complicated": hand_files.complicated}


@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
def test_what_is_written_is_read_again(tmp_path, scenario):
    file, arguments = written(tmp_path, scenario)
    size, read = READERS[scenario.short](file, None)
    assert size == {"vertices": 9, "correspondences": 4}
    for found, expected in zip(read, arguments, strict=True):
        assert found.dtype.kind == expected.dtype.kind
        np.testing.assert_array_equal(found, expected)


def test_the_model_may_lie_elsewhere(tmp_path):
    file, _ = written(tmp_path, SIMPLE)
    elsewhere = (tmp_path / "model").rename(tmp_path / "elsewhere")
    hand_files.simple(file, elsewhere)
    with pytest.raises(UsageError, match=r"no folder .*model .*; give ADBench's model .* --model"):
        hand_files.simple(file, None)


DEFECTS = [
    ("input.txt", "4 26", "4 25", "n_theta should be 26, not 25"),
    ("input.txt", "4 26", "4 26 7", "should have 2 fields here, not 3"),
    ("input.txt", "4 26", "3 26", "should have"),
    ("input.txt", "4 26", "5 26", "should have"),
    ("model/bones.txt", "thumb2:1:", "thumb2:0:", "another tree of bones.*with parent 1"),
    ("model/bones.txt", "index1:", "index:", "another tree of bones.*'index1'"),
    ("model/bones.txt", "0.0:0.0:0.0:1.0", "0.0:0.0:0.5:1.0", "last row .* 0 0 0 1"),
    ("model/bones.txt", "wrist:-1:", "wrist:-1:1:", "should have 34 fields here, not 35"),
    ("model/vertices.txt", ":0:0:0:0:0:", ":0:0:0:0:0:9:", "fields here"),
    ("model/vertices.txt", ":0:0:0:0:0:", "\n", "should have 9 fields"),
]


@pytest.mark.parametrize(("name", "old", "new", "complaint"), DEFECTS)
@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
def test_a_defect_of_a_file_is_one_sentence(tmp_path, scenario, name, old, new, complaint):
    file, _ = written(tmp_path, scenario)
    text = (tmp_path / name).read_text()
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1))
    with pytest.raises(UsageError, match=f"{complaint}.*; give "):
        READERS[scenario.short](file, None)


@pytest.mark.parametrize("name", ["bones.txt", "vertices.txt", "triangles.txt"])
def test_a_file_that_the_model_lacks_is_named(tmp_path, name):
    file, _ = written(tmp_path, COMPLICATED)
    (tmp_path / "model" / name).unlink()
    with pytest.raises(UsageError, match=f"{name} can't be read: No such file.*--model"):
        hand_files.complicated(file, None)


@pytest.mark.parametrize("name", ["input.txt", "model/bones.txt", "model/vertices.txt"])
@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
def test_an_empty_file_ends_too_early(tmp_path, scenario, name):
    file, _ = written(tmp_path, scenario)
    (tmp_path / name).write_text("\n")
    with pytest.raises(UsageError, match="ends too early"):
        READERS[scenario.short](file, None)


@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
def test_a_longer_file_is_refused(tmp_path, scenario):
    file, _ = written(tmp_path, scenario)
    file.write_text(file.read_text() + "0.5\n")
    with pytest.raises(UsageError, match="more follows"):
        READERS[scenario.short](file, None)


def test_the_other_objectives_file_is_refused(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    simple, _ = written(tmp_path / "a", SIMPLE)
    complicated, _ = written(tmp_path / "b", COMPLICATED)
    with pytest.raises(UsageError, match="for hand-complicated"):
        hand_files.complicated(simple, None)
    with pytest.raises(UsageError, match="for hand-simple"):
        hand_files.simple(complicated, None)


@pytest.mark.parametrize("index", [9, -1, 10**30])
def test_an_index_out_of_range_is_refused(tmp_path, index):
    file, arguments = written(tmp_path, SIMPLE)
    first = f"\n{arguments[-2][0]} "
    file.write_text(file.read_text().replace(first, f"\n{index} ", 1))
    with pytest.raises(UsageError, match=f"vertex {index} is not there, the last one is 8"):
        hand_files.simple(file, None)


def test_a_triangle_of_a_vertex_that_is_not_there_is_refused(tmp_path):
    file, _ = written(tmp_path, COMPLICATED)
    triangles = tmp_path / "model" / "triangles.txt"
    triangles.write_text("0:1:9\n" + triangles.read_text())
    with pytest.raises(UsageError, match=r"triangles.txt, line 1: vertex 9 is not there"):
        hand_files.complicated(file, None)


def test_a_weight_of_a_bone_that_is_not_there_is_refused(tmp_path):
    file, _ = written(tmp_path, SIMPLE)
    with (tmp_path / "model" / "vertices.txt").open("a") as vertices:
        vertices.write("1:2:3:0:0:0:0:0:1:22:1.0\n")
    with pytest.raises(UsageError, match=r"line 10: bone 22 is not there, the last one is 21"):
        hand_files.simple(file, None)
