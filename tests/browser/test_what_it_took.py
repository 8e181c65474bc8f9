"""The page on what one image took: read by everybody on any screen, and printed on one sheet."""

import io

import pypdfium2
import pytest
from accessibility import grave
from reports.test_what_it_took import drawn, page_of

from retrain_kit.reports import what_it_took


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page of an image with thirteen figures."""
    path = tmp_path_factory.mktemp("took") / "page.html"
    path.write_text(what_it_took.page_html(page_of(drawn())), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it_on_any_screen_and_it_is_printed_on_one_sheet(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    assert grave(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    if scheme == "light":
        for paper in ("A4", "Letter"):
            assert len(pypdfium2.PdfDocument(io.BytesIO(page.pdf(format=paper)))) == 1
