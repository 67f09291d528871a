"""A survey as one page that needs nothing else: no network, no other file, no build.

One convention: whatever a framework said is data in the page and text on it, never markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from results.atlas.about import About
from results.atlas.conventions import rows
from results.atlas.counts_table import counts, percent, share_that_runs
from results.atlas.layers import Atlas, laid_out, short
from results.atlas.page_data import data_of
from results.atlas.states import STATES
from results.schema import Record, Run
from results.tables import typed


def page(
    run: Run, records: Sequence[Record], about: Mapping[str, About], *, repro: str = "harness repro"
) -> str:
    """Write a survey as HTML; `repro` is the command before a record's id."""
    atlas = laid_out(records, about)
    states = atlas.states()
    loader = PackageLoader("results.atlas", "templates")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    data = {**data_of(run, atlas, repro), "conventions": conventions(atlas)}
    return environment.get_template("atlas.html").render(
        run=run,
        command=typed(run.command),
        versions=[f"{name} {version}" for name, version in run.versions.items()],
        states=STATES,
        atlas=atlas,
        records=len(records),
        counts=counts(states),
        shares={who: percent(share_that_runs(states, who)) for who in atlas.runners},
        data=data,
    )


def conventions(atlas: Atlas) -> list[list[object]]:
    """The rows of the table of conventions: primitive, ways, point, an answer a runner."""
    return [
        [
            row.primitive,
            ", ".join(map(short, row.ways)),
            row.spot,
            [row.answers.get(runner, "") for runner in atlas.runners],
        ]
        for row in rows(atlas)
    ]
