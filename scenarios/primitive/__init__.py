"""Primitives: functions of the frameworks one by one, in tables that `harness atlas` surveys."""

from harness.atlas.scenarios import as_scenarios
from scenarios.primitive import elementwise, linalg

TABLE = (
    *elementwise.TABLE,
    *linalg.TABLE,
)
scenarios = as_scenarios(TABLE)
