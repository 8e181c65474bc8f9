"""What is written of images and is in no box: typed tables, laws, real rows."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import SHARED
from trying import examples
from words_written import image

from retrain_kit.analysis.own_labels import own_label_system
from retrain_kit.analysis.vocabulary import study_vocabulary
from retrain_kit.analysis.written_words import (
    MOST_QUOTES,
    NO_TEXT,
    Quote,
    QuoteDraw,
    WrittenWord,
    count_written_words,
    image_words,
    quote_written_words,
)
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.written import DataSetText
from retrain_kit.datasets import visual_genome
from retrain_kit.studies import manifests

REAL = SHARED / "testdata" / "visual_genome"
SYSTEM = Taxonomy(
    [
        Synset("e", ("entity",)),
        Synset("a", ("animal", "beast"), "", ("e",)),
        Synset("d", ("dog", "hound"), "", ("a",)),
        Synset("c", ("cat",), "", ("a",)),
        Synset("l", ("street light",), "", ("e",)),
        Synset("n", ("lantern",), "", ("e",)),
    ]
)
STREET = [
    image("1", "Dog", "a brown dog", "two old street lights", "a hound on a leash"),
    image("2", "Street_light", "the dog is wet", "dogs"),
    image("3", "animal", "a dog", "a beast", "a lantern"),
    image("4", "cat", "an animal on a leash", "a cat is grey"),
    image("5", "", ""),
]


def counted(samples, system=SYSTEM, more=None):
    samples = list(samples)
    vocabulary = study_vocabulary(samples, system or own_label_system(samples))
    return vocabulary, count_written_words(image_words(samples, more), vocabulary)


def test_words_are_counted_by_images_beside_their_boxes():
    vocabulary, counts = counted(STREET)
    assert counts.labelled == (
        WrittenWord("dog", 3, 1, 1),  # also by the other word of its synset; in image 3 under animal
        WrittenWord("street light", 1, 0, 0),
        WrittenWord("animal", 2, 2, 0),  # a cat is one
        WrittenWord("cat", 1, 1, 0),
    )
    assert counts.unlabelled == (WrittenWord("leash", 2, 0, 0), WrittenWord("lantern", 1, 0, 0))
    assert (counts.images, counts.with_text, counts.texts, counts.no_things) == (5, 4, 10, 0)
    assert {key: counts.boxed[key] for key in ("dog", "street light", "animal", "cat")} == {
        "dog": 1,
        "street light": 1,
        "animal": 3,
        "cat": 1,
    }
    assert vocabulary.spelled == {
        "dog": "Dog",
        "street light": "Street_light",
        "animal": "animal",
        "cat": "cat",
    }
    assert [key in vocabulary.names for key in ("lantern", "leash")] == [True, False]


def test_what_a_word_may_mean_twice_stands_for_no_label():
    system = Taxonomy([Synset("1", ("bird", "crane")), Synset("2", ("machine", "crane"))])
    _, counts = counted([image("1", "bird", "a crane"), image("2", "machine", "a crane")], system)
    assert counts.labelled == ()
    assert counts.unlabelled == (WrittenWord("crane", 2, 0, 0),)


def test_a_word_that_mostly_names_nothing_is_left_out_and_counted():
    _, counts = counted([image("1", "dog", "a shiny dog", "a shiny leash", "a shiny and a dog")])
    assert [row.key for row in counts.unlabelled] == ["leash"]
    assert counts.no_things == 1


def test_lines_that_people_wrote_elsewhere_are_read_too():
    more = {"5": [DataSetText("more cloud", "option in What If…?", "ana")]}
    _, counts = counted(STREET, more=more)
    assert WrittenWord("cloud", 1, 0, 0) in counts.unlabelled
    assert counts.with_text == 5


def test_the_sentences_behind_a_number_have_the_word_and_are_one_an_image():
    samples = [image(f"{n}", "dog" if n % 2 else "leash", "a dog", "the dog is wet") for n in range(40)]
    vocabulary, counts = counted(samples, None)
    (dog,) = (row for row in counts.labelled if row.key == "dog")
    quotes = quote_written_words(image_words(samples), vocabulary, ["dog"], seed=7)
    assert (dog.in_no_box, dog.in_box) == (20, 20)
    for found, odd in ((quotes.absent["dog"], 0), (quotes.boxed["dog"], 1)):
        assert len({each.image for each in found}) == len(found) == MOST_QUOTES
        assert {int(each.image) % 2 for each in found} == {odd}
        assert {each.text.text for each in found} <= {"a dog", "the dog is wet"}
    assert {each.text for each in quotes.in_boxes["dog"]} == {NO_TEXT}
    again = quote_written_words(image_words(samples[::-1]), vocabulary, ["dog"], seed=7)
    assert again == quotes
    assert quote_written_words(image_words(samples), vocabulary, ["dog"], seed=8) != quotes


def test_under_a_wider_word_has_its_own_sentences():
    vocabulary, _ = counted(STREET)
    quotes = quote_written_words(image_words(STREET), vocabulary, ["dog", "animal"], seed=7)
    assert [each.image for each in quotes.under_wider["dog"]] == ["3"]
    assert "animal" not in quotes.under_wider


things = st.sampled_from(["dog", "leash", "street light", "cat"])
phrases = st.builds("a {} on the {}".format, things, things)
studies = st.lists(
    st.builds(
        lambda name, labels, lines: image(f"{name}", ",".join(labels), *lines),
        st.integers(0, 99),
        st.lists(things, max_size=2),
        st.lists(phrases, max_size=3),
    ),
    max_size=6,
    unique_by=lambda sample: sample.id,
)


@given(studies, st.randoms())
@examples(40)
def test_the_order_of_images_changes_nothing(samples, chance):
    mixed = samples[:]
    chance.shuffle(mixed)
    assert counted(mixed)[1] == counted(samples)[1]


@given(studies)
@examples(40)
def test_an_image_of_other_words_changes_no_count(samples):
    _, before = counted(samples)
    _, after = counted([*samples, image("more", "zebra", "a zebra in a paddock")])
    assert [row for row in after.labelled if row.key != "zebra"] == list(before.labelled)
    assert [row for row in after.unlabelled if row.key != "paddock"] == list(before.unlabelled)


@given(studies)
@examples(40)
def test_a_number_is_what_its_parts_are(samples):
    _, counts = counted(samples)
    for row in (*counts.labelled, *counts.unlabelled):
        assert 0 <= row.in_box <= row.images <= counts.with_text
        assert 0 <= row.under_wider <= row.in_no_box


@given(st.lists(st.tuples(st.integers(0, 9), st.text(max_size=3)), max_size=40), st.randoms())
@examples(40)
def test_a_draw_of_sentences_is_the_same_in_any_order(offered, chance):
    def drawn(rows):
        draw = QuoteDraw(3, most=4)
        for name, text in rows:
            draw.offer("key", Quote(f"{name}", DataSetText(text, "phrase")))
        return draw.drawn("key")

    mixed = offered[:]
    chance.shuffle(mixed)
    assert drawn(mixed) == drawn(offered)
    assert len(drawn(offered)) == min(4, len({name for name, _ in offered}))


def test_real_phrases_of_visual_genome_name_what_its_objects_name_and_more(tmp_path):
    if not REAL.is_dir():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    samples = real_images(tmp_path)
    vocabulary, counts = counted(samples, None)
    assert (counts.images, counts.with_text, counts.texts) == (5, 5, 1278)
    rows = {row.key: row for row in counts.labelled}
    assert rows["clock"] == WrittenWord("clock", 1, 1, 0)
    assert rows["building"] == WrittenWord("building", 4, 2, 0)
    absent = quote_written_words(image_words(samples), vocabulary, ["building"], seed=7).absent["building"]
    assert {each.image for each in absent} == {
        sample.id
        for sample in samples
        if any("building" in phrase.text.lower() for phrase in sample.phrases)
        and not {"building", "buildings"} & {region.label for region in sample.regions}
    }
    assert "sky" in {row.key for row in counts.unlabelled}
    assert count_written_words(image_words(samples[::-1]), vocabulary) == counts


def real_images(folder):
    """Read the five real images of Visual Genome, whose pictures are not needed."""
    rows = ["id,file,sha256,width_px,height_px,licence,author,source"]
    rows += [f"{number},{number}.jpg,{'0' * 64},800,600,unknown,unknown,unknown" for number in range(1, 6)]
    (folder / "vg.csv").write_text("\n".join(rows) + "\n")
    names = ("image_data", "objects", "region_descriptions")
    for name in names:
        shutil.copy(REAL / f"{name}.json", folder)
    files = "\n".join(f'{name} = "{name}.json"' for name in names)
    (folder / "vg.toml").write_text(TOML.format(files))
    return visual_genome.read(manifests.load(folder / "vg.toml"))


TOML = """
title = "Five"
why = "A test."
dataset = "visual-genome"
version = "1.2"
licence = "CC BY 4.0"
retrieved = 2026-11-30

[files]
{}

[annotation]
who = "workers"
when = "unknown"
how = "unknown"
"""
