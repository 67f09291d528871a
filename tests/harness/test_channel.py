import socket
import threading

import pytest

from harness.channel import Blob, Channel


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    pair = Channel(ours), Channel(theirs)
    yield pair
    for end in pair:
        end.close()


def test_a_message_arrives_with_its_arrays(ends):
    here, there = ends
    big = bytes(range(256)) * 40_000
    sender = threading.Thread(
        target=here.send,
        args=({"do": "x", "n": 1}, [Blob("<f4", (2,), b"12345678"), Blob("|u1", (0,), big)]),
    )
    sender.start()
    message, arrays = there.receive(10)
    sender.join()
    assert message == {"do": "x", "n": 1}
    assert (arrays[0].dtype, arrays[0].shape, bytes(arrays[0].data)) == ("<f4", (2,), b"12345678")
    assert bytes(arrays[1].data) == big


def test_silence_past_the_deadline_raises_timeout(ends):
    with pytest.raises(TimeoutError):
        ends[0].receive(0.01)


def test_a_closed_end_raises_connection_error(ends):
    ends[1].close()
    with pytest.raises(ConnectionError):
        ends[0].receive(1)


def test_a_message_cut_short_is_no_message(ends):
    ends[1].end.sendall(b"\x20\0\0\0\0\0\0\0{")
    ends[1].end.close()
    with pytest.raises(ConnectionError):
        ends[0].receive(1)


def test_a_message_that_nobody_takes_raises_timeout(ends):
    with pytest.raises(TimeoutError):
        ends[0].send({"do": "x"}, [Blob("|u1", (50_000_000,), bytes(50_000_000))], timeout=0.05)
