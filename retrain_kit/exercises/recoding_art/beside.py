"""Beside: the machines' one line about a work, and what people said of it; where people part.

Whoever is shown here agreed to it. Counts stand beside each other, and none of them is a verdict: neither
does a work become art by a majority, nor is a person wrong who stands alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis.intervals import DASH
from retrain_kit.analysis.work_errors import FEW_PEOPLE, share_that_parts
from retrain_kit.display.cards import Card, Fact, FactGroup, ImageWithCards
from retrain_kit.display.figures import Figure, Note
from retrain_kit.errors import count_in_words
from retrain_kit.exercises.common.consent import withheld_in_words
from retrain_kit.exercises.common.figures import stack_views
from retrain_kit.exercises.recoding_art.heard import counted
from retrain_kit.exercises.recoding_art.recoding_art import ART_ANSWERS
from retrain_kit.models.work_lines import lines_group
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.exercises.common.figures import HtmlView
    from retrain_kit.exercises.recoding_art.heard import ArtCounts, HeardAnswer, HeardAnswers
    from retrain_kit.exercises.recoding_art.works import WorkToSee

NOBODY = "Nobody has said anything of these works yet."


def machines_beside_people(works: Sequence[WorkToSee], heard: HeardAnswers) -> HtmlView:
    """Return the works that somebody spoke of: the machines' lines, and beside them what people said."""
    spoken = [work for work in works if heard.of(work.image)]
    views = [_beside(work, heard) for work in spoken]
    notes = [Note(text, ()) for text in (*_not_shown(works, heard), "" if spoken else NOBODY) if text]
    return stack_views([*views, *notes])


def _not_shown(works: Sequence[WorkToSee], heard: HeardAnswers) -> Iterator[str]:
    """Yield what people said that stands beside none of these works, and why."""
    yield withheld_in_words(heard.withheld)
    others = len(heard.answers) - sum(len(heard.of(work.image)) for work in works)
    if others:
        told = f"{others:,} of {count_in_words(len(heard.answers), 'answer')}"
        yield f"Of other works of this study: {told}. With more works, or another seed, they are shown."
    if heard.faults:
        yield f"Not read as answers: {len(heard.faults):,}; the first is {heard.faults[0]}"


def _beside(work: WorkToSee, heard: HeardAnswers) -> ImageWithCards:
    answers = heard.of(work.image)
    described = tuple(
        Fact(each.record.who, each.description, _notes(each)) for each in answers if each.description
    )
    groups = (
        FactGroup("What its table says", (Fact("label", work.label, ""),) if work.label else ()),
        lines_group(work.lines),
        FactGroup("What people say", described),
        FactGroup("Is it art?", (Fact("people", counts_in_words(counted(answers)), ""),)),
    )
    figure = Figure((work.panel,), heard.credit, work.credit, work.image)
    return ImageWithCards(figure, (Card(work.name, groups),), folds=False)


def _notes(answer: HeardAnswer) -> str:
    return " ".join(f"Footnote: {note.text}" for note in answer.record.footnotes)


def counts_in_words(counts: ArtCounts) -> str:
    """Return how many people answered what, in the order of the answers; whether they are few."""
    told = [f"{answer}: {count}" for answer, count in counts.by_answer.items()]
    told += [f"refused: {counts.refused}"] if counts.refused else []
    told += [f"left open: {counts.open}"] if counts.open else []
    few = f" Few answered: {_answered(counts)}." if _answered(counts) < FEW_PEOPLE else ""
    return f"{'; '.join(told)}.{few}"


def people_part(works: Sequence[WorkToSee], heard: HeardAnswers) -> DataTable | Note:
    """Return how far people part over each work, those over which they part most first.

    Works that fewer than `FEW_PEOPLE` people answered come behind the others, and are said to be few.
    """
    counts = {work: counted(heard.of(work.image)) for work in works if heard.of(work.image)}
    if not counts:
        return Note(NOBODY, ())
    ordered = sorted(counts, key=lambda work: _order(counts[work]))
    return DataTable.from_rows(
        (_row(work, counts[work]) for work in ordered),
        "where-people-part",
        caption="Whether it is art: what people answered. Two who answered, drawn by chance, part so often.",
        figures=("two who answered part",),
    )


def _order(counts: ArtCounts) -> tuple[bool, float]:
    return _answered(counts) < FEW_PEOPLE, -(share_that_parts(counts.by_answer) or 0)


def _row(work: WorkToSee, counts: ArtCounts) -> dict[str, object]:
    share = share_that_parts(counts.by_answer)
    return {
        "work": work.name,
        "image": work.image,
        **{answer: counts.by_answer[answer] for answer in ART_ANSWERS},
        "refused": counts.refused,
        "left open": counts.open,
        "two who answered part": DASH if share is None else f"{share:.0%}",
        "people who answered": f"{_answered(counts)}{', few' if _answered(counts) < FEW_PEOPLE else ''}",
    }


def _answered(counts: ArtCounts) -> int:
    return sum(counts.by_answer.values())
