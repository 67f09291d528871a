"""What the survey of primitives met in frameworks: answers that can't be read as they are, and
refusals in words of their own. Every one of these once ended a worker or passed for a failure."""

import numpy as np
import pytest

from harness.conformance import operate
from harness.conformance.driving import case_of
from harness.errors import Unsupported

X, Y = np.array([0.5, -1.25, 2.0]), np.array([1.5, 0.25])


def made(framework, variant):
    """An adapter, where its framework is installed."""
    pytest.importorskip(framework, reason=f"{framework} is not installed")
    from harness.contract import Settings

    if framework == "torch":
        from backends.torch import Torch

        return Torch(variant, "cpu", Settings())
    from backends.tensorflow import TensorFlow

    return TensorFlow(variant, "cpu", Settings())


def answered(framework, variant, operator, composition, f, inputs, seeds=()):
    """Differentiate f(words, *inputs), where `words` is the framework's own module."""
    backend = made(framework, variant)
    wrt = tuple(range(len(inputs)))
    case = case_of("surveyed", operator, composition, wrt=wrt)
    name = "tf" if framework == "tensorflow" else framework
    return operate(backend, case, lambda xp, *xs: f(xp.words[name], *xs), wrt, inputs, seeds)


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")
def test_torch_a_part_of_what_is_known_to_be_zero_can_be_read():
    """PyTorch gives a second derivative as views of zeros without memory, of which NumPy reads the
    second at address 24."""
    f = lambda torch, x, y: torch.sum(torch.concat([x, y]) * torch.arange(5.0))  # noqa: E731
    got = answered("torch", "func", "hvp", "reverse-over-forward", f, (X, Y), (X, Y))
    assert [part.tolist() for part in got] == [[0.0] * 3, [0.0] * 2]


def test_torch_a_conjugate_view_is_read_as_what_it_says():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    view = torch.tensor([[1 + 2j, 3 - 4j], [5j, 6]]).T[1:].conj()
    got, device = made("torch", "eager").get(view)
    assert (got.tolist(), device, got.flags.c_contiguous) == ([[3 + 4j, 6 - 0j]], "cpu", True)


def test_torch_what_is_read_is_a_copy():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    tensor = torch.zeros(3)
    got, _ = made("torch", "eager").get(tensor)
    tensor += 1
    assert got.tolist() == [0.0, 0.0, 0.0]


def test_torch_a_double_backward_that_it_calls_unsupported_is_refused():
    places, factors = np.array([0, 0, 1]), np.array([0.0, -0.5, 3.0])

    def multiplied(torch, y):
        return torch.sum(
            torch.scatter_reduce(torch.ones(2, dtype=y.dtype), 0, torch.tensor(places), y, "prod")
        )

    answered("torch", "eager", "hvp", "reverse-over-reverse", multiplied, (factors,), (X,))
    with pytest.raises(Unsupported, match="Double backward is unsupported"):
        zeros = np.array([0.0, 0.0, 3.0])
        answered("torch", "eager", "hvp", "reverse-over-reverse", multiplied, (zeros,), (X,))


def stepped(tf, x):
    return x * tf.floor(x)


def test_tensorflow_a_second_derivative_through_a_step_is_refused_by_graphs():
    with pytest.raises(Unsupported, match="nested forward accumulators can't pass"):
        answered("tensorflow", "function", "second", "forward-over-forward", stepped, (X,), (X,))
    (got,) = answered("tensorflow", "function", "jvp", None, stepped, (X,), (X,))
    np.testing.assert_allclose(got, X * np.floor(X), rtol=1e-15)


@pytest.mark.parametrize("composition", ["reverse-over-forward", "forward-over-reverse"])
def test_tensorflow_an_index_error_of_the_function_stays_what_it_is(composition):
    with pytest.raises(IndexError):
        answered("tensorflow", "function", "hvp", composition, lambda tf, x: [][1], (X,), (X,))


@pytest.mark.parametrize(("operator", "order"), [("jvp", 1), ("second", 2)])
def test_tensorflow_a_tangent_whose_size_a_graph_does_not_know_is_dense(operator, order):
    """Graphs learn from the last index how many segments there are."""

    def segments(tf, x):
        return tf.math.segment_sum(x**3, tf.constant([0, 0, 1]))

    composition = "forward-over-forward" if order == 2 else None
    (got,) = answered("tensorflow", "function", operator, composition, segments, (X,), (X,))
    cubes = (3, 6)[order - 1] * X**3
    np.testing.assert_allclose(got, [cubes[0] + cubes[1], cubes[2]], rtol=1e-14)


@pytest.mark.parametrize("variant", ["function", "eager"])
def test_tensorflow_explicit_padding_has_no_second_derivative(variant):
    image = np.arange(16.0).reshape(1, 4, 4, 1)

    def pooled(tf, x):
        padding = [[0, 0], [1, 1], [1, 1], [0, 0]]
        return tf.reduce_sum(tf.nn.max_pool2d(x, 2, 2, padding) ** 2)

    (got,) = answered("tensorflow", variant, "gradient", None, pooled, (image,))
    assert got[0, 3, 3, 0] == 2 * image[0, 3, 3, 0]
    with pytest.raises(Unsupported, match="EXPLICIT"):
        answered("tensorflow", variant, "hvp", "reverse-over-reverse", pooled, (image,), (image,))


@pytest.mark.parametrize("variant", ["function", "eager"])
def test_tensorflow_refuses_the_factors_of_a_singular_matrix_and_fails_at_its_determinant(variant):
    """tf.linalg.lu says that its input has to be invertible; tf.linalg.det has a derivative there
    and raises the same words (tensorflow issue 119477)."""
    tf = pytest.importorskip("tensorflow", reason="tensorflow is not installed")
    singular = (np.array([[1.0, 2.0], [2.0, 4.0]]),)
    factors = lambda tf, x: tf.linalg.lu(x)[0]  # noqa: E731
    with pytest.raises(Unsupported, match="Input is not invertible"):
        answered("tensorflow", variant, "value", None, factors, singular)
    determinant = lambda tf, x: tf.linalg.det(x)  # noqa: E731
    with pytest.raises(tf.errors.InvalidArgumentError, match="Input is not invertible"):
        answered("tensorflow", variant, "gradient", None, determinant, singular)
