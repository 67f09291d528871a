"""A plugin that lives outside this tree: really installed, then found, listed and run."""

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parent / "dual"


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    """The command, in a fresh environment that sees this one's packages and has the plugin."""
    folder = tmp_path_factory.mktemp("plugin")
    source = folder / "source"
    subprocess.run(["cp", "-r", str(PLUGIN), str(source)], check=True)
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    site = next((folder / "env" / "lib").glob("python*/site-packages"))
    here = sysconfig.get_path("purelib")
    (site / "parent.pth").write_text(f"import site; site.addsitedir({here!r})\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
         "--no-build-isolation", "--disable-pip-version-check", "--target", str(site), str(source)],
        check=True, timeout=120,
    )  # fmt: skip

    def command(*arguments):
        return subprocess.run(
            [python, "-c", "from harness.cli import main; main()", *arguments],
            cwd=folder, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    return command


def test_it_is_not_here_without_the_plugin():
    from harness import plugins

    assert "dual" not in plugins.backends().items


def test_the_plugin_is_listed(harness):
    listed = harness("list").stdout
    assert "dual" in listed and "dual/quartic" in listed


def test_its_backend_runs_our_scenarios_and_our_backend_its_scenario(harness):
    done = harness(
        "run", "dual/quartic", "documented", "--backend", "dual,numpy", "--check", "--json", "-"
    )
    records = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    assert len(records) == 22, done.stderr
    assert {r["status"] for r in records} == {"ok"}, done.stderr
    dual = [r for r in records if r["backend"] == "dual"]
    assert {r["origin"] for r in dual} == {"derived"}
    assert [r["value"] for r in dual if r["scenario"].endswith("uncleared")] == [[[481.0]]]


def test_what_it_lacks_is_unsupported_with_its_sentence(harness, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from harness.scenario import Scenario\n"
        "s = Scenario(name='mine/sine', value=lambda xp, x: xp.sum(xp.sin(x)), size={'n': 3},\n"
        "    point=lambda rng, n: (rng.standard_normal(n),), wrt=('x',))\n"
    )
    done = harness("run", str(tmp_path / "mine.py"), "--backend", "dual", "--json", "-")
    record = json.loads(done.stdout.splitlines()[1])
    assert done.returncode == 0, done.stderr
    assert record["status"] == "unsupported" and record["reason"] == "dual numbers have no sin"
