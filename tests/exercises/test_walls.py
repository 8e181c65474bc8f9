"""What goes to the wall: bounded pages, in which nothing that was said is lost."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import recordings

from retrain_kit.answers import AnswerContext, Consent, Record
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.polyphony.turns import FIRST, IMPROVEMENT, PROMPT_OF_STEP
from retrain_kit.exercises.polyphony.wall import MAX_SENTENCES, MAX_WORDS, LineagePages
from retrain_kit.exercises.surfaces import wall as surfaces_wall
from retrain_kit.exercises.surfaces.wall import MAX_POINTS, TrackPages
from retrain_kit.exercises.what_if import aggregate
from retrain_kit.exercises.what_if.ranges import LIKELIHOOD_WORDS, BlankPlace
from retrain_kit.exercises.what_if.wall import IN_TURN, MAX_SILENT, MOST, RangePages

AGREED = Consent(("class",), "1", "2026-11-30T09:00:00Z")
SKY = BlankPlace("sky")


def record(number, text, asked, who="ann", **more):
    when = f"2026-11-30T09:{number // 60:02}:{number % 60:02}Z"
    return Record(f"{number:032x}", text, who, when, asked, AGREED, language="en", **more)


# -- What If…? -------------------------------------------------------------------------------------------


likelihoods = st.integers(0, 100) | st.sampled_from([*LIKELIHOOD_WORDS])


@given(st.lists(st.tuples(st.integers(0, 30), likelihoods), max_size=60))
def test_every_degree_is_on_the_wall_or_comes_in_turn(said):
    asked = AnswerContext("nature", "what-if", "", ("sky",))
    records = [
        record(number, f"thing {option}", asked, f"p{number}", details={"act": "added", "likely": likely})
        for number, (option, likely) in enumerate(said)
    ]
    pages = RangePages(aggregate.range_from_answers(records, SKY, "class"))
    first = pages.page(0)
    turned = [row for number in range(pages.count) for row in pages.page(number)["others"]]
    rows = [*first["rows"], *turned]
    assert Counter(row["label"] for row in rows) == Counter({f"thing {option}" for option, _ in said})
    numbers = sum(count for row in rows for _, count in row["numbers"])
    words = sum(sum(row["words"]) for row in rows)
    assert (numbers + words, sum(row["people"] for row in rows)) == (len(said), len(said))
    assert min([row["people"] for row in first["rows"]], default=0) >= max(
        (row["people"] for row in turned), default=0
    )
    assert (len(turned), pages.empty) == (first["more"], not said)


def test_one_person_with_500_options_gets_no_more_room_than_others():
    asked = AnswerContext("nature", "what-if", "", ("sky",))
    details = {"act": "added", "likely": 40}
    records = [record(number, f"{number} {'x' * 300}", asked, details=details) for number in range(500)]
    pages = RangePages(aggregate.range_from_answers(records, SKY, "class"))
    page = pages.page(10**6)
    assert (len(page["rows"]), len(page["others"]), page["more"], pages.count) == (MOST, IN_TURN, 488, 244)
    assert max(len(row["label"]) for row in page["rows"]) == 200
    assert len(page["silent"]) == 9 <= MAX_SILENT
    assert (page["apart"]["label"], page["outside"]) == ("(an elephant)", True)


def test_a_translation_stands_beside_the_options_of_the_original():
    asked = AnswerContext("nature", "what-if", "", ("sky",))
    details = {"act": "placed", "likely": "likely", "option": "original:kite"}
    pages = RangePages(
        aggregate.range_from_answers([record(1, "likely", asked, details=details)], SKY, "class"), "fr"
    )
    (row,) = pages.page(0)["rows"]
    assert row == {
        "label": "kite",
        "beside": "cerf-volant",
        "people": 1,
        "numbers": [],
        "words": [0, 0, 0, 0, 1, 0, 0],
    }


# -- Polyphony -------------------------------------------------------------------------------------------


def asked(step, ref=""):
    return AnswerContext(
        "nature", "polyphony", prompts.prompts_of("polyphony")[PROMPT_OF_STEP[step]].text, ("1", "2"), ref
    )


def circle(people, readings):
    """Return records of so many people, each sentence improved so often by the others."""
    firsts = [record(n, f"Both wait in winter {n}.", asked(FIRST), f"p{n}") for n in range(people)]
    every = [*firsts]
    for reading in range(1, readings + 1):
        for number in range(people):
            read = firsts[(number + reading) % people].id
            every.append(record(len(every), "Both wait.", asked(IMPROVEMENT, read), f"p{number}"))
    return every


def test_a_lineage_is_a_page_and_tells_of_its_words_in_numbers_and_of_nobody():
    pages = LineagePages(circle(5, 1))
    page = pages.page(0)
    assert (pages.count, page["lineages"], page["steps"]) == (5, 5, [5, 5, 0])
    assert [(each["step"], each["parts"]) for each in page["sentences"]] == [
        ("first", [("Both", True), (" ", False), ("wait", True), (" in winter 1.", False)]),
        ("improvement", [("Both", True), (" ", False), ("wait", True), (".", False)]),
    ]
    assert page["kept"] == [{"word": word, "last": 5, "of": 5} for word in ("both", "wait")]
    assert page["dropped"][0] == {"word": "winter", "dropped": 5, "kept": 5}
    assert not any(f"p{number}" in str(page) for number in range(5))


@given(st.integers(1, 6), st.integers(0, 9))
def test_every_lineage_has_its_page_however_many_there_are(people, readings):
    pages = LineagePages(circle(people, readings))
    shown = [pages.page(number) for number in range(pages.count)]
    starts = {"".join(part for part, _ in page["sentences"][0]["parts"]) for page in shown}
    assert starts == {f"Both wait in winter {number}." for number in range(people)}
    for page in shown:
        assert len(page["sentences"]) + page["more"] == 1 + readings
        assert len(page["sentences"]) <= MAX_SENTENCES
        assert max(len(page["kept"]), len(page["dropped"])) <= MAX_WORDS


def test_where_nobody_has_spoken_the_wall_is_empty():
    pages = LineagePages(())
    assert (pages.empty, pages.count, pages.page(3)["sentences"]) == (True, 1, [])


# -- Informational surfaces ------------------------------------------------------------------------------


@given(recordings)
def test_a_track_keeps_its_ends_and_is_bounded(recording):
    track = surfaces_wall.drawn_track("a", recording)
    width, height = recording.size
    assert track.size == (width * 1000 // max(width, height), height * 1000 // max(width, height))
    pieces = [piece for piece in recording.trace.pieces if len(piece)]
    assert len(track.ways) == len(pieces)
    for way, piece in zip(track.ways, pieces, strict=True):
        for drawn, said in ((way[0], piece[0]), (way[-1], piece[-1])):
            assert np.allclose(drawn, said * (*track.size, 1), atol=0.51)
    assert sum(map(len, track.ways)) <= MAX_POINTS + 2 * len(pieces)


def test_all_tracks_come_first_and_then_each_with_its_description():
    tracks = [
        (record(n, f"Way {n}.", asked(FIRST)), surfaces_wall.DrawnTrack(str(n), (1000, 750), (), (), 1.0, ""))
        for n in range(3)
    ]
    pages = TrackPages(tracks, 40)
    assert [len(pages.page(number)["tracks"]) for number in range(pages.count)] == [3, 1, 1, 1]
    assert [pages.page(number)["text"] for number in range(pages.count)] == ["", "Way 0.", "Way 1.", "Way 2."]
    assert pages.page(0)["total"] == 40
