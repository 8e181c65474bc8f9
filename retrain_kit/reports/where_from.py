"""Where from: where a study's images were taken, and which words are where, as tables and a map.

What is unknown comes first. Every number of images leads to some of them. An image that shows people, as far
as a label or a hand says so, is counted at its place and never shown beside it; of other images pages have
names and fields of degrees, and one table squares of one degree.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.analysis import known_places, words_by_place
from retrain_kit.analysis.intervals import DASH, FEWEST_IMAGES, LEVEL, mean_interval, percent_or_dash
from retrain_kit.analysis.people_in_images import veil_people
from retrain_kit.display import degree_map, figures, thumbnails
from retrain_kit.display.evidence import MOST_BYTES, MOST_SHOWN, Cell, Evidence, Line, Row, images_behind
from retrain_kit.display.figures import Figure, Note, Panel
from retrain_kit.errors import count_in_words
from retrain_kit.imaging import decoding
from retrain_kit.reports.data_table import DataTable, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PIL import Image

    from retrain_kit.analysis.known_places import KnownPlaces, PlaceSource, Progress
    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.analysis.veiled_study import StudyVeil
    from retrain_kit.analysis.words_by_place import WordAtPlace, WordsByPlace
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.display.thumbnails import Thumbnail
    from retrain_kit.studies.manifests import Manifest

MOST_PLACES, MOST_WORDS, MOST_ROWS = 8, 5, 24
"""How many places and how many words of each a page shows, and rows of other tables; the CSV has all."""
MOST_NAMED = 12
UNKNOWN_PLACE = "unknown"
NOT_SHOWN = "with people, not shown beside a place"
NO_PLACE = "Nobody says of any of these images where it was taken: there is nothing to count."
INTERVAL = f"interval, {LEVEL:.0%}"


@dataclass(frozen=True)
class WhereFrom:
    """A study, and what is known of where its images were taken.

    Parameters
    ----------
    samples
        The images, as their data set labels them.
    known
        Where they were taken.
    people
        What tells which images show people.
    veil
        The veil over the study.
    manifest
        The study.
    people_veiled
        Whether regions of people are made coarse in small images.
    progress
        What shows how far the reading of images is.
    """

    samples: Sequence[Sample]
    known: KnownPlaces
    people: PeopleInImages
    veil: StudyVeil
    manifest: Manifest
    people_veiled: bool = True
    progress: Progress = known_places.unwatched

    @cached_property
    def shown(self) -> list[Sample]:
        """The images under the veil, in the same order."""
        return self.veil.samples(self.samples)

    @cached_property
    def places(self) -> list[str]:
        """What the place of each image is called; empty where it is unknown."""
        known = self.known.places
        return [self.veil.text(known[each.id].words) if each.id in known else "" for each in self.samples]

    @cached_property
    def of_people(self) -> list[bool]:
        """Which images show people, as far as a label, a hand or their data set says so."""
        return [
            bool(self.people.regions(each)) or self.people.somewhere(each) or each.id in self.people.brushed
            for each in self.samples
        ]

    @cached_property
    def held_back(self) -> dict[str, str]:
        """Why images of known place are not shown beside it, by their ids under the veil."""
        every = zip(self.shown, self.places, self.of_people, strict=True)
        return {each.id: NOT_SHOWN for each, place, of_people in every if place and of_people}

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The ids of the images of each place, under the veil; the place of most images first."""
        found: dict[str, list[str]] = {}
        for sample, place in zip(self.shown, self.places, strict=True):
            if place:
                found.setdefault(place, []).append(sample.id)
        ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
        return {place: tuple(names) for place, names in ordered}

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids under the veil of the images whose place nobody says."""
        return tuple(sample.id for sample, place in zip(self.shown, self.places, strict=True) if not place)

    def under_veil(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of images as they are shown, in the order of the study."""
        wanted = frozenset(names)
        every = zip(self.samples, self.shown, strict=True)
        return tuple(shown.id for own, shown in every if own.id in wanted)

    @property
    def credit(self) -> str:
        """The study, as it stands under tables and figures."""
        return figures.study_credit(self.veil.manifest(self.manifest))

    def cell(self, names: Sequence[str], *, at_place: bool = False) -> Cell:
        """Return a number of images that leads to some of them; at their place to none with people."""
        shown = [name for name in names if not (at_place and name in self.held_back)]
        kept = len(names) - len(shown)
        lines = tuple(Line(name, name) for name in shown[:MOST_SHOWN])
        told = f"{kept:,} {NOT_SHOWN}" if kept else ""
        return Cell(f"{len(names):,}", lines, len(names), held_back=told)

    def table(
        self, name: str, heads: tuple[str, ...], rows: Iterable[Row], more: str, data: DataTable
    ) -> Evidence:
        """Return a table whose numbers lead to images, people in them made coarse; `data` is its CSV."""
        rows = tuple(rows)
        wanted = [self._by_id[each] for each in images_behind(rows)]
        made = ((each.id, self._thumbnail(each)) for each in self.progress(wanted, "reading images"))
        small = thumbnails.within(made, MOST_BYTES)
        return Evidence(name, heads, rows, more, self.credit, small, after=data.csv_link)

    @cached_property
    def _by_id(self) -> dict[str, Sample]:
        return {sample.id: sample for sample in self.shown}

    @cached_property
    def _own(self) -> dict[str, Sample]:
        return {shown.id: own for shown, own in zip(self.shown, self.samples, strict=True)}

    def _thumbnail(self, shown: Sample) -> Thumbnail:
        alt = shown.alt or f"The image {shown.id}."
        return thumbnails.make_thumbnail(self._own[shown.id], alt, self._load)

    def _load(self, own: Sample) -> Image.Image:
        image = decoding.load_sample(own)
        return veil_people(image, own, self.people)[0] if self.people_veiled else image


