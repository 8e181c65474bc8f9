"""Tables of label survival: what guests still say when what was tagged is gone, beside the control."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.analysis import label_survival
from retrain_kit.analysis.intervals import DASH, LEVEL, percent_or_dash, points
from retrain_kit.annotations.samples import Region
from retrain_kit.display.figures import Note
from retrain_kit.errors import count_in_words
from retrain_kit.imaging import holes, masking
from retrain_kit.models.asking import FIRST, box_of
from retrain_kit.models.inviting import NOBODY
from retrain_kit.reports.data_table import DataTable
from retrain_kit.widgets.progress import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.analysis.label_survival import Said, Survival
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.models.asking import Answered, Trial
    from retrain_kit.models.guests import Guest

VIEWS = {
    "residue": "the residue: without what was tagged",
    "taken": "what was taken, alone",
    "shape": "the shape of the hole, and nothing of the image",
}
MOVES = {
    "wrapped": (
        "It is shifted by rows and columns drawn by chance; what leaves on one side comes in on the other"
    ),
    "inside": (
        "It is shifted by chance so that all of it stays in the frame; where it has no other place there is "
        "no control"
    ),
}
INSIDE_SHARE = 0.5
"""A machine's box counts as one of what nobody tagged where less of it is tagged."""


@dataclass(frozen=True)
class Reading:
    """What a guest said of a study, as it is shown.

    Parameters
    ----------
    answered
        What it said.
    words
        Its words under the veil, in their order.
    shown
        The samples under the veil, by the id of the sample itself.
    """

    answered: Answered
    words: Sequence[str]
    shown: Mapping[str, Sample] = field(default_factory=dict)

    @property
    def guest(self) -> Guest:
        """Who was asked."""
        return self.answered.guest

    @cached_property
    def samples(self) -> list[Sample]:
        """The images it was asked about, under the veil."""
        return [self.shown.get(sample.id, sample) for sample in self.answered.samples]

    @cached_property
    def said(self) -> Said:
        """Its words: of a classifier the likeliest one."""
        return self.answered.said()

    def in_words(self, place: int, view: int) -> str:
        """Return what it said of one view of one image; of a classifier the likeliest word.

        Of a word with others that mean the same the first stands here.
        """
        answer = self.answered.answers[place][view]
        if self.guest.card.does == "classify":
            number, probability = answer[0]
            return f"{self.words[int(number)].split(', ')[0]} {probability:.0%}"
        counted = Counter(self.words[int(row[5])] for row in answer)
        return ", ".join(f"{word} × {n}" if n > 1 else word for word, n in counted.items()) or "nothing"

    def boxes(self, sample: Sample) -> list[Region]:
        """Return a detector's boxes in a whole image as regions; none of one that it was not shown."""
        if self.guest.card.does != "detect":
            return []
        shown = zip(self.answered.samples, self.answered.answers, strict=True)
        found = (box for each, answers in shown if each is sample for box in answers[0])
        return [Region(self.words[int(box[5])], box_of(box)) for box in found]


def trial_note(samples: Sequence[Sample], trial: Trial) -> Note:
    """Return how images are shown to guests, and how much of what was tagged the control leaves uncovered."""
    tagged, covered, nothing = [], [], 0
    for sample in watched(samples, "laying masks, images"):
        mask = trial.mask(sample)
        moved = trial.moved(sample, mask)
        if mask.any():
            tagged.append(mask.mean())
        if moved:
            covered.append(holes.still_covered(mask, moved))
        nothing += bool(mask.all())
    return Note(
        "How images are shown",
        (
            ("images", f"{len(samples):,}; {len(tagged):,} have something tagged"),
            ("of these is tagged", f"{np.mean(tagged):.0%} of an image, the mean" if tagged else ""),
            ("in the place of what is gone", ", ".join(trial.fills)),
            ("the control", f"the same mask, moved, {trial.draws} times an image. {MOVES[trial.move]}."),
            ("of these nothing is left", f"{nothing:,}: their residue is blank" if nothing else ""),
            ("images with a control", f"{len(covered):,}"),
            (
                "of what was tagged the moved mask still covers",
                f"{np.mean(covered):.0%}, the mean: the larger this is, the less the control says"
                if covered
                else "",
            ),
        ),
    )


