"""The two functions by which a machine is measured: reading numbers, and multiplying matrices.

Only `value` is asked of them, so that backends meet them as they meet the others: checked first,
then timed in interleaved rounds. `harness machine` runs both.
"""

from scenarios.machine import matmul, read

scenarios = (*read.scenarios, *matmul.scenarios)
