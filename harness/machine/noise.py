"""What a machine does besides: load, stolen time, throttling, before, during and after a run.

A moment is read when no worker lives (before) and when all are idle (after), so of these only what
is counted from the machine's start says what happened between. Clocks and the state of a card do
not: cards are looked at right after blocks were timed, too, and clocks of cores are only stored.

One convention: what is said of a run is read off its stored `noise` (`before`, `busy`, `after`)
alone, so that an old run can be warned about too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.machine import card, facts, linux
from results.schema import Run

STOLEN = 0.01  # of the run's time on the cores
OTHERS = 0.1  # cores that other programs use on average
PRESSED = 5.0  # % of the last ten seconds in which something waited for a core
HOT = 85.0  # degrees Celsius
BUSY = 10.0  # % of a card's time that others use before a run
SLOWED = 100_000.0  # microseconds that a card was slowed down for one reason

Moment = Mapping[str, Any]
Noise = Mapping[str, Any]
Cards = Sequence[Mapping[str, Any]] | None


def moment(
    allowed: Sequence[int],
    devices: Iterable[str] = (),
    workers: Iterable[int] = (),
    root: Path = linux.ROOT,
) -> dict[str, Any]:
    """Read everything that moves, of cards those behind `devices`: None where they can't be read.
    `workers` are the processes that are ours beside this one."""
    which = card.used(devices)
    load = (linux.text(root, "proc/loadavg") or "").split()
    return {
        "load": float(load[0]) if load else None,
        "settings": facts.settings(allowed, root),
        "mhz": frequencies(root, allowed),
        "pressure": pressure(root),
        "ticks": ticks(root, workers),
        "throttles": throttles(root, allowed),
        "cards": card.cards(which) if which else [],
    }


def ticks(root: Path, workers: Iterable[int]) -> dict[str, int] | None:
    """Return counts of ticks since the machine started: of all its cores, those in which somebody
    ran, those in which this process and its workers did, and those that its host took away."""
    counts = linux.ticks(root)
    if "cpu" not in counts:
        return None
    total, stolen = sum(counts["cpu"]), counts["cpu"][7]
    return {
        "cores": len(counts) - 1,
        "all": total,
        "busy": total - linux.idle(counts["cpu"]) - stolen,
        "ours": linux.spent(root, ("self", *workers)),
        "stolen": stolen,
    }


def frequencies(root: Path, allowed: Sequence[int]) -> dict[str, float]:
    """Return the clock of each core in MHz, where the kernel tells what it is and not only what it
    was asked to be."""
    found = {}
    for core in allowed:
        khz = linux.number(root, f"{linux.CORES}/cpu{core}/cpufreq/scaling_cur_freq")
        if khz:
            found[str(core)] = khz / 1000
    return found


def pressure(root: Path) -> float | None:
    """Return the percentage of the last ten seconds in which something waited for a core."""
    words = (linux.text(root, "proc/pressure/cpu") or "").split()
    found = [word.partition("=")[2] for word in words[:2] if word.startswith("avg10=")]
    return float(found[0]) if found else None


def throttles(root: Path, allowed: Sequence[int]) -> int | None:
    """Return how often these cores were slowed down for their heat since the machine started."""
    path = "thermal_throttle/core_throttle_count"
    counts = [linux.number(root, f"{linux.CORES}/cpu{core}/{path}") for core in allowed]
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def beforehand(noise: Noise, machine: Mapping[str, Any]) -> list[str]:
    """Say in sentences what was going to disturb a run."""
    before = noise.get("before", {})
    return [*settings(machine), *crowd(before, machine), *cards_before(before)]


def meanwhile(noise: Noise) -> list[str]:
    """Say in sentences what disturbed a run that has ended."""
    before, after = noise.get("before", {}), noise.get("after", {})
    if not after:
        return []
    lines = taken(before.get("ticks"), after.get("ticks"))
    lines += moved(before.get("settings", {}), after.get("settings", {}))
    old, new = before.get("throttles"), after.get("throttles")
    if old is not None and new is not None and new > old:
        lines.append(f"cores were slowed down for their heat {new - old} times")
    seen = noise.get("busy", ())
    return [*lines, *slowed(before.get("cards"), after.get("cards")), *cards_busy(seen)]


def moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Say which settings of the machine were changed during a run."""
    return [
        f"{name} of the machine was {old[name]} before the run and {new[name]} after it"
        for name in old
        if name in new and old[name] != new[name]
    ]


