"""A study's datasheet: one page to read and to print, without script, that asks no host for anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.analysis import annotators
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.display import assets
from retrain_kit.studies.disclosure import LABOUR_QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest


NOT_DISCLOSED = "Not disclosed by the authors of the data set."
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


TEMPLATES = Path(__file__).parent / "templates"
SHEETS = (TEMPLATES / "report" / "style.css", TEMPLATES / "datasheet" / "style.css")


def page_html(manifest: Manifest, samples: Sequence[Sample], rejections: Rejections | None = None) -> str:
    """Return the datasheet of a study as one self-contained page.

    Parameters
    ----------
    manifest
        The study, pinned or not.
    samples
        What its reader returned: the page counts their annotations by annotator.
    rejections
        What could not be taken of its annotations; the page lists it.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["paragraphs"] = _paragraphs
    environment.tests["address"] = lambda text: text.startswith(("https://", "http://"))
    answers = known_answers(manifest)
    return environment.get_template("datasheet/page.html.j2").render(
        study=manifest,
        chosen=selection_in_words(manifest),
        rejections=rejections or Rejections(),
        annotations=annotators.count_annotations(samples, manifest),
        answered=[answer for answer in answers if answer.texts],
        silent=[answer for answer in answers if not answer.texts],
        licences=Counter(image.licence for image in manifest.images).most_common(),
        not_disclosed=NOT_DISCLOSED,
        style=Markup(assets.page_sheet(*SHEETS)),  # noqa: S704 - the kit's own
        version=__version__,
    )


def selection_in_words(manifest: Manifest) -> str:
    """Return how the study's images were, or will be, chosen, in sentences; empty where there are none."""
    rule = manifest.draw
    if rule is None or (manifest.access.status == "withdrawn" and not manifest.pinned):
        return "The images were chosen by hand." if manifest.pinned else ""
    bearing = f" that bear {' or '.join(rule.labels)}" if rule.labels else ""
    subset = f", subset {rule.subset}" if rule.subset else ""
    verb = "were" if manifest.pinned else "will be"
    return (
        f"Of all images{bearing} in {manifest.dataset} {manifest.version}{subset}, {rule.n} {verb} drawn "
        f"with the seed {rule.seed}: an image's place in the draw follows from the seed and its id alone."
    )


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: what blank lines part."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
