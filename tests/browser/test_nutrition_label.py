"""The label in a real browser: one page on either paper, read by everybody, as wide as any screen."""

import io

import pypdfium2
import pytest
from accessibility import grave
from reports.test_nutrition_label import LONG, loud

from retrain_kit import datasets
from retrain_kit.reports import nutrition_label as labels
from retrain_kit.studies import manifests

EMBEDDED = manifests.load("embedded-sample")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The label of the embedded sample, of a data set that was withdrawn, and the fullest ones there can be."""
    folder = tmp_path_factory.mktemp("labels")
    made = {
        "embedded": labels.study_label(EMBEDDED, datasets.read(EMBEDDED)),
        "withdrawn": labels.study_label(manifests.load("tiny-images", pinned=False), ()),
        **{name: loud(text) for name, text in LONG.items()},
    }
    for name, label in made.items():
        (folder / f"{name}.html").write_text(labels.label_html(label), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in made}


def test_it_is_printed_on_one_page_on_either_paper(page, pages):
    for name, address in pages.items():
        page.goto(address)
        for paper in ("A4", "Letter"):
            printed = page.pdf(format=paper)
            assert len(pypdfium2.PdfDocument(io.BytesIO(printed))) == 1, (name, paper)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it_on_any_screen(page, pages, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 600})
    for name in ("embedded", "withdrawn", "one word", "markup"):
        page.goto(pages[name])
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name
        assert grave(page) == []
        assert page.evaluate("globalThis.hit") is None
