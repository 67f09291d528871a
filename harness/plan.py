"""From the words of a command to the trials: look names up, cross them, refuse what can't be.

Nothing is started, and no framework is imported; a name that is not there is a UsageError with the
nearest one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from harness import grid, memory, plugins, variants
from harness.case import Case, Runner, Trial
from harness.contract import Declaration, Expert
from harness.errors import UsageError, unknown
from harness.options import Options, Selection
from harness.scenario import Scenario
from harness.variants import EXPERT

COMPARING = 5  # launches


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The trials of a run, case by case. `beforehand` holds the runners that can't run, with the
    status and the reason that their trials' records get; `notes` what the user should be told."""

    selection: Selection
    cases: tuple[Case, ...]
    runners: tuple[Runner, ...]
    beforehand: Mapping[Runner, tuple[str, str]]
    scenarios: Mapping[str, Scenario]
    locators: Mapping[str, str]
    declarations: Mapping[str, Declaration]
    notes: tuple[str, ...]

    @property
    def trials(self) -> tuple[Trial, ...]:
        return tuple(trial for case in self.cases for trial in self.trials_of(case))

    def trials_of(self, case: Case) -> tuple[Trial, ...]:
        return tuple(
            Trial(case=case, runner=runner)
            for runner in _runners_of(case, self.runners, self.declarations)
        )

    def with_launches(self, options: Options) -> Options:
        """Return the options with as many launches as the plan asks for by itself: environments of
        one backend are there to be compared, which takes several."""
        compared = variants.racing(self.runners) and not options.check
        return replace(options, launches=COMPARING if compared else 1)

    def expert(self, trial: Trial) -> Expert | None:
        """The own implementation that a trial runs, if it runs one."""
        declaration = self.declarations[trial.backend]
        return declaration.experts[trial.case.scenario] if trial.variant == EXPERT else None

    def twins(self) -> dict[str, str]:
        """Each compiled backend:variant of the run, and its eager twin."""
        return {
            runner.name: runner._replace(variant=compiled[runner.variant]).name
            for runner in self.runners
            if runner.variant in (compiled := self.declarations[runner.backend].compiled)
        }


def make(selection: Selection, *, seed: int) -> Plan:
    """Look everything up and return the plan."""
    found, declared = plugins.scenarios(), plugins.backends()
    items, locators = with_files(selection.scenarios, found)
    scenarios = _scenarios(selection.scenarios or ("documented",), items, locators)
    cases = grid.cases(scenarios, selection, seed)
    chosen = variants.runners(selection, declared.items)
    runners = _with_work(chosen, cases, declared.items)
    cases, too_large = memory.affordable(
        cases, items, selection, lambda case: len(_runners_of(case, runners, declared.items))
    )
    return Plan(
        selection=selection,
        cases=cases,
        runners=tuple(runners),
        beforehand=variants.beforehand(runners, declared.items),
        scenarios=items,
        locators=locators,
        declarations=declared.items,
        notes=found.broken + declared.broken + _idle(chosen, runners, selection) + too_large,
    )


def with_files(
    words: Sequence[str], found: plugins.Found[Scenario]
) -> tuple[dict[str, Scenario], dict[str, str]]:
    """Return the scenarios by name, and their locators, with those of the files among the words."""
    items, locators = dict(found.items), dict(found.locators)
    for word in dict.fromkeys(w for w in words if w.endswith(".py")):
        for scenario in plugins.scenarios_at(word):
            if scenario.name in items:
                raise UsageError(
                    f"the name {scenario.name!r} in {word} is taken by {locators[scenario.name]}; "
                    "give it another"
                )
            items[scenario.name], locators[scenario.name] = scenario, word
    return items, locators


def _with_work(
    runners: Sequence[Runner], cases: Sequence[Case], declared: Mapping[str, Declaration]
) -> list[Runner]:
    """Leave out experts that wrote nothing for these cases."""
    kept = list(dict.fromkeys(r for case in cases for r in _runners_of(case, runners, declared)))
    if not kept:
        backend = runners[0].backend
        known = [f"{n} ({', '.join(e.operators)})" for n, e in declared[backend].experts.items()]
        raise UsageError(f"{backend}:{EXPERT} has nothing for these cases, only {'; '.join(known)}")
    return kept


def _idle(
    chosen: Sequence[Runner], runners: Sequence[Runner], selection: Selection
) -> tuple[str, ...]:
    """A sentence for every variant that was named outright and has no trial."""
    idle = {runner.name: None for runner in chosen if runner not in runners}
    named = [name for name in idle if name in selection.backends]
    return tuple(f"left out: {name} has nothing for these cases" for name in named)


def _runners_of(
    case: Case, runners: Sequence[Runner], declared: Mapping[str, Declaration]
) -> list[Runner]:
    """Those that have a trial of the case: experts only where they wrote something."""
    return [
        runner
        for runner in runners
        if runner.variant != EXPERT or _has_expert(declared[runner.backend], case)
    ]


def _has_expert(declaration: Declaration, case: Case) -> bool:
    expert = declaration.experts.get(case.scenario)
    return expert is not None and case.operator in expert.operators


def _scenarios(
    words: Sequence[str], items: Mapping[str, Scenario], locators: Mapping[str, str]
) -> list[Scenario]:
    chosen: dict[str, Scenario] = {}
    for word in words:
        matches = [s for s in items.values() if _matches(word, s, locators[s.name])]
        if not matches:
            families = {s.family for s in items.values()}
            names = families | {s.short for s in items.values() if not s.primitive}
            raise unknown("scenario", word, names if "/" not in word else set(items))
        if len(matches) > 1 and all(s.short == word for s in matches):
            raise UsageError(
                f"{word!r} is the name of several scenarios; give one of: "
                f"{', '.join(s.name for s in matches)}"
            )
        chosen |= {s.name: s for s in matches}
    return list(chosen.values())


def _matches(word: str, scenario: Scenario, locator: str) -> bool:
    """Primitives are named in full or as their family: they are many, and called as others are."""
    if word in (locator, scenario.name, scenario.family) or fnmatchcase(scenario.name, word):
        return True
    return not scenario.primitive and (word == "all" or fnmatchcase(scenario.short, word))
