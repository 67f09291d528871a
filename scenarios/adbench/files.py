"""ADBench's own input files for the mixture of Gaussians and for the LSTM.

The one convention: a function takes the file (and a folder of models, which these two have no use
for) and returns the size and the arguments of the scenario, in its order.
"""

import numpy as np

from scenarios.adbench.reading import Reader

GMM = "give a file of ADBench's GMM, which begins with 'D K N'"
LSTM = "give a file of ADBench's LSTM, which begins with 'l c b'"


def gmm(file, model):
    """Read `D K N`, K lines alpha, K rows mu, K rows `q | l`, N rows x, and `gamma m`."""
    reader = Reader(file, GMM)
    d, components, count = reader.counts("D", "K", "N")
    alpha = reader.rows(components, 1, "alpha")[:, 0]
    mu = reader.rows(components, d, "mu")
    icf = reader.rows(components, d + d * (d - 1) // 2, "q and l")
    x = reader.rows(count, d, "x")
    gamma, m = reader.row(2, "gamma and m")
    if gamma <= 0 or m < 0 or m != int(m):
        raise reader.wrong(f"gamma should be positive and m 0, 1, 2 ..., not {gamma} and {m}")
    reader.end()
    size = {"d": d, "K": components, "N": count}
    return size, (alpha, mu, icf, x, np.array(gamma), np.array(m))


def lstm(file, model):
    """Read `l c b`, 2l rows of 4b weights and biases, 3 rows of b, 2l rows of b, c rows of bits."""
    reader = Reader(file, LSTM)
    layers, length, bits = reader.counts("l", "c", "b")
    if length < 2:
        raise reader.wrong("c should be 2 or more, for there to be a character to predict")
    main = reader.rows(2 * layers, 4 * bits, "weights and biases")
    extra = reader.rows(3, bits, "w_in, w_out and b_out")
    state = reader.rows(2 * layers, bits, "h and c")
    sequence = np.array([character(reader, bits, i, length) for i in range(1, length + 1)])
    reader.end()
    return {"l": layers, "c": length, "b": bits}, (main, extra, state, sequence)


def character(reader, bits, i, length):
    row = reader.row(bits, f"character {i} of {length}")
    if any(bit not in (0, 1) for bit in row):
        raise reader.wrong("a character should be bits, each 0 or 1")
    return row
