"""What it took: one page on the work in one image, to send or to print."""

from retrain_kit.reports.what_it_took.contents import TookPage, tell_what_it_took
from retrain_kit.reports.what_it_took.pages import PAPERS, page_html, page_pdf, page_png
from retrain_kit.reports.what_it_took.pictures import LIGHTS, Showing, draw_pictures

__all__ = [
    "LIGHTS",
    "PAPERS",
    "Showing",
    "TookPage",
    "draw_pictures",
    "page_html",
    "page_pdf",
    "page_png",
    "tell_what_it_took",
]
