"""Contents: what one image took, line by line: an interval with its figures, pay, and what is left open.

Nothing of it is measured here. What the authors of the data set disclose stands beside what like work takes
by published figures; every figure has its source on the page, and says how well it is verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis import ledger as ledgers
from retrain_kit.analysis.annotators import ANNOTATION_SOURCES, annotator_lookup
from retrain_kit.analysis.ledger import NO_FIGURE
from retrain_kit.errors import count_in_words
from retrain_kit.reports.ledger_views import PAY
from retrain_kit.reports.responsible_ai import is_silent
from retrain_kit.reports.work_statement import NOT_DISCLOSED, state_work
from retrain_kit.studies.quantity_words import in_words, money_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.analysis.ledger import Entry, Ledger
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.reports.what_it_took.pictures import Pictures
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

CANNOT = (
    "How long it took. Nobody measured it: the times are other people's, of like work, in other years.",
    "That the least is what it costs. Short times leave out search, training and rejected work.",
    "That crowdworkers made it. Who did is said only where the source says it.",
    "That what a machine made is free. Others' work taught the machine.",
)
"""What a page leaves open, whatever stands on it."""


@dataclass(frozen=True)
class WorkLine:
    """Pieces of one kind of work: how they were made, and how long like work takes."""

    work: str
    made: str
    pieces: int
    time: str


@dataclass(frozen=True)
class PayLine:
    """What the time would have earned by a figure of pay."""

    figure: LabourFigure
    money: str


@dataclass(frozen=True)
class TookPage:
    """What stands on the page of an image.

    Parameters
    ----------
    image, study, title
        The id of the image, and name and title of its study.
    told
        What it took, as a sentence.
    beside
        What belongs beside it, in sentences: work that has no published time, and what machines made.
    lines
        Its work.
    figures
        Those that its times stand on, and what hands would have needed for what machines made.
    pays
        What they would have earned: as claimed, then as measured.
    took, paid
        What the authors of the data set disclose.
    who
        Who made the annotations, as the study says it.
    pictures
        What is shown.
    credit
        Author and licence of the image, where it is from, and the licence of the study.
    """

    image: str
    study: str
    title: str
    told: str
    beside: tuple[str, ...]
    lines: tuple[WorkLine, ...]
    figures: tuple[LabourFigure, ...]
    pays: tuple[PayLine, ...]
    took: str
    paid: str
    who: str
    pictures: Pictures
    credit: str
    digest: str

    @property
    def cannot(self) -> tuple[str, ...]:
        """What cannot be concluded."""
        return CANNOT


def tell_what_it_took(
    sample: Sample, manifest: Manifest, figures: Sequence[LabourFigure], pictures: Pictures
) -> TookPage:
    """Return the page of an image.

    Parameters
    ----------
    sample, manifest
        The image and its study, under the veil where there is one.
    figures
        Those that are chosen.
    pictures
        As `draw_pictures` returns them.
    """
    work = ledgers.count_pieces(sample, annotator_lookup(manifest))
    found, stated = ledgers.make_ledger(work, figures), state_work(manifest, ())
    by_hand = ledgers.make_ledger(ledgers.by_hand(work), figures)
    told, _, untimed = found.told.partition(", and ")
    beside = (
        f"And {untimed}." if untimed else "",
        _by_hand(by_hand),
    )
    return TookPage(
        image=sample.id,
        study=manifest.name,
        title=manifest.title,
        told=f"{told[:1].upper()}{told[1:]}.",
        beside=tuple(filter(None, beside)),
        lines=tuple(_line(entry) for entry in found.entries),
        figures=tuple({each.id: each for each in (*found.figures, *by_hand.figures)}.values()),
        pays=tuple(_pays(found, figures)),
        took=stated.took,
        paid=stated.paid,
        who=" ".join(manifest.annotation.who.split()) or NOT_DISCLOSED,
        pictures=pictures,
        credit=_credit(sample, manifest),
        digest=manifest.digest[:16],
    )


def _credit(sample: Sample, manifest: Manifest) -> str:
    """Return whose the image and the study are, as far as anybody says it."""
    origin = sample.provenance
    author, licence = _known(origin.author, "author not said"), _known(origin.licence, "licence not said")
    source = "" if is_silent(origin.source) else f" ({origin.source})"
    study = f"{manifest.name} {_known(manifest.version, '')}".strip()
    return (
        f"Image: {author}, {licence}{source}. Study {study}: {_known(manifest.licence, 'licence not said')}."
    )


def _known(text: str, otherwise: str) -> str:
    return otherwise if is_silent(text) else " ".join(text.split())


def _by_hand(found: Ledger) -> str:
    """Return what hands would have needed for what machines made."""
    if not found.pieces:
        return ""
    timed = found.pieces - found.untimed
    told = f"Machines made {count_in_words(found.pieces, 'piece')} of it."
    return f"{told} By hand, {timed:,} of them would have taken {in_words(found.time)}." if timed else told


def _line(entry: Entry) -> WorkLine:
    source = ANNOTATION_SOURCES[entry.count.source]
    time = in_words(entry.time) if entry.time else NO_FIGURE
    return WorkLine(entry.count.work, source.words, entry.count.pieces, time)


def _pays(found: Ledger, figures: Sequence[LabourFigure]) -> Iterator[PayLine]:
    for about in PAY if found.time.high else ():
        for figure in figures:
            if figure.about == about:
                yield PayLine(figure, money_in_words(ledgers.earned(found.time, figure.quantity)))
