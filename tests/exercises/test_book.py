"""The book of a conversation: what is bound, what is counted, where footnotes stand, what a withdrawal takes."""

import re
from itertools import pairwise

import pypdfium2
import pytest
from commands import typed
from talks import Talk

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.conversation.book import choice, excerpts, page, paper
from retrain_kit.exercises.conversation.book.words import Imprint
from retrain_kit.studies import manifests

ARABIC = "\u0633\u0637\u0631 \u0623\u0648\u0644 "
HOSTILE = "<script>document.title='run'</script> #panic() \\u{41} [x](y) $x$ \u202ex\a"


@pytest.fixture
def talk(tmp_path):
    return Talk(tmp_path / "answers")


def test_only_what_its_author_agreed_to_and_the_editor_chose_is_bound_and_the_rest_counted(talk):
    first = talk.write(0, "Bound.")
    talk.note(1, first, "noted")
    talk.note(2, first, "noted for the class", uses=("class",))
    closed = talk.write(1, "For the class.", first, uses=("class",))
    answer = talk.write(2, "To the class.", closed)
    gone = talk.write(3, "Gone.")
    late = talk.write(4, "To what is gone.", gone)
    other = talk.write(0, "Not chosen.")
    talk.note(1, other, "noted there")
    talk.withdraw(3, gone)
    hidden = talk.write(4, "Hidden."), talk.note(4, first, "hidden beside")
    chosen = {first.id, answer.id, closed.id, late.id, gone.id, hidden[0].id}
    book = excerpts.bind(talk.store, chosen, hidden={each.id for each in hidden})
    assert [(each.record.text, [note.text for note in each.message.notes]) for each in book.excerpts] == [
        ("Bound.", ["noted"]),
        ("To the class.", []),
        ("To what is gone.", []),
    ]
    assert [(each.to_absent, each.to_withdrawn) for each in book.excerpts] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    assert book.left_out_in_words == [
        "their authors have not agreed to be bound: 2",
        "not chosen: 1",
        "footnotes beside what is not in the book: 1",
        "taken away by whoever leads the class: 2",
        "chosen, and withdrawn since: 1",
    ]
    with pytest.raises(
        ParameterError, match=r"nothing that may be bound \(their authors .*: 1; not chosen: 5"
    ):
        excerpts.bind(talk.store, {gone.id, closed.id})
    with pytest.raises(ParameterError, match=r"nothing that may be bound \(about another study: 10\)"):
        excerpts.bind(talk.store, manifest=manifests.load("embedded-sample"))


def test_a_choice_is_read_back_as_it_was_written_and_its_faults_are_said_together(talk, tmp_path):
    first = talk.write(0, "One # with a sign\nand a line\x1b[2J.")
    note = talk.note(1, first, "beside")
    talk.write(2, "Two.")
    file = tmp_path / "choice.txt"
    file.write_text(choice.choice_text(excerpts.bind(talk.store)), encoding="utf-8")
    assert "One # with a sign and a lineU+001B[2J." in file.read_text(encoding="utf-8")
    lines = choice.read_choice(file)
    assert choice.chosen_ids(lines, talk.store) == {
        each.record.id for each in excerpts.bind(talk.store).excerpts
    }
    wrong = [*lines, ("line 8", note.id), ("line 9", "f" * 32), ("line 10", first.id[:7])]
    with pytest.raises(ParameterError) as faults:
        choice.chosen_ids(wrong, talk.store)
    assert [fault.where for fault in faults.value.faults] == ["line 8", "line 9", "line 10"]
    assert choice.chosen_ids([("line 1", first.id[:8].upper())], talk.store) == {first.id}


def heights(pdf, words):
    """Where on its page each of these words stands: the page, and how far its letters are from the bottom, in points."""
    found = {}
    for number, sheet in enumerate(document := pypdfium2.PdfDocument(pdf)):
        text = sheet.get_textpage()
        for word in words:
            hit = text.search(word, match_case=True).get_next()
            if hit:
                found.setdefault(word, (number, text.get_charbox(hit[0])[1]))
    document.close()
    return found


