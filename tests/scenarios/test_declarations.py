"""What every scenario of ours declares: sizes by name, and counts that are true."""

import numpy as np
import pytest

from harness import plugins
from harness.grid import LEVELS

OURS = [s for s in plugins.scenarios().items.values() if not s.primitive]


@pytest.mark.parametrize("scenario", OURS, ids=lambda s: s.name)
def test_sizes_have_names_and_the_default_is_one_of_them(scenario):
    assert tuple(scenario.levels) == LEVELS
    assert scenario.documented or scenario.size == scenario.levels["M"]


@pytest.mark.parametrize("level", ["S", "M"])
@pytest.mark.parametrize("scenario", OURS, ids=lambda s: s.name)
def test_variables_counts_what_is_drawn_and_differentiated(scenario, level):
    if scenario.family == "documented":
        pytest.skip("its scaled sizes are those of its point; it is never refused for memory")
    size = scenario.levels[level]
    point = scenario.point(np.random.default_rng(0), **size)
    drawn = sum(np.size(point[i]) for i in scenario.positions(scenario.wrt))
    assert scenario.variables(**size) == drawn
    assert scenario.elements is None or scenario.elements(**size) > 0
