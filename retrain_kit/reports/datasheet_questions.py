"""Datasheet questions: what *Datasheets for Datasets* asks of a data set, and what a manifest answers.

The questions follow Gebru et al., "Datasheets for Datasets", Communications of the ACM 64(12), 2021,
doi:10.1145/3458723, in the kit's own words; those for further comments are left out. A question that no
field of a manifest answers is blank, whatever else might be known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis.reach import choice_in_words
from retrain_kit.reports.responsible_ai import NOT_DISCLOSED, is_silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.studies.manifests import Manifest

CREDIT = (
    "Gebru, Morgenstern, Vecchione, Vaughan, Wallach, Daumé III, Crawford: Datasheets for Datasets, "
    "Communications of the ACM 64(12), 2021, doi:10.1145/3458723. The words of the questions are the kit's."
)
_MOTIVATION, _COMPOSITION, _COLLECTION = "Motivation", "Composition", "Collection"
_PREPARATION, _USES, _DISTRIBUTION, _MAINTENANCE = "Preparation", "Uses", "Distribution", "Maintenance"
QUESTIONS = (
    (_MOTIVATION, "Why was it put together?", ("why",)),
    (
        _MOTIVATION,
        "Who put it together, and for whom?",
        ("publication.persons", "publication.organisations"),
    ),
    (_MOTIVATION, "Who paid for it?", ()),
    (_COMPOSITION, "What is one item of it? Are there several kinds?", ()),
    (_COMPOSITION, "How many items are there?", ("images",)),
    (_COMPOSITION, "Is it a part of something larger, and how was that part chosen?", ("draw",)),
    (_COMPOSITION, "Is an item raw, or was something computed of it?", ()),
    (_COMPOSITION, "Does each item have a label?", ()),
    (_COMPOSITION, "Is anything missing, and why?", ("left_out", "withdrawn")),
    (_COMPOSITION, "Is it said how items belong together?", ()),
    (_COMPOSITION, "Which parts are meant for training, and which for testing?", ("split",)),
    (_COMPOSITION, "Which errors, noise or repetitions are known?", ("annotation.status",)),
    (_COMPOSITION, "Does it stand by itself, or lean on what lies elsewhere?", ("downloads", "image_url")),
    (_COMPOSITION, "Is anything in it confidential?", ()),
    (_COMPOSITION, "Could anything in it wound, threaten or frighten whoever looks?", ("content_notice",)),
    (_COMPOSITION, "Does it divide people into groups, by age or gender for example?", ()),
    (_COMPOSITION, "Can people in it be recognised?", ()),
    (
        _COMPOSITION,
        "Does it hold what is sensitive of people: health, belief, origin, place?",
        ("labour.sensitive",),
    ),
    (_COLLECTION, "How was each item come by: seen, told by people, or inferred?", ("annotation.how",)),
    (_COLLECTION, "With which devices or programs?", ("labour.machine_tools",)),
    (_COLLECTION, "Who took part in collecting it?", ("annotation.who", "labour.demographics")),
    (_COLLECTION, "What were they paid?", ("annotation.paid",)),
    (_COLLECTION, "Over which time?", ("annotation.when",)),
    (_COLLECTION, "Did anybody review it for its ethics?", ()),
    (_COLLECTION, "Does it come from the people it is about, or from others?", ()),
    (_COLLECTION, "Were the people in it told?", ()),
    (_COLLECTION, "Did the people in it agree, and to what?", ("consent.people_shown",)),
    (_COLLECTION, "Can they take back that they agreed?", ()),
    (_COLLECTION, "Did anybody look into what it does to them?", ("labour.social_impact",)),
    (_PREPARATION, "Was it cleaned, cut or labelled, and how?", ("labour.protocol",)),
    (_PREPARATION, "Is what was there before kept as well?", ()),
    (_PREPARATION, "Can one get the programs that did it?", ()),
    (_PREPARATION, "How was it judged whether that was done well?", ("labour.analysis",)),
    (_USES, "For what has it been used?", ()),
    (_USES, "Is there a list of works and systems that use it?", ()),
    (_USES, "For what else might it be used?", ("labour.uses",)),
    (_USES, "What in its making could do harm when it is used, or be unfair to some?", ("labour.biases",)),
    (_USES, "For what should it not be used?", ("labour.limitations",)),
    (_DISTRIBUTION, "Who can get it?", ("access.status",)),
    (_DISTRIBUTION, "How is it handed out?", ("access.how", "publication.url")),
    (_DISTRIBUTION, "Since when?", ("publication.published",)),
    (_DISTRIBUTION, "Under which licence or terms?", ("licence",)),
    (_DISTRIBUTION, "Do others hold rights in parts of it?", ()),
    (_DISTRIBUTION, "Do laws on export or the like apply to it?", ()),
    (_MAINTENANCE, "Who keeps it up?", ("labour.maintenance",)),
    (_MAINTENANCE, "How can one reach them?", ()),
    (_MAINTENANCE, "Is there a list of its errors?", ()),
    (_MAINTENANCE, "Will it be changed, by whom, and how is that made known?", ()),
    (_MAINTENANCE, "How long may data about people be kept?", ()),
    (_MAINTENANCE, "Are its older versions kept?", ()),
    (_MAINTENANCE, "Can others add to it, and who looks at what they add?", ()),
)
"""Each question with its part of the datasheet, and the fields of a manifest that answer it."""


@dataclass(frozen=True)
class SheetQuestion:
    """A question, and what the manifest answers: a text by its field; no answers where it is blank."""

    part: str
    question: str
    answers: dict[str, str]


def sheet_questions(manifest: Manifest) -> list[SheetQuestion]:
    """Return all questions in their order, each with what the study's manifest answers."""
    return [
        SheetQuestion(
            part,
            question,
            {field: text for field in fields if not is_silent(text := _answer(manifest, field))},
        )
        for part, question, fields in QUESTIONS
    ]


