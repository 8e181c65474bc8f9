"""The city in a notebook or a report: what it comes to, stills of it, and its districts as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis.city import stills
from retrain_kit.analysis.city.city import METRES_A_MINUTE
from retrain_kit.analysis.ledger import NO_FIGURE, time_in_words
from retrain_kit.display import figures
from retrain_kit.display.figures import Figure, Note, Panel
from retrain_kit.reports.city.making import walk_in_words
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from retrain_kit.analysis.city import City
    from retrain_kit.studies.manifests import Manifest

_STILL_PX = (640, 360)
_SAID = {
    "afar": "The city from afar.",
    "middle": "Its largest district.",
    "street": "A street, from as high as eyes are.",
}


def city_note(city: City, title: str) -> Note:
    """Return how many houses there are, the time of all of them, and how long it takes to walk past them."""
    lines = [
        ("houses", f"{len(city):,}, each an image"),
        ("districts", f"{len(city.districts):,}, each a label"),
        ("time", city.time_told),
        ("a minute is", f"{METRES_A_MINUTE:g} metres high"),
        ("to walk past it, one image a second", walk_in_words(len(city))),
    ]
    if city.is_by_machines:
        told = "all of it; what stands there as glass is as high as it would be had hands made it"
        lines.append(("made by machines", told))
    return Note(title, tuple(lines))


def city_figure(city: City, manifest: Manifest, image: str = "") -> Figure:
    """Return stills of a city, side by side, with the house of an image marked where one is named.

    Raises
    ------
    ParameterError
        When no house is of that image.
    """
    panels = tuple(
        Panel.from_image(stills.draw_city(city, view, _STILL_PX, image=image or None), view, said)
        for view, said in _SAID.items()
    )
    caption = "Solid up to the least time, glass from there to the most."
    if image:
        caption += f" The beam stands over image {image}."
    return Figure(panels, caption, figures.study_credit(manifest))


def district_table(city: City) -> DataTable:
    """Return what each district comes to, the one with the most images first."""
    rows = [
        {
            "district": row.label,
            "images": row.images,
            "pieces of work": row.pieces,
            "time": time_in_words(row.time, row.pieces, row.untimed),
            NO_FIGURE: row.untimed,
        }
        for row in city.by_district()
    ]
    return DataTable.from_rows(rows, "districts")
