"""The page of near duplicates: pairs side by side, to be judged; and the list of all pairs as a table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup
from tqdm.auto import tqdm

from retrain_kit.analysis.near_duplicates import BITS, MEASURED, NEAR_BITS
from retrain_kit.batch.near_duplicates.judgements import JUDGEMENTS
from retrain_kit.batch.near_duplicates.search import COPY, KINDS
from retrain_kit.display import assets
from retrain_kit.display.figures import Figure, Note, Panel, image_credit
from retrain_kit.errors import names_in_words
from retrain_kit.reports import templating
from retrain_kit.storage.files import writing
from retrain_kit.storage.home import has_home, home_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.batch.near_duplicates.judgements import Judgement
    from retrain_kit.batch.near_duplicates.places import ImagePlace
    from retrain_kit.batch.near_duplicates.search import AlikePair, SearchResult

    Judgements = Mapping[str, Sequence[Judgement]]

FOLDER = Path(__file__).parent
PAGE_NAME, TABLE_NAME = "near_duplicates.html", "near_duplicates.csv"
MOST_SHOWN = 200
"""So many pairs are shown on the page; the table has all."""
PREVIEW_PX = 320
COLUMNS = (
    "pair",
    "kind",
    "bits",
    "leak",
    "study",
    "image",
    "split",
    "file",
    "other_study",
    "other_image",
    "other_split",
    "other_file",
    "judgements",
)


@dataclass(frozen=True)
class PairGroup:
    """The pairs of one kind on the page: a title, a sentence, and the figures as HTML."""

    title: str
    told: str
    figures: Markup


def write_result(result: SearchResult, judged: Judgements, folder: Path, judgements: Path) -> list[Path]:
    """Write page and table into a folder, each whole; return their paths.

    Parameters
    ----------
    result, judged
        The pairs, and what people said of them.
    folder
        Where they go.
    judgements
        The file in which people judge, which the page names.
    """
    table, page = folder / TABLE_NAME, folder / PAGE_NAME
    with (
        writing(table) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(_row(pair, judged) for pair in result.pairs)
    with writing(page) as temporary:
        temporary.write_text(page_html(result, judged, judgements), encoding="utf-8")
    return [page, table]


def page_html(result: SearchResult, judged: Judgements, judgements: Path) -> str:
    """Return the page: one file without script, its images in it."""
    environment = templating.html_environment(FOLDER)
    looked = Note("What was looked at, and found", result.lines)
    measured = Note(f"What {NEAR_BITS} of {BITS} bits find, as measured on 160 photographs", MEASURED)
    return environment.get_template("page.html.j2").render(
        style=Markup(assets.page_sheet(FOLDER / "page.css")),  # noqa: S704 - the kit's own
        studies=names_in_words(list(result.studies)),
        found=Markup(looked._repr_html_()),  # noqa: S704 - escaped by the note
        measured=Markup(measured._repr_html_()),  # noqa: S704 - the same
        judgements=_from_home(judgements),
        choices=", ".join(JUDGEMENTS),
        today=datetime.now(UTC).date(),
        groups=_groups(result, judged),
    )


def pair_figure(pair: AlikePair, judged: Judgements) -> Figure:
    """Return the two images of a pair side by side, with what is known of them and what people said."""
    panels = tuple(
        Panel.from_sample(place.sample, place.name, _alt(place), PREVIEW_PX)
        for place in (pair.first, pair.second)
    )
    how = KINDS[pair.kind] if pair.kind == COPY else f"{KINDS[pair.kind]}: {pair.bits} of {BITS} bits differ"
    leak = f" In two splits of {pair.first.data_set}." if pair.leaks else ""
    said = "; ".join(each.in_words for each in judged.get(pair.name, ())) or "nobody has judged it yet"
    credit = dict.fromkeys(image_credit(place.sample) for place in (pair.first, pair.second))
    return Figure(
        panels, f"{how[0].upper()}{how[1:]}.{leak} Judged: {said}.", " ".join(credit), f"pair {pair.name}"
    )


def _groups(result: SearchResult, judged: Judgements) -> list[PairGroup]:
    """Return the pairs in groups: leaks, those between studies, and the others; the first of each."""
    left = MOST_SHOWN
    groups = []
    bar = tqdm(total=min(left, len(result.pairs)), desc="showing pairs", delay=1, leave=False)
    for title, told, pairs in (
        ("Between the splits of one data set", _LEAKS, [p for p in result.pairs if p.leaks]),
        ("Between studies", _STUDIES, [p for p in result.pairs if p.crosses and not p.leaks]),
        ("Within a study", _WITHIN, [p for p in result.pairs if not (p.crosses or p.leaks)]),
    ):
        shown, made = pairs[:left], []
        for pair in shown:
            made.append(pair_figure(pair, judged).html)
            bar.update()
        more = f" The first {len(shown):,} of {len(pairs):,}." if len(shown) < len(pairs) else ""
        groups += [PairGroup(title, told + more, Markup("".join(made)))] if pairs else []  # noqa: S704 - escaped
        left -= len(shown)
    bar.close()
    return groups


_LEAKS = (
    "What a model is trained on and what it is tested on are not apart here: if the two are one image, a "
    "test counts what was learned by heart."
)
_STUDIES = "One image, if it is one, under two names, in two lists, perhaps under two licences."
_WITHIN = "One image, if it is one, counts twice in every figure of its study."


def _row(pair: AlikePair, judged: Judgements) -> tuple[object, ...]:
    said = "; ".join(each.in_words for each in judged.get(pair.name, ()))
    leak = "yes" if pair.leaks else ""
    return (pair.name, pair.kind, pair.bits, leak, *_cells(pair.first), *_cells(pair.second), said)


def _cells(place: ImagePlace) -> tuple[str, ...]:
    return place.study, place.id, place.split, place.file


def _from_home(path: Path) -> str:
    """Return a path without the name of the user's home folder, where it is in it: pages travel."""
    home = home_folder() if has_home() else None
    return f"~/{path.relative_to(home)}" if home and path.is_relative_to(home) else str(path)


def _alt(place: ImagePlace) -> str:
    return place.image.alt or f"The image {place.id} of the study {place.study}."
