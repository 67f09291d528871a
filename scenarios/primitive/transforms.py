"""The discrete Fourier transform, as a function of real and imaginary parts.

One convention: z is x + i y; where an answer is complex and only its real part is taken, that tells
all of the derivatives.
"""

from scenarios.primitive.writing import at, chapter

entry = chapter("complex")


def turns(m, length, count, function):
    """The cosines or sines of 2 pi j k / length, for j below length and k below count."""
    angles = [[m.mp.mpf(2 * j * k) / length for k in range(count)] for j in range(length)]
    return m.np.array([[m.remembered(function)(angle) for angle in row] for row in angles], object)


def fft(m, x, y):
    """The real part: x_j cos + y_j sin, summed over j."""
    n = x.shape[-1]
    return x @ turns(m, n, n, m.mp.cospi) + y @ turns(m, n, n, m.mp.sinpi)


def rfft(m, x):
    """Real and imaginary parts, side by side."""
    n = x.shape[-1]
    real, imaginary = (turns(m, n, n // 2 + 1, f) for f in (m.mp.cospi, m.mp.sinpi))
    return m.np.stack([x @ real, -(x @ imaginary)], -1)


def irfft(m, n, x, y):
    """The real numbers of which x + i y are the first half of the transform; the imaginary part of
    the first, and of an even n's last, count for nothing."""
    count = n // 2 + 1
    weights = m.np.array([1 if 2 * k in (0, n) else 2 for k in range(count)], object)
    real, imaginary = (turns(m, n, count, f).T for f in (m.mp.cospi, m.mp.sinpi))
    return ((x * weights) @ real - (y * weights) @ imaginary) / n


FOUR = ((0.5, -1.25, 2.0, 0.75), (1.0, 0.25, -0.5, 1.5))
FIVE = ((0.5, -1.25, 2.0, 0.75, -0.5), (1.0, 0.25, -0.5, 1.5, 0.75))
HALF = ((0.5, -1.25, 2.0), (1.0, 0.25, -0.5))
SPACED = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0, 0.75, 9.0)

TABLE = (
    entry(
        "fft",
        "the real part of the discrete Fourier transform of z",
        fft,
        (
            at("generic", *FOUR),
            at("zero", (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)),
            at("twice", *FOUR, form="twice"),
            at("odd length", *FIVE),
            at("view", SPACED, SPACED, form="view"),
        ),
        torch="torch.fft.fft(torch.complex(x, y)).real",
        jax="jnp.fft.fft(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.signal.fft(tf.complex(x, y)))",
    ),
    entry(
        "ifft",
        "the real part of the inverse discrete Fourier transform of z",
        lambda m, x, y: fft(m, x, -y) / x.shape[-1],
        (
            at("generic", *FOUR),
            at("twice", *FOUR, form="twice"),
            at("odd length", *FIVE),
        ),
        torch="torch.fft.ifft(torch.complex(x, y)).real",
        jax="jnp.fft.ifft(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.signal.ifft(tf.complex(x, y)))",
    ),
    entry(
        "rfft",
        "the discrete Fourier transform of real numbers, as real and imaginary parts",
        rfft,
        (
            at("generic", FOUR[0]),
            at("twice", FOUR[0], form="twice"),
            at("odd length", FIVE[0]),
            at("view", SPACED, form="view"),
        ),
        torch="torch.view_as_real(torch.fft.rfft(x))",
        jax="(lambda z: jnp.stack([z.real, z.imag], -1))(jnp.fft.rfft(x))",
        tensorflow="(lambda z: tf.stack([tf.math.real(z), tf.math.imag(z)], 1))(tf.signal.rfft(x))",
    ),
    entry(
        "irfft_even",
        "the inverse of rfft, for four numbers",
        lambda m, x, y: irfft(m, 4, x, y),
        (
            at("generic", *HALF),
            at("twice", *HALF, form="twice"),
            at("rows", (HALF[0], HALF[1]), (HALF[1], HALF[0])),
        ),
        torch="torch.fft.irfft(torch.complex(x, y), n=4)",
        jax="jnp.fft.irfft(jax.lax.complex(x, y), n=4)",
        tensorflow="tf.signal.irfft(tf.complex(x, y), [4])",
    ),
    entry(
        "irfft_odd",
        "the inverse of rfft, for five numbers",
        lambda m, x, y: irfft(m, 5, x, y),
        (
            at("generic", *HALF),
            at("twice", *HALF, form="twice"),
        ),
        torch="torch.fft.irfft(torch.complex(x, y), n=5)",
        jax="jnp.fft.irfft(jax.lax.complex(x, y), n=5)",
        tensorflow="tf.signal.irfft(tf.complex(x, y), [5])",
    ),
)
