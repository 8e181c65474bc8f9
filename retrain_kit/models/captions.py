"""One machine line about an image: of a table that was written elsewhere, else of a model that is here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.analysis import english, own_labels
from retrain_kit.annotations.veil import SIGN
from retrain_kit.annotations.written import CreditedLine
from retrain_kit.display.figures import Note
from retrain_kit.errors import count_in_words
from retrain_kit.models import asking, caption_tables
from retrain_kit.models.guests import invite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.veil import VeilOverStudy
    from retrain_kit.studies.manifests import Manifest

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class LinesAbout:
    """Lines about images, and what has none.

    Attributes
    ----------
    lines
        One line about each image that has one, by its id.
    of_table
        How many lines the table has; None where there is no table.
    of_study
        How many of them are about an image of the study.
    used
        How many are about these images.
    without
        Why the model says nothing of an image that has no line, by its id as it is shown.
    """

    lines: Mapping[str, CreditedLine]
    of_table: int | None
    of_study: int
    used: int
    without: Mapping[str, str]

    @property
    def note(self) -> Note:
        """How many lines of the table are about these images, how many are left aside, and what has none."""
        rows = tuple(self.without.items())
        if self.of_table is None:
            told = f"The model has no line about {count_in_words(len(rows), 'image')}."
            return Note(told if rows else "No table of lines was given.", rows)
        told = f"{self.used:,} of {self.of_table:,} lines of the table are about these images."
        if others := self.of_study - self.used:
            told += f" {others:,} {'is' if others == 1 else 'are'} about others of the study."
        if aside := self.of_table - self.of_study:
            why = "is left aside: it names none" if aside == 1 else "are left aside: they name none"
            told += f" {aside:,} {why}, or may mean several."
        if self.of_table and not self.of_study:
            told += " Does its column image hold the ids that the study's table has, or names of its files?"
        return Note(told, rows)

    def veiled(self, veil: VeilOverStudy, shown: Mapping[str, Sample]) -> LinesAbout:
        """Return the same under a veil, by the ids as they are shown; `shown` has the images by their own."""
        lines = {shown[name].id: _veiled(line, veil) for name, line in self.lines.items()}
        without = {shown[name].id: veil.told(why) for name, why in self.without.items()}
        return replace(self, lines=lines, without=without)


def lines_about(
    samples: Sequence[Sample],
    manifest: Manifest,
    table: Path | None = None,
    model: str = "",
    *,
    accepted: bool = True,
) -> LinesAbout:
    """Return one line about each image that has one: of a table, else of a model that is here.

    Parameters
    ----------
    samples
        Images of the study.
    table
        As `caption_tables` reads it; rows of other images are left aside.
    model
        The name or the card of a model that writes captions; empty for none.
    manifest
        The study's. Where it is under the veil, so is what is written of its images.
    accepted
        Whether the content notice was accepted. Where it was not, words that are for people in any label
        system are veiled in every line, also where the study bears none.

    Raises
    ------
    DataError
        As `caption_tables.read_captions`, and where the model cannot be used.
    ParameterError
        When there is no such model, or it does something else.
    """
    told = caption_tables.read_captions(table) if table else {}
    of_study = caption_tables.captions_of_images(told, (manifest.part_of or manifest).images) if told else {}
    found = {sample.id: of_study[sample.id] for sample in samples if sample.id in of_study}
    used, without = len(found), {}
    guest = invite(model) if model else None
    for sample in tqdm(samples, desc="asking for a line", delay=1, leave=False):
        if guest and sample.id not in found:
            line, why = asking.line_of(guest, sample)
            if line:
                found[sample.id] = CreditedLine(line, guest.card.title)
            else:
                without[manifest.shown_id(sample.id)] = manifest.veil.told(why) if manifest.veil else why
    lines = {name: _shown(line, manifest.veil, accepted=accepted) for name, line in found.items()}
    return LinesAbout(lines, len(told) if table else None, len(of_study), used, without)


def _shown(line: CreditedLine, veil: VeilOverStudy | None, *, accepted: bool) -> CreditedLine:
    line = _veiled(line, veil) if veil else line
    return line if accepted else replace(line, text=without_people(line.text))


def _veiled(line: CreditedLine, veil: VeilOverStudy) -> CreditedLine:
    return replace(line, text=veil.text(line.text), credit=veil.told(line.credit))


def without_people(text: str) -> str:
    """Return a line without the words that are for people in any label system, *women* as *woman*."""
    return _WORD.sub(_unless_for_people, text)


def _unless_for_people(found: re.Match[str]) -> str:
    word = found.group()
    return SIGN if own_labels.may_be_for_people(english.singular(word.casefold())) else word
