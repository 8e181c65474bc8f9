"""Works as people are asked about them: an image, whose it is, and what machines say of it.

What a machine says stands beside people's lines under its own name, with what is known of the words it was
trained on: it cannot say a word that it does not have. Nobody who is asked sees it before they have answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.works import work_of_sample
from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.written import CreditedLine
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True)
class WorkToSee:
    """A work to look at.

    Parameters
    ----------
    image
        Its id in the study.
    name
        A number: an id or a title would describe it already.
    label
        What the museum says of it; empty where that is not known.
    lines
        What machines say of it.
    """

    image: str
    name: str
    panel: Panel
    credit: str
    notice: str = ""
    label: str = ""
    lines: tuple[CreditedLine, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """What is said of it beside what people say, as plain texts in the language that is spoken now."""
        return {"label": self.label, "lines": [_told(line) for line in self.lines]}


def works_to_see(
    samples: Iterable[Sample], manifest: Manifest, lines: Mapping[str, Sequence[CreditedLine]] | None = None
) -> list[WorkToSee]:
    """Return samples of a study as works to look at.

    Parameters
    ----------
    lines
        What machines say of them, by the ids of images.
    """
    said = lines or {}
    return [
        _of(number, sample, manifest, said.get(sample.id, ())) for number, sample in enumerate(samples, 1)
    ]


def _of(number: int, sample: Sample, manifest: Manifest, lines: Sequence[CreditedLine]) -> WorkToSee:
    name = f"Image {number}"
    work = work_of_sample(sample)
    seen = "" if work and sample.alt == work.alt_of_label else sample.alt
    panel = Panel.from_sample(sample, name, seen or f"{name}.")
    credit = f"{figures.author_credit(sample)} {figures.study_credit(manifest)}"
    return WorkToSee(sample.id, name, panel, credit, sample.notice, work.label if work else "", tuple(lines))


def _told(line: CreditedLine) -> dict[str, str]:
    credit = line.credit or gettext("who or what wrote it is not said")
    return {"text": line.text, "credit": credit, "words": str(line.words) if line.words else ""}
