"""`harness atlas`."""

from __future__ import annotations

import sys

import click

from harness.commands import results_option


@click.command()
@click.option(
    "--backend",
    multiple=True,
    default=["all"],
    metavar="NAME[:VARIANT|:all][@PYTHON|==VERSION],...",
    help="Which backends, each in its default and its eager variant.  [all]",
)
@click.option("--exclude", multiple=True, metavar="NAME[:VARIANT],...", help="Leave these out.")
@click.option("--device", multiple=True, default=["cpu"], metavar="cpu|cuda[:N]", help="[cpu]")
@click.option(
    "--primitive", multiple=True, metavar="GLOB,...", help="Primitives or chapters.  [all]"
)
@click.option("--operator", multiple=True, metavar="NAME,...", help="Ways to differentiate.  [all]")
@click.option("--composition", multiple=True, metavar="NAME,...", help="Nested modes alone.")
@click.option("--order", multiple=True, metavar="1,2,3", help="Orders of derivatives.  [1,2]")
@click.option("--dtype", multiple=True, metavar="float32,float64", help="[float64]")
@click.option("--sample", is_flag=True, help="A tenth of every chapter.")
@click.option("--timeout", default="60s", help="Time for one answer of a worker.  [60s]")
@click.option("--threads", type=int, default=1, help="Threads of every backend.  [1]")
@click.option("--label", help="A name for this run.")
@click.option("--html", metavar="FILE", help="Write the map as one page that needs nothing else.")
@results_option
@click.option("--json", "json_file", metavar="FILE|-", help="Write records as lines of JSON.")
@click.option("--quiet", is_flag=True, help="Print the closing line only.")
def atlas(
    backend: tuple[str, ...],
    exclude: tuple[str, ...],
    device: tuple[str, ...],
    primitive: tuple[str, ...],
    operator: tuple[str, ...],
    composition: tuple[str, ...],
    order: tuple[str, ...],
    dtype: tuple[str, ...],
    sample: bool,
    timeout: str,
    threads: int,
    label: str | None,
    html: str | None,
    results: str | None,
    json_file: str | None,
    quiet: bool,
) -> None:
    """Map which derivatives of which primitives are wrong, on every backend."""
    from harness.atlas import sheets
    from harness.carry import carry_out
    from harness.options import Options, Selection, duration, split

    selection = Selection(
        scenarios=split(primitive),
        backends=split(backend),
        exclude=split(exclude),
        devices=split(device),
        operators=split(operator),
        compositions=split(composition),
        dtypes=split(dtype),
    )
    chosen = sheets.Chosen(
        primitives=split(primitive),
        operators=split(operator),
        compositions=split(composition),
        orders=sheets.orders(split(order)),
        sample=sample,
    )
    options = Options(timeout=duration(timeout), threads=threads, label=label, check=True)
    planned, asked = sheets.make(selection, chosen)
    for line in planned.notes:
        click.echo(f"harness: {line}", err=True)
    sys.exit(carry_out(planned, options, results, json_file, quiet, sheets=asked, html=html))
