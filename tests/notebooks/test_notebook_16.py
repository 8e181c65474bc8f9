"""Notebook 16 shows no image, and says what of the replay is made up."""

import reporting
from bs4 import BeautifulSoup


def test_no_photograph_is_on_the_page_and_what_is_made_up_is_said(kernel, report_of):
    page = report_of("16").read_text(encoding="utf-8")
    replayed = page.partition('<h2 id="The-city"')[0]
    assert "data:image/png" in replayed
    assert "data:image/jpeg" not in replayed
    text = reporting.text(BeautifulSoup(page, "html.parser"))
    assert "the largest first: this order is made up" in text
    assert "played as if by hand: nobody's time" in text
