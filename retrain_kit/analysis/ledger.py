"""The ledger: how long the annotations of a study took, as far as anybody has published such times.

Each annotation is a piece of work, or none: what a machine made alone took no annotator's time. Which work it
was follows from what it is, a box, an outline, a word for an image, and from its annotation source, as the
study's manifest states it (see `analysis.annotators`). Where nobody says how an annotation was made, it may
have taken nothing, and may have taken as long as drawing does. What was checked is one check: how many people
checked it is not said.

The time of a piece of work lies between the least and the most of all figures that are chosen, never on
one number. Work of which no figure is known is counted and has no time; sums are then of the rest and say so.
Nobody's time is compared with anybody's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.analysis.annotators import (
    CHECKED,
    HAND,
    KIND_FIELDS,
    MACHINE,
    UNKNOWN_SOURCE,
    annotator_lookup,
)
from retrain_kit.errors import Fault, ParameterError, count_in_words
from retrain_kit.studies import quantities
from retrain_kit.studies.quantities import SECOND, Quantity
from retrain_kit.studies.quantity_words import in_words, somebodys_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from retrain_kit.analysis.annotators import Annotation, Annotator
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.quantities import Money, Pay, Time, TimeEach

BOX, OUTLINE, MASK = "box", "outline", "mask"
CHECK_OF = {BOX: "box check", OUTLINE: "outline check", MASK: "mask check"}
"""What it is to check each of these, where a machine proposed it."""
NO_FIGURE = "no published figure"
"""What is said in the place of a time that nobody has published."""
OTHER_WORK = {
    "phrase": "phrase",
    "image label": "image label",
    "point": "point label",
    "relationship": "relationship",
}


@dataclass(frozen=True)
class WorkCount:
    """So many pieces of one kind of work.

    Parameters
    ----------
    work
        As figures call it.
    source
        The name of the annotation source.
    """

    work: str
    source: str
    pieces: int


@dataclass(frozen=True)
class Entry:
    """Pieces of work, and how long they took.

    Parameters
    ----------
    time
        In seconds; None where no figure of such work is chosen.
    figures
        The figures that it stands on, the shortest first.
    """

    count: WorkCount
    time: Quantity[Time] | None
    figures: tuple[LabourFigure, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """How long annotations took: those of a study, or of a part of it."""

    entries: tuple[Entry, ...] = ()

    @property
    def time(self) -> Quantity[Time]:
        """The sum of what is known, in seconds: without the pieces of which no figure is known."""
        return quantities.total((entry.time for entry in self.entries if entry.time), SECOND)

    @property
    def pieces(self) -> int:
        """All pieces of work."""
        return sum(entry.count.pieces for entry in self.entries)

    @property
    def time_told(self) -> str:
        """The sum of what is known: see `time_in_words`."""
        return time_in_words(self.time, self.pieces, self.untimed)

    @property
    def told(self) -> str:
        """What an image took, where these are all pieces of work in it: see `told_of_image`."""
        return told_of_image(self.time, self.pieces, self.untimed)

    @property
    def figures(self) -> tuple[LabourFigure, ...]:
        """The figures that its times stand on, each once."""
        return tuple({figure.id: figure for entry in self.entries for figure in entry.figures}.values())

    @property
    def untimed(self) -> int:
        """The pieces of which no figure is known."""
        return sum(entry.count.pieces for entry in self.entries if entry.time is None)


@dataclass
class WorkTally:
    """Pieces of work as they are counted: in all, by image, by label and by annotator's word."""

    whole: Counter[tuple[str, str]] = field(default_factory=Counter)
    images: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    labels: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    annotators: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))


def count_work(samples: Iterable[Sample], manifest: Manifest) -> WorkTally:
    """Return which work there is in samples, in whatever order they come.

    Annotators whose words the manifest does not explain may be people's numbers, and have one name.
    """
    known, tally = annotator_lookup(manifest), WorkTally()
    for sample in samples:
        image: Counter[tuple[str, str]] = Counter()
        for annotation, word, piece in _pieces(sample, known):
            image[piece] += 1
            tally.annotators[word][piece] += 1
            if label := getattr(annotation, "label", ""):
                tally.labels[label][piece] += 1
        tally.images[sample.id] = image
        tally.whole += image
    return tally


def count_pieces(sample: Sample, known: Callable[[str], Annotator]) -> Counter[tuple[str, str]]:
    """Return the pieces of work in an image, by work and annotation source.

    Parameters
    ----------
    known
        What tells an annotator by the data set's word, as `annotators.annotator_lookup` returns it.
    """
    return Counter(piece for _, _, piece in _pieces(sample, known))


