"""Trees: nested tuples, lists and dicts of arrays, with None where there is no array.

The one convention: a tree's structure is told by any tree that has it, so none is described twice.
Leaves are in the order in which they are met, a dict's in the order of its insertions; another tree
is matched to it by key, so that its own order doesn't matter. Subclasses, such as namedtuples, are
no containers here, as they could not be built anew from their entries.
"""

CONTAINERS = frozenset([tuple, list, dict, type(None)])


def leaves(tree):
    """The leaves in order; a tree that is no container is its own and only leaf."""
    found = []
    _collect(tree, found)
    return found


def rebuild(like, new):
    """Make a tree of the structure of `like` from as many leaves as that has."""
    return _rebuild(like, iter(new))


def transform(function, tree):
    """Apply a function to every leaf."""
    if type(tree) not in CONTAINERS:
        return function(tree)
    return rebuild(tree, [function(leaf) for leaf in leaves(tree)])


def matched(tree, like, what, whose):
    """The leaves of a tree, in the order of those of `like`, whose structure it must have.

    Raises ValueError that says where they differ, calling them by `what` and `whose`.
    """
    found = []
    _match(tree, like, found, "", (what, whose))
    return found


def places(tree):
    """Where each leaf is, as one would write it: `['weights'][0]`; empty for an only leaf."""
    found = []
    _name(tree, "", found)
    return found


def _collect(tree, found):
    kind = type(tree)
    if kind is tuple or kind is list:
        for part in tree:
            _collect(part, found)
    elif kind is dict:
        for part in tree.values():
            _collect(part, found)
    elif tree is not None:
        found.append(tree)


def _rebuild(like, new):
    kind = type(like)
    if kind is tuple:
        return tuple([_rebuild(part, new) for part in like])
    if kind is list:
        return [_rebuild(part, new) for part in like]
    if kind is dict:
        return {key: _rebuild(part, new) for key, part in like.items()}
    return None if like is None else next(new)


def _match(tree, like, found, place, names):
    kind = type(like)
    if kind not in CONTAINERS and type(tree) not in CONTAINERS:
        found.append(tree)
        return
    if type(tree) is not kind or (kind is not type(None) and _keys(tree) != _keys(like)):
        what, whose = names
        raise ValueError(
            f"{what} has {_described(tree)}{f' at {place}' if place else ''}, but {whose} has "
            f"{_described(like)}; give both the same structure"
        )
    for key, part in _entries(like):
        _match(tree[key], part, found, f"{place}[{key!r}]", names)


def _name(tree, place, found):
    if type(tree) not in CONTAINERS:
        found.append(place)
    for key, part in _entries(tree):
        _name(part, f"{place}[{key!r}]", found)


def _entries(tree):
    if type(tree) is dict:
        return tree.items()
    return enumerate(tree) if type(tree) in (tuple, list) else ()


def _keys(tree):
    return tree.keys() if type(tree) is dict else len(tree)


def _described(tree):
    if type(tree) is dict:
        return f"a dict of {', '.join(map(repr, tree)) or 'nothing'}"
    if type(tree) in (tuple, list):
        return f"a {type(tree).__name__} of {len(tree)}"
    return "None" if tree is None else "one array"
