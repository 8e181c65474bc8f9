"""The page of a mosaic: what it says of the study and of each image, as one HTML file.

Names and words come from data sets and are no markup: they reach the page as data alone. Its policy lets no
script run but the page's own, known by its digest, and no image in but those beside or inside it.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.display import assets, figures
from retrain_kit.display.label_keys import label_keys
from retrain_kit.reports import templating
from retrain_kit.studies.manifests import ImageRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.batch.mosaic.mosaic import TileGrid
    from retrain_kit.batch.mosaic.tiles import Look, View
    from retrain_kit.studies.manifests import Manifest

FOLDER = Path(__file__).parent
VIEWS: dict[View, tuple[str, str]] = {
    "tagged": ("tagged: what was tagged in them is outlined", "With outlines of what was tagged"),
    "decanonized": (
        "decanonized: what was tagged in them is taken out, what nobody was asked to see is left",
        "Without what was tagged",
    ),
    "taken": ("taken: only what was tagged in them", "Only what was tagged"),
    "as it is": ("as they are", "As it is"),
}
TABLE_COLUMNS = tuple(field.name for field in fields(ImageRow))
"""The columns of a study's table, in which the chosen images are given."""


@dataclass(frozen=True)
class MosaicPage:
    """What the page shows.

    Parameters
    ----------
    manifest, look, grid
        The study, how its tiles look, where they stand.
    pyramid
        The side of the squares the mosaic is cut into, and the highest level.
    cards
        What is said of each image, in the order of the tiles.
    embedded
        The images by name where they are inside the page; None where they are files beside it.
    """

    manifest: Manifest
    look: Look
    grid: TileGrid
    pyramid: tuple[int, int]
    cards: Sequence[Mapping[str, Any]]
    embedded: Mapping[str, str] | None = None


def mosaic_html(page: MosaicPage) -> str:
    """Return the page: one file with its script, its style and its data in it."""
    environment = templating.html_environment(FOLDER)
    script = assets.inlined_script(FOLDER / "page.js")
    style = assets.page_sheet(FOLDER / "page.css")
    notices = Counter(card["row"]["notice"] for card in page.cards if card["row"]["notice"])
    return environment.get_template("page.html.j2").render(
        page=page,
        view=VIEWS[page.look.view][0],
        card=Markup(figures.study_card(page.manifest)._repr_html_()),  # noqa: S704 - escaped by the card
        credit=figures.study_credit(page.manifest),
        notices=notices.most_common(),
        script=Markup(script),  # noqa: S704 - the kit's own
        style=Markup(style),  # noqa: S704 - the kit's own
        data=Markup(_json(page)),  # noqa: S704 - no < in it
        script_digest=assets.policy_digest(script),
        style_digest=assets.policy_digest(style),
        version=__version__,
    )


def image_cards(
    samples: Iterable[Sample], manifest: Manifest, reasons: Mapping[str, str], *, keyed: bool = False
) -> list[dict[str, Any]]:
    """Return what is said of each image: its row of the study's table, and what annotators said of it.

    Parameters
    ----------
    samples
        The images in the order of their tiles.
    manifest
        The study, whose table knows the file of each.
    reasons
        Why an image could not be shown, by its id.
    keyed
        Whether the images have numbers for their labels on them, which the page then says too.
    """
    rows = {image.id: image for image in manifest.images}
    return [
        {
            "row": _row(sample, rows.get(sample.id), manifest),
            "annotations": _counted((region.label, region.annotator) for region in sample.regions),
            **({"keys": _numbers(sample)} if keyed else {}),
            "words": [(word.label, word.present, word.annotator) for word in sample.labels],
            **({"reason": reasons[sample.id]} if sample.id in reasons else {}),
        }
        for sample in samples
    ]


def _row(sample: Sample, image: ImageRow | None, manifest: Manifest) -> dict[str, Any]:
    """Return the image's row; what a study that is not pinned does not say stays empty."""
    if image:
        said = {"alt": sample.alt, "notice": sample.notice, "leaves_out": sample.leaves_out}
        return asdict(image) | said | {"file": manifest.shown_file(image.file)}
    origin = sample.provenance
    known = (sample.id, "", origin.sha256, *sample.size, origin.licence, origin.author, origin.source)
    said_too = (origin.note, sample.alt, sample.notice, sample.leaves_out, "")
    return dict(zip(TABLE_COLUMNS, (*known, *said_too), strict=True))


def _numbers(sample: Sample) -> dict[str, int]:
    """Return the number that each label has on the image."""
    keys = label_keys(region.label for region in sample.regions)
    return {label: key.number for label, key in keys.items()}


def _counted(annotations: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    return [(label, annotator, count) for (label, annotator), count in Counter(annotations).most_common()]


def _json(page: MosaicPage) -> str:
    """Return the data of the page; no text in it can end the element it stands in."""
    side_px, top = page.pyramid
    width, height = page.grid.size
    data = {
        "name": page.manifest.name,
        "view": VIEWS[page.look.view][1],
        "width": width,
        "height": height,
        "tile": page.look.tile_px,
        "margin": page.look.margin_px,
        "columns": page.grid.columns,
        "side": side_px,
        "top": top,
        "table": TABLE_COLUMNS,
        "cards": page.cards,
        "embedded": page.embedded,
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