def answered_count(manifest: Manifest) -> tuple[int, int]:
    """Return how many questions a study's manifest answers, and of how many."""
    found = sheet_questions(manifest)
    return sum(bool(each.answers) for each in found), len(found)


def _answer(manifest: Manifest, field: str) -> str:
    """Return what a field of the manifest says, in one line; empty where it says nothing."""
    if field in _SPECIAL:
        return _SPECIAL[field](manifest)
    table, _, key = field.partition(".")
    found = getattr(manifest, table)
    value = (found.get(key, "") if isinstance(found, dict) else getattr(found, key)) if key else found
    text = "; ".join(value) if isinstance(value, tuple) else str(value)
    if table == "labour" and key in manifest.labour and is_silent(text):
        return NOT_DISCLOSED
    return " ".join(text.split())


def _images(manifest: Manifest) -> str:
    return f"{len(manifest.images):,}" if manifest.pinned else ""


def _splits(manifest: Manifest) -> str:
    return ", ".join(sorted({image.split for image in manifest.images} - {""}))


def _counted(reasons: dict[str, int]) -> str:
    return "; ".join(f"{number:,}: {' '.join(reason.split())}" for reason, number in reasons.items())


def _elsewhere(manifest: Manifest) -> str:
    found = [each.url for each in manifest.downloads.values() if each.url]
    return f"{len(found):,} files are fetched from the web" if found else ""


_SPECIAL: dict[str, Callable[[Manifest], str]] = {
    "images": _images,
    "split": _splits,
    "content_notice": lambda manifest: manifest.own_notice,
    "draw": lambda manifest: choice_in_words(manifest) if manifest.draw else "",
    "access.status": lambda manifest: manifest.access.status if manifest.access.stated else "",
    "downloads": _elsewhere,
    "image_url": lambda manifest: "images are fetched one by one" if manifest.image_url else "",
    "left_out": lambda manifest: _counted(dict(manifest.left_out)),
    "withdrawn": lambda manifest: f"{len(manifest.withdrawn):,} taken back" if manifest.withdrawn else "",
}
