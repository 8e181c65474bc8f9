"""A range that grows is the one that the same records make, in whatever order they come."""

from dataclasses import replace
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.answers import AnswerContext, Author, Consent, Footnote, Record
from retrain_kit.answers.cached import CachedStore
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.common.ids import ChangingIds
from retrain_kit.exercises.what_if import aggregate
from retrain_kit.exercises.what_if.aggregate import ADDED, APART, LET_ANCHOR_IN, LET_IN, PLACED, SAME
from retrain_kit.exercises.what_if.growing import GrowingRange
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.start_lists import ELEPHANT_REF, EMPTY, own_list, source_list
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.studies.starts import Start

SKY, SEA = BlankPlace("sky"), BlankPlace("sea")
AGREED, NOT_AGREED = (Consent(uses, "1", "2026-11-22T09:00:00Z") for uses in (("class",), ()))
IDS = [f"{number:032x}" for number in range(8)]
LISTED = ["original:kite", ELEPHANT_REF, "start:fog", "anchor:a whale"]
REFS = [*IDS, *LISTED, "f" * 32]
WORDINGS = ["fog", "mist", "a  mist", "kite", "an elephant", "whale", "balloon"]
LISTS = [
    source_list(),
    EMPTY,
    own_list(Start(("fog", "a gull"), "a whale", "Ana")),
    own_list(Start(("fog",), "", "Ana")),
]
LIKELY = [40, 0, "likely", "no word"]


@st.composite
def records(draw):
    """What a class may say of a place, with all that is odd about it."""
    found = []
    for number in draw(st.lists(st.sampled_from(range(8)), unique=True, max_size=8)):
        act = draw(
            st.sampled_from([ADDED, ADDED, PLACED, PLACED, LET_IN, LET_ANCHOR_IN, SAME, APART, "no act"])
        )
        ref, other = draw(st.tuples(st.sampled_from(REFS), st.sampled_from(REFS)))
        details = {"act": act, "likely": draw(st.sampled_from(LIKELY)), "hole": ""}
        details |= {"of": [ref, other]} if act == SAME else {}
        details |= {"option": ref} if act in (PLACED, LET_ANCHOR_IN) and ref in LISTED else {}
        about = ref if act in (PLACED, APART) and ref not in LISTED else ""
        asked = AnswerContext(
            "nature", "what-if", "", (draw(st.sampled_from(["sky", "sky", "sky", "sea"])),), about
        )
        when = f"2026-11-22T09:00:0{draw(st.integers(0, 2))}Z"
        who, agreed = (
            draw(st.sampled_from(["ann", "ben"])),
            draw(st.sampled_from([AGREED, AGREED, NOT_AGREED])),
        )
        refusal = draw(st.sampled_from(["", "", "", "burn"]))
        text = draw(st.sampled_from(WORDINGS))
        found.append(Record(IDS[number], text, who, when, asked, agreed, refusal=refusal, details=details))
    return found


@given(records(), st.sets(st.sampled_from(IDS)), st.booleans(), st.sampled_from(LISTS))
def test_it_is_the_range_of_the_same_records_at_any_moment(said, noted, often, start):
    growing, here = GrowingRange(SKY, "class", start), {}
    note = Footnote("e" * 32, "a note", "2026-11-22T09:00:09Z", "en", AGREED)
    notes = [replace(record, footnotes=(note,)) for record in said if record.id in noted]
    for record in [*said, *notes]:
        here[record.id] = record
        growing.add(record)
        if often:
            assert growing.range() == aggregate.range_from_answers(here.values(), SKY, "class", start)
    assert growing.range() == aggregate.range_from_answers(here.values(), SKY, "class", start)


NOTE_IDS = [f"e{number:031x}" for number in range(8)]


def noted_records(said, noted):
    """Records, and those of them again that get a footnote."""
    for record in said:
        yield record
        if record.id in noted:
            note = Footnote(NOTE_IDS[IDS.index(record.id)], "a note", "2026-11-22T09:00:09Z", "en", AGREED)
            yield replace(record, footnotes=(note,))


