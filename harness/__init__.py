"""Which automatic-differentiation backend gets a derivative right, and which gets it fastest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from results.schema import Record

__all__ = ["run"]


def run(
    *scenarios: str,
    backend: str = "all",
    exclude: str = "",
    device: str = "cpu",
    operator: str = "",
    composition: str = "",
    size: tuple[str, ...] = (),
    dtype: str = "",
    data: str | None = None,
    model: str | None = None,
    force: bool = False,
    results: Path | str | None = None,
    notify: Callable[[Any], None] = lambda event: None,
    **options: Any,
) -> list[Record]:
    """Run scenarios and return their records, as `harness run` does.

    Words mean what they mean on the command line, comma-separated where several are allowed;
    `size` holds words like "n=5,1000". `options` are the fields of `harness.options.Options`
    (seconds and fractions as numbers). Records are stored too, in `results` or the default store.
    Raises UsageError for what can't be carried out.
    """
    from harness import plan, runner
    from harness.options import Options, selected, store_path
    from results.store import Store

    selection = selected(
        scenarios=scenarios,
        backend=[backend],
        exclude=[exclude],
        device=[device],
        operator=[operator],
        composition=[composition],
        size=size,
        dtype=[dtype],
        data=data,
        model=model,
        force=force,
    )
    chosen = Options(**options)
    planned = plan.make(selection, seed=chosen.seed)
    if "launches" not in options:
        chosen = planned.with_launches(chosen)
    with Store(store_path(results), writing=True) as store:
        return runner.execute(planned, chosen, store=store, command="harness.run", notify=notify)
