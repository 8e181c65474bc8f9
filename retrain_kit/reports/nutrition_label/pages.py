"""Pages: a nutrition label as HTML and as PDF, both one page to print, from the same lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.display import assets
from retrain_kit.reports import templating, typesetting
from retrain_kit.reports.nutrition_label.contents import COUNTED, LABEL_SYSTEM, LABOUR
from retrain_kit.reports.nutrition_label.fitting import MORE, fit_label, goes_on, printed_size_pt, two_columns
from retrain_kit.reports.printed_text import breakable_text, paper_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.reports.nutrition_label.contents import Line, NutritionLabel

TEMPLATES = Path(__file__).parents[1] / "templates"
FOLDER = TEMPLATES / "nutrition_label"
PAPERS = {"a4": "a4", "letter": "us-letter"}
"""Sizes of paper by their names in the command, with typst's."""
WORDS = {
    "kind": "Nutrition label",
    "rule": "An empty line is one that nobody has filled.",
    "title": "What is in it",
    "withdrawn": "Withdrawn by its authors",
    "never": "What was never said",
    "none_named": "Its manifest names nothing as never said.",
}
MARKS = {COUNTED: "c", LABEL_SYSTEM: "w", LABOUR: "l"}
"""The sign for where a line is from; all others are from the manifest, which has *m*."""
_MANIFEST = "m"
_LEGEND = (
    "c counted by the kit, no image opened · m said by the study's manifest · "
    "w by the label system of its words · l by the source that stands there"
)
_CREDIT = (
    "The form is that of food labels; after the Dataset Nutrition Label of Holland, Hosny, Newman, Joseph "
    "and Chmielinski (2018), and Datasheets for Datasets by Gebru and others (2021)."
)
_GREAT_SIGNS = 6


@dataclass(frozen=True)
class LabelView:
    """A label in a notebook and in its report."""

    label: NutritionLabel

    @property
    def html(self) -> str:
        """The HTML, without style."""
        return _rendered("label", self.label, level=3)

    def _repr_html_(self) -> str:
        own = (FOLDER / "label.css").read_text(encoding="utf-8")
        return f"{assets.lab_style()}<style>{own}</style>{self.html}"

    def __repr__(self) -> str:
        lines = (f"{line.name}: {line.text or line.blank}" for line in self.label.lines)
        return "\n".join([self.label.title, *lines])


def label_html(label: NutritionLabel) -> str:
    """Return the label as one self-contained page without script; it prints on one page, A4 or Letter."""
    sheet = assets.page_sheet(TEMPLATES / "any_paper.css", FOLDER / "label.css", FOLDER / "page.css")
    return _rendered("page", label, level=1, style=Markup(sheet))  # noqa: S704 - the kit's own


def _rendered(template: str, label: NutritionLabel, **more: Any) -> str:  # noqa: ANN401 - what it shows
    fitted = fit_label(label)
    return (
        templating.html_environment(TEMPLATES)
        .get_template(f"nutrition_label/{template}.html.j2")
        .render(
            label=fitted,
            columns=two_columns(fitted),
            words=WORDS,
            mark=_mark,
            scale=_scale,
            percent=_percent,
            more=_more(fitted),
            blanks=_blanks(fitted),
            foot=_foot(fitted),
            size_pt=printed_size_pt(fitted),
            version=__version__,
            **more,
        )
    )


def label_pdf(label: NutritionLabel, paper: str = "a4") -> bytes:
    """Return the label as a tagged PDF of one page.

    Parameters
    ----------
    label
        What stands on it.
    paper
        One of `PAPERS`.
    """
    fitted = fit_label(label)
    data = {
        "document": f"{WORDS['kind']}: {fitted.title}",
        "paper": PAPERS[paper],
        "words": WORDS,
        "title": paper_text(fitted.title),
        "lead": breakable_text(fitted.lead),
        "notice": paper_text(fitted.notice),
        "figures": [_line(line) | {"scale": _scale(line)} for line in fitted.figures],
        "columns": [
            [{"title": each.title, "lines": [_line(line) for line in each.lines]} for each in column]
            for column in two_columns(fitted)
        ],
        "never": [paper_text(text) for text in fitted.never_said],
        "more": _more(fitted),
        "blanks": _blanks(fitted),
        "foot": list(_foot(fitted)),
    }
    return typesetting.typeset_pdf(typesetting.template_text("nutrition_label"), data)


def _line(line: Line) -> dict[str, Any]:
    return {
        **paper_text(line.text),
        "name": breakable_text(line.name),
        "blank": line.blank,
        "mark": _mark(line) if line.text and not line.caption else "",
        "percent": _percent(line),
        "share": line.share,
        "part": line.part,
        "number": line.number,
        "caption": line.caption,
    }


def _scale(line: Line) -> float:
    """Return how large a great number is: smaller where it is long, for three stand beside each other."""
    return 3.2 * min(1.0, _GREAT_SIGNS / max(len(line.text), 1))


def _mark(line: Line) -> str:
    return MARKS.get(line.source, _MANIFEST)


def _percent(line: Line) -> str:
    """Return a share in per cent: what is little is less than one, what is nearly all is not all."""
    if line.share is None:
        return ""
    if 0 < line.share < _HALF_PERCENT:
        return "< 1%"
    return "> 99%" if 1 - _HALF_PERCENT < line.share < 1 else f"{line.share:.0%}"


_HALF_PERCENT = 0.005


def _more(label: NutritionLabel) -> str:
    number = label.more_never_said
    return f"And {number:,} more: the datasheet names them." if number else ""


def _blanks(label: NutritionLabel) -> str:
    return (
        f"{label.blank_lines:,} of the {len(label.lines):,} lines above are empty. "
        f"Of {label.asked:,} questions that Datasheets for Datasets asks, "
        f"the manifest answers {label.questions:,}."
    )


def _foot(label: NutritionLabel) -> Iterator[str]:
    if goes_on(label):
        yield f"{MORE} goes on in the datasheet: retrain-kit datasheet {label.study}"
    yield _LEGEND
    yield f"{_CREDIT} Made with retrain-kit {__version__} of the study {label.study}, digest {label.digest}."
