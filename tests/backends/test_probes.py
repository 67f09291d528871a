"""What frameworks tell of a device: their counters and events, where they have them."""

from contextlib import nullcontext

import pytest

from harness import device_clock, footprint
from harness.contract import Settings
from harness.errors import Unsupported

MEGABYTES = 8 * 10**6  # of an array of a million numbers in double precision


@pytest.fixture
def torch():
    return pytest.importorskip("torch", reason="PyTorch is not installed")


@pytest.fixture
def on_card(torch):
    if not torch.cuda.is_available():
        pytest.skip("PyTorch sees no CUDA device")
    return torch.device("cuda")


def test_torch_has_no_probe_of_the_cpu(torch):
    from backends.torch_probe import probe

    assert probe(torch.device("cpu")).peak is None


def test_torch_counts_what_is_in_use_on_the_card_and_its_peak(torch, on_card):
    from backends.torch_probe import probe

    one = probe(on_card)
    before = one.used()
    one.reset()
    kept = torch.ones(10**6, dtype=torch.float64, device=on_card)
    torch.ones_like(kept)
    assert one.used() - before == pytest.approx(MEGABYTES, rel=0.05)
    assert one.peak() - before == pytest.approx(2 * MEGABYTES, rel=0.05)


def test_events_tell_more_time_for_more_work(torch, on_card):
    from backends.torch_probe import probe

    x = torch.ones((4096, 4096), device=on_card)
    elapsed = probe(on_card).elapsed
    few, many = (
        min(elapsed(lambda k=k: [x @ x for _ in range(k)], 1e-3) for _ in range(5)) for k in (1, 8)
    )
    assert 4 * few < many


def test_a_call_that_waits_for_the_card_half_way_has_no_device_time(torch, on_card):
    from backends.torch_probe import probe

    x = torch.ones(10, device=on_card)
    with pytest.raises(Unsupported, match="waiting for the host"):
        probe(on_card).elapsed(lambda: x.sum().item() * x, 1e-3)


class Card:
    """A device that works through a queue, and its host, on a clock of their own; in seconds."""

    QUEUE = 1024  # operations that it holds; the host waits for a place

    def __init__(self):
        self.now, self.ends = 0.0, [0.0]

    def launch(self, work, *, queued=5e-6):
        self.now = max(self.now + queued, self.ends[-self.QUEUE] if self.full else 0.0)
        self.ends.append(max(self.ends[-1], self.now) + work)

    @property
    def full(self):
        return len(self.ends) > self.QUEUE

    def synchronize(self, outputs=()):
        self.now = max(self.now, self.ends[-1])

    def clock(self):
        return round(self.now * 1e9)

    def event(self, enable_timing):
        card = self

        class Event:
            def record(self):
                self.at = max(card.ends[-1], card.now)

            def query(self):
                return card.now >= self.at

            def synchronize(self):
                card.now = max(card.now, self.at)

            def elapsed_time(self, end):
                return (end.at - self.at) * 1e3

        return Event()


@pytest.fixture
def card(torch, monkeypatch):
    """PyTorch's events, of a card with two thirds of the fastest one's clock."""
    one = Card()
    monkeypatch.setattr(torch.cuda, "device", lambda device: nullcontext())
    monkeypatch.setattr(torch.cuda, "Event", one.event)
    monkeypatch.setattr(torch.cuda, "_sleep", lambda cycles: one.launch(cycles / 2e9))
    return one


def told_by(card, call):
    """Return the device's seconds in a block, a call, and those that the host spent on each."""
    from backends.torch_probe import events

    elapsed = events("a card")
    calls, queued = device_clock.calibrate(elapsed, call, card.synchronize, (), card.clock)
    began = card.now
    spent = device_clock.timed(elapsed, call, (), calls, queued) / calls / 1e9
    return spent, (card.now - began) / calls


def test_the_hosts_part_is_hidden_from_the_devices_clock(card):
    def call():
        for _ in range(20):
            card.launch(1e-6)
        return ()

    spent, by_host = told_by(card, call)
    assert spent == pytest.approx(20e-6)  # and not the 100 us of queueing
    assert by_host < 1e-3


def test_a_call_that_waits_half_way_gets_no_ever_longer_wait_and_no_number(card):
    def call():
        card.launch(5e-6)
        card.synchronize()
        card.launch(5e-6)
        return ()

    with pytest.raises(Unsupported, match="half-way"):
        told_by(card, call)
    assert card.now < 0.01  # with ever longer waits it would be many times that


@pytest.mark.parametrize(("operations", "fits"), [(1000, True), (1100, False)])
def test_what_overfills_the_queue_has_no_device_time(card, operations, fits):
    def call():
        for _ in range(operations):
            card.launch(1e-6)
        return ()

    if fits:
        assert told_by(card, call)[0] == pytest.approx(operations * 1e-6)
    else:
        with pytest.raises(Unsupported, match="more operations than a queue holds"):
            told_by(card, call)


def test_a_call_that_takes_the_host_too_long_to_hide_has_no_device_time(card):
    with pytest.raises(Unsupported, match="waiting for the host"):
        told_by(card, lambda: card.launch(1e-6, queued=0.2) or ())
    assert card.now < 5


def test_jax_counts_nothing_on_the_cpu_and_says_so():
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    from backends.jax_probe import probe

    found = probe(jax.devices("cpu")[0])
    assert found.peak is None
    assert sorted(found.lacks) == ["bytes.device_peak", "seconds.device"]


def test_jax_tells_a_peak_that_it_can_not_begin_anew():
    pytest.importorskip("jax", reason="JAX is not installed")
    from backends.jax_probe import probe

    class Counting:
        def memory_stats(self):
            return {"bytes_in_use": 3, "peak_bytes_in_use": 8}

    found = probe(Counting())
    assert (found.used(), found.peak(), found.reset) == (3, 8, None)
    assert "autotuning" in footprint.meters(found, "cuda")[1]["bytes.device_peak"]


def test_tensorflow_counts_large_arrays_on_the_cpu():
    tf = pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    from backends.tensorflow import TensorFlow

    found = TensorFlow("eager", "cpu", Settings()).probe
    if found.peak is None:
        pytest.skip("TensorFlow runs without oneDNN, whose allocator counts")
    with tf.device("CPU:0"):
        before = found.used()
        found.reset()
        kept = tf.ones(10**6, tf.float64)
        del kept
        assert found.peak() - before == pytest.approx(MEGABYTES, rel=0.1)
        found.reset()
        assert found.peak() == found.used() == before


def test_tensorflow_says_where_it_counts_nothing(monkeypatch):
    tf = pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    from backends.tensorflow_probe import probe

    def refuse(place):
        raise ValueError(f"Cannot reset memory stats for device '{place}'")

    monkeypatch.setattr(tf.config.experimental, "reset_memory_stats", refuse)
    found = probe("GPU:0")
    assert found.peak is None and "GPU:0" in found.lacks["bytes.device_peak"]
    assert "bytes.host_peak" not in found.lacks


def test_tensorflow_says_whose_bytes_it_counts_on_the_cpu(monkeypatch):
    tf = pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    from backends.tensorflow_probe import probe

    monkeypatch.setattr(tf.config.experimental, "reset_memory_stats", lambda place: None)
    found = probe("CPU:0")
    assert "own allocator" in footprint.meters(found, "cpu")[1]["bytes.host_peak"]
    assert "bytes.host_peak" not in footprint.meters(found, "cuda")[1]
