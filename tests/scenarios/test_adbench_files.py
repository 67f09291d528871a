"""ADBench's files for the mixture and the LSTM: read back as written, or refused in a sentence."""

import numpy as np
import pytest

from harness.errors import UsageError
from scenarios.adbench import files, gmm, lstm

MIXTURE = gmm.scenarios[0]
(RECURRENT,) = lstm.scenarios
GMM_LINES = ["1 2 2", "0.5", "-0.5", "1", "2", "0.1", "0.2", "3", "4", "1.0 0"]
LSTM_LINES = ["1 2 1", "1 2 3 4", "5 6 7 8", "1", "2", "3", "0.1", "0.2", "0", "1"]


def text_of_gmm(size, arguments):
    alpha, mu, icf, x, gamma, m = arguments
    header = [size["d"], size["K"], size["N"]]
    return text_of([header, *alpha[:, None], *mu, *icf, *x, [gamma, int(m)]])


def text_of_lstm(size, arguments):
    main, extra, state, sequence = arguments
    blocks = [[size["l"], size["c"], size["b"]]], main, extra, state, sequence.astype(int)
    return "\n".join(text_of(block) for block in blocks)  # ADBench has blank lines between


def text_of(rows):
    return "".join(" ".join(str(x) for x in row) + " \n" for row in rows)


CASES = {
    "gmm": (files.gmm, MIXTURE, text_of_gmm, GMM_LINES),
    "lstm": (files.lstm, RECURRENT, text_of_lstm, LSTM_LINES),
}
every = pytest.mark.parametrize("name", CASES)


def written(folder, text):
    file = folder / "input.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refused(read, file):
    with pytest.raises(UsageError) as caught:
        read(file, None)
    sentence = str(caught.value)
    assert str(file) in sentence and "; give a file of ADBench's" in sentence
    assert "\n" not in sentence
    return sentence


@every
@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_back(name, seed, tmp_path):
    read, scenario, text, _ = CASES[name]
    rng = np.random.default_rng(seed)
    size = {key: int(rng.integers(2, 7)) for key in scenario.size}
    arguments = scenario.point(rng, **size)
    found, taken = read(written(tmp_path, text(size, arguments)), None)
    assert found == size
    assert all(np.array_equal(a, b) for a, b in zip(taken, arguments, strict=True))
    assert [x.shape for x in taken] == [np.shape(x) for x in arguments]
    assert all(x.dtype == np.float64 for x in taken)


@every
def test_a_mark_of_byte_order_and_the_ends_of_lines_of_windows_do_no_harm(name, tmp_path):
    read, _, _, lines = CASES[name]
    plain = read(written(tmp_path, "\n".join(lines)), None)
    other = read(written(tmp_path, b"\xef\xbb\xbf" + "\r\n".join(lines).encode()), None)
    assert other[0] == plain[0]
    assert all(np.array_equal(a, b) for a, b in zip(plain[1], other[1], strict=True))


@every
def test_a_missing_file_a_directory_and_what_is_not_text_are_refused(name, tmp_path):
    read = CASES[name][0]
    assert "can't be read: No such file" in refused(read, tmp_path / "none.txt")
    assert "can't be read: Is a directory" in refused(read, tmp_path)
    assert "is not text" in refused(read, written(tmp_path, b"\xff\xfe1 2 3"))
    assert "ends too early" in refused(read, written(tmp_path, ""))


@every
def test_every_file_cut_short_is_refused(name, tmp_path):
    read, _, _, lines = CASES[name]
    for end in range(len(lines)):
        sentence = refused(read, written(tmp_path, "\n".join(lines[:end])))
        assert "ends too early" in sentence


@every
def test_a_row_cut_short_or_long_is_refused_with_its_line(name, tmp_path):
    read, _, _, lines = CASES[name]
    for place, line in enumerate(lines):
        for wrong in (f"{line} 7", line.rpartition(" ")[0]):
            changed = [*lines[:place], wrong, *lines[place + 1 :]]
            if wrong:
                sentence = refused(read, written(tmp_path, "\n".join(changed)))
                assert f"line {place + 1}: " in sentence and "fields here" in sentence


@every
@pytest.mark.parametrize("bad", ["x", "1_0", "1,5", "0x1p3", "1e", "\u0661", "nan", "inf", "1e999"])
def test_what_is_no_finite_number_is_refused_with_its_line(name, bad, tmp_path):
    read, _, _, lines = CASES[name]
    for place, line in enumerate(lines):
        changed = [*lines[:place], f"{bad} {line.partition(' ')[2]}", *lines[place + 1 :]]
        sentence = refused(read, written(tmp_path, "\n".join(changed)))
        assert f"line {place + 1}: {bad!r} is no" in sentence


@every
@pytest.mark.parametrize("header", ["0 2 2", "-1 2 2", "1 0 2", "1 2 0"])
def test_counts_that_are_not_positive_are_refused(name, header, tmp_path):
    read, _, _, lines = CASES[name]
    sentence = refused(read, written(tmp_path, "\n".join([header, *lines[1:]])))
    assert "line 1: " in sentence and "should be positive" in sentence


@every
@pytest.mark.parametrize("header", ["1.5 2 2", "1 2 x", "1e3 2 2", "9" * 5000 + " 2 2"])
def test_counts_that_are_no_integers_are_refused(name, header, tmp_path):
    read, _, _, lines = CASES[name]
    sentence = refused(read, written(tmp_path, "\n".join([header, *lines[1:]])))
    assert "is no integer" in sentence and len(sentence) < 300


@every
def test_counts_far_too_large_are_refused_without_making_room_for_them(name, tmp_path):
    read, _, _, lines = CASES[name]
    header = "1 999999999999999 1" if name == "gmm" else "999999999999999 2 1"
    refused(read, written(tmp_path, "\n".join([header, *lines[1:]])))


@every
def test_what_follows_the_end_is_refused_with_its_line(name, tmp_path):
    read, _, _, lines = CASES[name]
    sentence = refused(read, written(tmp_path, "\n".join([*lines, "", "0"])))
    assert f"line {len(lines) + 2}: more follows" in sentence


@pytest.mark.parametrize("name, other", [("gmm", "lstm"), ("lstm", "gmm")])
def test_a_file_of_another_objective_is_refused(name, other, tmp_path):
    read = CASES[name][0]
    _, scenario, text, _ = CASES[other]
    size = dict.fromkeys(scenario.size, 3)
    file = written(tmp_path, text(size, scenario.point(np.random.default_rng(0), **size)))
    assert f"ADBench's {name.upper()}" in refused(read, file)


@pytest.mark.parametrize("last", ["0 0", "-1 0", "1 -1", "1 0.5"])
def test_a_prior_that_is_none_is_refused(last, tmp_path):
    sentence = refused(files.gmm, written(tmp_path, "\n".join([*GMM_LINES[:-1], last])))
    assert "line 10: gamma should be positive and m 0, 1, 2" in sentence


def test_a_character_of_other_than_bits_is_refused_with_its_line(tmp_path):
    changed = [*LSTM_LINES[:-2], "0.5", "1"]
    assert "line 9: " in refused(files.lstm, written(tmp_path, "\n".join(changed)))


def test_a_text_of_one_character_is_refused(tmp_path):
    changed = ["1 1 1", *LSTM_LINES[1:-1]]
    assert "c should be 2 or more" in refused(files.lstm, written(tmp_path, "\n".join(changed)))
