"""D-LSTM as an expert writes it in PyTorch: the same numbers as the portable function."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from backends.experts import torch_lstm  # noqa: E402
from backends.torch import Torch  # noqa: E402
from harness.conformance.driving import case_of, operate  # noqa: E402
from harness.contract import Settings  # noqa: E402
from scenarios.adbench import lstm  # noqa: E402

WRT = (0, 1)


@pytest.fixture(scope="module")
def expert():
    return Torch("expert", "cpu", Settings())


@pytest.fixture
def uncompiled(monkeypatch):
    """Chunks one operation after another: here the formula is looked at, not its speed."""
    monkeypatch.setattr(torch_lstm, "advance", torch_lstm.advance.__wrapped__)


@pytest.mark.parametrize("steps", [1, torch_lstm.STEPS - 1, torch_lstm.STEPS, torch_lstm.STEPS + 1])
@pytest.mark.parametrize("layers", [1, 2])
def test_sequences_of_any_length_and_depth(expert, uncompiled, steps, layers):
    point = lstm.point(np.random.default_rng(0), l=layers, c=steps + 1, b=3)
    for operator in ("value", "gradient"):
        case = case_of("lstm", operator, wrt=WRT)
        got = operate(expert, case, torch_lstm.value, WRT, point)
        expected = operate(expert, case, lstm.value, WRT, point)
        for one, other in zip(got, expected, strict=True):
            error = np.max(np.abs(one - other)) / np.max(np.abs(other))
            assert error < 64 * np.finfo(float).eps


@pytest.mark.filterwarnings(
    "ignore:The .grad attribute of a Tensor that is not a leaf", "ignore:dynamo_pgo force disabled"
)
def test_one_chunk_is_compiled_for_all_layers(expert, monkeypatch):
    graphs = []

    def note(graph, inputs):
        graphs.append(graph)
        return graph.forward

    chunk = torch.compile(
        torch_lstm.advance.__wrapped__, backend=note, fullgraph=True, dynamic=False
    )
    monkeypatch.setattr(torch_lstm, "advance", chunk)
    point = lstm.point(np.random.default_rng(0), l=2, c=3 * torch_lstm.STEPS, b=3)
    operate(expert, case_of("lstm", "gradient", wrt=WRT), torch_lstm.value, WRT, point)
    expert.release()
    assert len(graphs) == 1
