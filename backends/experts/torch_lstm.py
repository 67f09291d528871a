"""D-LSTM in PyTorch (`adbench/lstm`): sixteen steps of a layer are one compiled function.

All weights are diagonal, so a step is elementwise work on a few numbers, and eager mode spends its
time between operations. Only what is recurrent is compiled, a chunk at a time, as the compiler
unrolls and needs seconds for a chunk; all chunks of all layers share one. AOTAutograd makes their
backward. The last chunk is padded: its outputs beyond the sequence's end are dropped.
"""

import torch
from torch.nn.functional import pad

STEPS = 16  # of a chunk: twice as many take twice as long to compile


def value(xp, main, extra, state, sequence):
    w_in, w_out, b_out = extra
    outputs = sequence[:-1] * w_in
    for weights, biases, h, c in zip(main[::2], main[1::2], state[::2], state[1::2], strict=True):
        outputs = layer(weights, biases, outputs, h, c)
    y = outputs * w_out + b_out
    return -(sequence[1:] * (y - torch.log(2 + y.exp().sum(1, keepdim=True)))).mean()


def layer(weights, biases, inputs, h, c):
    """Return the layer's h after every step; `inputs` are (steps, b), h and c what it begins with.

    The gates that depend on the inputs alone, forget and output, come from all of them at once.
    """
    w_forget, w_input, w_output, w_change = weights.chunk(4)
    b_forget, b_input, b_output, b_change = biases.chunk(4)
    forget = torch.sigmoid(inputs * w_forget + b_forget)
    output = torch.sigmoid(inputs * w_output + b_output)
    missing = -len(inputs) % STEPS
    chunks = pad(torch.stack((forget, output), dim=1), (0, 0, 0, 0, 0, missing)).split(STEPS)
    recurrent = torch.stack((w_input, b_input, w_change, b_change))
    # A chunk is compiled once more for an h and c that are not differentiated, as only those are
    # that a layer begins with. So they shall depend on the weights.
    h, c = h + 0 * w_input, c + 0 * w_input
    outputs = []
    for gates in chunks:
        h, c, hs = advance(recurrent, h, c, gates)
        outputs.append(hs)
    return torch.cat(outputs)[: len(inputs)]


@torch.compile(fullgraph=True, dynamic=False)
def advance(recurrent, h, c, gates):
    """Take STEPS steps; return h, c and all h."""
    w_input, b_input, w_change, b_change = recurrent
    hs = []
    for forget, output in gates:
        into = torch.sigmoid(h * w_input + b_input)
        c = c * forget + into * torch.tanh(h * w_change + b_change)
        h = output * torch.tanh(c)
        hs.append(h)
    return h, c, torch.stack(hs)
