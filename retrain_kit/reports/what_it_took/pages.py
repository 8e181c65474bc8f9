"""Pages: what one image took, as HTML, as PDF and as PNG, each one page from the same lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.display import assets
from retrain_kit.reports import templating, typesetting
from retrain_kit.reports.nutrition_label.fitting import shortened
from retrain_kit.reports.printed_text import breakable_text, paper_text

if TYPE_CHECKING:
    from retrain_kit.reports.what_it_took.contents import TookPage
    from retrain_kit.reports.what_it_took.pictures import Light, Picture
    from retrain_kit.studies.labour_figures import LabourFigure

TEMPLATES = Path(__file__).parents[1] / "templates"
FOLDER = TEMPLATES / "what_it_took"
PAPERS = {"a4": "a4", "a5": "a5", "letter": "us-letter"}
"""Sizes of paper by their names in the command, with typst's."""
WORDS = {
    "kind": "What this image took",
    "image": "this image",
    "work": "Its work",
    "no_work": "None: nothing is said of it.",
    "replay": "Its replay",
    "city": "Its house in the city of its study",
    "disclosed": "What the authors disclose",
    "took": "How long it took",
    "paid": "What was paid",
    "who": "Who made it, as the study says",
    "earned": "What the time would have earned",
    "claimed pay": "as claimed",
    "pay": "as measured",
    "figures": "The figures it stands on",
    "no_figures": "None: no published figure of such work is in use.",
    "cannot": "What cannot be concluded",
}
COLUMNS_OF_ID, COLUMNS_OF_TITLE, COLUMNS_OF_WHO, COLUMNS_OF_CREDIT, COLUMNS_OF_FIGURE = 90, 110, 260, 300, 700
"""So many columns a text has at most on the page; what is longer ends in an ellipsis."""
PNG_PER_INCH, MOST_FIGURES = 150, 16


def page_html(page: TookPage) -> str:
    """Return the page as one self-contained file without script; with the kit's figures it is one sheet."""
    sheet = assets.page_sheet(TEMPLATES / "any_paper.css", FOLDER / "page.css")
    return (
        templating.html_environment(TEMPLATES)
        .get_template("what_it_took/page.html.j2")
        .render(
            page=page,
            words=WORDS,
            data=_data_url,
            short=shortened,
            columns={"id": COLUMNS_OF_ID, "title": COLUMNS_OF_TITLE},
            foot=_foot(page),
            style=Markup(sheet),  # noqa: S704 - the kit's own
            version=__version__,
        )
    )


def page_pdf(page: TookPage, paper: str = "a4") -> bytes:
    """Return the page as a tagged PDF of one page; `paper` is one of `PAPERS`."""
    return typesetting.typeset_pdf(typesetting.template_text("what_it_took"), *_printed(page, paper))


def page_png(page: TookPage, paper: str = "a4") -> bytes:
    """Return the page as a PNG, as it is printed."""
    template = typesetting.template_text("what_it_took")
    return typesetting.typeset_png(template, *_printed(page, paper), per_inch=PNG_PER_INCH)


def _printed(page: TookPage, paper: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the template shows, and its pictures."""
    shown = page.pictures
    pictures = (shown.image, *shown.strip, shown.city)
    data = {
        "document": f"{WORDS['kind']}: {page.image}",
        "paper": PAPERS[paper],
        "words": WORDS,
        "image": paper_text(shortened(page.image, COLUMNS_OF_ID)),
        "title": paper_text(shortened(page.title, COLUMNS_OF_TITLE)),
        "told": page.told,
        "beside": " ".join(page.beside),
        "lines": [vars(line) | {"pieces": f"{line.pieces:,}"} for line in page.lines],
        "order": list(shown.order),
        "took": paper_text(shortened(page.took, COLUMNS_OF_WHO)),
        "paid": paper_text(shortened(page.paid, COLUMNS_OF_WHO)),
        "who": paper_text(shortened(page.who, COLUMNS_OF_WHO)),
        "pays": [
            {"about": each.figure.about, "money": each.money, "figure": _figure(each.figure)}
            for each in page.pays
        ],
        "figures": [_figure(each) for each in page.figures[:MOST_FIGURES]],
        "more": _more(page),
        "cannot": list(page.cannot),
        "picture": _picture(shown.image),
        "strip": [_picture(each) for each in shown.strip],
        "city": _picture(shown.city),
        "foot": [paper_text(shortened(text, COLUMNS_OF_CREDIT)) for text in _foot(page)],
    }
    return data, {f"{each.name}.png": each.files["light"] for each in pictures}


def _more(page: TookPage) -> str:
    number = len(page.figures) - MOST_FIGURES
    return f"And {number:,} more: retrain-kit ledger names them." if number > 0 else ""


def _figure(figure: LabourFigure) -> dict[str, str]:
    told = f"{figure.told} {figure.source}."
    return {
        "id": figure.id,
        "written": breakable_text(figure.written),
        "told": breakable_text(shortened(told, COLUMNS_OF_FIGURE)),
        "standing": figure.standing,
    }


def _picture(picture: Picture) -> dict[str, Any]:
    width, height = picture.size
    name = f"assets/{picture.name}.png"
    caption = breakable_text(picture.caption)
    return {"file": name, "alt": picture.alt, "caption": caption, "ratio": width / height}


def _foot(page: TookPage) -> tuple[str, ...]:
    made = (
        f"Made with retrain-kit {__version__} of the study {page.study}, digest {page.digest}. "
        "After Unknown Label and The Eyes, which show annotation as the work it is."
    )
    return page.credit, made


def _data_url(picture: Picture, light: Light) -> str:
    return assets.data_address("image/png", picture.files.get(light, picture.files["light"]))
