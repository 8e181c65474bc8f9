"""Figures carry their images, their alt texts and their study, as HTML without script."""

import re
from html.parser import HTMLParser

import kinds
import pytest
from bs4 import BeautifulSoup
from colours import soft
from PIL import Image

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.datasets import folder
from retrain_kit.display import figures
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.errors import DataError, ReportError
from retrain_kit.reports import tables
from retrain_kit.studies import manifests

PANEL = Panel.from_image(Image.new("RGB", (8, 6), "red"), "tagged", 'a "red" field & <nothing> else')


class Parsed(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.images, self.tags, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


def test_a_figure_shows_panels_caption_and_credit():
    parsed = Parsed(figure()._repr_html_())
    assert [image["alt"] for image in parsed.images] == [PANEL.alt, PANEL.alt]
    assert all(image["src"].startswith("data:image/jpeg;base64,") for image in parsed.images)
    assert [(image["width"], image["height"]) for image in parsed.images] == [("8", "6")] * 2
    assert "A <caption>" in parsed.text
    assert "Study two & more" in parsed.text
    assert "script" not in parsed.tags


def figure():
    return Figure((PANEL, PANEL), "A <caption>", "Study two & more", "a")


def test_a_figure_without_its_study_cannot_be_made():
    with pytest.raises(ReportError, match="figure: found no credit"):
        Figure((PANEL,), "caption", " ")


def test_an_image_with_transparency_keeps_it():
    assert Panel.from_image(Image.new("RGBA", (4, 4)), "n", "a").media_type == "image/webp"


def test_a_preview_is_no_larger_than_asked_for():
    assert Panel.from_image(Image.new("RGB", (3000, 1000)), "n", "a", 300).size == (300, 100)


@pytest.fixture(scope="module")
def study():
    manifest = manifests.load("embedded-sample")
    return manifest, folder.read(manifest)


def test_a_sample_is_shown_tagged_decanonized_and_taken(study):
    manifest, samples = study
    shown = figures.three_views(samples[0], manifest)
    assert [panel.name for panel in shown.panels] == ["tagged", "decanonized", "taken"]
    assert len({panel.size for panel in shown.panels}) == 1
    assert samples[0].alt in shown.panels[0].alt
    assert re.search(r"\d+\.\d% of it is left", shown.caption)
    assert samples[0].provenance.author in shown.credit
    assert "embedded-sample" in shown.credit


@pytest.fixture
def odd(tmp_path):
    """Two samples: a file of three frames, and one that is cut short."""
    every = kinds.kinds(soft())
    (tmp_path / "many.gif").write_bytes(every["animated GIF"].data)
    (tmp_path / "cut.png").write_bytes(every["RGB, 8 bits"].data[:200])
    region = Region("Thing", Box(4, 4, 20, 20))
    return [Sample(name, tmp_path / name, 48, 32, (region,)) for name in ("many.gif", "cut.png")]


def test_what_of_a_file_is_not_shown_stands_under_its_views(odd, study):
    assert (
        figures.three_views(odd[0], study[0]).caption
        == "1 region; 83.3% of it is left. The file: first of 3 frames."
    )


def test_an_image_that_cannot_be_shown_says_so_and_stops_no_figure(odd, study):
    _, shown = figures.all_three_views(odd, study[0])
    assert shown.caption.startswith("Cannot be shown: an image that cannot be decoded")
    assert shown.names == ("tagged", "decanonized", "taken")
    with pytest.raises(DataError, match="cut.png: found an image that cannot be decoded"):
        figures.all_three_views(odd[1:], study[0])
    assert "It cannot be shown: an image that cannot be decoded" in shown.panels[0].alt
    sheet = figures.object_sheet(odd, study[0])
    assert sheet.caption.endswith("1 object from 2 images. Not shown, since their files cannot be: 1 image.")
    told = tables.beyond_views(odd)
    assert told.title == "1 file holds what is not shown."
    assert told.lines == (("many.gif", "first of 3 frames"),)
    assert (
        tables.beyond_views(study[1]).title
        == "Nothing: each file is one image, and its views show all of it."
    )


def test_the_objects_of_a_study_are_counted_under_their_sheet(study):
    manifest, samples = study
    shown = figures.object_sheet(samples[:3], manifest)
    assert f"{sum(len(sample.regions) for sample in samples[:3])} objects from 3 images" in shown.caption


def test_the_card_of_a_study_says_who_made_the_annotations_and_what_was_never_said(study):
    text = Parsed(figures.study_card(study[0])._repr_html_()).text
    for words in (study[0].annotation.who, study[0].content_notice, *study[0].annotation.undisclosed):
        assert " ".join(words.split()) in text


def test_the_studys_card_folds_how_it_was_annotated_and_says_how_much_was_never_disclosed():
    card = figures.study_card(manifests.load("embedded-sample"))
    page = BeautifulSoup(card._repr_html_(), "html.parser")
    (fold,) = page.find_all("details")
    assert fold.summary.text == "How it was annotated, and what was never disclosed (4 things)"
    names = [term.text for term in fold.find_all("dt")]
    assert (names[:2], names[-2:]) == (["when", "how"], ["status", "never disclosed"])
    fold.decompose()
    assert [term.text for term in page.find_all("dt")][:2] == ["study", "why"]
    assert "annotations made by" in [term.text for term in page.find_all("dt")]
