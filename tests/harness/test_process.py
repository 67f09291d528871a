"""How a worker's end is classified, by its exit status and the kernel's own count."""

import signal

import pytest

from harness.errors import TrialEnded
from harness.process import Process, kernel_kills, verdict_on_death


@pytest.mark.parametrize(
    ("code", "before", "after", "status", "word"),
    [
        (-signal.SIGKILL, 3, 4, "out-of-memory", "rose by 1"),
        (-signal.SIGKILL, 3, 3, "crashed", "did not rise"),
        (-signal.SIGKILL, None, None, "crashed", "SIGKILL"),
        (-signal.SIGSEGV, 3, 4, "crashed", "SIGSEGV"),
        (-35, 3, 3, "crashed", "signal 35"),
        (5, 3, 3, "crashed", "status 5"),
        (0, 3, 3, "crashed", "status 0"),
        (None, 3, 3, "crashed", "closed its channel"),
    ],
)
def test_an_end_is_told_by_the_evidence(code, before, after, status, word):
    got, how = verdict_on_death(code, before, after)
    assert got == status and word in how


def test_the_kernels_count_is_read():
    count = kernel_kills()
    assert count is None or count >= 0


def test_a_process_that_ended_says_so_to_everyone_who_asks():
    process = Process("bench", {}, [0])
    process.popen.kill()
    for _ in range(2):
        with pytest.raises(TrialEnded, match="SIGKILL") as caught:
            process.ask("settle", timeout=10, cores=[0])
        assert caught.value.status == "crashed"
    process.kill()
