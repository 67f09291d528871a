"""The one exception that `results` raises on purpose; its text is a sentence with a remedy."""


class StoreError(Exception):
    """The store can't do what was asked of it."""
