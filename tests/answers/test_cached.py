"""A cached store reads what is added and nothing else, and says the same as any other."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.answers import AnswerContext, Author, Consent, Store
from retrain_kit.answers.cached import CachedStore

KEYS = [Author.new().key for _ in range(2)]
CONSENT = Consent(("class",), "1", "2025-03-04T09:30:00Z")
ASKED = [AnswerContext("one", "what-if"), AnswerContext("one", "polyphony"), AnswerContext("two", "what-if")]
STEPS = st.lists(
    st.tuples(st.sampled_from(["say", "say", "say", "amend", "withdraw"]), st.integers(0, 9), st.booleans()),
    max_size=12,
)
LOOKS = list(itertools.product((None, "one"), (None, "what-if"), (None, Author(KEYS[0]).who)))


@given(STEPS)
def test_it_says_the_same_as_any_other_whoever_adds_what(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("cached") / "answers"
    with CachedStore(folder) as cached, Store(folder) as other:
        said = []
        for act, number, by_another in steps:
            store = other if by_another else cached
            if act == "say":
                key = KEYS[number % 2]
                said.append((store.say(f"{number}", ASKED[number % 3], CONSENT, key).record.id, key))
            elif act == "amend" and said:
                store.amend(said[number % len(said)][0], "a note", said[number % len(said)][1])
            elif said:
                store.withdraw(*said.pop(number % len(said)))
            for study, exercise, who in LOOKS:
                asked = {"study": study, "exercise": exercise, "who": who}
                assert cached.records(**asked) == Store.records(other, **asked)
            assert cached.tally("one", "what-if") == other.tally("one", "what-if")


def test_one_more_answer_is_all_that_is_read_however_many_there_are(tmp_path):
    with CachedStore(tmp_path / "answers") as store:
        for number in range(9):
            store.say(str(number), ASKED[0], CONSENT, KEYS[0])
        before = {record.id: record for record in store.records()}
        store.say("one more", ASKED[0], CONSENT, KEYS[0])
        after = {record.id: record for record in store.records(who=Author(KEYS[0]).who)}
        assert len(after) == 10
        assert all(after[name] is record for name, record in before.items())
