"""Reading ADBench's text files: numbers in rows, each with a meaning and a known length.

The one convention: blank lines count in the numbering and for nothing else. Every defect is a
`UsageError` that names the file, the line, what should stand there and which format was expected.
"""

import math

import numpy as np

from harness.errors import UsageError, printable


class Reader:
    """The lines of a text file, taken one after the other.

    `form` says what file is wanted, as in "give a file of ADBench's GMM ('D K N' first)".
    """

    def __init__(self, file, form):
        self.file, self.form, self.line = file, form, 0
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise self.wrong("is not text") from error
        except OSError as error:
            raise self.wrong(f"can't be read: {error.strerror}") from error
        self.rest = [(i, line) for i, line in enumerate(text.split("\n"), 1) if line.strip()]
        self.rest.reverse()

    def wrong(self, complaint):
        """Make the error for the line read last, or for the whole file before the first."""
        place = f"{self.file}, line {self.line}:" if self.line else f"{self.file}"
        return UsageError(f"{printable(place)} {complaint}; {self.form}")

    def fields(self, what, separator=None):
        """Take the next line and split it; `what` says what it should hold."""
        if not self.rest:
            self.line = 0
            raise self.wrong(f"ends too early: {what} should follow")
        self.line, line = self.rest.pop()
        return line.strip().split(separator)

    def row(self, count, what):
        """Take a line of exactly `count` finite numbers."""
        return self.numbers(self.exactly(count, self.fields(what), what), what)

    def rows(self, number, count, what):
        """Take `number` lines of `count` finite numbers each: an array (number, count)."""
        # A list grows with the file, where an array would be made as large as a header claims.
        taken = [self.row(count, f"{what} (row {i} of {number})") for i in range(1, number + 1)]
        return np.array(taken, dtype=np.float64).reshape(number, count)

    def counts(self, *names):
        """Take a line of one positive integer for each name."""
        what = f"'{' '.join(names)}', positive integers,"
        return [
            self.count(field, name)
            for field, name in zip(
                self.exactly(len(names), self.fields(what), what), names, strict=True
            )
        ]

    def count(self, field, name):
        """Turn a field into a positive integer."""
        number = self.integer(field, name)
        if number < 1:
            raise self.wrong(f"{name} should be positive, not {number}")
        return number

    def integer(self, field, what):
        """Turn a field into an integer."""
        try:
            return int(self.plain(field))
        except ValueError as error:
            raise self.wrong(f"{shown(field)} is no integer, as {what} should be") from error

    def numbers(self, fields, what):
        """Turn fields into finite numbers."""
        return [self.number(field, what) for field in fields]

    def number(self, field, what):
        """Turn a field into a finite number."""
        try:
            number = float(self.plain(field))
        except ValueError as error:
            raise self.wrong(f"{shown(field)} is no number, as {what} should hold") from error
        if not math.isfinite(number):
            raise self.wrong(f"{shown(field)} is not finite, as {what} should be")
        return number

    def plain(self, field):
        """Refuse what Python takes for a number and no other reader does: 1_0, other digits."""
        if "_" in field or not field.isascii():
            raise ValueError(field)
        return field

    def exactly(self, count, fields, what):
        """Refuse a line with more fields than it should have, or fewer."""
        if len(fields) != count:
            raise self.wrong(f"{what} should have {count} fields here, not {len(fields)}")
        return fields

    def end(self):
        """Refuse what follows the last line that has a meaning."""
        if self.rest:
            self.line, _ = self.rest.pop()
            raise self.wrong("more follows than its first line announces")


def shown(field):
    """Quote what stands in the file, shortened to what a sentence bears."""
    return repr(field if len(field) <= 30 else f"{field[:30]}...")
