"""Linear algebra in any precision, for closed forms: LAPACK knows no longdouble."""


def inverse(np, a):
    """Return the inverse of a square matrix and its pivots, whose product is the determinant.

    Gauss-Jordan elimination with row exchanges (Golub and Van Loan 2013, section 3.4); the sign of
    an exchange goes to the pivot.
    """
    n = len(a)
    rows = np.concatenate([a, np.eye(n, dtype=a.dtype)], axis=1)
    pivots = np.zeros(n, a.dtype)
    for i in range(n):
        best = i + int(np.argmax(np.abs(rows[i:, i])))
        rows[[i, best]] = rows[[best, i]]
        pivots[i] = rows[i, i] if best == i else -rows[i, i]
        rows[i] /= rows[i, i]
        factors = rows[:, i].copy()
        factors[i] = 0
        rows -= np.outer(factors, rows[i])
    return rows[:, n:], pivots
