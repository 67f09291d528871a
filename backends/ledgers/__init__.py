"""The entries of `backends.ledger`, a module for each framework."""
