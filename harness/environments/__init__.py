"""Workers under another Python than this: one that a path names, or one made for a version.

One convention: a backend runs elsewhere where something stands behind its name, `jax@/opt/env` or
`jax==0.9.0`. `providing` turns that into an interpreter, `installing` makes what is asked for by
version, `cache` keeps it and `listing` shows it.
"""
