"""The worker's words: what it says of an exception."""

import pytest

from harness.errors import Unsupported
from harness.worker import sentence

# As TensorFlow writes it, Python's stack included.
GRAPH = """Graph execution error:

Detected at node gradient_tape/MatrixInverse defined at (most recent call last):
  File "/home/me/mine.py", line 8, in <module>

  File "/home/me/mine.py", line 5, in f
    y = tf.linalg.det(x)

Input is not invertible.
\t [[{{node gradient_tape/MatrixInverse}}]] [Op:__inference_f_60]"""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("too\n  wide"), "ValueError: too wide"),
        (KeyError(), "KeyError"),
        (Unsupported("it has no such function"), "it has no such function"),
    ],
)
def test_an_exception_is_told_on_one_line(error, words):
    assert sentence(error) == words


def test_a_stack_inside_a_message_is_left_out_and_what_went_wrong_stays():
    assert sentence(RuntimeError(GRAPH)) == (
        "RuntimeError: Graph execution error: Detected at node gradient_tape/MatrixInverse defined "
        "at (most recent call last): Input is not invertible. "
        "[[{{node gradient_tape/MatrixInverse}}]] [Op:__inference_f_60]"
    )


def test_a_long_message_loses_its_middle():
    told = sentence(RuntimeError("it begins here, " + "goes on, " * 200 + "and ends here"))
    assert told.startswith("RuntimeError: it begins here, goes on,")
    assert " ... " in told
    assert told.endswith("goes on, and ends here")
    assert len(told) <= 405
