"""From the words of a command to the trials: look names up, cross them, refuse what can't be.

Nothing is imported or started; a name that is not there is a UsageError with the nearest one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.util import find_spec
from itertools import product

from harness import plugins
from harness.case import COMPOSITIONS, DTYPES, OPERATORS, SECOND_ORDER, Case, Trial
from harness.contract import Declaration
from harness.errors import UsageError, unknown
from harness.options import Selection
from harness.scenario import Scenario

LEVELS = ("S", "M", "L")
Runner = tuple[str, str, str]  # backend, variant, device


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The trials of a run, case by case. `beforehand` holds the runners that can't run, with the
    status and the reason that their trials' records get; `broken` a sentence a broken plugin."""

    cases: tuple[Case, ...]
    runners: tuple[Runner, ...]
    beforehand: Mapping[Runner, tuple[str, str]]
    locators: Mapping[str, str]
    declarations: Mapping[str, Declaration]
    broken: tuple[str, ...]

    @property
    def trials(self) -> tuple[Trial, ...]:
        return tuple(trial for case in self.cases for trial in self.trials_of(case))

    def trials_of(self, case: Case) -> tuple[Trial, ...]:
        return tuple(
            Trial(case=case, backend=backend, variant=variant, device=device)
            for backend, variant, device in self.runners
        )


def make(selection: Selection, *, seed: int) -> Plan:
    """Look everything up and return the plan."""
    found, declared = plugins.scenarios(), plugins.backends()
    items, locators = dict(found.items), dict(found.locators)
    for word in dict.fromkeys(w for w in selection.scenarios if w.endswith(".py")):
        for scenario in plugins.scenarios_at(word):
            if scenario.name in items:
                raise UsageError(
                    f"the name {scenario.name!r} in {word} is taken by {locators[scenario.name]}; "
                    "give it another"
                )
            items[scenario.name], locators[scenario.name] = scenario, word
    scenarios = _scenarios(selection.scenarios or ("documented",), items, locators)
    runners = _runners(selection, declared.items)
    return Plan(
        cases=_cases(scenarios, selection, seed),
        runners=tuple(runners),
        beforehand=_beforehand(runners, declared.items),
        locators=locators,
        declarations=declared.items,
        broken=found.broken + declared.broken,
    )


def _scenarios(
    words: Sequence[str], items: Mapping[str, Scenario], locators: Mapping[str, str]
) -> list[Scenario]:
    chosen: dict[str, Scenario] = {}
    for word in words:
        matches = [s for s in items.values() if _matches(word, s, locators[s.name])]
        if not matches:
            names = {s.short for s in items.values()} | {s.family for s in items.values()}
            raise unknown("scenario", word, names if "/" not in word else set(items))
        if len(matches) > 1 and all(s.short == word for s in matches):
            raise UsageError(
                f"{word!r} is the name of several scenarios; give one of: "
                f"{', '.join(s.name for s in matches)}"
            )
        chosen |= {s.name: s for s in matches}
    return list(chosen.values())


def _matches(word: str, scenario: Scenario, locator: str) -> bool:
    if word in ("all", locator, scenario.name, scenario.short, scenario.family):
        return True
    return fnmatchcase(scenario.name, word) or fnmatchcase(scenario.short, word)


def _cases(scenarios: Sequence[Scenario], selection: Selection, seed: int) -> tuple[Case, ...]:
    for operator in _known("operator", selection.operators, (*OPERATORS, "all")):
        if operator != "all" and not any(operator in s.operators for s in scenarios):
            known = sorted({name for s in scenarios for name in s.operators})
            raise UsageError(
                f"no chosen scenario has the operator {operator!r}; theirs are: {', '.join(known)}"
            )
    for dtype in selection.dtypes:
        if dtype not in DTYPES:
            raise unknown("dtype", dtype, DTYPES)
    _known("composition", selection.compositions, (*COMPOSITIONS, "all"))
    if selection.compositions and not {"all", *SECOND_ORDER} & set(selection.operators):
        raise UsageError("--composition is for second order; give --operator hvp or hessian too")
    asked = sizes(selection.sizes)
    cases = [case for s in scenarios for case in _cases_of(s, selection, asked, seed)]
    if not cases:
        raise UsageError(_why_none(scenarios, asked))
    return tuple(cases)