# -- where


def who_says(where: WhereFrom) -> Evidence:
    """Return of how many images the place is unknown, who says the others', and what is no place."""
    known, of_all = where.known, max(1, len(where.samples))
    placed = [*zip(where.shown, where.places, where.of_people, strict=True)]
    told = [
        (UNKNOWN_PLACE, where.unknown),
        ("known", tuple(each.id for each, place, _ in placed if place)),
        *(line for source in known.sources for line in _source_lines(where, source)),
        ("contradicted by a source that comes later", where.under_veil(known.contradicted)),
        ("known, with people", tuple(each.id for each, place, people in placed if place and people)),
    ]
    shown = [(what, names) for place, (what, names) in enumerate(told) if names or not place]
    rows = [Row(what, (where.cell(names), Cell(percent(len(names) / of_all)))) for what, names in shown]
    data = DataTable.from_rows(
        ({"what": what, "images": len(names), "of all": len(names) / of_all} for what, names in shown),
        "who-says-where",
    )
    unmatched = sum(source.unmatched for source in known.sources)
    more = f"{count_in_words(unmatched, 'row')} of no image of this study." if unmatched else ""
    return where.table("who says where", ("where they were taken", "images", "of all"), rows, more, data)


def _source_lines(where: WhereFrom, source: PlaceSource) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a source says of images, and the ids of these under the veil."""
    name, by = where.veil.told(source.name), where.known.by
    yield f"by {name}", where.under_veil(source.places)
    late = [each for each in source.places if by[each] != source.name]
    yield f"by {name}, and before it by another", where.under_veil(late)
    for reason in source.reasons:
        wrong = [each for each, why in source.unusable.items() if why == reason]
        yield f"no place, by {name}: {reason}", where.under_veil(wrong)
    yield f"not read, by {name}: the file is not here, or no image", where.under_veil(source.unread)


def places(where: WhereFrom) -> Evidence:
    """Return how many images come from each place, what is unknown first."""
    of_all, known = max(1, len(where.samples)), sum(map(len, where.groups.values()))
    every = {UNKNOWN_PLACE: where.unknown, **where.groups}
    rows = [_place_row(where, place, names, known) for place, names in [*every.items()][:MOST_ROWS]]
    data = DataTable.from_rows(
        (
            {"place": place, "images": len(names), "of all": len(names) / of_all}
            for place, names in every.items()
        ),
        "places",
    )
    heads = ("place", "images", "of all", "of known place", INTERVAL)
    return where.table("places", heads, rows, not_shown(len(every) - MOST_ROWS, "place"), data)


def _place_row(where: WhereFrom, place: str, names: tuple[str, ...], known: int) -> Row:
    told = [percent(len(names) / max(1, len(where.samples))), DASH, DASH]
    if place != UNKNOWN_PLACE:
        interval = mean_interval([1.0] * len(names) + [0.0] * (known - len(names)))
        told[1:] = [percent(len(names) / known), percent_or_dash(interval)]
    return Row(place, (where.cell(names, at_place=True), *map(Cell, told)))


def degrees(where: WhereFrom) -> Figure | Note:
    """Return from which fields of degrees images come, or a sentence where none has coordinates."""
    squares = [place.square for place in where.known.places.values() if place.square]
    if not squares:
        return Note("No image has coordinates: there is nothing to put on a grid.", ())
    counts = Counter(square.field for square in squares)
    named = len(where.known.places) - len(squares)
    caption = (
        f"{images_in_words(len(squares))} on a grid of ten degrees: a disc is as large as their number. There"
        " is no coast and no border on it."
    )
    if named:
        caption += (
            f" {images_in_words(named)} known by the name of a place alone {is_or_are(named)} not on it."
        )
    alt = "; ".join(
        f"{field.words}: {images_in_words(count)}" for field, count in counts.most_common(MOST_NAMED)
    )
    panel = Panel("", alt, degree_map.degree_map_svg(counts).encode(), figures.SVG_MEDIA_TYPE)
    return Figure((panel,), caption, where.credit)


def places_of_images(where: WhereFrom) -> DataTable | Note:
    """Return each image's place and who says it, but of those with people; degrees are whole ones."""
    rows = []
    for own, shown, place, of_people in zip(
        where.samples, where.shown, where.places, where.of_people, strict=True
    ):
        if place and not of_people:
            square = where.known.places[own.id].square
            rows.append(
                {
                    "image": shown.id,
                    "place": place,
                    "whole degrees": square.words if square else "",
                    "said by": where.veil.told(where.known.by[own.id]),
                }
            )
    if not rows:
        return Note("No image without people has a place that is known.", ())
    return DataTable.from_rows(rows, "places-of-images", most=MOST_NAMED)