def survival_table(reading: Reading) -> DataTable | Note:
    """Return how often words survive in each view, the residue beside its control."""
    rows = _by_view(reading.said)
    if not rows:
        return _nothing_note(reading)
    wider = (
        {(row.name, row.fill): row for row in _by_view(reading.answered.said(FIRST))}
        if _classifies(reading)
        else {}
    )
    return DataTable.from_rows(
        (_row(row, wider.get((row.name, row.fill))) for row in rows),
        f"survival-{reading.guest.card.name}",
        caption=_caption(reading),
        figures=_FIGURES,
    )


def loss_note(reading: Reading) -> Note:
    """Return in a sentence for each fill whether more is lost with what was tagged than in the control."""
    rows = [row for row in _by_view(reading.said) if row.name == "residue"]
    told = tuple((row.fill, _loss(row)) for row in rows)
    return (
        Note(f"{_title(reading)}: more lost than in the control?", told) if told else _nothing_note(reading)
    )


def _nothing_note(reading: Reading) -> Note:
    if not reading.answered.samples:
        return Note(f"{_title(reading)} was shown no image; see above why.", ())
    return Note("Nothing is tagged in these images: there is no residue.", ())


def _loss(row: Survival) -> str:
    if not row.paired:
        return "Nothing can be said: the mask could be moved in no image."
    of = count_in_words(row.paired, "image")
    if row.lost_interval is None:
        return f"Nothing can be said: too few of {of} differ."
    if 0 in row.lost_interval:
        return f"No difference can be seen over {of}."
    less_or_more = "More" if row.lost > 0 else "Less"
    return f"{less_or_more} than in the control, by {row.lost_interval.points} points over {of}."


_FIGURES = ("interval", "in the control", "more lost than in the control", "interval of the loss")
_ORDER = ("residue", "taken", "shape")


def _by_view(said: Said) -> list[Survival]:
    rows = [row for row in label_survival.survival_by_view(said) if row.name in _ORDER and row.images]
    return sorted(rows, key=lambda row: _ORDER.index(row.name))


def _row(row: Survival, wider: Survival | None) -> dict[str, object]:
    cells: dict[str, object] = {
        "shown to the machine": VIEWS[row.name],
        "filled with": row.fill or DASH,
        "images": row.images,
        "its word survives": row.share,
        "interval": percent_or_dash(row.interval),
    }
    if wider:
        cells[f"or is among the first {FIRST}"] = wider.share
    return cells | _control_cells(row)


def _control_cells(row: Survival) -> dict[str, object]:
    has = row.paired > 0
    return {
        "in the control": f"{row.control:.1%}" if has else DASH,
        "more lost than in the control": points(row.lost) if has else DASH,
        "interval of the loss": row.lost_interval.points if row.lost_interval else DASH,
    }


def _caption(reading: Reading) -> str:
    asked = (
        "the word it gives first to the whole image"
        if _classifies(reading)
        else "the words it has boxes for in the whole image, the mean over images"
    )
    return f"{reading.guest.card.title}: how much survives of {asked}. Intervals: {LEVEL:.0%}, over images."


def label_table(reading: Reading, fewest: int = 2) -> DataTable | Note:
    """Return how often the machine's words survive without what was tagged, by the annotators' labels."""
    if not reading.said.fills:
        return _nothing_note(reading)
    borne = [{region.label for region in sample.regions} for sample in reading.samples]
    bearing = {label: np.array([label in each for each in borne]) for label in sorted(set().union(*borne))}
    rows = [
        row
        for fill in reading.said.fills
        for row in label_survival.survival_by_label(reading.said, fill, bearing, fewest)
    ]
    if not rows:
        return Note(f"No label is in {fewest} images of which this machine says a word.", ())
    return DataTable.from_rows(
        (
            {
                "label": row.name,
                "images": row.images,
                "filled with": row.fill,
                "its word survives": row.share,
                "interval": percent_or_dash(row.interval),
                **_control_cells(row),
            }
            for row in sorted(rows, key=lambda row: (-row.images, row.name))
        ),
        f"survival-by-label-{reading.guest.card.name}",
        caption=f"{_title(reading)}, labels in {fewest} images or more.",
        figures=_FIGURES,
        most=24,
    )


