"""Recoding Art: a work is described, taken for art or not, or refused; counts are of people, and no verdict."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import tiny_models
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from retrain_kit import datasets
from retrain_kit.annotations.written import CreditedLine, TrainingWords
from retrain_kit.answers import AnswerContext, Author, Consent, Record, Store
from retrain_kit.cli import machine_lines
from retrain_kit.display.figures import Panel
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.recoding_art import beside, heard, recoding_art
from retrain_kit.exercises.recoding_art.heard import ArtCounts, HeardAnswer
from retrain_kit.exercises.recoding_art.recoding_art import ART_ANSWERS, EXERCISE, RecodingArt, WorkAnswer
from retrain_kit.exercises.recoding_art.wall import WorkPages
from retrain_kit.exercises.recoding_art.widget import works_to_see_html
from retrain_kit.exercises.recoding_art.works import WorkToSee
from retrain_kit.studies import manifests

ASKED = "Describe this image.\nDo you consider it to be art?"
WHEN = "2026-11-30T09:00:00Z"
SHOWN, SILENT = Consent(("class",), "recoding-art-1", WHEN), Consent((), "recoding-art-1", WHEN)
KEY = Author.new().key


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield RecodingArt(store, "works")


def say(exercise, description=None, art=None, consent=SHOWN, key=""):
    return exercise.say("cut", WorkAnswer(description, art), Voice(consent, key))


def heard_answer(record):
    said = recoding_art.answer_of(record)
    return HeardAnswer("cut", said.description, said.art, record)


def test_what_is_said_is_read_back_with_what_was_left_open(exercise):
    both = say(exercise, "A cut in a cloth", "I don't know").record
    one = say(exercise, art="no").record
    assert (both.asked, both.language) == (AnswerContext("works", EXERCISE, ASKED, ("cut",)), "en")
    assert (one.text, one.language, one.details) == ("no", "", {"described": False, "art": "no"})
    answers = heard.consented_answers(exercise.store, "works").answers
    assert sorted(answers, key=lambda answer: answer.record.text) == [
        HeardAnswer("cut", "A cut in a cloth", "I don't know", both),
        HeardAnswer("cut", None, "no", one),
    ]


def test_each_question_is_answered_once_and_one_may_follow_the_other(exercise):
    key = say(exercise, art="yes", key=KEY).key
    say(exercise, "A cut", key=key)
    assert recoding_art.together(exercise.own_records("cut", Author(key).who)) == WorkAnswer("A cut", "yes")
    with pytest.raises(ParameterError, match="there already") as raised:
        say(exercise, "Another", "no", key=key)
    assert [fault.where for fault in raised.value.faults] == ["description", "answer"]
    with pytest.raises(ParameterError, match="there already"):
        exercise.refuse("cut", "nothing", Voice(SHOWN, key))


def test_of_all_that_one_persons_pages_say_at_once_one_answer_is_kept(exercise):
    said, voice = WorkAnswer("A cut", "yes"), Voice(SHOWN, KEY)
    refusals = [lambda: exercise.refuse("cut", "nothing", voice)] * 4
    with ThreadPoolExecutor(8) as pool:
        acts = [pool.submit(act) for act in [lambda: exercise.say("cut", said, voice), *refusals] * 2]
    kept = [act for act in acts if not isinstance(act.exception(), ParameterError)]
    assert len(kept) == len(exercise.records()) == 1


def test_who_has_refused_answers_after_withdrawing_it(exercise):
    refused = exercise.refuse("cut", "no-answer", Voice(SHOWN, KEY), "Ask the museum.").record
    with pytest.raises(ParameterError, match="Withdraw the refusal first"):
        say(exercise, art="no", key=KEY)
    exercise.store.withdraw(refused.id, KEY)
    say(exercise, art="no", key=KEY)
    assert heard.counted(heard.consented_answers(exercise.store, "works").of("cut")) == ArtCounts(no=1)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (WorkAnswer(), "nothing; expected a description, or whether it is art"),
        (WorkAnswer(" \u200b"), "0 letters"),
        (WorkAnswer("a" * 2001), "2001 letters; expected from 1 to 2000"),
        (WorkAnswer(art="maybe"), "'maybe'; expected one of yes, no, I don't know"),
    ],
)
def test_what_is_no_answer_is_said(exercise, answer, expected):
    with pytest.raises(ParameterError, match=expected):
        exercise.say("cut", answer, Voice(SHOWN))


def test_every_person_counts_once_and_who_has_not_agreed_is_counted_apart(exercise):
    for art in ("yes", "yes", "no", "I don't know"):
        say(exercise, "A cut", art)
    say(exercise, "A cut")
    exercise.refuse("cut", "burn", Voice(SHOWN))
    say(exercise, "Hidden", "yes", SILENT)
    found = heard.consented_answers(exercise.store, "works")
    counts = heard.counted(found.of("cut"))
    assert counts == ArtCounts(yes=2, no=1, unknown=1, refused=1, open=1)
    assert (counts.people, counts.by_answer) == (6, {"yes": 2, "no": 1, "I don't know": 1})
    assert (found.withheld, found.images, found.of("other")) == (1, ("cut",), ())


def test_what_another_program_wrote_is_said_and_not_counted(exercise):
    odd = exercise.store.say("?", exercise.context("cut"), SHOWN, details={"described": True, "art": "a lot"})
    found = heard.consented_answers(exercise.store, "works")
    assert found.answers == ()
    assert [fault.where for fault in found.faults] == [f"record {odd.record.id}"]
    say(exercise, "A cut", "no")
    found = heard.consented_answers(exercise.store, "works")
    panel = Panel("image", "", b"", "image/png")
    told = beside.machines_beside_people([WorkToSee("other", "Image 1", panel, "")], found)._repr_html_()
    assert "Of other works of this study: 1 of 1 answer." in told  # the class was asked about others
    assert "Not read as answers: 1; the first is record" in told
    assert "Nobody has said anything of these works yet." in told


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", *ART_ANSWERS, "refused"]))))
def test_counts_add_up_to_the_people_and_the_latest_answer_of_each_counts(said):
    records = [
        Record(
            f"{number:032x}",
            "words",
            f"person {who}",
            WHEN,
            AnswerContext("works", EXERCISE, "", ("cut",)),
            SHOWN,
            details={"described": True, "art": "" if art == "refused" else art},
            refusal="nothing" if art == "refused" else "",
        )
        for number, (who, art) in enumerate(said)
    ]
    answers = [heard_answer(each) for each in records]
    last = {who: art for who, art in said if art in ART_ANSWERS}
    counts = heard.counted(answers)
    assert counts.people == len({who for who, _ in said})
    assert list(counts.by_answer.values()) == [list(last.values()).count(art) for art in ART_ANSWERS]


def test_a_machines_line_says_which_words_it_has():
    words = TrainingWords(1000, ("comic book",), ("painting", "art"))
    lines = (CreditedLine("envelope", "EfficientNet-Lite3", words), CreditedLine("a wall"))
    file = io.BytesIO()
    Image.new("RGB", (8, 6)).save(file, "PNG")
    work = WorkToSee("cut", "Image 1", Panel("image", "", file.getvalue(), "image/png"), "", lines=lines)
    told = "It has 1,000 words. Not among them: painting, art. Among them: comic book."
    assert work.told["lines"] == [
        {"text": "envelope", "credit": "EfficientNet-Lite3", "words": told},
        {"text": "a wall", "credit": "who or what wrote it is not said", "words": ""},
    ]


@pytest.mark.usefixtures("long_work")
def test_a_class_asks_a_table_and_a_guest_about_the_works_that_are_drawn(tmp_path):
    guest = tiny_models.write_classifier(tmp_path)
    table = tmp_path / "lines.csv"
    table.write_text("image,caption,credit\nRK-01,a blue wall,somebody's captioner\nno-such,x,y\n")
    manifest = manifests.load("free-works")
    works = [work for work in datasets.read(manifest) if work.id in ("RK-01", "RK-02")]
    found = machine_lines.lines_when_asked(manifest, table, "", (str(guest),))(works)
    words = TrainingWords(3, (), ("painting", "drawing", "sculpture", "art"))
    assert [[(line.text, line.credit, line.words) for line in found[work.id]] for work in works] == [
        [("blue 44%, green 30%, red 26%", "colours", words), ("a blue wall", "somebody's captioner", None)],
        [("red 34%, green 33%, blue 33%", "colours", words)],
    ]
    assert machine_lines.lines_when_asked(manifest, None, "", ())(works) == {}


def test_the_wall_says_no_machines_word_before_somebody_pages_on():
    record = Record(
        *("0" * 32, "a cut", "somebody", WHEN, AnswerContext(), SHOWN), details={"described": True, "art": ""}
    )
    lines = tuple(CreditedLine(f"line {number}", "a machine") for number in range(3))
    file = io.BytesIO()
    Image.new("RGB", (8, 6)).save(file, "PNG")
    panel = Panel("image", "", file.getvalue(), "image/png")
    pages = WorkPages(WorkToSee("cut", "Image 1", panel, "", lines=lines), 7 * [heard_answer(record)], "pt")
    assert [len(pages.page(number)["machines"]) for number in range(pages.count)] == [0, 2, 1]
    assert [len(pages.page(number)["lines"]) for number in range(pages.count)] == [5, 5, 2]
    assert pages.page(0)["answers"] == [["Yes", "Sim", 0], ["No", "Não", 0], ["I don't know", "Não sei", 0]]
    assert pages.page(pages.count) == pages.page(0)
    assert WorkPages(WorkToSee("cut", "Image 1", panel, ""), (), "en").empty


def test_the_static_twin_has_both_questions_and_folds_what_is_said_of_a_work():
    file = io.BytesIO()
    Image.new("RGB", (8, 6)).save(file, "PNG")
    panel = Panel("image", "", file.getvalue(), "image/png")
    lines = (CreditedLine("<b>envelope</b>", "a machine"),)
    works = [WorkToSee("cut", "Image 1", panel, "Museum", "a knife", "“Cut”, 1962", lines)]
    html = works_to_see_html(works, "pt")
    for line in (*ASKED.split("\n"), "Descreva esta imagem.", "Não sei", "Notice: a knife. Museum"):
        assert line in html
    summary, folded = html.split("<details>")[1].split("</summary>")
    assert summary == "<summary>Image 1: what is said of it"
    assert "<q>&lt;b&gt;envelope&lt;/b&gt;</q>" in folded
    assert "“Cut”, 1962" in folded