def right_edges(pdf, letters):
    """How far to the right each of these letters stands anywhere, in points."""
    found = dict.fromkeys(letters, 0.0)
    for sheet in (document := pypdfium2.PdfDocument(pdf)):
        text = sheet.get_textpage()
        for at, letter in enumerate(text.get_text_range()):
            if letter in found:
                found[letter] = max(found[letter], text.get_charbox(at)[2])
    document.close()
    return found.values()


@pytest.mark.usefixtures("long_work")
def test_a_footnote_stands_at_the_height_of_its_mark_in_any_direction_and_none_on_another(talk):
    left = talk.write(0, "Words that fill lines and lines. " * 12 + "Lastword.")
    talk.note(1, left, "A note.", at=len(left.text))
    right = talk.write(2, f"{ARABIC * 30}Endword", language="ar")
    talk.note(1, right, "Another.", "challenges", at=len(right.text))
    line = talk.write(3, "Onlyline.")
    for number in range(10):
        talk.note(number % 5, line, f"Tenth{number}x")
    talk.note(0, talk.write(4, f"One\ttwo {'q' * 200} Lastq"), f"{'z' * 200} Lastz")
    pdf = paper.book_pdf(excerpts.bind(talk.store), Imprint())
    tenths = [f"Tenth{number}x" for number in range(10)]
    found = heights(pdf, ["Lastword", "expands", "Endword", "challenges", "Onlyline", *tenths])
    for mark, note in (("Lastword", "expands"), ("Endword", "challenges")):
        assert found[mark][0] == found[note][0]
        assert abs(found[mark][1] - found[note][1]) < 1
    stacked = [found[name] for name in tenths]
    assert {place for place, _ in stacked} == {found["Onlyline"][0]}
    assert all(above - below > 14 for (_, above), (_, below) in pairwise(stacked))
    assert [len(heights(pdf, [word])) for word in ("One    two", "Lastq", "Lastz")] == [1, 1, 1]
    ends = 107 * 72 / 25.4, 157 * 72 / 25.4  # of the column, and of the margin
    assert [edge < end for edge, end in zip(right_edges(pdf, "qz"), ends, strict=True)] == [True, True]


def test_words_are_words_on_the_page_and_on_paper(talk):
    first = talk.write(0, HOSTILE)
    talk.note(1, first, HOSTILE, at=3)
    book = excerpts.bind(talk.store)
    html = page.book_html(book, Imprint(HOSTILE, HOSTILE))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 3
    assert html.count("$x$ U+202ExU+0007") == 2
    assert re.search("default-src 'none'; style-src 'sha256-[^']+'", html)
    told = paper.book_data(book, Imprint(HOSTILE))
    assert told["title"] == HOSTILE


def test_a_withdrawal_takes_every_book_with_it_to_the_last_byte(talk, tmp_path):
    first = talk.write(0, "Zqxjfirst was here.")
    talk.note(1, first, "Zqxjnoted it.")
    for name in ("book.html", "choice.txt"):
        assert typed(tmp_path, "book", "answers", "-o", name).returncode == 0
        assert b"Zqxjfirst" in (tmp_path / name).read_bytes()
    wrong = typed(tmp_path, "book", "answers", "-o", "book.docx")
    assert (wrong.returncode, "ends in .pdf, .html, .txt" in wrong.stderr) == (2, True)
    talk.withdraw(1, talk.exercise.records()[-1])
    assert not (tmp_path / "book.html").exists()
    assert typed(tmp_path, "book", "answers", "-o", "book.html").stderr == ""
    talk.withdraw(0, first)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and b"Zqxj" in path.read_bytes()]
    assert left == []
    empty = typed(tmp_path, "book", "answers", "-o", "book.html")
    assert (empty.returncode, "nothing that may be bound" in empty.stderr) == (2, True)
