"""The back of a card says what the study says, and that it does not say the rest."""

import pytest

from retrain_kit.annotations.samples import Box, ImageLabel, Phrase, Provenance, Region, Sample
from retrain_kit.exercises.living_with_images.cards import backs
from retrain_kit.studies import manifests


@pytest.fixture
def study():
    return manifests.load("embedded-sample")


def rows_of(sample, study):
    return dict(backs.card_back(sample, study).rows)


def test_a_card_says_words_and_annotators_as_the_source_does(study, tmp_path):
    box = Box(0, 0, 5, 5)
    sample = Sample(
        "owl", tmp_path / "owl.jpg", 10, 10,
        regions=(Region("Owl", box, annotator="model-drawn"), Region("Tree", box, annotator="model-drawn"), Region("Bird", box)),
        phrases=(Phrase("an owl waits", box),),
        labels=(ImageLabel("Forest", present=False, annotator="verification"),),
        provenance=Provenance("Lepale", "CC0-1.0", "https://example.org/owl"),
    )  # fmt: skip
    assert backs.card_back(sample, study).code == "F37-46R-J34"
    assert rows_of(sample, study) == {
        "Data set": "The embedded sample: animals, places and things, tagged for the kit (study embedded-sample)",
        "Image": "owl",
        "Author": "Lepale",
        "Licence": "CC0-1.0",
        "Source": "https://example.org/owl",
        "Areas, annotator: model-drawn": "2: Owl, Tree. Annotation source: machine, as the study says.",
        "Areas, annotator not said": "1: Bird.",
        "Words for the whole, denied, annotator: verification": "1: Forest.",
        "Phrases, annotator not said": "1: “an owl waits”.",
        "Time, by published figures": "between nothing and 1.5 minutes of somebody's time, and 2 of 5 pieces of "
        "work of which nobody has published a time",
    }


@pytest.mark.parametrize("nothing", ["", "unknown", "Unknown"])
def test_what_the_source_does_not_say_is_not_said(study, tmp_path, nothing):
    sample = Sample("owl", tmp_path, 10, 10, provenance=Provenance(nothing, nothing, nothing))
    rows = rows_of(sample, study)
    assert [rows[name] for name in ("Author", "Licence", "Source")] == ["not said"] * 3
    assert rows["Words"] == "none"


def test_a_title_of_60_kilobytes_is_cut_with_an_ellipsis(study, tmp_path):
    sample = Sample("owl", tmp_path, 10, 10, said={"Title": "An owl in the night. " * 3000})
    title = rows_of(sample, study)["Title"]
    assert title.startswith("An owl in the night. An owl")
    assert title.endswith("…")
    assert len(title) <= 901


def test_a_notice_stands_on_the_card(study, tmp_path):
    assert rows_of(Sample("owl", tmp_path, 10, 10, notice="A wound."), study)["Notice"] == "A wound."


def test_kinds_of_words_beyond_ten_are_counted(study, tmp_path):
    annotations = tuple(Region("x", Box(0, 0, 1, 1), annotator=f"annotator {number}") for number in range(13))
    rows = backs.card_back(Sample("owl", tmp_path, 10, 10, regions=annotations), study).rows
    assert len(rows) == 5 + 10 + 1 + 1
    assert rows[-1] == ("Words", "and of 3 kinds or annotators more")


def test_a_run_without_spaces_may_break_where_one_would_break_it():
    shown = backs.breakable_text("https://example.org/a/very/long/path?with=parts " + "x" * 60)
    assert shown.replace("\u200b", "") == "https://example.org/a/very/long/path?with=parts " + "x" * 60
    assert max(map(len, shown.replace("\u200b", " ").split())) <= 24


def test_short_words_stay_as_they_are():
    assert backs.breakable_text("Grapefruit (2), Orange.") == "Grapefruit (2), Orange."
