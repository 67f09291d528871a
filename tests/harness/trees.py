"""Machines made of files: what Linux tells below /proc and /sys, in a folder of a test's own."""

CPU = "sys/devices/system/cpu"


def planted(folder, files):
    """Write files by their paths below a folder; return it."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{text}\n")
    return folder


def stat(**counts):
    """The text of /proc/stat: a core's name and its counts, as cpu0="1 2 3 ..."."""
    return "\n".join(f"{name} {line}" for name, line in counts.items())


def process(user, system=0, name="python"):
    """The text of /proc/PID/stat, of which only the ticks matter."""
    return f"7 ({name}) S " + "0 " * 10 + f"{user} {system} 0 0 20 0 1"
