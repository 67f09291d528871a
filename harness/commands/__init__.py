"""The commands, one module for each kind: what is run, what is stored, what is here.

One convention: a command only turns words into calls; what it imports beyond click is imported
inside it, because `harness --help` has to come in a tenth of a second.
"""

import click

results_option = click.option(
    "--results", metavar="FILE", help="Store of results.  [.harness/results.db]"
)
