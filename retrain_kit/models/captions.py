"""Captions of a table: lines that a machine or a person wrote elsewhere, an image a row.

Whoever has a model that writes about images, and no way to run it here, runs it elsewhere and brings the
table: a CSV with `image` and `caption`, and `credit` where it is known who or what wrote the line. An image
is named by its id in the study, or as its file is called.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.analysis import english, own_labels
from retrain_kit.annotations.veil import SIGN
from retrain_kit.annotations.written import CreditedLine
from retrain_kit.display.figures import Note
from retrain_kit.errors import NAMES_SHOWN, DataError, Fault, count_in_words
from retrain_kit.models import asking
from retrain_kit.models.guests import invite
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.veil import VeilOverStudy
    from retrain_kit.studies.manifests import Manifest

_COLUMNS = ("image", "caption", "credit")
_WORD = re.compile(r"[^\W\d_]+")


def read_captions(path: Path, images: Collection[str] | None = None) -> dict[str, CreditedLine]:
    """Return the captions of a table, by the ids of images.

    Parameters
    ----------
    path
        The table.
    images
        The ids of a study's images; where they are given, a row of another one is a fault.

    Raises
    ------
    DataError
        With each row without an image or a caption, of an image that is not in the study, or of one that has
        a caption already.
    """
    found: dict[str, CreditedLine] = {}
    faults: list[Fault] = []
    for line, row in texts.table_rows(path, _COLUMNS, ("image", "caption")):
        where, name = f"{path}, line {line}", row["image"].strip()
        text = " ".join(row["caption"].split())
        if not name or not text:
            faults.append(Fault(where, "no image" if not name else "no caption", "an image and its caption"))
        elif name in found:
            faults.append(Fault(where, f"a second caption of {name!r}", "one an image"))
        elif images is not None and name not in images:
            faults.append(Fault(where, f"the image {name!r}", "the id of an image of the study"))
        else:
            found[name] = CreditedLine(text, (row.get("credit") or "").strip())
    if len(faults) > NAMES_SHOWN:
        more = Fault(str(path), f"{len(faults) - NAMES_SHOWN:,} more such lines", faults[0].expected)
        faults = [*faults[:NAMES_SHOWN], more]
    if faults:
        raise DataError(*faults)
    return found


def left_aside_note(
    table: Path | None, samples: Sequence[Sample], left_out: Mapping[str, str] | None = None
) -> Note:
    """Return how many lines of a table are about these images, how many name others, and what has none.

    Parameters
    ----------
    left_out
        Why a model said nothing of an image, by its id, as `lines_about` tells it.
    """
    rows = tuple((left_out or {}).items())
    if table is None:
        told = f"The model has no line about {count_in_words(len(rows), 'image')}."
        return Note(told if rows else "No table of lines was given.", rows)
    lines = read_captions(table)
    about = len(_of_images(lines, samples))
    others = len(lines) - about
    named = "names another image" if others == 1 else "name other images"
    more = f" {others:,} {named}." if others else ""
    if lines and not about:
        more += " Does its column image hold the ids that the study's table has, or names of its files?"
    return Note(f"{about:,} of {len(lines):,} lines of the table are about these images.{more}", rows)


def _of_images(told: Mapping[str, CreditedLine], samples: Sequence[Sample]) -> dict[str, CreditedLine]:
    """Return the line about each image, by its id; it names the id, or the file that alone is called so."""
    by_file = {name.replace("\\", "/").rpartition("/")[2]: line for name, line in told.items()}
    files = Counter(sample.path.name for sample in samples)
    found = {}
    for sample in samples:
        line = told.get(sample.id)
        if line is None and files[sample.path.name] == 1:
            line = by_file.get(sample.path.name)
        if line is not None:
            found[sample.id] = line
    return found


def lines_about(  # noqa: PLR0913 - where lines are from, and how they are shown
    samples: Sequence[Sample],
    manifest: Manifest,
    table: Path | None = None,
    model: str = "",
    *,
    accepted: bool = True,
    left_out: dict[str, str] | None = None,
) -> dict[str, CreditedLine]:
    """Return one line about each image that has one, by its id: of a table, else of a model that is here.

    Parameters
    ----------
    samples
        Images of the study.
    table
        As `read_captions` reads it, by ids or by names of files; rows of other images are left aside.
    model
        The name or the card of a model that writes captions; empty for none.
    manifest
        The study's. Where it is under the veil, so is what is written of its images.
    accepted
        Whether the content notice was accepted. Where it was not, words that are for people in any label
        system are veiled in every line, also where the study bears none.
    left_out
        Receives why the model says nothing of an image that has no line, by its id.

    Raises
    ------
    DataError
        As `read_captions`, and where the model cannot be used.
    ParameterError
        When there is no such model, or it does something else.
    """
    found = _of_images(read_captions(table), samples) if table else {}
    guest = invite(model) if model else None
    for sample in tqdm(samples, desc="asking for a line", delay=1, leave=False):
        if guest and sample.id not in found:
            line, why = asking.line_of(guest, sample)
            if line:
                found[sample.id] = CreditedLine(line, guest.card.title)
            elif left_out is not None:
                left_out[manifest.shown_id(sample.id)] = manifest.veil.told(why) if manifest.veil else why
    return {name: _shown(line, manifest.veil, accepted=accepted) for name, line in found.items()}


def _shown(line: CreditedLine, veil: VeilOverStudy | None, *, accepted: bool) -> CreditedLine:
    text, credit = (veil.text(line.text), veil.told(line.credit)) if veil else (line.text, line.credit)
    return CreditedLine(text if accepted else without_people(text), credit, line.words)


def without_people(text: str) -> str:
    """Return a line without the words that are for people in any label system, *women* as *woman*."""
    return _WORD.sub(_unless_for_people, text)


def _unless_for_people(found: re.Match[str]) -> str:
    word = found.group()
    return SIGN if own_labels.may_be_for_people(english.singular(word.casefold())) else word
