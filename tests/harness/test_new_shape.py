"""What a call at a new shape costs: compiled variants are asked once, the others never."""

import harness


def test_compiled_variants_tell_what_a_new_shape_costs(tmp_path):
    found = harness.run(
        "sum-of-squares-x", backend="numpy:all", budget=0.02, results=tmp_path / "r.db"
    )
    seconds = {r.variant: r.seconds for r in found}
    assert seconds["replay"].new_shape > seconds["replay"].median
    assert seconds["eager"].new_shape is None


def test_without_a_neighbouring_size_the_cost_is_unknown_and_the_rest_is_timed(tmp_path):
    path = tmp_path / "own.py"
    path.write_text("def value(xp, x):\n    return xp.sum(x * x)\n\n\npoint = [1.0, 2.0]\n")
    (record,) = harness.run(str(path), backend="numpy", budget=0.02, results=tmp_path / "r.db")
    assert record.status == "ok" and record.seconds.new_shape is None


def test_a_size_that_its_neighbour_breaks_is_still_timed(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(
        "def value(xp, x):\n"
        "    assert x.shape == (4,), 'four numbers only'\n"
        "    return xp.sum(x * x)\n\n\n"
        "def point(rng, n=4):\n    return (rng.standard_normal(n),)\n"
    )
    (record,) = harness.run(str(path), backend="numpy", budget=0.02, results=tmp_path / "r.db")
    assert record.status == "ok" and record.seconds.new_shape is None


def test_a_worker_that_dies_at_the_new_shape_costs_nothing_else(tmp_path):
    path = tmp_path / "own.py"
    path.write_text(
        "import os\n\n\n"
        "def value(xp, x):\n"
        "    if x.shape != (4,):\n"
        "        os._exit(3)\n"
        "    return xp.sum(x * x)\n\n\n"
        "def point(rng, n=4):\n    return (rng.standard_normal(n),)\n"
    )
    found = harness.run(
        str(path), "square", backend="numpy", budget=0.02, results=tmp_path / "r.db"
    )
    assert [r.status for r in found] == ["ok", "ok"]
    assert found[0].seconds.new_shape is None and found[1].seconds.new_shape > 0


def test_compositions_are_right_though_a_neighbour_is_drawn_between_them(tmp_path):
    found = harness.run(
        "gradient-penalty", backend="numpy:all", operator="gradient,hvp", composition="all",
        size=("n=3",), budget=0.02, results=tmp_path / "r.db",
    )  # fmt: skip
    assert {r.status for r in found} == {"ok"} and len(found) == 10
