"""What Croissant's vocabulary for responsible AI asks of a data set, and a study's answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.studies.disclosure import LABOUR_QUESTIONS

if TYPE_CHECKING:
    from retrain_kit.studies.manifests import Manifest

NOT_DISCLOSED = "Not disclosed by the authors of the data set."
WORDS_FOR_UNKNOWN = {"unknown", "undisclosed", "not disclosed"}
TERMS = {
    "protocol": ("dataAnnotationProtocol", "How were the annotations made?"),
    "platform": ("dataAnnotationPlatform", "On which platform, with which tools?"),
    "analysis": ("dataAnnotationAnalysis", "How were disagreement and quality judged?"),
    "per_item": ("annotationsPerItem", "How many people marked each image?"),
    "demographics": ("annotatorDemographics", "Who were they, where, at what pay?"),
    "machine_tools": ("machineAnnotationTools", "Which machines marked, or proposed annotations?"),
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
    disclosed: `NOT_DISCLOSED`. What the manifest says elsewhere answers too: how the annotations were made, their
    status, and its notice on content.
    """
    return [RaiAnswer(*TERMS[name], _texts(manifest, name)) for name in LABOUR_QUESTIONS]


def _texts(manifest: Manifest, name: str) -> tuple[str, ...]:
    elsewhere = {
        "protocol": manifest.annotation.how,
        "limitations": manifest.annotation.status,
        "sensitive": manifest.content_notice,
    }
    known = [text for text in (manifest.labour.get(name, ""), elsewhere.get(name, "")) if not _silent(text)]
    if not known and name in manifest.labour:
        return (NOT_DISCLOSED,)
    return tuple(" ".join(text.split()) for text in known)


def _silent(text: str) -> bool:
    return not text.strip() or text.strip().rstrip(".").lower() in WORDS_FOR_UNKNOWN