def found_table(reading: Reading, fill: str) -> DataTable | Note:
    """Return what the machine says of images without what was tagged, word by word."""
    if fill not in reading.said.fills:
        return _nothing_note(reading)
    beside = _beside(reading) if reading.guest.card.does == "detect" else None
    rows = label_survival.found_in_residue(reading.said, fill, beside or ())
    residues, with_control = (reading.said.images_asked(kind, fill) for kind in ("residue", "moved"))
    if not rows:
        return Note(f"{_title(reading)} says nothing of any residue, nor of what nobody tagged.", ())
    return DataTable.from_rows(
        (
            {
                "its word": reading.words[row.word],
                "residues": row.residue,
                "of these, whole images too": row.stayed,
                "only without what was tagged": row.came,
                "whole images": row.whole,
                **_beside_cell(beside, row.word),
                "in the control, mean": f"{row.control:.1f}" if with_control else DASH,
            }
            for row in rows
        ),
        f"found-in-residues-{reading.guest.card.name}",
        caption=(
            f"{_title(reading)}: in how many images it says a word. Residues filled with {fill}: "
            f"{residues:,}. Images with a control: {with_control:,}."
        ),
        figures=("in the control, mean",),
        most=25,
    )


def _beside_cell(beside: Mapping[int, int] | None, word: int) -> dict[str, object]:
    return {} if beside is None else {"whole images, where nobody tagged": beside.get(word, 0)}


def _beside(reading: Reading) -> dict[int, int]:
    """Return in how many whole images a detector has a box of a word that is less than half tagged."""
    found: Counter[int] = Counter()
    for place, sample in enumerate(reading.answered.samples):
        tagged = masking.union_mask(sample.regions, sample.size)
        numbers = set()
        for row in reading.answered.answers[place][0]:
            box = masking.box_mask(box_of(row), sample.size)
            if box.any() and tagged[box].mean() < INSIDE_SHARE:
                numbers.add(int(row[5]))
        found.update(numbers)
    return found


def left_out_note(readings: Sequence[Reading], hide: Callable[[str], str] = str) -> Note:
    """Return which images were not shown to every guest, and why; `hide` takes veiled words out of it."""
    if not readings:
        return Note(NOBODY, ())
    found = defaultdict[str, defaultdict[str, list[str]]](lambda: defaultdict(list))
    for reading in readings:
        for name, why in reading.answered.left_out.items():
            shown = reading.shown[name].id if name in reading.shown else name
            found[shown][hide(why)].append(_title(reading))
    if not found:
        return Note("Every image was shown to every guest that is here.", ())
    rows = [
        (
            name,
            "; ".join(why if len(who) == len(readings) else f"{', '.join(who)}: {why}" for why, who in told),
        )
        for name, told in ((name, reasons.items()) for name, reasons in found.items())
    ]
    verb = "was" if len(found) == 1 else "were"
    return Note(f"{count_in_words(len(found), 'image')} {verb} not shown.", tuple(rows))


def each_reading(
    readings: Sequence[Reading], shown: Callable[..., DataTable | Note], *more: object
) -> list[DataTable | Note]:
    """Return what a function shows of each guest; a sentence where no guest is here."""
    return [shown(reading, *more) for reading in readings] or [Note(NOBODY, ())]


def _classifies(reading: Reading) -> bool:
    return reading.guest.card.does == "classify"


def _title(reading: Reading) -> str:
    return reading.guest.card.title
