"""What people take along from a screen is a file of answers: theirs, all of theirs, and no key."""

import re

import pytest
from hosting import WIDGETS
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.answers import AnswerContext, Author, Consent, Store, load_records
from retrain_kit.answers.takeaway import takeaway

CONSENT = Consent(("class",), "test-1", "2026-11-22T09:00:00Z")
ASKED = AnswerContext("nature", "what-if", images=("sky",))
ACTS = st.lists(
    st.tuples(st.sampled_from(["say", "refuse", "amend", "withdraw"]), st.integers(0, 2)), max_size=12
)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as opened:
        yield opened


def test_who_has_said_nothing_takes_nothing_along(store):
    nothing = {"name": "", "text": "", "people": []}
    assert takeaway([store], [""]) == nothing
    assert takeaway([store], [Author.new().key]) == nothing


def test_the_file_holds_ones_own_words_and_neither_others_nor_a_key(store, tmp_path):
    mine = store.say("mist", ASKED, CONSENT)
    store.amend(mine.record.id, "or fog", mine.key)
    store.refuse("burn", ASKED, CONSENT, mine.key)
    store.say("a kite", ASKED, CONSENT)
    taken = takeaway([store, store], ["", mine.key])
    (tmp_path / taken["name"]).write_text(taken["text"], encoding="utf-8")
    assert taken["name"] == f"answers-{mine.record.who}.jsonl"
    assert taken["people"] == [mine.record.who]
    assert mine.key not in taken["text"]
    assert list(load_records(tmp_path / taken["name"])) == store.records(who=mine.record.who)


def test_several_people_and_stores_make_one_file_that_merges(store, tmp_path):
    with Store(tmp_path / "other") as other:
        keys = [store.say("mist", ASKED, CONSENT).key, other.say("fog", ASKED, CONSENT).key]
        taken = takeaway([store, other], keys)
    (tmp_path / "taken.jsonl").write_text(taken["text"], encoding="utf-8")
    assert re.fullmatch(r"answers-\w+-\w+-\w+-\w+-and-1-more\.jsonl", taken["name"])
    assert {record.text for record in load_records(tmp_path / "taken.jsonl")} == {"mist", "fog"}


@given(ACTS)
def test_what_everybody_took_along_is_together_what_was_there(tmp_path_factory, acts):
    """Answers, refusals, footnotes and withdrawals of three people, each in a file of their own."""
    folder = tmp_path_factory.mktemp("acts")
    keys = [Author.new().key for _ in range(3)]
    with Store(folder / "there") as there, Store(folder / "here") as here:
        for act, person in acts:
            own = there.records(who=Author(keys[person]).who)
            if act == "say":
                there.say("mist", ASKED, CONSENT, keys[person])
            elif act == "refuse":
                there.refuse("nothing", ASKED, CONSENT, keys[person])
            elif own:
                getattr(there, act)(own[0].id, *(["fog"] if act == "amend" else []), keys[person])
        for number, key in enumerate(keys):
            file = folder / f"{number}.jsonl"
            file.write_text(takeaway([there], [key])["text"], encoding="utf-8")
            if file.stat().st_size:
                here.merge(file)
        assert here.records() == there.records()
        assert here.withdrawals() == there.withdrawals()


def test_no_widgets_style_says_anything_of_another():
    for name, widget in WIDGETS.items():
        own = f".rk-{name.replace('_', '-')}-widget"
        assert set(re.findall(r"\.rk-(?:\w+-)*widget\b", widget._css)) == {own}
