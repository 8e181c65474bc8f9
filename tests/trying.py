"""How many examples a property is tried with: fewer in the quick suite."""

from hypothesis import settings

_WHOLE = 100


def examples(count, **more):
    """Return settings for so many examples in the whole suite."""
    return settings(max_examples=max(1, count * settings().max_examples // _WHOLE), **more)
