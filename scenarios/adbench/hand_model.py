"""The hand that is tracked: its tree of bones, which of them turn, and models made up for tests.

The one convention: bones in the order of ADBench's file, wrist, then thumb, index, middle, ring and
pinky with four each from palm to tip, then forearm; a transform is a 4 x 4 matrix on columns.
The pose has ANGLES numbers: rotation and translation of the hand, and four for each finger.
"""

FINGERS = ("thumb", "index", "middle", "ring", "pinky")
NAMES = ("wrist", *(f"{finger}{k}" for finger in FINGERS for k in (1, 2, 3, 4)), "forearm")
ANGLES = 6 + 4 * len(FINGERS)
PARENTS = (-1, *(0 if k == 1 else 4 * f + k - 1 for f in range(5) for k in (1, 2, 3, 4)), 0)


def generate(rng, vertices):
    """Draw a model of that tree: rigid relative transforms, the inverses of the absolute ones,
    positions, weights (vertices x 22, one to four positive ones that sum to 1) and triangles."""
    import numpy as np

    relative = [rigid(np, rng) for _ in NAMES]
    inverse = []
    for own, parent in zip(relative, PARENTS, strict=True):
        inverse.append(inverted(np, own) @ (inverse[parent] if parent >= 0 else np.eye(4)))
    weights = np.zeros((vertices, len(NAMES)))
    for row in weights:
        bones = rng.choice(len(NAMES), rng.integers(1, 5), replace=False)
        row[bones] = rng.dirichlet(np.full(len(bones), 5.0))
    positions = rng.standard_normal((vertices, 3))
    triangles = (np.arange(vertices)[:, None] + np.arange(3)) % vertices
    return np.stack(relative), np.stack(inverse), positions, weights, triangles


def rigid(np, rng):
    """A rotation, from the QR factors of a random matrix, and a translation."""
    q, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = q * np.sign(np.linalg.det(q)), 0.3 * rng.standard_normal(3)
    return matrix


def inverted(np, matrix):
    """The inverse of a rigid transform."""
    inverse = np.eye(4)
    inverse[:3, :3], inverse[:3, 3] = matrix[:3, :3].T, -matrix[:3, :3].T @ matrix[:3, 3]
    return inverse
