"""Scenarios: one function per file, no framework imported; families are sub-packages."""
