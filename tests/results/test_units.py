"""How sizes of memory are written."""

import pytest

from results.units import size


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (512, "512 B"),
        (999, "999 B"),
        (1000, "0.977 KiB"),
        (48 * 2**10, "48 KiB"),
        (144e6, "137 MiB"),
        (999.7 * 2**20, "0.976 GiB"),
        (7.75 * 2**30, "7.75 GiB"),
        (1.28e14, "116 TiB"),
        (1e26, "82.7 YiB"),
    ],
)
def test_a_size_has_three_digits_and_the_unit_that_fits(count, text):
    assert size(count) == text
