"""Runs held against each other: two of them trial by trial, and one scenario over all of them."""
