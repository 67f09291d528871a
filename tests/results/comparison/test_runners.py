from __future__ import annotations

import pytest

from results.comparison.runners import parts_of, without_environment, without_variant


@pytest.mark.parametrize(
    ("runner", "parts"),
    [
        ("torch:eager", ("torch", "eager", "")),
        ("torch", ("torch", "", "")),
        ("jax:jit==0.9.0", ("jax", "jit", "==0.9.0")),
        ("jax[cuda12]==0.9.0", ("jax", "", "[cuda12]==0.9.0")),
        ("jax:jit@/a==b/c:d/python", ("jax", "jit", "@/a==b/c:d/python")),
        ("", ("", "", "")),
    ],
)
def test_a_runners_name_is_taken_apart(runner: str, parts: tuple[str, str, str]) -> None:
    assert parts_of(runner) == parts


def test_variant_or_environment_may_be_left_out_of_a_runners_name() -> None:
    assert without_variant("jax:jit[cuda12]==0.9.0") == "jax[cuda12]==0.9.0"
    assert without_variant("torch:eager") == "torch"
    assert without_environment("jax:jit@/opt/py") == "jax:jit"
