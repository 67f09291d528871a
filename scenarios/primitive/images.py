"""Images: shuffled, cut into patches, resized and sampled.

One convention: x is (batch, channels, height, width) except where it is one image or signal;
TensorFlow's arrays are transposed on the way, since its images have channels last.
"""

from scenarios.primitive.patches import windows2d
from scenarios.primitive.writing import at, chapter, kink

entry = chapter("images")


def shuffled(m, x):
    """(1, 4, h, w) becomes (1, 1, 2 h, 2 w)."""
    _, _, height, width = x.shape
    y = m.np.transpose(x.reshape(2, 2, height, width), (2, 0, 3, 1))
    return y.reshape(1, 1, 2 * height, 2 * width)


def unshuffled(m, x):
    _, _, height, width = x.shape
    y = m.np.transpose(x.reshape(height // 2, 2, width // 2, 2), (1, 3, 0, 2))
    return y.reshape(1, 4, height // 2, width // 2)


def unfolded(m, x):
    """Columns that are windows of 2 by 2, of one channel."""
    return windows2d(m, x, (2, 2))[:, 0].reshape(1, -1, 4).transpose(0, 2, 1)


def hat(m, t):
    """max(0, 1 - |t|)."""
    return m.maximum(1 - m.abs(t), t * 0)


def resizing(m, before, after, kernel):
    """The matrix that resizes one axis: the kernel, as wide as a smaller image asks for, at the
    centres' distances, each row over its sum."""
    scale = m.mp.mpf(before) / after
    wide = max(scale, 1)
    rows = []
    for i in range(after):
        centre = (i + m.mp.mpf(1) / 2) * scale - m.mp.mpf(1) / 2
        row = [kernel(m, (j - centre) / wide) for j in range(before)]
        rows.append([number / sum(row) for number in row])
    return m.np.asarray(rows, object)


def resized(m, x, height, width, kernel):
    rows = resizing(m, x.shape[2], height, kernel)
    columns = resizing(m, x.shape[3], width, kernel)
    return (rows @ x[0, 0] @ columns.T)[None, None]


def sampled(m, x, grid):
    """Numbers of an image of 3 by 3, and of zeros around it, between whose centres is
    interpolated; (-1, -1) is the first centre and (1, 1) the last, as (column, row)."""
    answers = []
    for column, row in grid + 1:
        weights = [
            [hat(m, row - i) * hat(m, column - j) * x[i, j] for j in range(3)] for i in range(3)
        ]
        answers.append(sum(number for line in weights for number in line))
    return m.np.asarray(answers, object)


LAST, FIRST = "(0, 2, 3, 1)", "(0, 3, 1, 2)"
TF = f"tf.transpose({{}}(tf.transpose(x, {LAST}), {{}}), {FIRST})"
TORCH = "torch.nn.functional.interpolate(x, size={}, mode={})"
JAX = 'jax.image.resize(x, (1, 1, *{}), "{}")'
SINGLE = {"tensorflow": "TensorFlow's tf.image.resize answers in float32, whatever it is given"}

ROWS = [[1, 0], [0.5, 0.5], [0, 1]]
COLUMNS = [[1, 0, 0], [0.375, 0.625, 0], [0, 0.625, 0.375], [0, 0, 1]]
NEAR, NEXT, FAR = 0.8671875, 0.2265625, -0.0703125  # Keys's kernel at 1/4, 3/4 and 5/4

IMAGE = ((((0.5, -1.0, 2.0), (0.25, 1.5, -0.5)),),)
SQUARE = ((0.5, -1.0, 2.0), (0.25, 1.5, -0.5), (1.0, 0.75, -2.0))
PLACES = ((0.25, -0.5), (-0.75, 0.625))


def tried(x, *others):
    return (at("generic", x), *others, at("twice", x, form="twice"))


TABLE = (
    entry(
        "pixel_shuffle",
        "(1, 4, h, w) becomes (1, 1, 2h, 2w), four channels the corners of a square",
        shuffled,
        tried((((((0.5, -1.0),), ((2.0, 0.25),), ((1.5, -0.5),), ((1.0, 0.75),))),)),
        xp=(
            "xp.reshape(xp.permute_dims(xp.reshape(x, (2, 2, *x.shape[2:])), (2, 0, 3, 1)), "
            "(1, 1, 2 * x.shape[2], 2 * x.shape[3]))"
        ),
        torch="torch.nn.functional.pixel_shuffle(x, 2)",
        tensorflow=TF.format("tf.nn.depth_to_space", 2),
        lacks={"jax": "JAX has no function that moves channels into space"},
    ),
    entry(
        "pixel_unshuffle",
        "(1, 1, 2h, 2w) becomes (1, 4, h, w), the corners of a square four channels",
        unshuffled,
        tried(((((0.5, -1.0, 2.0, 0.25), (1.5, -0.5, 1.0, 0.75)),),)),
        xp=(
            "xp.reshape(xp.permute_dims(xp.reshape(x, (x.shape[2] // 2, 2, x.shape[3] // 2, 2)), "
            "(1, 3, 0, 2)), (1, 4, x.shape[2] // 2, x.shape[3] // 2))"
        ),
        torch="torch.nn.functional.pixel_unshuffle(x, 2)",
        tensorflow=TF.format("tf.nn.space_to_depth", 2),
        lacks={"jax": "JAX has no function that moves space into channels"},
    ),
    entry(
        "unfold",
        "columns that are the windows of 2 by 2",
        unfolded,
        tried(IMAGE),
        xp=(
            "xp.reshape(xp.stack([x[:, 0, :-1, :-1], x[:, 0, :-1, 1:], x[:, 0, 1:, :-1], "
            "x[:, 0, 1:, 1:]], axis=1), (1, 4, 2))"
        ),
        torch="torch.nn.functional.unfold(x, 2)",
        jax='jax.lax.conv_general_dilated_patches(x, (2, 2), (1, 1), "VALID").reshape(1, 4, 2)',
        tensorflow=(
            f"tf.reshape(tf.transpose(tf.image.extract_patches(tf.transpose(x, {LAST}), "
            f'(1, 2, 2, 1), (1, 1, 1, 1), (1, 1, 1, 1), "VALID"), {FIRST}), (1, 4, 2))'
        ),
    ),
    entry(
        "resize_nearest",
        "x[i // 2, j // 2]",
        lambda m, x: m.np.repeat(m.np.repeat(x, 2, axis=2), 2, axis=3),
        tried(((((0.5, -1.0), (0.25, 1.5)),),)),
        xp=(
            "xp.reshape(xp.broadcast_to(x[:, :, :, None, :, None], (1, 1, 2, 2, 2, 2)), "
            "(1, 1, 4, 4))"
        ),
        torch=TORCH.format("(4, 4)", '"nearest-exact"'),
        jax=JAX.format("(4, 4)", "nearest"),
        tensorflow=TF.format("tf.image.resize", '(4, 4), "nearest"'),
    ),
    entry(
        "resize_linear",
        "interpolation between the centres of pixels, as far as these reach",
        lambda m, x: resized(m, x, 3, 4, hat),
        tried(IMAGE),
        xp=f"xp.matmul(xp.matmul(xp.asarray({ROWS}), x), xp.asarray({COLUMNS}).T)",
        torch=TORCH.format("(3, 4)", '"bilinear"'),
        jax=JAX.format("(3, 4)", "linear"),
        lacks=SINGLE,
    ),
    entry(
        "grid_sample",
        "interpolation between the pixels of a 3 by 3 image at (column, row), both -1 to 1",
        sampled,
        (
            at("generic", SQUARE, PLACES),
            at("outside", SQUARE, ((2.5, 0.25), (-3.0, -0.5))),
            at("at the border", SQUARE, ((1.25, -0.5), (-0.75, -1.5))),
            kink("on a pixel", SQUARE, ((0.0, 0.0), (-0.75, 0.625))),
            at("twice", SQUARE, PLACES, form="twice"),
        ),
        xp=(
            '(lambda hat: xp.einsum("nr,nc,rc->n", hat(grid[:, 1:]), hat(grid[:, :1]), x))'
            "(lambda t: xp.maximum(1 - xp.abs(t + 1 - xp.arange(3)), 0))"
        ),
        torch=(
            "torch.nn.functional.grid_sample(x[None, None], grid[None, None], "
            "align_corners=True)[0, 0, 0]"
        ),
        jax=(
            'jax.scipy.ndimage.map_coordinates(x, (grid[:, 1] + 1, grid[:, 0] + 1), 1, "constant")'
        ),
        lacks={"tensorflow": "TensorFlow has no sampling at given places; Addons had"},
        source="Jaderberg et al., 2015",
    ),
)
