"""`harness environment`: the environments that were made for versions of backends."""

from __future__ import annotations

import click


@click.group(invoke_without_command=True)
@click.pass_context
def environment(context: click.Context) -> None:
    """List, add and remove environments of backends.

    They are kept in $HARNESS_CACHE, else in ~/.cache/autodiff-harness.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@environment.command("list")
def list_() -> None:
    """List what was made, where and when."""
    from harness.environments.listing import show

    show()


@environment.command()
@click.argument("requirements", nargs=-1, required=True, metavar="NAME==VERSION ...")
@click.option("--wheels", metavar="FOLDER", help="Install from it, and from no registry.")
def add(requirements: tuple[str, ...], wheels: str | None) -> None:
    """Make environments before they are needed, such as jax==0.9.0."""
    from harness import plugins, variants
    from harness.environments.providing import provided
    from harness.options import split

    declared = plugins.backends().items
    for text in split(requirements):
        backend, version = variants.versioned(text, declared)
        with provided(declared[backend], version, wheels, click.echo) as made:
            click.echo(f"{made.requirement} is in {made.folder}")


@environment.command()
@click.argument("requirements", nargs=-1, required=True, metavar="NAME==VERSION|all ...")
def remove(requirements: tuple[str, ...]) -> None:
    """Remove environments; 'all' means every one."""
    from harness.environments import cache
    from harness.options import split

    cache.remove(split(requirements), click.echo)
