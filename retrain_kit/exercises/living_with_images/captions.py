"""Captions: a data set's one line about an image beside the many that people write."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.annotations.written import texts_about
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.exercises.common.figures import HtmlView, stack_views
from retrain_kit.exercises.living_with_images import descriptions, figures
from retrain_kit.exercises.living_with_images.descriptions import DESCRIPTION_NAMES, WHICH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.written import CreditedLine, DataSetText
    from retrain_kit.answers import Record
    from retrain_kit.exercises.common.consent import ConsentedAnswers
    from retrain_kit.exercises.living_with_images.descriptions import ImageToDescribe
    from retrain_kit.studies.manifests import Manifest


NO_TEXT = "The data set has no line about this image."
NOT_SAID = "who or what wrote it is not said"
NOBODY_WROTE = "Nobody has written about this image yet."


def data_set_beside_people(
    samples: Iterable[Sample],
    manifest: Manifest,
    answers: ConsentedAnswers,
    lines: Mapping[str, CreditedLine] | None = None,
) -> HtmlView:
    """Return images, each with the data set's one line and, beside it, what people wrote.

    What people wrote about other images is left out.

    Parameters
    ----------
    lines
        One line more, of a machine or of whoever is credited, by the ids of images.
    """
    samples = list(samples)
    shown = descriptions.images_to_describe(samples, manifest)
    return stack_views(
        [
            _beside(sample, each, manifest, answers, (lines or {}).get(sample.id))
            for sample, each in zip(samples, shown, strict=True)
        ]
    )


def _beside(
    sample: Sample,
    shown: ImageToDescribe,
    manifest: Manifest,
    answers: ConsentedAnswers,
    line: CreditedLine | None,
) -> HtmlView:
    found = texts_about(sample)
    own = [each for each in answers.records if descriptions.describes_image(each, sample.id, manifest.name)]
    html = (
        f"<h4>{escape(shown.name)}</h4>{figures.image_html(shown)}"
        f'<section class="rk-note {MATHJAX_IGNORE}"><dl>'
        f"<dt>the data set</dt><dd>{_line(found, manifest)}</dd>"
        f"{_credited(line)}"
        f"<dt>people</dt><dd>{_people(own, answers)}</dd></dl></section>"
    )
    text = [f"{shown.name}: {shown.panel.alt}", f"the data set: {found[0].text if found else NO_TEXT}"]
    text += [f"{line.credit or NOT_SAID}: {line.text}"] if line else []
    many = (f"{record.who}: {figures.description_text(record, '')}" for record in own)
    return HtmlView(html, "\n".join([*text, *many]))


def _credited(line: CreditedLine | None) -> str:
    """Return a line that is not the data set's, under the name of whoever or whatever wrote it."""
    if not line:
        return ""
    by = escape(line.credit or NOT_SAID)
    return f'<dt><bdi>{by}</bdi></dt><dd><q dir="auto">{escape(line.text)}</q></dd>'


def _line(found: list[DataSetText], manifest: Manifest) -> str:
    """Return the one line, who made it as far as that is said, and the others folded away."""
    if not found:
        return f"<em>{NO_TEXT}</em>"
    first, *others = found
    study = (
        f" Of its annotations the study says: {manifest.annotation.who}" if manifest.annotation.who else ""
    )
    told = f"<small>{escape(first.kind_and_annotator)}.{escape(study)}</small>"
    return f'<q dir="auto">{escape(first.text)}</q><br>{told}{_folded(others)}'


def _folded(others: list[DataSetText]) -> str:
    if not others:
        return ""
    items = "".join(
        f'<li><q dir="auto">{escape(each.text)}</q> <small>{escape(each.kind_and_annotator)}</small></li>'
        for each in others
    )
    count = f"{len(others)} more {'line' if len(others) == 1 else 'lines'} of the data set"
    return f"<details><summary>{count}</summary><ul>{items}</ul></details>"


def _people(own: list[Record], answers: ConsentedAnswers) -> str:
    if not own:
        return f"<em>{NOBODY_WROTE}</em>"
    items = "".join(f"<li>{text}</li>" for text in _texts(own))
    return f'<ul>{items}</ul><small class="rk-credit">{escape(answers.credit)}</small>'


def _texts(own: list[Record]) -> Iterator[str]:
    for pair in descriptions.description_pairs(own):
        for which in WHICH:
            if record := pair[which]:
                whose = f"<small>{escape(pair.who)}, {DESCRIPTION_NAMES[which]}</small>"
                yield f"{figures.description_html(record, which)}<br>{whose}"
