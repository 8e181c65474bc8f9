"""Training humans: histories of data sets of people as cards, table and timeline, and counts of a study.

Labels for people are under the veil in all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.annotations.veil import SIGN
from retrain_kit.display.cards import Card, Cards, Fact, FactGroup
from retrain_kit.display.figures import SVG_MEDIA_TYPE, Figure, Note, Panel
from retrain_kit.display.timeline import Moment, timeline_svg
from retrain_kit.reports.data_table import DataTable
from retrain_kit.studies import histories
from retrain_kit.studies.histories import NOT_STATED, TOPICS, VERIFIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrain_kit.analysis.found_faces import FaceFinder, Misses
    from retrain_kit.analysis.people_labels import PeopleLabel
    from retrain_kit.errors import Fault
    from retrain_kit.studies.histories import History, Statement
    from retrain_kit.studies.manifests import Manifest

NO_DETECTOR = (
    "No face detector was given, so nothing is measured. Name one as the parameter detector: "
    "module:function or file.py:function. retrain-kit pull model:blazeface fetches "
    "retrain_kit.models.faces:blazeface."
)


def timeline(found: Sequence[History]) -> Figure | Note:
    """Return what happened to data sets of people, in order, or a sentence where nothing is dated."""
    moments = [Moment(each.when, history.short, each.event) for each, history in histories.timeline(found)]
    if not moments:
        return Note("No statement says when something happened.", ())
    told = "; ".join(f"{moment.when}, {moment.who}: {moment.what}" for moment in moments)
    panel = Panel("", f"A timeline: {told}.", timeline_svg(moments).encode(), SVG_MEDIA_TYPE)
    caption = "What happened to data sets of people, as far as a source gives a date."
    return Figure((panel,), caption, "The sources of each statement are in the cards below.")


def history_cards(found: Sequence[History], *, accepted: bool) -> Cards:
    """Return a card for each data set: what is said of it, by whom, and what is not stated.

    Parameters
    ----------
    found
        The histories.
    accepted
        Whether labels for people that a statement names are shown; else how many there are.
    """
    return Cards(tuple(_card(history, accepted=accepted) for history in found))


def _card(history: History, *, accepted: bool) -> Card:
    facts = (fact for topic in TOPICS for fact in _facts(history.about(topic), accepted=accepted))
    said = FactGroup("Said, each by its source", tuple(facts))
    unknown = tuple(f"{TOPICS[topic]}: {NOT_STATED}." for topic in history.unstated)
    return Card(f"{history.name} ({history.short})", (said,), unknown)


def _facts(statements: Iterable[Statement], *, accepted: bool) -> Iterator[Fact]:
    for each in statements:
        words = f" {_words(each, accepted=accepted)}" if each.words else ""
        question = ", ".join(filter(None, (TOPICS[each.about], each.when)))
        yield Fact(question, f"{each.says}{words}", each.reference)


def _words(statement: Statement, *, accepted: bool) -> str:
    if accepted:
        return f"Among them: {', '.join(statement.words)}."
    return f"Among them {SIGN}, {len(statement.words)} that are veiled here."


def stated(found: Sequence[History]) -> DataTable:
    """Return of what each data set has statements, and what is not stated."""
    return DataTable.from_rows(
        (
            {
                "data set": history.short,
                **{question: _how_many(len(history.about(topic))) for topic, question in TOPICS.items()},
                "not verified": sum(each.verified == "not verified" for each in history.statements),
            }
            for history in found
        ),
        "what-is-stated",
    )


def _how_many(count: int) -> str:
    return f"{count} {'statement' if count == 1 else 'statements'}" if count else NOT_STATED


def statements(found: Sequence[History], *, accepted: bool) -> DataTable:
    """Return every statement with its source, and each topic of which none speaks."""
    return DataTable.from_rows(
        (row for history in found for row in _statement_rows(history, accepted=accepted)),
        "histories",
        most=2,
    )


def _statement_rows(history: History, *, accepted: bool) -> Iterator[dict[str, str]]:
    for topic, question in TOPICS.items():
        for fact, each in zip(
            _facts(history.about(topic), accepted=accepted), history.about(topic), strict=True
        ):
            yield _row(history, question, fact.answer, each)
        if not history.about(topic):
            yield _row(history, question, NOT_STATED)


def _row(history: History, question: str, said: str, each: Statement | None = None) -> dict[str, str]:
    return {
        "data set": history.short,
        "asked": question,
        "said": said,
        "when": each.when if each else "",
        "source": each.source if each else "",
        "of": each.date if each else "",
        "checked": VERIFIED[each.verified] if each else "",
    }


def histories_of(manifest: Manifest, found: Iterable[History]) -> Note:
    """Return which of the histories is that of a study's data set, by its reader."""
    known = [history.name for history in found if history.reader and history.reader == manifest.dataset]
    said = ", ".join(known) or "none of those above is known to be its own"
    return Note("The history of this study's data set", (("read as", manifest.dataset), ("history", said)))


def people_labels(rows: Sequence[PeopleLabel], images: int) -> DataTable | Note:
    """Return what a study calls people, or a sentence where it calls nobody anything."""
    if not rows:
        return Note("No annotation of this study is known to be of people.", ())
    return DataTable.from_rows(
        (
            {
                "asked": row.asked,
                "said": row.shown,
                "annotations": row.annotations,
                "images": row.images,
                "of all images": row.images / images if images else 0.0,
                "annotators": ", ".join(row.annotators),
            }
            for row in rows
        ),
        "people-are-called",
        most=40,
    )


def misses(found: Misses, finder: FaceFinder | None) -> Note:
    """Return how much a detector missed, or a sentence where there is none."""
    if finder is None:
        return Note(NO_DETECTOR, ())
    lines = [
        ("looked at", f"{found.images:,} images; it failed on {found.failed:,} of them"),
        ("found", f"{found.finds:,} in all"),
        ("faces", _of("face", found.faces_found, found.faces)),
        ("people", f"{_of('person', found.persons_found, found.persons)}{_turned(found)}"),
        ("false, or untagged", f"{found.elsewhere:,} of the finds lie in no region of people"),
        ("without regions of people", f"{found.without:,} images: what is missed in them nobody can count"),
        *(("failed", line) for line in _failures(finder.faults)),
    ]
    return Note("A help, not a protection: what the face detector missed", tuple(lines))


def _of(what: str, found: int, all_of_them: int) -> str:
    """Return in words in how many regions something was found, and in how many nothing."""
    if not all_of_them:
        return f"no region of a {what} to count on: nothing is known of what it missed"
    missed = all_of_them - found
    return f"found in {found:,} of {all_of_them:,} regions of a {what}; in {missed:,} nothing was found"


def _turned(found: Misses) -> str:
    groups = f"; {found.groups:,} of them stand for several people" if found.groups else ""
    return f". Some may have turned away{groups}" if found.persons else ""


def _failures(faults: Mapping[str, Fault], most: int = 3) -> list[str]:
    """Return why a detector failed, each reason once, without the names of images."""
    reasons = list(dict.fromkeys(fault.found for fault in faults.values()))
    rest = [f"and {len(reasons) - most:,} reasons more"] if len(reasons) > most else []
    return [*reasons[:most], *rest]
