"""ADBench's LSTM: the published value, oracles, and cases that are easy by hand."""

from pathlib import Path

import numpy as np
import pytest

from scenarios.adbench import files
from scenarios.adbench.lstm import LEVELS, scenarios
from tests.scenarios.oracles import check_oracles, engine

FILE = Path(__file__).resolve().parents[2] / "../shared/data/adbench/lstm/lstm_l2_c1024.txt"
PUBLISHED = 0.6666651795588522
(LSTM,) = scenarios
SIZES = [{"l": 2, "c": 4, "b": 1}, {"l": 2, "c": 5, "b": 3}, {"l": 3, "c": 4, "b": 2}]


def test_the_published_value_holds_on_the_published_file():
    if not FILE.exists():
        pytest.skip(f"ADBench's files are not at {FILE.parent}")
    size, arguments = files.lstm(FILE, None)
    assert size == {"l": 2, "c": 1024, "b": 14}
    arguments = [x.astype(np.longdouble) for x in arguments]
    (by_engine,) = engine(LSTM, "value", arguments)
    (by_hand,) = LSTM.closed_forms["value"](np, *arguments)
    assert float(by_engine) == pytest.approx(PUBLISHED, rel=1e-13)
    assert float(by_hand) == pytest.approx(PUBLISHED, rel=1e-13)


@pytest.mark.parametrize("size", [LEVELS["S"], *SIZES], ids=str)
def test_the_oracles_agree(size):
    check_oracles(LSTM, **size)


def test_without_weights_the_cell_halves_and_the_output_is_half_its_tanh():
    """All gates are sigmoid(0) = 1/2 and a = tanh(0) = 0."""
    cell, bits = np.array([0.8, -0.3]), np.array([[0, 1], [1, 1], [1, 0]], float)
    state, extra = np.stack([np.zeros(2), cell]), np.array([[1, 1], [2, 3], [0.1, 0.2]])
    y = np.stack([np.tanh(cell / 2), np.tanh(cell / 4)]) / 2 * extra[1] + extra[2]
    y_hat = y - np.log(2 + np.sum(np.exp(y), axis=1, keepdims=True))
    (value,) = engine(LSTM, "value", (np.zeros((2, 8)), extra, state, bits))
    assert value == pytest.approx(-np.mean(bits[1:] * y_hat), rel=1e-14)


def test_without_an_output_every_bit_costs_the_log_of_two_more_than_there_are():
    main, _, state, bits = LSTM.point(np.random.default_rng(0), l=2, c=6, b=3)
    (value,) = engine(LSTM, "value", (main, np.zeros((3, 3)), state, bits))
    assert value == pytest.approx(np.mean(bits[1:]) * np.log(2 + 3), rel=1e-14)


def test_variables_counts_what_is_differentiated():
    for size in (*LSTM.levels.values(), *SIZES):
        main, extra, *_ = LSTM.point(np.random.default_rng(0), **size)
        assert LSTM.variables(**size) == main.size + extra.size
