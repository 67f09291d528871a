"""How each framework's users would write what the adapters do, as text: see `harness repro`.

One convention: nothing here imports a framework, so that scripts are written where it is not.
"""
