"""Responsible AI: what a study answers to the questions that Croissant's vocabulary asks of the work in it.

The Croissant export, the datasheet and notebook 02 all read the answers here: `rai_fields` is what is
exported, and a question counts as answered if its term is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.studies.disclosure import LABOUR_QUESTIONS

if TYPE_CHECKING:
    from retrain_kit.annotations.rejections import Rejections
    from retrain_kit.studies.manifests import Manifest

NOT_DISCLOSED = "Not disclosed by the authors of the data set."
NOTHING_STATED = "Not disclosed: the study states nothing of it."
"""What the export says where nobody has looked into one of `WORK_QUESTIONS`; it counts as no answer."""
WORK_QUESTIONS = ("platform", "per_item", "demographics")
"""The questions on who worked, how many of them, and where."""
WORDS_FOR_UNKNOWN = {"unknown", "undisclosed", "not disclosed"}
TERMS = {
    "protocol": ("dataAnnotationProtocol", "How were the annotations made?"),
    "platform": ("dataAnnotationPlatform", "On which platform, with which tools?"),
    "analysis": ("dataAnnotationAnalysis", "How were disagreement and quality judged?"),
    "per_item": ("annotationsPerItem", "How many people annotated each image?"),
    "demographics": ("annotatorDemographics", "Who were they, where, at what pay?"),
    "machine_tools": ("machineAnnotationTools", "Which machines annotated, or proposed annotations?"),
    "biases": ("dataBiases", "Which biases are known?"),
    "social_impact": ("dataSocialImpact", "What can it do to people?"),
    "sensitive": ("personalSensitiveInformation", "What in it is personal or sensitive?"),
    "limitations": ("dataLimitations", "What is it not fit for?"),
    "uses": ("dataUseCases", "What is it meant for?"),
    "maintenance": ("dataReleaseMaintenancePlan", "Who keeps it up, and how is it corrected?"),
}
"""The vocabulary's term and the question in plain words, by the names of `disclosure.LABOUR_QUESTIONS`."""


@dataclass(frozen=True)
class RaiAnswer:
    """A question and what is known: `texts` is empty where nobody has said anything."""

    term: str
    question: str
    texts: tuple[str, ...] = ()


def known_answers(manifest: Manifest) -> list[RaiAnswer]:
    """Return all questions in their order, with what the study's manifest knows.

    A name that the table `[labour]` has, with an empty text or *undisclosed*, was looked for and is not
    disclosed: `NOT_DISCLOSED`. What the manifest says elsewhere answers too: how the annotations were made,
    their status, and its notice on content.
    """
    return [RaiAnswer(*TERMS[name], _texts(manifest, name)) for name in LABOUR_QUESTIONS]


def rai_fields(manifest: Manifest, rejections: Rejections | None = None) -> dict[str, list[str]]:
    """Return the texts that the Croissant export has for each term; a term without any is left out.

    Who made the annotations and when goes with how, as far as either is known or words are explained; what
    was never disclosed, and what could not be taken, goes with the limits.
    """
    fields = {answer.term: list(answer.texts) for answer in known_answers(manifest)}
    fields[TERMS["protocol"][0]] += _annotators(manifest)
    fields[TERMS["limitations"][0]] += [
        f"Never disclosed: {text}" for text in manifest.annotation.undisclosed
    ]
    fields[TERMS["limitations"][0]] += [
        f"An annotation that could not be taken: {each.in_words()}" for each in rejections or ()
    ]
    return {term: texts for term, texts in fields.items() if texts}


def answered_questions(manifest: Manifest, rejections: Rejections | None = None) -> list[str]:
    """Return the questions of `LABOUR_QUESTIONS` that the Croissant export answers."""
    exported = rai_fields(manifest, rejections)
    return [name for name in LABOUR_QUESTIONS if TERMS[name][0] in exported]


def withheld_questions(manifest: Manifest) -> list[str]:
    """Return the questions whose one answer is that the authors have not disclosed it."""
    exported = rai_fields(manifest)
    return [name for name in LABOUR_QUESTIONS if exported.get(TERMS[name][0]) == [NOT_DISCLOSED]]


def _annotators(manifest: Manifest) -> list[str]:
    """Return who made the annotations and when, and words for annotators; nothing where all is unknown."""
    said = manifest.annotation
    if is_silent(said.who) and is_silent(said.when) and not said.annotators:
        return []
    facts = {"Who made the annotations": said.who, "When": said.when}
    facts |= {f"The annotator {word!r}": text for word, text in said.annotators.items()}
    return [f"{name}: {' '.join(text.split())}" for name, text in facts.items() if text]


def _texts(manifest: Manifest, name: str) -> tuple[str, ...]:
    elsewhere = {
        "protocol": manifest.annotation.how,
        "limitations": manifest.annotation.status,
        "sensitive": manifest.content_notice,
    }
    known = [text for text in (manifest.labour.get(name, ""), elsewhere.get(name, "")) if not is_silent(text)]
    if not known and name in manifest.labour:
        return (NOT_DISCLOSED,)
    return tuple(" ".join(text.split()) for text in known)


def is_silent(text: str) -> bool:
    """Say whether a text says nothing: it is empty, or a word for *unknown*."""
    return not text.strip() or text.strip().rstrip(".").lower() in WORDS_FOR_UNKNOWN
