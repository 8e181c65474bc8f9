"""What people say is kept, amended, refused, and withdrawn to the last byte."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.answers import AnswerContext, Consent, Store
from retrain_kit.errors import DataError, ParameterError

ASKED = AnswerContext("nature", "what-if", "What might exist in the blank area?", ("0a1b", "0c2d"))
CONSENT = Consent(("class", "publication"), "2", "2025-03-04T09:30:00Z")
KNIFE = "a knife lies beside the cake 🔪"


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store") as opened:
        yield opened


def bytes_of(folder):
    """Return all bytes of all files of a folder, write-ahead log and its index among them."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_is_said_comes_back_as_it_was_typed(store):
    text = "  e\u0301 ≠ \u00e9\r\n\u0627\u0644\u0633\u0000 <b>刀</b>\u2028 "
    said = store.say(text, ASKED, CONSENT, language="pt-BR", details={"likely": 0.25, "order": [1, None]})
    (record,) = store.records()
    assert record == said.record
    assert (record.text, record.asked, record.consent) == (text, ASKED, CONSENT)
    assert (record.language, record.refusal) == ("pt-BR", "")
    assert record.details == {"likely": 0.25, "order": [1, None]}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record.when)
    assert re.fullmatch("[0-9a-f]{32}", record.id)


def test_a_text_of_sixty_thousand_bytes_is_kept_and_one_byte_more_is_not(store):
    said = store.say("é" * 30_000, ASKED, CONSENT)
    assert store.records()[0].text == said.record.text
    with pytest.raises(ParameterError, match="text: found a text of 60001 letters; expected .* 60000 bytes"):
        store.say("x" * 60_001, ASKED, CONSENT)
    assert len(store.records()) == 1


def test_who_comes_back_with_the_key_has_the_same_pseudonym_and_nobody_else(store):
    first = store.say("a kite", ASKED, CONSENT)
    again = store.say("a drone", ASKED, CONSENT, first.key.upper().replace("-", " "))
    other = store.say("a bird", ASKED, CONSENT)
    assert again.record.who == first.record.who != other.record.who
    assert [record.text for record in store.records(who=other.record.who)] == ["a bird"]


def test_no_key_is_on_the_disk_nor_in_what_is_shown(store, tmp_path):
    said = store.say("a kite", ASKED, CONSENT)
    store.amend(said.record.id, "or not", said.key)
    assert said.key.encode() not in bytes_of(tmp_path)
    assert said.key not in repr(said)


def test_a_footnote_stands_beside_the_original(store):
    said = store.say("a kite", ASKED, CONSENT)
    amended = store.amend(said.record.id, "a year later: a drone", said.key, language="en")
    assert store.records() == [amended]
    assert amended.text == "a kite"
    assert [(note.text, note.language) for note in amended.footnotes] == [("a year later: a drone", "en")]
    assert amended.footnotes[0].consent == CONSENT


def test_only_the_author_amends_and_withdraws(store):
    mine, other = store.say("a kite", ASKED, CONSENT), store.say("a drone", ASKED, CONSENT)
    for act in (
        lambda: store.amend(mine.record.id, "x", other.key),
        lambda: store.withdraw(mine.record.id, other.key),
    ):
        with pytest.raises(ParameterError, match="key: found another one"):
            act()
    assert sorted(record.text for record in store.records()) == ["a drone", "a kite"]


@pytest.mark.parametrize(
    ("refusal", "words"), [("nothing", ""), ("no-answer", "I choose not to answer"), ("burn", "")]
)
def test_a_refusal_is_an_answer(store, refusal, words):
    said = store.refuse(refusal, ASKED, CONSENT, text=words)
    assert store.records(study="nature", exercise="what-if") == [said.record]
    assert (said.record.refusal, said.record.text) == (refusal, words)


def test_a_refusal_may_have_details(store):
    store.refuse("burn", ASKED, CONSENT, details={"card": "K7"})
    assert store.records()[0].details == {"card": "K7"}


def test_whether_a_store_is_made_for_demonstration_can_be_asked(store, tmp_path):
    assert not store.demonstration
    assert Store(tmp_path / "other", demonstration=True).demonstration


def test_an_unknown_refusal_and_an_empty_text_are_errors_that_tell_what_to_do(store):
    with pytest.raises(ParameterError, match="refusal: .* expected one of nothing, no-answer, burn"):
        store.refuse("perhaps", ASKED, CONSENT)
    with pytest.raises(ParameterError, match="refusal: found nothing"):
        store.refuse("", ASKED, CONSENT)
    with pytest.raises(ParameterError, match="can refuse: that is an answer too"):
        store.say(" \n", ASKED, CONSENT)
    assert store.records() == []


