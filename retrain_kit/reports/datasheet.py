"""A study's datasheet: one page to read and to print, without script, that asks no host for anything."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.analysis import annotators
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.display import assets
from retrain_kit.errors import without_secrets
from retrain_kit.reports import templating, work_statement
from retrain_kit.reports.datasheet_questions import CREDIT, sheet_questions
from retrain_kit.reports.responsible_ai import NOT_DISCLOSED, TERMS, answered_questions, known_answers
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest


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
    environment = templating.html_environment(TEMPLATES)
    environment.filters |= {"paragraphs": _paragraphs, "without_secrets": without_secrets}
    environment.tests["address"] = lambda text: text.startswith(("https://", "http://"))
    answered = answered_questions(manifest, rejections)
    return environment.get_template("datasheet/page.html.j2").render(
        study=manifest,
        chosen=selection_in_words(manifest),
        rejections=rejections or Rejections(),
        annotations=annotators.count_annotations(samples, manifest),
        work=work_statement.state_work(manifest, samples),
        answered=[answer for answer in known_answers(manifest) if answer.texts],
        silent=[term for name, term in TERMS.items() if name not in answered],
        asked=len(TERMS),
        licences=Counter(image.licence for image in manifest.images).most_common(),
        sheet_questions=sheet_questions(manifest),
        sheet_credit=CREDIT,
        not_disclosed=NOT_DISCLOSED,
        left_out_list=manifests.left_out_path(manifest.toml).name if manifest.left_out else "",
        style=Markup(assets.page_sheet(*SHEETS)),  # noqa: S704 - the kit's own
        version=__version__,
    )


def selection_in_words(manifest: Manifest) -> str:
    """Return how the study's images were, or will be, chosen, in sentences; empty where there are none."""
    rule = manifest.draw
    if rule is None or (manifest.access.status == "withdrawn" and not manifest.pinned):
        return "The study states no rule by which its images were chosen." if manifest.pinned else ""
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
