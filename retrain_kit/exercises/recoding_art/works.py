"""Works as people are asked about them: an image, whose it is, and what machines say of it.

What a machine says stands beside people's lines under its own name, with what is known of the words it was
trained on: it cannot say a word that it does not have. Nobody who is asked sees it before they have answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.written import CreditedLine
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True)
class TrainingWords:
    """The words that a machine can say.

    Parameters
    ----------
    count
        How many they are.
    present, absent
        Words that were looked for: those that are among them, and those that are not.
    """

    count: int
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = [ngettext("It has {count} word.", "It has {count} words.", self.count)]
        if self.absent:
            told.append(gettext("Not among them: {words}.", words=", ".join(self.absent)))
        if self.present:
            told.append(gettext("Among them: {words}.", words=", ".join(self.present)))
        return " ".join(told)


@dataclass(frozen=True)
class MachineLine:
    """What a machine says of a work.

    Parameters
    ----------
    line
        What it says, and its name.
    words
        The words that it has; None where that is not known, as of lines of a table.
    """

    line: CreditedLine
    words: TrainingWords | None = None

    @property
    def wire(self) -> dict[str, str]:
        """The line as plain texts, in the language that is spoken now."""
        credit = self.line.credit or gettext("who or what wrote it is not said")
        return {"text": self.line.text, "credit": credit, "words": str(self.words) if self.words else ""}


@dataclass(frozen=True)
class WorkToSee:
    """A work to look at.

    Parameters
    ----------
    image
        Its id in the study.
    name
        A number: an id or a title would describe it already.
    lines
        What machines say of it.
    """

    image: str
    name: str
    panel: Panel
    credit: str
    notice: str = ""
    lines: tuple[MachineLine, ...] = ()

    @property
    def machines(self) -> list[dict[str, Any]]:
        """The lines as plain texts."""
        return [line.wire for line in self.lines]


def works_to_see(
    samples: Iterable[Sample], manifest: Manifest, lines: Mapping[str, Sequence[MachineLine]] | None = None
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


def _of(number: int, sample: Sample, manifest: Manifest, lines: Sequence[MachineLine]) -> WorkToSee:
    name = f"Image {number}"
    panel = Panel.from_sample(sample, name, sample.alt or f"{name}.")
    credit = f"{figures.image_credit(sample)} {figures.study_credit(manifest)}"
    return WorkToSee(sample.id, name, panel, credit, sample.notice, tuple(lines))
