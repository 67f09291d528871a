"""QR, symmetric eigenvalues and singular values, for the dtypes that LAPACK refuses.

The one convention: any number of leading axes, matrices last; Python loops over columns or over
rounds of rotations, NumPy over everything else. Sources: Golub and Van Loan, Matrix Computations
(4th edition), sections 5.2 (Householder's QR), 8.5 (Jacobi's eigenvalues) and 8.6.3 (one-sided
Jacobi for singular values); that Jacobi's methods are accurate is Demmel and Veselic (1992).
"""

from functools import cache

import numpy as np

SWEEPS = 60  # six to twelve do: convergence is quadratic in the end


def householder_qr(x):
    """The reduced factors of x (m, n): q (m, k) and r (k, n) with k = min(m, n).

    Signs are LAPACK's: a reflector turns a column against its first element, and none is used where
    the column is in place already.
    """
    m, n = x.shape[-2:]
    r = x.copy()
    reflectors = []
    for j in range(min(m, n)):
        v, tau, beta = _reflector(r[..., j:, j])
        reflectors.append((v, tau))
        _reflect(r[..., j:, j:], v, tau)
        r[..., j, j] = beta
        r[..., j + 1 :, j] = 0
    q = np.zeros((*x.shape[:-1], len(reflectors)), x.dtype)
    q[..., range(len(reflectors)), range(len(reflectors))] = 1
    for j in reversed(range(len(reflectors))):
        _reflect(q[..., j:, j:], *reflectors[j])
    return q, r[..., : len(reflectors), :]


def _reflector(column):
    """v, tau and beta such that (1 - tau v v^T) column = (beta, 0, ..., 0), where v starts by 1."""
    first, rest = column[..., 0], column[..., 1:]
    in_place = np.all(rest == 0, axis=-1)
    length = np.sqrt(np.sum(column * column, axis=-1))
    beta = np.where(in_place, first, -np.copysign(length, first))
    v = column / np.where(in_place, 1, first - beta)[..., None]
    v[..., 0] = 1
    tau = np.where(in_place, 0, (beta - first) / np.where(in_place, 1, beta))
    return v, tau, beta


def _reflect(x, v, tau):
    x -= (tau[..., None] * v)[..., None] * (v[..., None, :] @ x)


def jacobi_eigh(x):
    """Eigenvalues, ascending, and eigenvectors, as columns, of the lower triangle's matrix."""
    a = np.tril(x) + np.tril(x, -1).swapaxes(-1, -2)
    v = _identities(a)
    limit = np.finfo(a.dtype).eps * np.sqrt(np.sum(a * a, axis=(-2, -1)))
    for _ in range(SWEEPS):
        rest = a - _diagonal(a)[..., None] * np.eye(a.shape[-1], dtype=a.dtype)
        if not np.any(np.sqrt(np.sum(rest * rest, axis=(-2, -1))) > limit):
            break
        for p, q in _rounds(a.shape[-1]):
            c, s = _rotation(a[..., p, p], a[..., q, q], a[..., p, q])
            for columns in (a, a.swapaxes(-1, -2), v):
                _rotate(columns, p, q, c, s)
            a[..., p, q] = a[..., q, p] = 0  # as rounding leaves eps of the diagonal there
    else:
        raise np.linalg.LinAlgError("Jacobi's method did not find all eigenvalues")
    w = _diagonal(a)
    order = np.argsort(w, axis=-1, kind="stable")
    return np.take_along_axis(w, order, -1), np.take_along_axis(v, order[..., None, :], -1)


def jacobi_svd(x):
    """u (m, k), s (k), v (n, k) with x = u diag(s) v^T, s descending and k = min(m, n)."""
    if x.shape[-2] < x.shape[-1]:
        v, s, u = jacobi_svd(x.swapaxes(-1, -2))
        return u, s, v
    q, columns = householder_qr(x)
    columns = columns.copy()
    v = _identities(columns)
    limit = np.sqrt(x.shape[-2]) * np.finfo(x.dtype).eps  # what LAPACK's xGESVJ takes
    for _ in range(SWEEPS):
        if not _orthogonalise(columns, v, limit):
            break
    else:
        raise np.linalg.LinAlgError("Jacobi's method did not find all singular values")
    order = np.argsort(-np.sum(columns * columns, axis=-2), axis=-1, kind="stable")
    # Of orthogonal columns, r is diagonal; and unlike a division by their lengths, this gives
    # orthonormal vectors also where a singular value is 0.
    turn, r = householder_qr(np.take_along_axis(columns, order[..., None, :], -1))
    s = _diagonal(r)
    u = q @ (turn * np.where(s < 0, -1, 1).astype(s.dtype)[..., None, :])
    return u, np.abs(s), np.take_along_axis(v, order[..., None, :], -1)


def _orthogonalise(columns, v, limit):
    """Turn every pair of columns at right angles; say whether any was not so already."""
    turned = False
    for p, q in _rounds(columns.shape[-1]):
        left, right = columns[..., p], columns[..., q]
        pp, qq, pq = (np.sum(a * b, -2) for a, b in ((left, left), (right, right), (left, right)))
        pq = np.where(np.abs(pq) > limit * np.sqrt(pp * qq), pq, 0)
        if np.any(pq):
            c, s = _rotation(pp, qq, pq)
            _rotate(columns, p, q, c, s)
            _rotate(v, p, q, c, s)
            turned = True
    return turned


def _rotation(pp, qq, pq):
    """Cosine and sine that bring the symmetric ((pp, pq), (pq, qq)) to diagonal form."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        tau = (qq - pp) / (2 * pq)
        t = np.copysign(1, tau) / (np.abs(tau) + np.sqrt(1 + tau * tau))
    t = np.where(pq == 0, 0, t)
    c = 1 / np.sqrt(1 + t * t)
    return c, c * t


def _rotate(x, p, q, c, s):
    c, s = c[..., None, :], s[..., None, :]
    left, right = x[..., p], x[..., q]
    x[..., p] = c * left - s * right
    x[..., q] = s * left + c * right


@cache
def _rounds(n):
    """All pairs of n columns, in rounds of disjoint pairs: a tournament (section 8.5.5)."""
    players = [*range(n), *[None] * (n % 2)]  # whoever meets None sits out
    rounds = []
    for _ in range(len(players) - 1):
        half = len(players) // 2
        met = zip(players[:half], reversed(players[half:]), strict=True)
        pairs = [sorted(pair) for pair in met if None not in pair]
        p, q = np.array(pairs, dtype=int).reshape(-1, 2).T
        rounds.append((p, q))
        players = [players[0], players[-1], *players[1:-1]]
    return rounds


def _identities(x):
    return np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape).copy()


def _diagonal(x):
    return np.diagonal(x, axis1=-2, axis2=-1)
