"""The page of a city: one HTML file, which asks no host for anything.

It has the landscape for those who see it, and for all a still and a table of the districts with their sums:
where a browser cannot draw, these are the page.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.analysis.annotators import ANNOTATION_SOURCES
from retrain_kit.analysis.city import DistrictWork, stills
from retrain_kit.analysis.city.city import METRES_A_MINUTE
from retrain_kit.analysis.ledger import time_in_words
from retrain_kit.display import assets, figures, signs
from retrain_kit.display.tokens import SOURCES
from retrain_kit.reports import ledger_views, templating
from retrain_kit.reports.city.packing import packed_city
from retrain_kit.reports.ledger_views import DAY_H
from retrain_kit.studies.quantities import Quantity
from retrain_kit.studies.quantity_words import in_words, somebodys_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.analysis.city import City
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

FOLDER = Path(__file__).parent
MOST_CARDS = 100_000
"""Up to so many images, what is known of each is in the page."""
_MOST_ROWS = 1000
"""So many districts stand in the table; the others are there as one row."""
_STILL_PX = (960, 540)
_STILL_COLOURS = 128
_MOST_SIGNS = 300
_NUMBERS = ("images", "pieces", "untimed")


@dataclass(frozen=True)
class CityPage:
    """What the page is of.

    Parameters
    ----------
    title
        What stands there.
    command
        How the same city is asked for in a shell: with it a house is found by its number.
    manifest, city, figures
        The study, its city, and the figures that were chosen.
    rejected
        How many annotations could not be taken, and stand nowhere.
    """

    title: str
    command: str
    manifest: Manifest
    city: City
    figures: Sequence[LabourFigure]
    rejected: int = 0


def city_html(page: CityPage) -> bytes:
    """Return the page, in UTF-8."""
    city = page.city
    environment = templating.html_environment(FOLDER)
    script = assets.inlined_script(FOLDER / "page.js")
    style = assets.page_sheet(FOLDER / "page.css")
    rows = city.by_district()
    sources = list(dict.fromkeys(storey.source for storey in city.storeys))
    html = environment.get_template("page.html.j2").render(
        page=page,
        city=city,
        time=somebodys_time(city.time),
        pieces=int(city.counts.sum()),
        walk=walk_in_words(len(city)),
        rows=_rows(rows),
        total=_row(_together("all districts", rows)),
        sources=[(ANNOTATION_SOURCES[name], SOURCES[name]) for name in sources],
        untimed=sum(row.untimed for row in rows),
        by_hand=bool(city.by_hand_s.any()),
        machines=sum(
            int(city.counts[:, at].sum()) for at, each in enumerate(city.storeys) if each.by_machine
        ),
        minute_m=f"{METRES_A_MINUTE:g}",
        day_m=f"{METRES_A_MINUTE * 60 * DAY_H:,.0f}",
        figures=ledger_views.figures_table(_used(page)).data.to_dict("records"),
        card=Markup(figures.study_card(page.manifest)._repr_html_()),  # noqa: S704 - escaped by the card
        still=_still(city),
        script=Markup(script),  # noqa: S704 - the kit's own
        style=Markup(style),  # noqa: S704 - the kit's own
        script_digest=assets.policy_digest(script),
        style_digest=assets.policy_digest(style),
        version=__version__,
        packed=Markup(packed_city(city, _texts(page))),  # noqa: S704 - no sign of it is markup
        told=Markup(_told(page)),  # noqa: S704 - no < in it
    )
    return html.encode("utf-8", "replace")


def walk_in_words(images: int) -> str:
    """Return how long it takes to walk past so many images, one a second.

    Examples
    --------
    >>> walk_in_words(47), walk_in_words(1_743_042)
    ('47 seconds', '20 days and 4 hours')
    """
    units = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))
    at = next((number for number, (_, size) in enumerate(units) if images >= size), len(units) - 1)
    first, rest = divmod(images, units[at][1])
    parts = [(first, units[at][0])]
    if at + 1 < len(units) and (second := rest // units[at + 1][1]):
        parts.append((second, units[at + 1][0]))
    return " and ".join(f"{number:,} {name}{'' if number == 1 else 's'}" for number, name in parts)


def _used(page: CityPage) -> list[LabourFigure]:
    """Return the figures that time a kind of work of this city."""
    works = {storey.work for storey in page.city.storeys}
    return [each for each in page.figures if each.about == "time" and each.work in works]


def _rows(rows: Sequence[DistrictWork]) -> list[dict[str, str]]:
    shown, rest = rows[:_MOST_ROWS], rows[_MOST_ROWS:]
    found = [_row(row) for row in shown]
    return [*found, _row(_together(f"{len(rest):,} more districts", rest))] if rest else found


def _together(name: str, rows: Sequence[DistrictWork]) -> DistrictWork:
    low, high = (float(sum(getattr(row.time, end) for row in rows)) for end in ("low", "high"))
    images, pieces, untimed = (sum(getattr(row, each) for row in rows) for each in _NUMBERS)
    by_hand_s = sum(row.by_hand_s for row in rows)
    return DistrictWork(name, images, pieces, untimed, Quantity.seconds(low, high), by_hand_s)


def _row(row: DistrictWork) -> dict[str, str]:
    return {
        "label": signs.shortened(signs.visible(row.label), _MOST_SIGNS),
        "images": f"{row.images:,}",
        "pieces": f"{row.pieces:,}",
        "untimed": f"{row.untimed:,}",
        "time": time_in_words(row.time, row.pieces, row.untimed),
        "by_hand": in_words(Quantity.seconds(row.by_hand_s, row.by_hand_s)),
    }


def _still(city: City) -> str:
    """Return a still as an address that has the image in it."""
    image = stills.draw_city(city, "afar", _STILL_PX).quantize(_STILL_COLOURS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return assets.data_address("image/png", buffer.getvalue())


def _texts(page: CityPage) -> dict[str, Sequence[str]]:
    """Return the id of each image, and who made it and where it is from, as far as the table says it."""
    city = page.city
    if len(city) > MOST_CARDS:
        return {}
    rows = {image.id: image for image in page.manifest.images}
    known = [rows.get(name) for name in city.ids]
    return {
        "ids": [signs.visible(name) for name in city.ids],
        **{
            name: [" ".join(str(getattr(row, name) or "").split()) if row else "" for row in known]
            for name in ("author", "licence", "source")
        },
    }


def _told(page: CityPage) -> str:
    data = {
        "command": page.command,
        "minute": METRES_A_MINUTE,
        "day": DAY_H,
        "byMachines": page.city.is_by_machines,
        "sources": {
            each.name: {"words": each.words, "token": SOURCES[each.name]}
            for each in ANNOTATION_SOURCES.values()
        },
    }
    return json.dumps(data).replace("<", "\\u003c")
