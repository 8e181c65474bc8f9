"""Tables of a study's words: checked before anything is read, the same counts under the veil, no image needed."""

from dataclasses import replace

import pytest
from words_written import image

from retrain_kit.analysis.own_labels import people_veil
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.errors import ParameterError
from retrain_kit.reports import absence
from retrain_kit.reports.absence import Asked
from retrain_kit.studies import manifests

SYSTEM = Taxonomy(
    [
        Synset("e", ("entity",)),
        Synset("person", ("person",), "", ("e",)),
        Synset("n1", ("zorbnik",), "", ("person",)),
        Synset("c", ("cat",), "", ("e",)),
    ]
)


def study():
    """Twelve images of files that are not there; what is written of them are narratives and captions."""
    found = []
    for number in range(12):
        caption = (
            "A shabby zorbnik holding a leash." if number % 2 else "The zorbnik is haughty. A cat sits there."
        )
        said = {"localized_narratives": [{"annotator_id": 93, "caption": caption}]}
        said |= {"captions": [{"id": number, "caption": "A woman and a leash."}]}
        of_image = image(f"zorbnik-{number}", "zorbnik" if number < 4 else "cat", denied=["boat"])
        found.append(replace(of_image, said=said, alt="A zorbnik."))
    return found


def views(*, accepted):
    veil = StudyVeil(SYSTEM, people_veil(SYSTEM, accepted=accepted), lifted=accepted)
    samples = veil.look_at(study()).around(study())
    manifest = veil.manifest_around(manifests.load("embedded-sample"))
    words = absence.study_words(samples, manifest, SYSTEM, {}, Asked(["zorbnik", "woman"], accepted))
    tables = [absence.in_no_box(words), absence.no_word(words), absence.denied(words)]
    return words, [*tables, *absence.meetings(words), *absence.beside(words), absence.written_note(words)]


@pytest.fixture(scope="module")
def both():
    return views(accepted=False), views(accepted=True)


def test_counts_are_the_same_under_the_veil(both):
    (veiled, _), (shown, _) = both
    assert veiled.written == shown.written
    assert veiled.written.with_text == 12
    assert [row.images for row in veiled.written.labelled if row.key == "zorbnik"] == [12]
    numbers = [[cell.text for row in each.rows for cell in row.cells[1:]] for each in tables(both[0])]
    assert numbers == [[cell.text for row in each.rows for cell in row.cells[1:]] for each in tables(both[1])]


def tables(of):
    return [each for each in of[1] if hasattr(each, "rows")]


def test_no_veiled_word_is_in_any_table_and_all_are_when_they_are_shown(both):
    under, over = ("".join(each._repr_html_() for each in views) for _, views in both)
    assert [word for word in ("zorbnik", "shabby", "haughty", "woman") if word in under.casefold()] == []
    assert [word for word in ("zorbnik", "shabby", "haughty", "woman") if word not in over.casefold()] == []
    assert "It cannot be shown." in under  # the images are not there, and the audit runs


def test_the_card_says_once_what_is_veiled(both):
    card = repr(absence.study_note(both[0][0], Rejections()))
    assert card.count("1 label is veiled") == 1
    assert "veiled" not in repr(absence.study_note(both[1][0], Rejections()))


def test_who_spoke_is_said_as_the_source_says_it(both):
    told = repr(both[0][1][-1])
    assert "by whom: annotator 93: 12" in told
    assert "by whom: not said: 12" in told


def test_each_of_the_words_has_to_be_one_word():
    with pytest.raises(ParameterError) as caught:
        Asked(["man", "two words", "?", ""])
    assert [fault.found for fault in caught.value.faults] == ["'two words'", "'?'", "''"]
    assert Asked(["man", "Women", "crossing-guard"]).fewest == 5