def _pieces(
    sample: Sample, known: Callable[[str], Annotator]
) -> Iterator[tuple[Annotation, str, tuple[str, str]]]:
    """Yield each annotation with the word for its annotator, its work and its annotation source."""
    for kind, name in KIND_FIELDS.items():
        for annotation in getattr(sample, name):
            annotator = known(annotation.annotator)
            source = annotator.source.name
            yield annotation, annotator.word, (work_of(kind, annotation, source), source)


def work_of(kind: str, annotation: Annotation, source: str) -> str:
    """Return which work an annotation was, or would have been had a person done it: what figures call it."""
    if kind != "region":
        return OTHER_WORK[kind]
    if getattr(annotation, "mask", None) is not None:
        drawn = MASK
    else:
        drawn = OUTLINE if getattr(annotation, "polygons", ()) else BOX
    return CHECK_OF[drawn] if source == CHECKED.name else drawn


def make_ledger(counts: Mapping[tuple[str, str], int], figures: Sequence[LabourFigure]) -> Ledger:
    """Return how long so many pieces of work took, by the figures that are chosen.

    Parameters
    ----------
    counts
        Pieces by work and annotation source, as a `WorkTally` has them.
    figures
        Those chosen; what is not a time for one piece of work is not used.
    """
    by_work: defaultdict[str, list[LabourFigure]] = defaultdict(list)
    for figure in figures:
        if figure.about == "time" and figure.work:
            by_work[figure.work].append(figure)
    rows = sorted((WorkCount(work, source, pieces) for (work, source), pieces in counts.items()), key=_order)
    return Ledger(tuple(_entry(row, by_work.get(row.work, ())) for row in rows))


def _order(row: WorkCount) -> tuple[str, str]:
    return row.work, row.source


def _entry(count: WorkCount, figures: Sequence[LabourFigure]) -> Entry:
    if count.source == MACHINE.name:
        return Entry(count, Quantity.seconds(0, 0))
    if not figures:
        return Entry(count, None)
    ordered = tuple(
        sorted(figures, key=lambda figure: (figure.quantity.low, figure.quantity.high, figure.id))
    )
    each: Quantity[TimeEach] = quantities.around_all(figure.quantity for figure in ordered)
    if count.source == UNKNOWN_SOURCE.name:
        each = Quantity(0, each.high, each.unit)
    return Entry(count, Quantity.counted(count.pieces, count.work) * each, ordered)


def time_in_words(time: Quantity[Time], pieces: int, untimed: int) -> str:
    """Return a time as people say it; of pieces of work that all have none, that nobody has published it."""
    return NO_FIGURE if 0 < pieces == untimed else in_words(time)


def told_of_image(time: Quantity[Time], pieces: int, untimed: int) -> str:
    """Return what an image took, as what follows *this image:*.

    Parameters
    ----------
    time
        Of the pieces of work that a figure is known of.
    pieces, untimed
        How many there are, and of how many of them no figure is known.

    Examples
    --------
    >>> told_of_image(Quantity.seconds(30, 700), 9, 1)
    "between half a minute and 12 minutes of somebody's time, and 1 of 9 pieces of work of which nobody has \
published a time"
    """
    if not pieces:
        return "nobody's time: it has no annotation"
    if untimed == pieces:
        return f"a time that nobody has published, of {count_in_words(pieces, 'piece')} of work"
    if not untimed:
        return (
            somebodys_time(time) if time.high else "no annotator's time: machines made all that is said of it"
        )
    rest = f"{untimed:,} of {count_in_words(pieces, 'piece')} of work of which nobody has published a time"
    return f"{somebodys_time(time) if time.high else 'no time'}, and {rest}"


def by_hand(counts: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
    """Return the pieces that machines made, as if hands had: what would have been somebody's work."""
    return Counter(
        {(work, HAND.name): pieces for (work, source), pieces in counts.items() if source == MACHINE.name}
    )


def earned(time: Quantity[Time], pay: Quantity[Pay]) -> Quantity[Money]:
    """Return what a time would have earned.

    Parameters
    ----------
    time
        In seconds.
    pay
        Money for each second, as figures of pay have it.

    Raises
    ------
    ParameterError
        When these are not a time and a pay for a time.
    """
    found = time * pay
    if time.unit != SECOND or len(found.unit.powers) != 1:
        raise ParameterError(Fault("units", f"{time.unit} and {pay.unit}", "a time, and money for a time"))
    return found
