"""Damage: tables of JSON with something else, or nothing, in the place of a value."""

from hypothesis import strategies as st

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(["size", "counts"]), inner),
    max_leaves=8,
)
damages = st.one_of(
    st.sampled_from(
        [None, True, False, "", "5", "0005", "x", "\ud800", 0, 1, -1, 5, 5.0, 3, 1e300, 10**30, 10**400]
    ),
    st.sampled_from([float("nan"), float("inf"), -0.0, 2**53, [], {}, [[]], [5], [None], {"id": 5}]),
    anything,
)


def places(value, path=()):
    """Yield the ways to all values of a table."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def damaged(table, path, damage):
    """Return a table with something else, or nothing where `damage` is `gone`, at a place of it."""
    if not path:
        return damage
    copy = dict(table) if isinstance(table, dict) else list(table)
    if len(path) == 1 and damage is places:
        del copy[path[0]]
    else:
        copy[path[0]] = damaged(copy[path[0]], path[1:], damage)
    return copy
