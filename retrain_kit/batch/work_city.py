"""The city of a study, or of the whole table of its data set: one way for the command and the notebook."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from PIL import Image
from tqdm.auto import tqdm

from retrain_kit import datasets
from retrain_kit.analysis import city, ledger
from retrain_kit.analysis.annotators import ANNOTATION_SOURCES, annotator_lookup
from retrain_kit.analysis.city import City, Houses, Storey, stills
from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.batch.coverage import measuring
from retrain_kit.batch.coverage.batches import (
    ANNOTATOR_COLUMN,
    BOX_COLUMNS,
    ID_COLUMN,
    LABEL_COLUMN,
    REASON_COLUMN,
    BoxTable,
    whole_table,
)
from retrain_kit.batch.work_table import box_piece
from retrain_kit.display import city_still
from retrain_kit.display.animated_png import Patch, write_animated_png
from retrain_kit.display.figures import Note
from retrain_kit.display.views import contact_sheet
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.reports.city import CityPage, city_html
from retrain_kit.storage.files import check_endings, writing
from retrain_kit.studies.quantities import Quantity
from retrain_kit.studies.quantity_words import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.analysis.annotators import Annotator
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True)
class StudyCity:
    """A study as a city.

    Parameters
    ----------
    title
        What stands there.
    manifest
        The study.
    city
        The city.
    figures
        Those that were chosen.
    is_table
        Whether it is of the whole table of the data set.
    rejected
        How many annotations could not be taken, and stand nowhere.
    """

    title: str
    manifest: Manifest
    city: City
    figures: tuple[LabourFigure, ...]
    is_table: bool = False
    rejected: int = 0


HTML, PNG, APNG = ENDINGS = (".html", ".png", ".apng")
FLIGHT_PX, FLIGHT_FRAMES, FRAMES_PER_S = (640, 360), 96, 10
_COLOURS = 255
_BATCH_ROWS = 1 << 18
_AREA_DIGITS = 9
"""Shares of an image that differ by less are of the same area: sums of them come in any order."""


@dataclass(frozen=True)
class Look:
    """How a city is drawn in stills and flights.

    Parameters
    ----------
    view
        From where a still is seen: `afar`, `middle` or `street`.
    image
        The id of an image whose house is marked; none when empty.
    night
        Whether in the colours of a dark page.
    """

    view: str = "afar"
    image: str = ""
    night: bool = False


def write_city(found: StudyCity, out: Path, command: str, look: Look | None = None) -> None:
    """Write a city: as a page (.html), a still (.png) or a flight (.apng).

    Parameters
    ----------
    command
        How the same city is asked for in a shell: with it a house is found by its number.

    Raises
    ------
    ParameterError
        When the ending is none of these, or no house is of the image that is to be marked.
    DataError
        When the file cannot be written.
    """
    check_endings([out], ENDINGS)
    look, ending = look or Look(), out.suffix.lower()
    if look.image:
        found.city.house(look.image)
    with writing(out) as path:
        if ending == HTML:
            page = CityPage(
                found.title, command, found.manifest, found.city, found.figures, rejected=found.rejected
            )
            path.write_bytes(city_html(page))
        elif ending == PNG:
            image = look.image or None
            stills.draw_city(found.city, look.view, image=image, night=look.night).save(path, "PNG")
        else:
            _write_flight(found.city, path, look)


def _write_flight(city: City, path: Path, look: Look) -> None:
    """Write a flight from afar into a street, as an animated PNG in one palette."""
    landscape = stills.landscape_of(city)
    mark = city_still.Mark(city.house(look.image)) if look.image else None
    light = city_still.Light(look.night)
    views = stills.flight(landscape, FLIGHT_FRAMES, FLIGHT_PX[1] / FLIGHT_PX[0])

    def draw(view: city_still.View) -> Image.Image:
        still = city_still.draw_still(landscape, view, FLIGHT_PX, light, mark=mark, fineness=1)
        city_still.write_names(still, landscape, view, city.names, night=look.night)
        return still

    palette = contact_sheet([draw(views[at]) for at in (0, len(views) // 2, -1)], 1, FLIGHT_PX[0]).quantize(
        _COLOURS
    )
    frames = (
        draw(view).quantize(palette=palette, dither=Image.Dither.NONE)
        for view in tqdm(views, desc="flying", unit=" frames", delay=1, leave=False)
    )
    with path.open("wb") as file:
        write_animated_png(file, map(Patch, frames), FRAMES_PER_S, _COLOURS)


def house_card(found: StudyCity, number: int, asked: Sequence[str]) -> Note:
    """Return what is known of a house, by its number: its image, time, labels and work, and where it is from.

    Parameters
    ----------
    asked
        How commands are told which study it is, which figures count and whose words are shown.

    Raises
    ------
    ParameterError
        When there is no such house.
    """
    city = found.city
    if not 1 <= number <= len(city):
        raise ParameterError(Fault("house", f"{number:,}", f"from 1 to {len(city):,}"))
    house, image = number - 1, city.ids[number - 1]
    time = Quantity.seconds(float(city.low_s[house]), float(city.high_s[house]))
    counts = city.counts[house].tolist()
    untimed = sum(count for storey, count in zip(city.storeys, counts, strict=True) if not storey.timed)
    told = ledger.time_in_words(time, sum(counts), untimed)
    lines = [("time", told), ("stands under", city.district_of(house).label)]
    if others := city.other_labels(house):
        lines.append(("its other labels", ", ".join(others)))
    for storey, pieces in zip(city.storeys, counts, strict=True):
        if pieces:
            beside = "" if storey.timed else f", {ledger.NO_FIGURE}"
            name = f"{storey.work}, {ANNOTATION_SOURCES[storey.source].words}"
            lines.append((name, f"{pieces:,}{beside}"))
    if by_hand_s := float(city.by_hand_s[house]):
        said = f"at most {in_words(Quantity.seconds(by_hand_s, by_hand_s))}: nobody's time"
        lines.append(("machines' work by hand", said))
    row = next((each for each in found.manifest.images if each.id == image), None)
    if row:
        lines += [(name, value) for name in ("author", "licence", "source") if (value := getattr(row, name))]
        page = ["retrain-kit", "what-it-took", *asked, "--image", image, "-o", f"house-{number}.html"]
        lines.append(("its page", shlex.join(page)))
    return Note(f"House {number:,}: image {image}", tuple(lines))


def study_city(manifest: Manifest, figures: tuple[LabourFigure, ...], *, accepted: bool = False) -> StudyCity:
    """Return the city of the whole table of a study of Open Images, or of a study's own images.

    Parameters
    ----------
    manifest
        The study, under the veil where words are veiled.
    accepted
        Whether the words of a whole table are shown without a veil.

    Raises
    ------
    DataError
        As the reader of the data set.
    ParameterError
        When there is no image.
    """
    if path := whole_table(manifest):
        names = measuring.label_names(manifest, accepted=accepted)
        houses = table_houses(path, manifest, figures, names)
        title = f"{path.name}, all of its boxes"
        return StudyCity(title, manifest, city.build_city(houses), figures, is_table=True)
    unmatched, rejected = list[RejectedAnnotation](), list[RejectedAnnotation]()
    houses = city.count_houses(datasets.stream(manifest, unmatched, rejected), manifest, figures)
    built = city.build_city(houses)
    return StudyCity(manifest.title, manifest, built, figures, rejected=len(unmatched) + len(rejected))


def table_houses(
    path: Path, manifest: Manifest, figures: Sequence[LabourFigure], names: dict[str, str] | None = None
) -> Houses:
    """Return the houses of a table of boxes, in the order of ids: each image that it names.

    Parameters
    ----------
    path
        A CSV with `ImageID`, `LabelName` and the edges of boxes; `Source` where it has it.
    names
        Words for labels; a label without one is said as the table says it. Behind a word that several labels
        have stands which of them it is.

    Raises
    ------
    DataError
        With every fault of the table.
    """
    boxes = BoxTable(path)
    counted = _Counted(annotator_lookup(manifest), names or {})
    with tqdm(total=boxes.rows, desc="building", unit=" boxes", unit_scale=True, delay=1, leave=False) as bar:
        for batch in boxes.batches(_BATCH_ROWS):
            rows = boxes.read(batch)
            counted.add(rows)
            bar.update(rows.height)
    return counted.houses(figures)


class _Counted:
    """The images of a table as far as it was read, in the order of ids."""

    def __init__(self, known: Callable[[str], Annotator], names: dict[str, str]) -> None:
        times = Counter(names.values())
        several = {label: f"{word} ({label})" for label, word in names.items() if times[word] > 1}
        self.known, self.names = known, names | several
        self.kinds: dict[tuple[str, str], int] = {}
        self.words: dict[str, int] = {}
        self.labels: dict[str, int] = {}
        self.ids: list[str] = []
        self.counts: list[NDArray[np.uint32]] = []
        self.many: list[NDArray[np.int64]] = []
        self.numbers: list[NDArray[np.int32]] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Take the rows of whole images."""
        if rows.is_empty():
            return
        for word in rows[ANNOTATOR_COLUMN].unique():
            kind = box_piece(self.known(word).source.name)
            self.words[word] = self.kinds.setdefault(kind, len(self.kinds))
        for label in rows[LABEL_COLUMN].unique().sort():
            self.labels.setdefault(label, len(self.labels))
        self._count(rows)
        self._name(rows)

    def _count(self, rows: pl.DataFrame) -> None:
        kind = pl.col(ANNOTATOR_COLUMN).replace_strict(self.words, return_dtype=pl.Int64)
        kinds = [
            (kind == number).sum().cast(pl.UInt32).alias(str(number)) for number in range(len(self.kinds))
        ]
        found = rows.group_by(ID_COLUMN, maintain_order=True).agg(kinds)
        self.ids += found[ID_COLUMN].to_list()
        self.counts.append(found.drop(ID_COLUMN).to_numpy())

    def _name(self, rows: pl.DataFrame) -> None:
        left, top, right, bottom = (pl.col(edge) for edge in BOX_COLUMNS)
        area = pl.when(pl.col(REASON_COLUMN).is_null()).then((right - left) * (bottom - top)).otherwise(0)
        by_label = rows.group_by(ID_COLUMN, LABEL_COLUMN).agg(area.sum().alias("area"))
        word = pl.col(LABEL_COLUMN).replace(self.names).alias("word")
        alike = pl.col("area").round(_AREA_DIGITS)
        by_label = by_label.with_columns(word, alike)
        ordered = by_label.sort(ID_COLUMN, "area", "word", descending=[False, True, False])
        named = (pl.col(LABEL_COLUMN) != "").sum().alias("many")
        self.many.append(ordered.group_by(ID_COLUMN, maintain_order=True).agg(named)["many"].to_numpy())
        labels = ordered.filter(pl.col(LABEL_COLUMN) != "")[LABEL_COLUMN]
        self.numbers.append(labels.replace_strict(self.labels, return_dtype=pl.Int32).to_numpy())

    def houses(self, figures: Sequence[LabourFigure]) -> Houses:
        """Return the houses of all rows that were taken."""
        kinds = [Storey.of(*kind, figures) for kind in self.kinds]
        order = sorted(range(len(kinds)), key=lambda number: kinds[number].order)
        counts = np.zeros((len(self.ids), len(kinds)), np.uint32)
        at = 0
        for part in self.counts:
            counts[at : at + len(part), : part.shape[1]] = part
            at += len(part)
        starts = np.cumsum(np.concatenate([[0], *self.many]), dtype=np.int64)
        numbers = np.concatenate([np.zeros(0, np.int32), *self.numbers])
        labels = tuple(self.names.get(label, label) for label in self.labels)
        storeys = tuple(kinds[number] for number in order)
        return Houses(self.ids, storeys, counts[:, order], labels, starts, numbers)