def is_disturbed(run: Run) -> bool:
    """Say whether others took of the cores during a run, or were about to where it has no end."""
    before, after = run.noise.get("before", {}), run.noise.get("after", {})
    if not after:
        return bool(crowd(before, run.machine))
    return bool(taken(before.get("ticks"), after.get("ticks")))


def settings(machine: Mapping[str, Any]) -> list[str]:
    """Say which settings of the machine make clocks move or time run out."""
    lines = []
    governor = machine.get("governor")
    if governor and governor != "performance":
        lines.append(f"the governor is {governor}, so clocks move; performance would keep them up")
    allowed = (machine.get("limits") or {}).get("cpus")
    used = len(machine.get("pinned", {}).get("workers", ()))
    if allowed is not None and allowed < used:
        lines.append(
            f"the control group allows the time of {allowed:g} cores and workers are pinned to "
            f"{used}: they will be stopped now and then; take fewer --threads"
        )
    return lines


def crowd(before: Moment, machine: Mapping[str, Any]) -> list[str]:
    """Say where other programs leave too little of the cores for the workers and the parent."""
    lines = []
    cores = machine.get("cores", 1)
    room = max(cores - len(machine.get("pinned", {}).get("workers", ())), 0.5)
    load, pressed = before.get("load"), before.get("pressure")
    if load is not None and load > room:
        lines.append(f"the load was {load:.1f} on {cores} cores before the run: others worked")
    if pressed is not None and pressed > PRESSED:
        lines.append(
            f"in {pressed:.0f} % of the ten seconds before the run something waited for a core"
        )
    return lines


def taken(old: Mapping[str, int] | None, new: Mapping[str, int] | None) -> list[str]:
    """Say what other programs, and other guests of a virtual machine's host, took of the cores."""
    if not (old and new) or new["all"] <= old["all"]:
        return []
    past = {name: new[name] - old[name] for name in ("all", "busy", "ours", "stolen")}
    others = new["cores"] * (past["busy"] - past["ours"]) / past["all"]
    stolen = past["stolen"] / past["all"]
    lines = []
    if others > OTHERS:
        lines.append(f"other programs used {others:.1f} of {new['cores']} cores during the run")
    if stolen > STOLEN:
        lines.append(
            f"{100 * stolen:.1f} % of the cores' time was taken by other guests of this machine's "
            "host"
        )
    return lines


def cards_before(before: Moment) -> list[str]:
    """Say which cards were not idle or not cool before a run, or that they could not be read."""
    cards = before.get("cards", ())
    if cards is None:
        return ["nvidia-smi gave no answer: clocks, heat and throttling of the cards are unknown"]
    lines = [
        f"{named(one)} was {one['utilisation']:.0f} % busy before the run"
        for one in cards
        if (one["utilisation"] or 0) > BUSY
    ]
    return lines + [line for one in cards for line in troubles(one, "before")]


def cards_busy(seen: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which cards were hot or slowed down while they worked; where the driver counts for how
    long, `slowed` says that better."""
    return [
        line
        for one in seen
        for line in troubles({**one, "throttle": card.uncounted(one)}, "during")
    ]


def slowed(before: Cards, after: Cards) -> list[str]:
    """Say for how long cards were slowed down, where their drivers count that."""
    earlier = {one["index"]: one["slowed"] for one in before or ()}
    lines = []
    for one in after or ():
        for reason, now in one["slowed"].items():
            old = earlier.get(one["index"], {}).get(reason)
            if old is not None and now is not None and now - old > SLOWED:
                lines.append(
                    f"{named(one)} was slowed down by {reason} for {(now - old) / 1e6:.1f} s"
                )
    return lines


def troubles(one: Mapping[str, Any], when: str) -> list[str]:
    lines = [
        f"{named(one)} was slowed down by {reason} {when} the run"
        for reason in card.reasons(one["throttle"])
    ]
    if (one["temperature"] or 0) >= HOT:
        lines.append(f"{named(one)} was at {one['temperature']:.0f} degrees {when} the run")
    return lines


def named(one: Mapping[str, Any]) -> str:
    return f"GPU {one['index']:.0f} ({one['name']})"
