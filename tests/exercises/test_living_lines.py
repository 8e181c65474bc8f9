"""A data set's one line beside people's many, and who made it only as the source says."""

from dataclasses import replace

import pytest
from places import SHARED

from retrain_kit.annotations.samples import Box, Phrase
from retrain_kit.annotations.written import CreditedLine, DataSetText, texts_about
from retrain_kit.datasets import folder, visual_genome
from retrain_kit.exercises.living_with_images import captions, descriptions, figures
from retrain_kit.studies import manifests

REAL = SHARED / "testdata" / "visual_genome"


@pytest.fixture(scope="module")
def manifest():
    return manifests.load("embedded-sample")


@pytest.fixture(scope="module")
def samples(manifest):
    return {sample.id: sample for sample in folder.read(manifest)}


@pytest.fixture
def bare(samples):
    return replace(samples["coffee"], phrases=(), said={})


def test_captions_come_before_narratives_and_phrases_the_largest_first(bare):
    full = replace(
        bare,
        phrases=(
            Phrase("a spoon", Box(0, 0, 2, 2)),
            Phrase(" worn wood ", Box(0, 0, 9, 9), annotator="drawn"),
        ),
        said={
            "captions": [{"id": 7, "caption": "A cup on a table."}, {"id": 8, "caption": "Coffee."}],
            "localized_narratives": [
                {"annotator_id": 93, "caption": "I can see a cup."},
                {"caption": "A cup."},
            ],
        },
    )
    assert texts_about(full) == [
        DataSetText("A cup on a table.", "caption"),
        DataSetText("Coffee.", "caption"),
        DataSetText("I can see a cup.", "narrative", "annotator 93"),
        DataSetText("A cup.", "narrative"),
        DataSetText("worn wood", "phrase for a part of the image", "drawn"),
        DataSetText("a spoon", "phrase for a part of the image"),
    ]


def test_who_made_a_line_is_said_only_where_the_source_says_it():
    assert DataSetText("A cup.", "caption").kind_and_annotator == "caption; who made it is not said"
    assert DataSetText("A cup.", "narrative", "annotator 93").kind_and_annotator == "narrative; annotator 93"


def test_the_one_line_stands_beside_what_people_wrote(samples, manifest):
    shown = captions.data_set_beside_people(
        [samples["coffee"]], manifest, descriptions.example_descriptions()
    )
    assert '<dt>the data set</dt><dd><q dir="auto">scratched and worn table boards</q>' in shown.html
    assert "A red cup of coffee that nobody drinks." in shown.html
    assert "A rocket at night" not in shown.html
    assert "Claude, an AI model by Anthropic" in shown.html
    assert "Demonstration: said by nobody." in shown.html
    assert "<h4>Image 1</h4>" in shown.html
    assert "Rachel Michetti, CC0-1.0." in shown.html


def test_the_images_that_somebody_wrote_about_are_found_whoever_drew_them(samples, manifest):
    heard = descriptions.example_descriptions()
    found = descriptions.described_samples(heard, samples.values(), manifest.name)
    assert {sample.id for sample in found} == {"coffee", "rocket"}
    assert descriptions.described_samples(heard, samples.values(), "another") == []


def test_no_line_and_nobody_are_said_in_words(bare, manifest):
    nobody = replace(descriptions.example_descriptions(), records=())
    shown = captions.data_set_beside_people([bare], manifest, nobody)
    assert "The data set has no line about this image." in shown.html
    assert "Nobody has written about this image yet." in shown.html
    assert repr(shown).splitlines()[1] == "the data set: The data set has no line about this image."


def test_a_line_is_text_and_never_markup(bare, manifest):
    said = {"captions": [{"caption": "<script>alert(1)</script>"}, {"caption": "<i>"}]}
    shown = captions.data_set_beside_people(
        [replace(bare, said=said)], manifest, descriptions.example_descriptions()
    )
    assert '<q dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</q>' in shown.html
    assert "<summary>1 more line of the data set</summary>" in shown.html


def test_a_machines_line_stands_under_its_own_name_beside_the_data_sets(samples, manifest):
    lines = {"coffee": CreditedLine("a cup of <coffee>", "Model <1>"), "rocket": CreditedLine("a pen")}
    shown = captions.data_set_beside_people(
        [samples["coffee"], samples["rocket"]], manifest, descriptions.example_descriptions(), lines
    )
    line = (
        '<dt><bdi>Model &lt;1&gt;</bdi></dt><dd><q dir="auto">a cup of &lt;coffee&gt;</q></dd><dt>people</dt>'
    )
    assert line in shown.html
    assert (
        '<dt><bdi>who or what wrote it is not said</bdi></dt><dd><q dir="auto">a pen</q></dd>' in shown.html
    )
    assert "Model <1>: a cup of <coffee>" in repr(shown)


def test_images_to_describe_are_numbered_and_tell_nothing_by_their_names(samples, manifest):
    found = descriptions.images_to_describe([samples["coffee"], samples["rocket"]], manifest)
    assert [each.name for each in found] == ["Image 1", "Image 2"]
    assert [each.image for each in found] == ["coffee", "rocket"]
    assert found[0].credit == "Rachel Michetti, CC0-1.0. Study embedded-sample, version 1."


def test_descriptions_stand_under_their_image_with_its_credit(samples, manifest):
    images = descriptions.images_to_describe([samples["coffee"], samples["astronaut"]], manifest)
    shown = figures.descriptions_side_by_side(descriptions.example_descriptions(), images)
    assert shown.html.count("<img ") == 1
    assert "Rachel Michetti, CC0-1.0. Study embedded-sample, version 1." in shown.html
    assert "Image rocket." in shown.html


def test_a_real_image_of_visual_genome_has_its_phrases_as_lines_by_annotators_nobody_names(tmp_path):
    if not REAL.is_dir():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    image = manifests.ImageRow("1", "1.jpg", "", 800, 600, "CC-BY-4.0", "Ann", "https://example.org")
    texts = ("few", "t", "w", "visual-genome", "1.4", "l", "r")
    files = {name: REAL / f"{name}.json" for name in visual_genome.LISTS}
    study = manifests.Manifest(*texts, tmp_path, files, manifests.AnnotationProcess(), (image,), "")
    found = texts_about(visual_genome.read(study)[0])
    assert found[0] == DataSetText(
        "there are two men conversing in the photo", "phrase for a part of the image"
    )
    assert {line.annotator for line in found} == {"unknown"}
