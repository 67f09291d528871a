"""Recording a function: its arguments go in as traced arrays, and its results come out as nodes.

The one convention: arguments and results are trees (see trees.py), whose leaves are arrays and
constants of Python.
"""

import numpy as np

from backends.engine.replaying.nodes import Constant, Recording, owner_of
from backends.engine.replaying.recorder import ForeignTracer, Recorder
from backends.engine.tracer import Tracer
from backends.engine.trees import leaves, transform

STATIC = (bool, int, float, complex, str)


def record(f, arguments):
    """Run f and return its recording, and what it gave.

    Raises ForeignTracer where f closes over an array that is being differentiated, TypeError for an
    argument or a result that is neither an array nor a plain constant.
    """
    recorder = Recorder()
    given = transform(lambda x: leaf_of(recorder, x), arguments)
    results = apart(recorder, given, transform(lambda y: result_of(recorder, y), f(*given)))
    recording = Recording(
        arguments=transform(
            lambda x: x.note if isinstance(x, Tracer) else Constant(value=x), given
        ),
        results=transform(recorder.node_of, results),
        steps=recorder.steps,
    )
    return recording, transform(plain, results)


def plain(x):
    return x.value if isinstance(x, Tracer) else x


def apart(recorder, given, results):
    """The results, copied where they would share memory that f's own do not share.

    Merged calls, or one simplified to its operand, would let a caller who writes into a result
    change another, or the input. What can't be written to is copied as well.
    """
    met = [x for x in leaves(given) if isinstance(x, Tracer)]

    def own(y):
        node, value = recorder.node_of(y), plain(y)
        if not isinstance(value, np.ndarray):
            return y
        sharing = [x for x in met if owner_of(x.note) is owner_of(node)]
        alone = not any(np.may_share_memory(plain(x), value) for x in sharing)
        if isinstance(node, Constant) or not node.layout.writeable or (sharing and alone):
            node, value = recorder.copy(node, number=len(met)), value.copy()
        met.append(Tracer(value, recorder, node))
        return met[-1]

    return transform(own, results)


def leaf_of(recorder, x):
    if type(x) is np.ndarray or isinstance(x, np.generic):
        return recorder.leaf(x)
    if isinstance(x, STATIC):
        return x
    raise TypeError(
        "replay takes arrays, and constants of Python, in tuples, lists and dicts; got a "
        f"{type(x).__name__}; convert it with np.asarray, or close over it"
    )


def result_of(recorder, y):
    while isinstance(y, Tracer) and y.trace.number > recorder.number:
        y = y.value  # kept from a derivative taken within, which is over
    if isinstance(y, Tracer) and y.trace is not recorder:
        raise ForeignTracer
    if not isinstance(y, (Tracer, np.ndarray, np.generic, *STATIC)):
        raise TypeError(
            "replay needs a function that returns arrays, in tuples, lists and dicts; got a "
            f"{type(y).__name__}; return its arrays"
        )
    return y
