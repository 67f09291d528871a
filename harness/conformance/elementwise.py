"""Samples of elementwise and special functions, and of reductions."""

from __future__ import annotations

from harness.conformance.sample import (
    CUBE,
    HUGE,
    ONE_ZERO,
    POSITIVE,
    TIED,
    Sample,
    Samples,
    X,
    Y,
)


def samples_of_elementwise() -> Samples:
    return {
        "abs": Sample(inputs=(X,), forms=(lambda xp, x: xp.abs(x),)),
        "atan2": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: xp.atan2(x, y),
                lambda xp, x, y: xp.atan2(x, 0.5),
                lambda xp, x, y: xp.atan2(0.5, y),
            ),
        ),
        "clip": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: xp.clip(x, min=-0.5, max=0.75),
                lambda xp, x: xp.clip(x, min=0.05),
                lambda xp, x: xp.clip(x, max=0.5),
            ),
        ),
        "cos": Sample(inputs=(X,), forms=(lambda xp, x: xp.cos(x),)),
        "exp": Sample(inputs=(X,), forms=(lambda xp, x: xp.exp(x),)),
        "expm1": Sample(
            inputs=(X,), forms=(lambda xp, x: xp.expm1(x), lambda xp, x: xp.expm1(x * 1e-6))
        ),
        "log": Sample(inputs=(POSITIVE,), forms=(lambda xp, x: xp.log(x),)),
        "log1p": Sample(
            inputs=(POSITIVE,), forms=(lambda xp, x: xp.log1p(x), lambda xp, x: xp.log1p(x * 1e-6))
        ),
        "maximum": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: xp.maximum(x, y),
                lambda xp, x, y: xp.maximum(x, 0.5),
                lambda xp, x, y: xp.maximum(0, y),
                lambda xp, x, y: xp.maximum(x, y[0]),
            ),
        ),
        "minimum": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: xp.minimum(x, y),
                lambda xp, x, y: xp.minimum(x, 0.5),
                lambda xp, x, y: xp.minimum(0, y),
                lambda xp, x, y: xp.minimum(x[:, :1], y),
            ),
        ),
        "sign": Sample(inputs=(X,), forms=(lambda xp, x: xp.sign(x),)),
        "sin": Sample(inputs=(X,), forms=(lambda xp, x: xp.sin(x),)),
        "sqrt": Sample(inputs=(POSITIVE,), forms=(lambda xp, x: xp.sqrt(x),)),
        "square": Sample(inputs=(X,), forms=(lambda xp, x: xp.square(x),)),
        "tan": Sample(inputs=(X,), forms=(lambda xp, x: xp.tan(x / 2),)),
        "tanh": Sample(inputs=(X,), forms=(lambda xp, x: xp.tanh(x),)),
        "where": Sample(
            inputs=(X, Y),
            forms=(
                lambda xp, x, y: xp.where(x > 0, x * x, y),
                lambda xp, x, y: xp.where(x > y, x, 2.0),
                lambda xp, x, y: xp.where(x > y, 0, y),
                lambda xp, x, y: xp.where(x[:, :1] > 0, x, y[0]),
            ),
        ),
        "erf": Sample(inputs=(X,), forms=(lambda xp, x: xp.erf(x),)),
        "gammaln": Sample(
            inputs=(POSITIVE,),
            forms=(lambda xp, x: xp.gammaln(x), lambda xp, x: xp.gammaln(x * -0.25)),
        ),
        "digamma": Sample(inputs=(POSITIVE,), forms=(lambda xp, x: xp.digamma(x),)),
        "expit": Sample(
            inputs=(X, HUGE),
            forms=(lambda xp, x, huge: xp.expit(x), lambda xp, x, huge: xp.expit(huge)),
        ),
        "softplus": Sample(
            inputs=(X, HUGE),
            forms=(lambda xp, x, huge: xp.softplus(x), lambda xp, x, huge: xp.softplus(huge)),
        ),
    }


def samples_of_reductions() -> Samples:
    return {
        "logsumexp": Sample(
            inputs=(X, HUGE, CUBE),
            forms=(
                lambda xp, x, huge, cube: xp.logsumexp(x),
                lambda xp, x, huge, cube: xp.logsumexp(x, axis=-1),
                lambda xp, x, huge, cube: xp.logsumexp(x, axis=0, keepdims=True),
                lambda xp, x, huge, cube: xp.logsumexp(huge),
                lambda xp, x, huge, cube: xp.logsumexp(cube, axis=(0, -1)),
            ),
        ),
        "argmax": Sample(
            inputs=(X, TIED),
            forms=(
                lambda xp, x, tied: xp.argmax(x),
                lambda xp, x, tied: xp.argmax(x, axis=-1),
                lambda xp, x, tied: xp.argmax(tied, axis=1),
            ),
            differentiable=False,
        ),
        "argmin": Sample(
            inputs=(X, TIED),
            forms=(
                lambda xp, x, tied: xp.argmin(x),
                lambda xp, x, tied: xp.argmin(x, axis=-1),
                lambda xp, x, tied: xp.argmin(tied, axis=1),
            ),
            differentiable=False,
        ),
        "cumulative_sum": Sample(
            inputs=(X,),
            forms=(
                lambda xp, x: xp.cumulative_sum(x, axis=0),
                lambda xp, x: xp.cumulative_sum(x, axis=-1),
            ),
        ),
        "max": reduction("max"),
        "mean": reduction("mean"),
        "min": reduction("min"),
        "prod": Sample(
            inputs=(X, ONE_ZERO),
            forms=(
                lambda xp, x, zero: xp.prod(x),
                lambda xp, x, zero: xp.prod(x, axis=-1),
                lambda xp, x, zero: xp.prod(x, axis=0, keepdims=True),
                lambda xp, x, zero: xp.prod(zero, axis=1),
            ),
        ),
        "sum": reduction("sum"),
    }


def reduction(name: str) -> Sample:
    """Every way to say an axis."""
    return Sample(
        inputs=(CUBE,),
        forms=(
            lambda xp, x: getattr(xp, name)(x),
            lambda xp, x: getattr(xp, name)(x, axis=1),
            lambda xp, x: getattr(xp, name)(x, axis=-1, keepdims=True),
            lambda xp, x: getattr(xp, name)(x, axis=(0, -1)),
            lambda xp, x: getattr(xp, name)(x, axis=(1, 2), keepdims=True),
            lambda xp, x: getattr(xp, name)(x, keepdims=True),
        ),
    )