def _known(kind: str, words: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    for word in words:
        if word not in names:
            raise unknown(kind, word, names)
    return words


def _cases_of(
    scenario: Scenario, selection: Selection, asked: Mapping[str, list[int]], seed: int
) -> Iterable[Case]:
    grid = _grid(scenario, asked)
    drawn = bool(asked) or scenario.documented is None
    operators = _operators(scenario, selection.operators)
    dtypes = tuple(dict.fromkeys(selection.dtypes)) or (scenario.dtype,)
    wrt = scenario.wrt if drawn or scenario.documented is None else scenario.documented.wrt
    for size, operator, dtype in product(grid, operators, dtypes):
        for composition in _compositions(operator, selection.compositions):
            yield Case(
                scenario=scenario.name,
                size=size,
                point="drawn" if drawn else "documented",
                dtype=dtype,
                operator=operator,
                composition=composition,
                wrt=wrt,
                seed=seed,
            )


def _grid(scenario: Scenario, asked: Mapping[str, list[int]]) -> list[dict[str, int]]:
    """Every size asked for; none where the scenario lacks a name."""
    levels = [name for name in asked if name in LEVELS]
    named = [name for name in asked if name not in LEVELS]
    if any(n not in scenario.size for n in named) or any(n not in scenario.levels for n in levels):
        return []
    bases = [dict(scenario.levels[name]) for name in levels] or [dict(scenario.size)]
    values = [dict(zip(named, v, strict=True)) for v in product(*(asked[n] for n in named))]
    return [{**base, **value} for base in bases for value in values]


def _operators(scenario: Scenario, words: Sequence[str]) -> tuple[str, ...]:
    if "all" in words:
        return scenario.operators
    chosen = tuple(w for w in dict.fromkeys(words) if w in scenario.operators)
    return chosen if words else (scenario.operator,)


def _compositions(operator: str, words: Sequence[str]) -> tuple[str | None, ...]:
    if operator not in SECOND_ORDER:
        return (None,)
    return COMPOSITIONS if "all" in words else tuple(dict.fromkeys(words)) or COMPOSITIONS[:1]


def sizes(words: Sequence[str]) -> dict[str, list[int]]:
    """Read "n=5,1000", "K=10" or "S"; a level stands under its own name with no numbers."""
    asked: dict[str, list[int]] = {}
    for word in words:
        name, equals, numbers = word.partition("=")
        if not equals:
            for level in word.split(","):
                if level not in LEVELS:
                    raise UsageError(f"--size is {word!r}; give name=number, as n=1000, or S, M, L")
                asked[level] = []
            continue
        if not name.isidentifier():
            raise UsageError(f"--size is {word!r}; give each name a --size of its own")
        counts = (_count(word, number) for number in numbers.split(","))
        asked[name] = list(dict.fromkeys([*asked.get(name, []), *counts]))
    return asked


def _count(word: str, number: str) -> int:
    """A whole number above zero; 1e6 is one too."""
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if (
        not 0 < value < math.inf
        or value != int(value)
        or not re.fullmatch(r"[\d.eE+]+", number.strip())
    ):
        raise UsageError(f"--size {word}: {number!r} is no whole number above 0; try n=1000")
    return int(value)


def _why_none(scenarios: Sequence[Scenario], asked: Mapping[str, list[int]]) -> str:
    known = sorted({name for s in scenarios for name in (*s.size, *s.levels)})
    lacking = [name for name in asked if name not in known]
    if lacking:
        return f"no chosen scenario has a size {lacking[0]!r}; theirs are: {', '.join(known)}"
    return "no chosen scenario has all of these sizes and operators; ask for fewer at once"


def _runners(selection: Selection, declared: Mapping[str, Declaration]) -> list[Runner]:
    chosen = _variants(selection.backends, declared, demand=True)
    if not chosen or not selection.devices:
        raise UsageError("--backend and --device each need a name; leave them out for all and cpu")
    excluded = set(_variants(selection.exclude, declared, demand=False, bare_is_all=True))
    kept = [pair for pair in chosen if pair not in excluded]
    if not kept:
        raise UsageError("--exclude leaves no backend; leave one out of it")
    for device in selection.devices:
        if not re.fullmatch(r"cpu|cuda(:\d+)?", device):
            raise unknown("device", device, ("cpu", "cuda", "cuda:0"))
    devices = dict.fromkeys("cuda" if d == "cuda:0" else d for d in selection.devices)
    return [(*pair, device) for device in devices for pair in kept]


def _variants(
    words: Sequence[str],
    declared: Mapping[str, Declaration],
    *,
    demand: bool,
    bare_is_all: bool = False,
) -> list[tuple[str, str]]:
    """Turn NAME[:VARIANT|:all] and all[:all] into pairs. With `demand`, a backend named outright
    has to be installed."""
    pairs: dict[tuple[str, str], None] = {}
    for word in words:
        name, _, variant = word.partition(":")
        if name == "all":
            names = [d.name for d in declared.values() if d.listed]
        elif name in declared:
            names = [name]
        else:
            raise unknown("backend", name, (*declared, "all"))
        if demand and name != "all" and not installed(declared[name]):
            raise UsageError(missing(declared[name]))
        for one in names:
            known = tuple(declared[one].variants)
            every = variant == "all" or (bare_is_all and not variant)
            if variant and not every and variant not in known:
                raise unknown(f"variant of {one}", variant, (*known, "all"))
            picked = known if every else (variant or declared[one].default,)
            pairs |= dict.fromkeys((one, v) for v in picked)
    return list(pairs)


def _beforehand(
    runners: Iterable[Runner], declared: Mapping[str, Declaration]
) -> dict[Runner, tuple[str, str]]:
    settled = {}
    for runner in runners:
        backend, _, device = runner
        refusal = declared[backend].no_device.get(device.partition(":")[0])
        if refusal:
            settled[runner] = ("unsupported", refusal)
        elif not installed(declared[backend]):
            settled[runner] = ("unavailable", missing(declared[backend]))
    return settled


def installed(declaration: Declaration) -> bool:
    """Whether the backend's package can be found, without importing it."""
    try:
        return find_spec(declaration.requires) is not None
    except ValueError:  # a module without a spec, made by hand
        return True


def missing(declaration: Declaration) -> str:
    return (
        f"backend {declaration.name!r} needs the package {declaration.requires}; "
        f"try: {declaration.install}"
    )