# -- which words


def count_words(where: WhereFrom, fewest: int = FEWEST_IMAGES) -> WordsByPlace:
    """Return which words images have that were taken at a place, and which never."""
    return words_by_place.words_by_place(where.shown, where.places, fewest)


def words_there(where: WhereFrom, found: WordsByPlace) -> Evidence | Note:
    """Return the words of each place, those first that are there more often than in all of known place."""
    if not found.there:
        return Note(NO_PLACE if not where.groups else "No place has enough images to be compared.", ())
    rows: list[Row] = []
    for place in list(dict.fromkeys(row.place for row in found.there))[:MOST_PLACES]:
        every = [row for row in found.there if row.place == place]
        every.sort(key=lambda row: not (row.interval and row.interval.low > 1))
        rows += [_there_row(where, row) for row in every[:MOST_WORDS]]
    heads = ("place and word", "images", "of the place", "everywhere", "times as often", INTERVAL)
    told = f"The first {MOST_WORDS} words of each place."
    if found.small:
        small = count_in_words(found.small, "place")
        told += f" {small} with fewer images {is_or_are(found.small)} not compared."
    data = DataTable.from_rows(map(_word_row, found.there), "words-by-place")
    return where.table("words by place", heads, rows, told, data)


def _there_row(where: WhereFrom, row: WordAtPlace) -> Row:
    told = (
        percent(row.share),
        percent(row.of_word / row.known),
        f"{row.times:.1f} ×",
        row.interval.times if row.interval else DASH,
    )
    head = f"{row.place}: {row.word}"
    return Row(head, (where.cell(row.samples, at_place=True), *map(Cell, told)), f"{row.place}\0{row.word}")


def _word_row(row: WordAtPlace) -> dict[str, object]:
    return {
        "place": row.place,
        "word": row.word,
        "images": len(row.samples),
        "images of the place": row.of_place,
        "images of known place with the word": row.of_word,
        "images of known place": row.known,
        "times as often": f"{row.times:.3f}",
        "interval": row.interval.times if row.interval else "",
    }


def words_never(where: WhereFrom, found: WordsByPlace) -> Evidence | Note:
    """Return the words that no image of a place has though some were expected to, beside what chance does."""
    if not found.looked_at:
        return Note("No word is frequent enough to be missed at a place: none can be said to be absent.", ())
    chance = (
        f"{count_in_words(found.looked_at, 'pair')} of a place and a word were to be expected;"
        f" {found.missing_by_chance:.2f} would be missing by chance alone, {len(found.never):,}"
        f" {is_or_are(len(found.never))}."
    )
    if not found.never:
        return Note("No word is missing at a place where it was to be expected.", (("looked at", chance),))
    rows = [
        Row(
            f"{row.place}: {row.word}",
            (
                Cell("0"),
                Cell(f"{row.expected:.1f}"),
                Cell(_percent_of(row.chance)),
                where.cell(row.samples, at_place=True),
            ),
            f"{row.place}\0{row.word}",
        )
        for row in found.never[:MOST_ROWS]
    ]
    data = DataTable.from_rows(
        (
            {
                "place": row.place,
                "word": row.word,
                "images of the place": row.of_place,
                "expected": f"{row.expected:.2f}",
                "chance of none": f"{row.chance:.6f}",
                "images elsewhere": len(row.samples),
            }
            for row in found.never
        ),
        "words-never-there",
    )
    heads = ("place and word", "images", "expected", "chance of none", "images elsewhere")
    more = not_shown(len(found.never) - MOST_ROWS, "pair")
    return where.table("words never there", heads, rows, f"{chance} {more}", data)


def _percent_of(share: float) -> str:
    return "< 0.1%" if share < 0.001 else f"{share:.1%}"  # noqa: PLR2004 - what a page shows


def images_in_words(count: int) -> str:
    """Return a number of images in words."""
    return count_in_words(count, "image")


def is_or_are(count: int) -> str:
    """Return the verb behind so many."""
    return "is" if count == 1 else "are"


def not_shown(rest: int, what: str) -> str:
    """Return how many things more there are than a page shows; nothing where it shows all."""
    return f"{count_in_words(rest, what)} more {is_or_are(rest)} not shown." if rest > 0 else ""
