"""Ids that come and go: each moment is the set that was there then, and two differ as sets do."""

from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.exercises.common.ids import ChangingIds, changed_ids

NAMES = st.sampled_from("abcde")


@given(st.lists(st.tuples(NAMES, st.booleans()), max_size=20), st.lists(st.sets(NAMES), max_size=20))
def test_each_moment_is_the_set_that_was_there_then(changes, few):
    ids, here, moments = ChangingIds("phones"), set(), []
    for (name, comes), also in zip(changes, few, strict=False):
        ids.put(name, here=comes)
        here = here | {name} if comes else here - {name}
        moments.append((ids.now(also), here | also))
    for one, seen in moments:
        assert (set(one), len(one), hash(one)) == (seen, len(seen), hash(frozenset(seen)))
        assert [name in one for name in "abcde"] == [name in seen for name in "abcde"]
        for other, known in moments:
            assert changed_ids(one, other) == changed_ids(one, frozenset(known)) == seen ^ known
            assert (one == other, one == known) == (seen == known, seen == known)


class CountedName(str):
    """An id that counts how often any of them is looked up."""

    __slots__ = ()
    looks = 0

    def __hash__(self):
        CountedName.looks += 1
        return super().__hash__()


def test_two_moments_are_compared_by_what_changed_between_however_many_there_are():
    looks = []
    for size in (10, 1_000):
        ids = ChangingIds("wall")
        for number in range(size):
            ids.put(CountedName(number), here=True)
        before, CountedName.looks = ids.now(), 0
        ids.put(CountedName(7), here=False)
        assert changed_ids(before, ids.now(["new"])) == {"7", "new"}
        assert before != ids.now()
        looks.append(CountedName.looks)
    assert looks[0] == looks[1] > 0
