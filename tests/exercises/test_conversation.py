"""A conversation: what was said stays, who may read what, and what is left where something was withdrawn."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from talks import BOTH, PEOPLE, Talk
from trying import examples

from retrain_kit import datasets
from retrain_kit.answers import AnswerContext, Consent, Record
from retrain_kit.answers.cached import CachedStore
from retrain_kit.answers.records import at_time
from retrain_kit.classroom.handout import making
from retrain_kit.classroom.lesson import Lesson, write_lesson
from retrain_kit.classroom.programme import ClassPlan
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common.consent import Withheld
from retrain_kit.exercises.conversation.book.excerpts import parts_of
from retrain_kit.exercises.conversation.consented import consented_conversations
from retrain_kit.exercises.conversation.conversation import NoteWords
from retrain_kit.exercises.conversation.figures import conversations_view
from retrain_kit.exercises.conversation.session import latest_threads
from retrain_kit.exercises.conversation.subjects import subjects_of
from retrain_kit.exercises.conversation.threads import Message, Note, threads_of
from retrain_kit.exercises.conversation.wall import MAX_NOTES, ThreadPages
from retrain_kit.studies import manifests


@pytest.fixture
def talk(tmp_path):
    return Talk(tmp_path / "answers")


def read(talk, who=None, withheld=None):
    """What somebody reads: each thread a list of messages, each with its footnotes; `gone` where one is not here."""
    name = PEOPLE[who].who if who is not None else ""
    records = talk.exercise.readable(talk.subject, name, withheld or Withheld())
    return [
        [
            (message.record.text if message.record else "gone", [note.text for note in message.notes])
            for message in thread.messages
        ]
        for thread in threads_of(records, talk.store.withdrawals())
    ]


def test_answers_stand_in_the_thread_and_footnotes_in_the_order_of_their_marks(talk):
    first = talk.write(0, "I drew it. Nobody asked.")
    talk.write(1, "Another thread.")
    answer = talk.write(2, "Who asked?", first)
    talk.write(3, "Nobody at all.", answer)
    noted = talk.note(1, first, "about all of it", "challenges")
    talk.store.amend(noted.id, "and once more", PEOPLE[1].key)
    talk.note(0, first, "about the first sentence", at=len("I drew it."))
    assert read(talk) == [
        [
            ("I drew it. Nobody asked.", ["about the first sentence", "about all of it", "and once more"]),
            ("Who asked?", []),
            ("Nobody at all.", []),
        ],
        [("Another thread.", [])],
    ]
    assert talk.exercise.records()[0] == first


def test_what_answers_something_that_was_withdrawn_stays_in_its_thread(talk):
    first = talk.write(0, "Root.")
    middle = talk.write(1, "Middle.", first)
    talk.write(2, "Leaf.", middle)
    talk.note(3, middle, "beside the middle")
    talk.withdraw(1, middle)
    assert read(talk) == [[("Root.", []), ("gone", ["beside the middle"]), ("Leaf.", [])]]
    talk.withdraw(0, first)
    (thread,) = threads_of(talk.exercise.records(talk.subject), talk.store.withdrawals())
    assert [bool(message.withdrawn) for message in thread.messages if not message.record] == [True]
    assert "Leaf." in {message.record.text for message in thread.messages if message.record}


def test_others_read_what_its_author_agreed_to_and_nobody_hides(talk):
    first = talk.write(0, "Open.")
    closed = talk.write(1, "Closed.", first, uses=("book",))
    talk.note(2, first, "hidden")
    hidden = talk.exercise.records()[-1].id
    assert read(talk) == [[("Open.", ["hidden"])]]
    assert read(talk, who=1) == [[("Open.", ["hidden"]), ("Closed.", [])]]
    assert read(talk, withheld=Withheld(frozenset({hidden}))) == [[("Open.", [])]]
    assert read(talk, who=2, withheld=Withheld(frozenset({hidden}))) == [[("Open.", ["hidden"])]]
    assert read(talk, withheld=Withheld(frozenset({first.id}))) == [[("gone", ["hidden"])]]
    with pytest.raises(ParameterError, match="one that can be read here"):
        talk.write(2, "To what I cannot read.", closed)


def test_what_cannot_be_said_is_refused_and_nothing_is_kept(talk):
    first = talk.write(0, "Root.")
    note = talk.note(1, first, "beside")
    before = talk.store.stamp
    voice = talk.voice(2, ("class",))
    for words, target in (
        (NoteWords("agrees", "x"), first.id),
        (NoteWords("expands", "x", 6), first.id),
        (NoteWords("expands", "x", at=True), first.id),
        (NoteWords("expands", "\u200b"), first.id),
        (NoteWords("expands", "x" * 2001), first.id),
        (NoteWords("expands", "a footnote to a footnote"), note.id),
        (NoteWords("expands", "x"), "f" * 32),
    ):
        with pytest.raises(ParameterError):
            talk.exercise.note(talk.subject, target, words, voice)
    with pytest.raises(ParameterError):
        talk.exercise.refuse(talk.subject, "loudly", voice)
    for question in (" ", "w" * 201):
        with pytest.raises(ParameterError, match="question: found .* expected from 1 to 200"):
            subjects_of((), None, ["Who drew this?", question])
    assert [each.question.text for each in subjects_of((), None, ["Why?", "Why?"])] == ["Why?"]
    assert talk.store.stamp == before


ACTS = st.lists(st.tuples(st.sampled_from("wrnx"), st.integers(0, 3), st.integers(0, 99)), max_size=12)


@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_withdrawn_nothing_of_it_is_read_and_all_else_is(tmp_path_factory, acts):
    talk = Talk(tmp_path_factory.mktemp("acts") / "answers")
    there, gone = {}, set()
    for number, (act, who, at) in enumerate(acts):
        messages = [record for record, _, kind in there.values() if kind == "message"]
        target = messages[at % len(messages)] if messages else None
        text = f"zq{number}zq"
        if act == "x" and there:
            record, author, _ = there.pop(sorted(there)[at % len(there)])
            gone.add(record.text)
            talk.withdraw(author, record)
        elif act == "n" and target:
            record = talk.note(who, target, text, at=at % (len(target.text) + 1))
            there[record.id] = record, who, "note"
        elif act in "wr":
            record = talk.write(who, text, target if act == "r" else None)
            there[record.id] = record, who, "message"
    shown = read(talk)
    texts = [
        words for thread in shown for text, notes in thread for words in (text, *notes) if words != "gone"
    ]
    assert sorted(texts) == sorted(record.text for record, _, _ in there.values())
    assert not gone & set(texts)


TEXTS = st.text("aé𐐷\n \u0627", min_size=1, max_size=40)


@examples(30)
@given(TEXTS, st.lists(st.integers(0, 40), max_size=6))
def test_the_parts_of_a_message_are_its_text_and_each_footnote_stands_behind_one(text, places):
    record = Record("1", text, "", "", AnswerContext(), Consent((), "", ""))
    notes = tuple(Note(str(n), "", "", "", "", "", min(at, len(text))) for n, at in enumerate(sorted(places)))
    parts = parts_of(Message("1", record, notes=notes))
    assert "".join(part for part, _ in parts) == text
    assert [note for _, beside in parts for note in beside] == list(notes)


def test_a_page_is_bounded_and_says_what_it_leaves_out(talk):
    first = talk.write(0, "old")
    talk.write(1, "a thread of which nobody speaks")
    talk.write(2, "new")
    talk.write(3, "newest", first)
    shown, earlier = latest_threads(threads_of(talk.exercise.records()), most=3)
    said = [message.record.text for thread in shown for message in thread.messages]
    assert (said, earlier) == (["old", "newest", "new"], 1)


def test_a_footnote_of_the_same_day_brings_its_thread_forward_and_the_latest_stand_on_the_wall(talk):
    def on_the_day(time, say, *what):
        with at_time(f"2026-11-30T{time}Z"):
            return say(talk.subject, *what, talk.voice(0, BOTH)).record

    old = on_the_day("09:00:00", talk.exercise.write, "old")
    on_the_day("09:00:01", talk.exercise.write, "new")
    words = [f"note {number}" for number in range(9)]
    for number, text in enumerate(words):
        on_the_day(f"10:00:0{number}", talk.exercise.note, old.id, NoteWords("expands", text))
    records = tuple(talk.exercise.records())
    assert [thread.id for thread in latest_threads(threads_of(records), most=1)[0]] == [old.id]
    (message,) = ThreadPages(records).page(0)["messages"]
    assert [note["text"] for note in message["notes"]] == words[-MAX_NOTES:]


def test_a_notebook_shows_what_was_agreed_to_as_text_and_else_an_example(talk):
    example = conversations_view(consented_conversations(talk.store, ["nature"]))
    assert repr(example).splitlines()[-1] == "Demonstration: said by nobody."
    first = talk.write(0, "<b>mine</b>")
    talk.note(1, first, "not I", "challenges")
    talk.write(1, "for the book alone", uses=("book",))
    view = conversations_view(consented_conversations(talk.store, ["nature"]))
    assert "&lt;b&gt;mine&lt;/b&gt;" in view.html
    assert repr(view).splitlines() == [
        "Who paid for this?",
        f"{PEOPLE[0].who}: <b>mine</b>",
        f"  {PEOPLE[1].who} challenges: not I",
        "Said by those who took part, under pseudonyms. Not shown, since their authors have not agreed to it: 1.",
    ]
    here = consented_conversations(talk.store, ["nature"])
    there = [replace(each, asked=replace(each.asked, study="other")) for each in here.records]
    of_both = conversations_view(replace(here, records=(*here.records, *there)))
    assert repr(of_both).splitlines().count("Who paid for this?") == 2


@pytest.mark.usefixtures("long_work")
def test_a_page_to_take_home_brings_what_all_may_read_and_nothing_that_a_teacher_hid(talk):
    manifest = manifests.load("embedded-sample")
    talk.exercise.study = manifest.name
    shown, hidden = talk.write(0, "Zqshown."), talk.write(1, "Zqhidden.")
    talk.write(2, "Zqclosed.", uses=("book",))
    note = talk.note(3, shown, "Zqnoted.")
    write_lesson(talk.store.folder, Lesson(hidden=frozenset({hidden.id})))
    plan = ClassPlan(("conversation",), 1, questions=(talk.subject.question.text,))
    with CachedStore(talk.store.folder) as store:
        page = making.build_handout([(manifest, datasets.read(manifest))], store, plan)
        assert page.read_ids == {shown.id, note.id}
        assert set(re.findall(r"Zq[a-z]+\.", page.html)) == {"Zqshown.", "Zqnoted."}
