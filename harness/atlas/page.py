"""The page of a survey as a file: asked for before it begins, written when it is over.

One convention: a file that can't be written is refused beforehand; should that fail afterwards
nevertheless, the run is stored and the sentence says how to write its page again.
"""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from harness.atlas.about import described
from harness.errors import UsageError
from results.schema import ATLAS, Record, Run

READABLE = 0o666  # by everybody but whom the umask keeps out, as of any file


def writable(file: str, store: Path) -> Path:
    """Return the path of a page to come. Raises UsageError where it can't be written."""
    path = Path(file)
    folder = path.resolve().parent
    if path.resolve() == store.resolve():
        raise UsageError(f"{path} is the store of results; give another file with --html")
    if path.is_dir() or not file.strip():
        raise UsageError(f"{file!r} is a folder; name a file in it with --html, as atlas.html")
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder} for {path.name}; make it, or give another")
    if not os.access(path if path.exists() else folder, os.W_OK) or not os.access(folder, os.W_OK):
        raise UsageError(f"{path} can't be written; give another file with --html")
    return path


def write(path: Path, run: Run, records: Sequence[Record], repro: str) -> None:
    """Write a survey's page, the whole of it or nothing. Raises UsageError."""
    if not run.selection.get(ATLAS):
        raise UsageError(f"run {run.id} is no survey of primitives, and only those have a page")
    from results.atlas.page import page  # which loads Jinja2, as no other command needs

    text = page(run, records, described(), repro=repro)
    try:
        _replace(path, text)
    except OSError as error:
        raise UsageError(
            f"{path} can't be written ({error.strerror}); the run is stored: "
            f"harness show {run.id} --html FILE"
        ) from error


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=".atlas-", suffix=".html")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, READABLE & ~mask)
        os.replace(name, path.resolve())
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def reproducer(store: Path, usual: Path) -> str:
    """The command that shows a record again, without its id: it says where the store is, unless it
    is the usual one."""
    return "harness repro" + ("" if store == usual else f" --results {shlex.quote(str(store))}")