def test_what_is_withdrawn_leaves_no_byte_and_only_the_time(store, tmp_path):
    kept = store.say("a crime scene", ASKED, CONSENT)
    gone = store.say(KNIFE, ASKED, CONSENT, language="en", details={"tag": "cutlery"})
    store.amend(gone.record.id, "rather a saw", gone.key)
    done = store.withdraw(gone.record.id, gone.key)
    assert store.records() == [kept.record]
    assert store.withdrawals() == list(done.withdrawals)
    assert [(left.of, left.by) for left in done.withdrawals] == [(gone.record.id, "author")]
    left = bytes_of(tmp_path)
    for text in (KNIFE, "knife", "cutlery", "saw", gone.record.who):
        assert text.encode() not in left
        assert json.dumps(text)[1:-1].encode() not in left
    assert b"crime scene" in left


@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 6000), min_size=3, max_size=12), st.data())
def test_no_byte_is_left_whatever_the_lengths_and_the_order(tmp_path_factory, lengths, data):
    folder = tmp_path_factory.mktemp("store")
    with Store(folder) as store:
        said = [store.say(f"secret{i:03}" * size, ASKED, CONSENT) for i, size in enumerate(lengths)]
        gone = data.draw(st.permutations(range(len(lengths))))[: len(lengths) // 2 + 1]
        for i in gone:
            store.withdraw(said[i].record.id, said[i].key)
        left = bytes_of(folder)
    for i in range(len(lengths)):
        assert (f"secret{i:03}".encode() in left) == (i not in gone)


def test_a_footnote_is_withdrawn_by_itself(store, tmp_path):
    said = store.say("a kite", ASKED, CONSENT)
    note = store.amend(said.record.id, KNIFE, said.key).footnotes[0]
    store.withdraw(note.id, said.key)
    assert store.records() == [said.record]
    assert b"knife" not in bytes_of(tmp_path)


def test_a_person_withdraws_everything_at_once(store, tmp_path):
    first = store.say(KNIFE, ASKED, CONSENT)
    store.refuse("burn", ASKED, CONSENT, first.key, text="not a knife again")
    other = store.say("a bird", ASKED, CONSENT)
    assert len(store.withdraw_all(first.key).withdrawals) == 2
    assert store.records() == [other.record]
    assert b"knife" not in bytes_of(tmp_path)
    assert store.withdraw_all(first.key).withdrawals == ()


def test_the_keeper_deletes_where_a_key_is_lost_and_is_named(store, tmp_path):
    said = store.say(KNIFE, ASKED, CONSENT)
    store.delete_as_keeper(said.record.id)
    assert [(left.of, left.by) for left in store.withdrawals()] == [(said.record.id, "keeper")]
    assert b"knife" not in bytes_of(tmp_path)
    with pytest.raises(ParameterError, match="withdrawn"):
        store.delete_as_keeper(said.record.id)


def test_what_is_withdrawn_cannot_be_amended_withdrawn_or_said_again_by_a_replay(store):
    said = store.say("a kite", ASKED, CONSENT)
    store.withdraw(said.record.id, said.key)
    for act in (store.withdraw, lambda name, key: store.amend(name, "x", key)):
        with pytest.raises(ParameterError, match=f"'{said.record.id}', withdrawn"):
            act(said.record.id, said.key)
    with pytest.raises(ParameterError, match="once: found an id of something else"):
        store.say("a kite", ASKED, CONSENT, said.key, once=said.record.id)


def test_a_request_that_comes_twice_is_kept_once(store):
    name = "0f" * 16
    key = store.say("a bird", ASKED, CONSENT).key
    first = store.say("a kite", ASKED, CONSENT, key, once=name)
    store.amend(name, "or a drone", key)
    assert store.say("a kite", ASKED, CONSENT, key, once=name).record.id == first.record.id
    with pytest.raises(ParameterError, match="once"):
        store.say("another", ASKED, CONSENT, key, once=name)
    with pytest.raises(ParameterError, match="once"):
        store.say("a kite", ASKED, CONSENT, once=name)
    assert len(store.records()) == 2


def test_a_request_that_comes_again_a_second_later_is_kept_once(store):
    name, later = "0d" * 16, replace(CONSENT, when="2026-11-22T09:00:01Z")
    first = store.say("a kite", ASKED, CONSENT, once=name)
    assert store.say("a kite", ASKED, later, first.key, once=name).record == first.record
    assert len(store.records()) == 1


def test_the_store_knows_which_requests_came_from_an_author_before(store):
    said, other = store.say("a kite", ASKED, CONSENT), store.say("a bird", ASKED, CONSENT)
    note = store.amend(said.record.id, "or a drone", said.key).footnotes[0]
    for name in (said.record.id, note.id):
        assert store.was_kept(name, said.key)
        assert not store.was_kept(name, other.key)
        assert not store.was_withdrawn(name, said.key)
    store.withdraw(said.record.id, said.key)
    assert store.was_kept(said.record.id, said.key)
    assert store.was_withdrawn(said.record.id, said.key)
    assert not store.was_withdrawn(said.record.id, other.key)
    assert not store.was_kept("", said.key)
    assert not store.was_kept(said.record.id, "")


def test_a_footnote_that_comes_twice_is_kept_once(store):
    said, name = store.say("a kite", ASKED, CONSENT), "0e" * 16
    first = store.amend(said.record.id, "or a drone", said.key, once=name)
    assert store.amend(said.record.id, "or a drone", said.key, once=name) == first
    assert [note.text for note in store.records()[0].footnotes] == ["or a drone"]
    for text, once in (("or a bird", name), ("or a drone", said.record.id)):
        with pytest.raises(ParameterError, match="once: found an id of something else"):
            store.amend(said.record.id, text, said.key, once=once)


def test_withdrawing_reaches_the_exports_and_names_the_other_copies(store, tmp_path):
    said = store.say(KNIFE, ASKED, CONSENT)
    export, report = tmp_path / "out" / "mine.jsonl", tmp_path / "report.html"
    store.export(export)
    report.write_text(KNIFE, encoding="utf-8")
    store.note_copy(report)
    assert b"knife" in export.read_bytes()
    assert store.withdraw(said.record.id, said.key).copies == (report,)
    assert b"knife" not in export.read_bytes()
    assert b'"withdrawal"' in export.read_bytes()


def test_the_stamp_changes_with_every_change_and_with_nothing_else(store, tmp_path):
    stamps = [store.stamp]
    said = store.say("a kite", ASKED, CONSENT)
    with Store(tmp_path / "store") as other:
        stamps.append(other.stamp)
        other.amend(said.record.id, "or a drone", said.key)
    stamps.append(store.stamp)
    store.withdraw(said.record.id, said.key)
    stamps.append(store.stamp)
    store.records()
    assert len({*stamps, store.stamp}) == 4


@pytest.mark.parametrize("details", [{"n": float("nan")}, {"t": "\ud800"}, {"o": object()}, {1: 2, "a": 3}])
def test_what_json_cannot_say_is_an_error_and_changes_nothing(store, details):
    with pytest.raises(ParameterError):
        store.say("a kite", ASKED, CONSENT, details=details)
    assert store.records() == []


def test_a_folder_that_cannot_be_one_is_an_error(tmp_path):
    (tmp_path / "file").write_text("here")
    with pytest.raises(DataError, match="a file where a folder should be"):
        Store(tmp_path / "file")


def test_the_folder_is_for_its_owner_alone(store, tmp_path):
    assert (tmp_path / "store").stat().st_mode & 0o077 == 0


UNSEEN = [
    "\u200b",
    "\u2060\ufeff",
    "\u3164",
    "\u115f\u1160",
    "\u2800",
    "\u00ad",
    "\ufe0f",
    "\U000e0041",
    "\u202e \u200d",
]


@pytest.mark.parametrize("text", UNSEEN)
def test_what_nobody_can_see_is_no_answer_and_no_footnote(store, text):
    with pytest.raises(ParameterError, match="that nobody can see"):
        store.say(text, ASKED, CONSENT)
    said = store.say("a kite", ASKED, CONSENT)
    with pytest.raises(ParameterError, match="that nobody can see"):
        store.amend(said.record.id, text, said.key)
    assert store.records() == [said.record]
    assert store.refuse("nothing", ASKED, CONSENT, text=text).record.text == text


@pytest.mark.parametrize("text", ["\u200b刀", "👩\u200d👩\u200d👧", "नमस्ते", "́a", ".", "ﷺ", "1️⃣", "𓀀"])
def test_what_shows_anything_is_an_answer_as_it_was_typed(store, text):
    assert store.say(text, ASKED, CONSENT).record.text == text
