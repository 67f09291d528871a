"""When cards are looked at, and what is kept of it, by a clock of the test's own."""

from harness import run
from harness.machine.watch import EVERY, Watch
from results.store import Store


class Cards:
    """Cards that are read in turn, and what was asked of them."""

    def __init__(self, *readings):
        self.readings, self.asked = list(readings), []

    def read(self, which):
        self.asked.append(which)
        return self.readings.pop(0)


def reading(temperature, throttle=0, index=0):
    cool = {"name": "H200", "clock": 1980, "memory_clock": 3201, "power": 90, "utilisation": 90}
    told = {"temperature": temperature, "throttle": throttle, "slowed": {}}
    return [{"index": index, **cool, **told}]


def test_the_worst_of_all_looks_is_kept():
    times = iter((0, 0, EVERY, EVERY))
    cards = Cards(reading(50, 0x4), reading(80))
    watch = Watch(["cuda:1"], lambda: next(times), cards.read)
    watch.look(last=False)
    watch.look(last=False)
    assert cards.asked == [("1",), ("1",)]
    assert list(watch.worst.values()) == reading(80, 0x4)


def test_cards_are_not_looked_at_all_the_time_but_the_last_time_always():
    cards = Cards(reading(50), reading(90))
    watch = Watch(["cuda"], lambda: 0.0, cards.read)
    for _ in range(3):
        watch.look(last=False)
    assert len(cards.asked) == 1
    watch.look(last=True)
    assert len(cards.asked) == 2 and watch.worst[0]["temperature"] == 90


def test_without_a_card_nothing_is_asked():
    cards = Cards()
    Watch(["cpu"], lambda: 0.0, cards.read).look(last=True)
    assert cards.asked == []


def test_a_card_that_does_not_answer_leaves_what_was_seen():
    watch = Watch(["cuda"], lambda: 0.0, Cards(reading(50), None).read)
    for _ in range(2):
        watch.look(last=True)
    assert list(watch.worst.values()) == reading(50)


def test_a_run_looks_after_the_blocks_of_every_case_and_stores_what_it_saw(tmp_path, monkeypatch):
    looks = []

    class Looking(Watch):
        def look(self, *, last):
            looks.append(last)
            self.worst = {0: {"index": 0, "looks": len(looks)}}

    monkeypatch.setattr("harness.execution.Watch", Looking)
    path = tmp_path / "r.db"
    run("quadratic", backend="numpy", size=("n=5,6",), budget=0.01, results=path)
    with Store(path) as store:
        assert store.find("latest").noise["busy"] == [{"index": 0, "looks": 2}]
    assert looks == [False, True]