@given(
    records(),
    st.sets(st.sampled_from(IDS)),
    st.lists(st.frozensets(st.sampled_from([*IDS, *NOTE_IDS])), min_size=1, max_size=3),
    st.booleans(),
)
def test_what_is_withheld_is_as_if_nobody_had_said_it_and_comes_back(said, noted, withheld, changing):
    growing, here, off = GrowingRange(SKY, "class"), {}, ChangingIds("phones")
    come = noted_records(said, noted)
    for hidden in [*withheld, frozenset()]:
        for name in [*IDS, *NOTE_IDS]:
            off.put(name, here=name in hidden)
        growing.withhold(off.now() if changing else hidden)
        for record in islice(come, 4):
            here[record.id] = record
            growing.add(record)
        shown = [*consent.shown(here.values(), hidden)]
        found = aggregate.range_from_answers(shown, SKY, "class")
        options = aggregate.options_without(found.options, hidden)
        assert growing.range() == replace(found, options=options)


def test_one_more_answer_makes_one_option_anew(tmp_path):
    voices = [Voice(AGREED, Author.new().key) for _ in range(2)]
    with CachedStore(tmp_path / "answers") as store:
        exercise = WhatIf(store, "nature")
        for number in range(9):
            exercise.add(SKY, f"thing {number}", 40, voices[0])
        before = exercise.range(SKY).options
        exercise.place(SKY, before[-1].wordings[0].refs[0], 20, voices[1])
        exercise.add(SEA, "foam", 40, voices[1])
        after = exercise.range(SKY).options
        assert [one is other for one, other in zip(before, after, strict=True)] == [True] * 17 + [False]
        assert after[-1].people == 2


def test_while_others_wait_to_be_shown_one_more_answer_makes_one_option_anew(tmp_path):
    voice = Voice(AGREED, Author.new().key)
    with CachedStore(tmp_path / "answers") as store:
        exercise = WhatIf(store, "nature")
        waiting = frozenset([exercise.add(SKY, "mist", 40, voice).record.id])
        before = exercise.range(SKY, withheld=waiting).options
        waiting |= {exercise.add(SKY, "fog", 40, voice).record.id}
        exercise.add(SKY, "kites", 40, voice)
        after = exercise.range(SKY, withheld=waiting).options
        assert [one is other for one, other in zip(before, after, strict=False)] == [True] * 9
        assert [option.texts for option in after[9:]] == [("kites",)]


def test_what_is_let_or_kept_off_is_no_look_at_all_the_others(tmp_path, monkeypatch):
    voice, off = Voice(AGREED, Author.new().key), {view: ChangingIds(view) for view in ("phones", "wall")}
    put, taken = GrowingRange._put, []

    def seen():
        """How many options phones and the wall show, and how many records were looked at for it."""
        taken.clear()
        counts = [len(exercise.range(SKY, withheld=each.now()).options) for each in off.values()]
        return counts, len(taken)

    with CachedStore(tmp_path / "answers") as store:
        exercise = WhatIf(store, "nature")
        first, second, *_ = (exercise.add(SKY, f"thing {number}", 40, voice).record.id for number in range(9))
        off["phones"].put(first, here=True)
        off["wall"].put(first, here=True)
        off["wall"].put(second, here=True)
        monkeypatch.setattr(GrowingRange, "_put", lambda self, each: (taken.append(each), put(self, each)))
        assert seen() == ([17, 16], 8 + 7)
        assert seen() == ([17, 16], 0)
        off["phones"].put(first, here=False)
        assert seen() == ([18, 16], 1)
        third = exercise.add(SKY, "mist", 40, voice).record.id
        off["wall"].put(third, here=True)
        assert seen() == ([19, 16], 1)
        off["wall"].put(third, here=False)
        assert seen() == ([19, 17], 1)


def test_what_is_withdrawn_leaves_the_range_and_nothing_of_it_is_kept(tmp_path):
    voice = Voice(AGREED, Author.new().key)
    with CachedStore(tmp_path / "answers") as store:
        exercise = WhatIf(store, "nature")
        said = exercise.add(SKY, "mist", 40, voice)
        assert "mist" in exercise.range(SKY).options[-1].texts
        store.withdraw(said.record.id, voice.key)
        exercise.forget()
        assert exercise._growing == {}
        assert exercise.range(SKY).empty
