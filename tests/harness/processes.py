"""Start the real command and look at its worker processes, for tests that end some of them."""

import json
import subprocess
import sys
import time
from pathlib import Path

ENTER = "import sys; from harness.cli import main; sys.argv[0] = 'harness'; main()"


def start(*arguments, folder, **keywords):
    """Start `harness` in a folder, stdout and stderr to pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", ENTER, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **keywords,
    )


def command(*arguments, folder, patience=240, **keywords):
    """Run `harness` to its end within `patience` seconds; return the completed process."""
    with start(*arguments, folder=folder, **keywords) as process:
        out, err = process.communicate(timeout=patience)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def workers(parent):
    """Return {pid: order} of the living workers of a parent, by their command lines."""
    found = {}
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if len(words) > 3 and b"harness.worker" in words[2]:
            found[int(pid)] = json.loads(words[3])
    return found


def gone(pid):
    """Whether a process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def until(condition, patience=60):
    """Wait for something that another process does; fail where it doesn't."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen")
        time.sleep(0.01)


def lines(path):
    """Return the JSON objects of a file that is being written."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().split("\n")[:-1]]
