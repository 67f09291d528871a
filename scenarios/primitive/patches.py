"""What the definitions of convolutions and pools have in common: windows of an array.

One convention: the windows' places come before the places within a window.
"""


def windows(m, x, size, stride=1, dilation=1):
    """All windows along the last axis: (..., n) becomes (..., places, size)."""
    places = (x.shape[-1] - dilation * (size - 1) - 1) // stride + 1
    index = [[i * stride + k * dilation for k in range(size)] for i in range(places)]
    return m.np.take(x, index, axis=-1)


def windows2d(m, x, sizes, stride=1, dilation=1):
    """All windows along the last two axes: (..., h, w) becomes (..., rows, columns, *sizes)."""
    along_rows = windows(m, m.np.swapaxes(x, -1, -2), sizes[0], stride, dilation)
    moved = m.np.moveaxis(along_rows, -3, -1)
    return m.np.swapaxes(windows(m, moved, sizes[1], stride, dilation), -3, -2)


def padded(m, x, *widths, fill=0):
    """x with so many numbers more before and after, along its last axes."""
    every = [(0, 0)] * (x.ndim - len(widths)) + list(widths)
    return m.np.pad(x, every, constant_values=fill)
