"""A card says what the sources say of an image's way, who says it, and what none of them says."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from places import SHARED

from retrain_kit.analysis import trajectories
from retrain_kit.annotations.samples import Box, ImageLabel, Phrase, PointLabel, Provenance, Region, Sample
from retrain_kit.datasets import coco, folder, open_images, visual_genome
from retrain_kit.display.cards import Card, Cards, Fact, FactGroup
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import AnnotationProcess

TESTDATA = SHARED / "testdata"
real = pytest.mark.skipif(
    not TESTDATA.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here"
)
FILE = "https://farm3.staticflickr.com/12/345_ab12cd.jpg"


def study(dataset="open-images", folder=Path(), files=None, images=(), sources=None):
    annotation = AnnotationProcess(sources=sources or {})
    return manifests.Manifest(
        *("two", "t", "w", dataset, "7", "l", "r"), folder, files or {}, annotation, tuple(images), ""
    )


def sample(**told):
    return Sample("a1", Path("a1.jpg"), 1024, 683, **told)


def answers(card):
    return {fact.question: (fact.answer, fact.source) for fact in card.facts}


def test_every_fact_of_a_photo_of_open_images_names_the_field_that_says_it():
    said = {
        "OriginalURL": "https://c1.staticflickr.com/6/5310/345_ab12cd_o.jpg",
        "OriginalLandingURL": "https://www.flickr.com/photos/ann/345",
        "License": "https://creativecommons.org/licenses/by/2.0/",
        "Author": "Ann",
        "Title": "Birds",
        "OriginalSize": "4405052",
        "OriginalMD5": "KFukvivpCM5QXl5SqKe41g==",
        "Rotation": "90.0",
        "Subset": "train",
    }
    found = answers(trajectories.trajectory_card(sample(said=said), study()))
    assert found == {
        "page or source": ("https://www.flickr.com/photos/ann/345", "open-images: OriginalLandingURL"),
        "address of the file": (
            "https://c1.staticflickr.com/6/5310/345_ab12cd_o.jpg",
            "open-images: OriginalURL",
        ),
        "author, as listed": ("Ann", "open-images: Author"),
        "title": ("Birds", "open-images: Title"),
        "listed licence": (
            "listed as https://creativecommons.org/licenses/by/2.0/ when the table was made; not checked since",
            "open-images: License",
        ),
        "part of the data set": ("train", "open-images: Subset"),
        "size of the original": ("4405052 bytes", "open-images: OriginalSize"),
        "digest of the original": (
            "MD5 KFukvivpCM5QXl5SqKe41g==: of the original, not of the file here",
            "open-images: OriginalMD5",
        ),
        "size in this study": ("1024 × 683 px, upright", "two.csv: width_px, height_px"),
        "turn": ("90 degrees counter-clockwise", "open-images: Rotation"),
        "copy that was listed": (
            "the file as it was uploaded",
            "the ending of the address in open-images: OriginalURL",
        ),
        "in this study": ("open-images a1", "two.csv: id"),
        "on Flickr": (
            "photo 345",
            "the address in open-images: OriginalLandingURL; the address in open-images: OriginalURL",
        ),
    }


def test_what_no_source_answers_is_listed_and_nothing_else():
    bare = trajectories.trajectory_card(sample(), study())
    assert bare.unknown == (
        "On which page it was posted.",
        "Who made it.",
        "When it was posted.",
        "When it was taken.",
        "Which licence anybody listed for it.",
        "How large the original was.",
        "Whether it was cropped or scaled on the way here.",
        "Whether it was turned on the way here.",
        "How long anybody worked at it: not disclosed.",
        "What anybody was paid for that: not disclosed.",
        "What its licence was on the day it was posted, and whether the listed one still holds.",
        "Whether the people in it, if there are any, agreed to be photographed, posted or tagged.",
        "Where else it went: which other lists hold it, and which models learned from it.",
    )
    told = sample(
        provenance=Provenance(author="Ann", licence="CC0-1.0", source="https://example.org"), rotation_deg=90
    )
    unknown = trajectories.trajectory_card(told, study()).unknown
    assert {"Who made it.", "On which page it was posted."}.isdisjoint(unknown)
    assert {"Which licence anybody listed for it.", "Whether it was turned on the way here."}.isdisjoint(
        unknown
    )
    assert len(unknown) == len(bare.unknown) - 4


@pytest.mark.parametrize("nothing", ["", "nan", "unknown", None, "  "])
def test_a_source_that_says_nothing_answers_nothing(nothing):
    said = dict.fromkeys(("Author", "License", "Rotation", "coco_id", "flickr_id"), nothing)
    told = sample(said=said, provenance=Provenance(author=str(nothing or "")))
    assert set(answers(trajectories.trajectory_card(told, study()))) == {
        "size in this study",
        "in this study",
    }


def test_a_turn_that_was_not_recovered_is_not_known_though_the_image_stands():
    card = trajectories.trajectory_card(sample(said={"Rotation": ""}, rotation_deg=0), study())
    assert "turn" not in answers(card)
    assert "Whether it was turned on the way here." in card.unknown


def test_two_who_say_the_same_share_a_line_and_two_who_differ_do_not():
    told = sample(said={"Author": "Ann"}, provenance=Provenance(author="Ann"))
    assert answers(trajectories.trajectory_card(told, study()))["author, as listed"] == (
        "Ann",
        "open-images: Author; two.csv: author",
    )
    other = replace(told, provenance=Provenance(author="Ann B."))
    facts = [
        fact
        for fact in trajectories.trajectory_card(other, study()).facts
        if fact.question == "author, as listed"
    ]
    assert [(fact.answer, fact.source) for fact in facts] == [
        ("Ann", "open-images: Author"),
        ("Ann B.", "two.csv: author"),
    ]


def test_a_face_of_flickr_faces_says_what_it_was_cut_from():
    metadata = {
        "photo_url": "https://www.flickr.com/photos/ann/345/",
        "author": "Ann",
        "license": "Attribution License",
        "date_uploaded": "2016-08-12",
        "date_crawled": "2018-10-10",
    }
    said = {
        "metadata": metadata,
        "in_the_wild": {"pixel_size": [2016, 1512], "face_rect": [667, 410, 1438, 1181]},
    }
    found = answers(trajectories.trajectory_card(sample(said=said), study("ffhq")))
    assert found["posted on"] == ("2016-08-12", "ffhq: metadata.date_uploaded")
    assert found["the table was made"] == ("crawled on 2018-10-10", "ffhq: metadata.date_crawled")
    assert found["size of the original"] == ("2016, 1512 px (width, height)", "ffhq: in_the_wild.pixel_size")
    assert found["cut out of the original"] == (
        "along a face, at 667, 410, 1438, 1181",
        "ffhq: in_the_wild.face_rect",
    )
    assert found["on Flickr"] == ("photo 345", "the address in ffhq: metadata.photo_url")
    whole = sample(said=said | {"image": "in_the_wild"})
    assert "cut out of the original" not in answers(trajectories.trajectory_card(whole, study("ffhq")))


def test_a_narrated_image_says_under_which_id_and_by_whom():
    row = {
        "dataset_id": "open_images_train",
        "image_id": "0c7b",
        "annotator_id": 93,
        "caption": "In this image",
    }
    found = answers(trajectories.trajectory_card(sample(said={"localized_narratives": [row]}), study()))
    assert found["in Localized Narratives"] == (
        "open_images_train, image 0c7b",
        "localized-narratives: dataset_id, image_id",
    )
    assert found["narratives, annotator: annotator 93"][0] == "1: “In this image”."


def test_words_are_told_by_kind_annotator_and_source_and_unknown_annotators_are_counted():
    annotations = sample(
        regions=(
            Region("Bird", Box(0, 0, 1, 1), annotator="xclick"),
            Region("Bird", Box(0, 0, 1, 1), annotator="xclick"),
            Region("Tree", Box(0, 0, 1, 1)),
        ),
        labels=(ImageLabel("Cat", present=False, annotator="verification"),),
        points=(PointLabel("Sky", 1, 1, present=None, annotator="ith"),),
        phrases=(Phrase("a bird", Box(0, 0, 1, 1)),),
    )
    card = trajectories.trajectory_card(annotations, study(sources={"xclick": "hand"}))
    words = [
        (fact.question, fact.answer)
        for group in card.groups
        if group.title == trajectories.WORDS
        for fact in group.facts
    ]
    assert words == [
        ("areas, annotator: xclick", "2: Bird (2). Annotation source: hand, as the study says."),
        ("areas, annotator not said", "1: Tree."),
        ("words for the whole, denied, annotator: verification", "1: Cat."),
        ("words for a point, left open, annotator: ith", "1: Sky."),
        ("phrases, annotator not said", "1: “a bird”."),
    ]
    assert "Who made 2 of its 6 annotations." in card.unknown


def test_what_it_took_is_an_interval_with_its_figures_beside_what_authors_disclose():
    boxes = tuple(Region("w", Box(0, 0, 1, 1), annotator="xclick") for _ in range(4))
    said = replace(study(sources={"xclick": "hand"}))
    said = replace(said, annotation=replace(said.annotation, took="85,000 hours in all", paid="unknown"))
    card = trajectories.trajectory_card(sample(regions=boxes), said)
    answer, source = answers(card)["like work takes"]
    assert answer == "between 26 seconds and 5.9 minutes of somebody's time"
    assert source.startswith("published figures: spoken-label-box, extreme-clicking-voc07")
    assert answers(card)["time, as its authors say"] == (
        "85,000 hours in all",
        "two.toml: annotation.took, of all images",
    )
    assert "What anybody was paid for that: not disclosed." in card.unknown
    assert "How long anybody worked at it: not disclosed." not in card.unknown


def test_many_words_are_counted_and_the_rest_is_told():
    regions = tuple(Region(f"w{number}", Box(0, 0, 1, 1), annotator="m") for number in range(11))
    found = answers(trajectories.trajectory_card(sample(regions=regions), study()))
    assert found["areas, annotator: m"][0] == "11: w0, w1, w2, w3, w4, w5, w6, w7 and 3 more."


hosts = st.sampled_from(
    ["farm3.staticflickr.com", "live.staticflickr.com", "farm1.static.flickr.com", "c1.staticflickr.com/6"]
)
secrets = st.text("0123456789abcdef", min_size=1, max_size=10)
sizes = st.sampled_from([("_z", "Flickr's copy of 640 px on the longest side"), ("_k", "")])
sizes |= st.sampled_from(
    [("", "Flickr's copy of 500 px on the longest side"), ("_o", "the file as it was uploaded")]
)


@given(hosts, st.integers(1), st.integers(1), secrets, sizes)
def test_the_id_of_a_photo_is_a_fact_of_its_address(host, server, photo, secret, size):
    ending, copy = size
    assert trajectories.flickr_id_and_size(f"https://{host}/{server}/{photo}_{secret}{ending}.jpg") == (
        str(photo),
        copy,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/12/345_ab.jpg",
        "https://notstaticflickr.com.example.org/12/345_ab.jpg",
        "https://www.flickr.com/people/ann/",
        "",
    ],
)
def test_other_addresses_hold_no_photo(url):
    assert trajectories.flickr_id_and_size(url) == ("", "")


def test_a_card_is_html_without_script_and_its_addresses_are_links():
    card = Card(
        "<a>", (FactGroup("G & H", (Fact("q", FILE, "t: c"), Fact("<q>", "javascript:1", ""))),), ("<u>",)
    )
    page = BeautifulSoup(card._repr_html_(), "html.parser")
    assert [link["href"] for link in page.find_all("a")] == [FILE]
    assert page.find_all(["script", "u", "q"]) == []
    assert [term.text for term in page.find_all("dt")] == ["q", "<q>"]
    assert [text.text for text in page.find_all("li")] == ["<u>"]


def test_the_appendix_folds_every_card_and_says_how_much_is_in_it():
    page = BeautifulSoup(
        Cards((Card("a", (FactGroup("g", (Fact("q", "a", "s"),)),), ("u", "v")),))._repr_html_(),
        "html.parser",
    )
    (card,) = page.find_all("details")
    assert card.summary.get_text() == "a facts: 1, not known: 2"
    assert card.dl is not None


def test_what_no_card_knows_is_said_once_and_the_rest_with_each():
    own = [
        Card(name, (), ("nobody", f"only {name}", "most") if name != "c" else ("nobody",)) for name in "abc"
    ]
    page = BeautifulSoup(Cards(tuple(own)).html, "html.parser")
    shared = page.select_one(".rk-shared")
    assert shared.p.text == "Not known of any of these 3 images"
    assert [text.text for text in shared.find_all("li")] == ["nobody"]
    assert [[text.text for text in card.find_all("li")] for card in page.find_all("details")] == [
        ["only a", "most"],
        ["only b", "most"],
        [],
    ]
    assert BeautifulSoup(Cards(tuple(own[:1])).html, "html.parser").select(".rk-shared") == []


def test_the_embedded_sample_has_a_card_for_every_image_with_its_annotations():
    manifest = manifests.load("embedded-sample")
    found = folder.read(manifest)
    cards = trajectories.trajectory_cards(found, manifest).cards
    assert [card.title for card in cards] == [sample.id for sample in found]
    told = answers(cards[0])
    assert told["author, as listed"] == ("Loliloli", "embedded-sample.csv: author")
    assert (
        told["areas, annotator: detector-corrected"][0]
        == "1: Cat. Annotation source: machine, as the study says."
    )


def real_study(tmp_path, dataset, files, sizes):
    images = []
    for name, size in sizes.items():
        Image.new("RGB", size).save(tmp_path / f"{name}.png")
        digest = hashlib.sha256((tmp_path / f"{name}.png").read_bytes()).hexdigest()
        images.append(manifests.ImageRow(name, f"{name}.png", digest, *size, "unknown", "unknown", "unknown"))
    return study(dataset, tmp_path, files, images)


@real
def test_a_real_row_of_open_images_becomes_a_card(tmp_path):
    files = {"images": TESTDATA / "open_images" / "train-images-with-rotation.rows.csv"}
    manifest = real_study(tmp_path, "open-images", files, {"4fa8054781a4c382": (1024, 683)})
    card = trajectories.trajectory_card(open_images.read(manifest)[0], manifest)
    found = answers(card)
    assert found["author, as listed"] == ("Michael Beat", "open-images: Author")
    assert found["turn"] == ("0 degrees counter-clockwise", "open-images: Rotation")
    assert found["on Flickr"][0] == "photo 5898076654"
    assert "Who made it." not in card.unknown
    assert "When it was posted." in card.unknown


@real
def test_a_real_image_of_visual_genome_that_is_in_no_other_list_does_not_say_so(tmp_path):
    files = {"image_data": TESTDATA / "visual_genome" / "image_data.json"}
    manifest = real_study(tmp_path, "visual-genome", files, {"1": (800, 600)})
    found = answers(trajectories.trajectory_card(visual_genome.read(manifest)[0], manifest))
    assert found["size in the data set"] == ("800 × 600 px", "visual-genome: width, height")
    assert found["copy of the data set"] == (
        "https://cs.stanford.edu/people/rak248/VG_100K_2/1.jpg",
        "visual-genome: url",
    )
    assert not {"in COCO", "on Flickr"} & set(found)


def test_the_ids_that_visual_genome_states_are_told():
    told = sample(said={"coco_id": 397133, "flickr_id": 6255196340})
    found = answers(trajectories.trajectory_card(told, study("visual-genome")))
    assert found["in COCO"] == ("397133", "visual-genome: coco_id")
    assert found["on Flickr"] == ("photo 6255196340", "visual-genome: flickr_id")


@real
def test_a_real_image_of_coco_names_licence_and_photo(tmp_path):
    files = {"instances": TESTDATA / "coco" / "annotations" / "instances_train2017.json"}
    manifest = real_study(tmp_path, "coco", files, {"397133": (640, 427)})
    found = answers(trajectories.trajectory_card(coco.read(manifest)[0], manifest))
    assert found["on Flickr"] == ("photo 6255196340", "the address in coco: flickr_url")
    assert found["copy that was listed"][0] == "Flickr's copy of 640 px on the longest side"
    assert found["listed licence"][0] == (
        "listed as Attribution License, http://creativecommons.org/licenses/by/2.0/ when the table was made; "
        "not checked since"
    )
    assert "areas, annotator not said" in found
