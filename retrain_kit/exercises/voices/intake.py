"""Intake: what a folder brings is kept, once, each person's under a key that is handed to them.

A small strategy has a key of its own, whoever's it is: so no name and no key leads from a person to what they
do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.errors import Fault, names_in_words
from retrain_kit.exercises.living_with_images.returns import file_types, intake
from retrain_kit.exercises.voices.terms import UNVEILED
from retrain_kit.exercises.voices.voices import STRATEGY, terms_of, veiled
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from retrain_kit.answers import Record
    from retrain_kit.exercises.voices.folder import BroughtVoice, BroughtVoices
    from retrain_kit.exercises.voices.voices import Said, Voices
    from retrain_kit.studies.manifests import Manifest

KEYS_FILE = intake.KEYS_FILE


@dataclass(frozen=True)
class TakenIn:
    """How many voices are new, and what whoever keeps them should look at.

    Parameters
    ----------
    remarks
        Files that no voice names; what in a new one may tell who it is; what is stated otherwise than it was
        kept; what was withdrawn, and lies in the folder still.
    """

    new: int
    remarks: tuple[Fault, ...] = ()


def take_in(brought: BroughtVoices, voices: Voices, keys: Path, manifest: Manifest | None = None) -> TakenIn:
    """Keep what a folder brings.

    What was brought before is not kept twice, and what was withdrawn since then stays withdrawn. What is
    stated otherwise than it was kept stays as it was kept, and is told: nobody edits what somebody said.

    Parameters
    ----------
    keys
        The table with the keys of those whose voices are new, to hand out and then to delete. Keys that are
        in it count, others are made.
    manifest
        The study whose images are spoken of: they are kept by the ids that it shows. None without one.

    Raises
    ------
    ParameterError, DataError
        As `Voices.keep`, or when the table cannot be read or written.
    """
    kept = {record.id: record for record in voices.records()}
    gone = {each.of for each in voices.store.withdrawals()}
    remarks, new = list(_not_named(brought)), dict[str, "BroughtVoice"]()
    for each in brought.voices:
        once = _once(voices.study, each)
        if once in kept:
            remarks += _changed(each, kept[once], voices, manifest)
        elif once in gone:
            do = "Delete it here too: a withdrawal does not reach this folder."
            remarks.append(Fault(each.where, "what was withdrawn, and lies here still", "nothing of it", do))
        else:
            new[once] = each
            remarks += each.warnings
    if new:
        _keep(new, voices, intake.keys_of(keys, sorted(map(whose, new.values()))), manifest)
    return TakenIn(len(new), tuple(remarks))


def _keep(
    new: Mapping[str, BroughtVoice], voices: Voices, keys: Mapping[str, str], manifest: Manifest | None
) -> None:
    """Keep what is new: strategies last, in an order that follows from no person."""
    order = sorted(new, key=lambda once: once if new[once].said.kind == STRATEGY else "")
    bar: Iterable[str] = tqdm(order, unit="voice", desc="voices", delay=1, leave=False)
    for once in bar:
        said = new[once].said
        voices.keep(replace(said, images=_images(said, manifest)), keys[whose(new[once])], once)


def _images(said: Said, manifest: Manifest | None) -> tuple[str, ...]:
    return tuple(map(manifest.shown_id, said.images)) if manifest else said.images


def _not_named(brought: BroughtVoices) -> Iterator[Fault]:
    if names := brought.unnamed:
        do = "A file is named as it is called, capitals too."
        yield Fault("FOLDER", f"files that no voice names: {names_in_words(names)}", "files of voices", do)


def whose(each: BroughtVoice) -> str:
    """Return under which name somebody's key stands in the table of keys."""
    if each.said.kind == STRATEGY:
        return f"strategy {each.id}"
    return each.said.pseudonym or f"voice {each.id}"


def _once(study: str, each: BroughtVoice) -> str:
    """Return the id under which this voice is kept, whenever it is brought, with whichever keys."""
    return hashlib.sha256(f"{study}\n{each.id}".encode()).hexdigest()[:32]


def _changed(
    each: BroughtVoice, record: Record, voices: Voices, manifest: Manifest | None
) -> Iterator[Fault]:
    """Yield a fault where a voice that is kept is stated otherwise, in its terms, its words or all else."""
    said, do = each.said, "Withdraw it with its key, then bring it anew under another id."
    if terms_of(record) != said.terms:
        yield Fault(each.where, "other terms than it was kept under", "the same", do)
    elif said.text and record.text != said.text:
        yield Fault(each.where, "other words than were kept", "the same", f"{do} Or add a footnote.")
    elif others := [*_other_details(said, record, manifest), *_other_file(said, record, voices)]:
        yield Fault(each.where, f"otherwise than it was kept: {', '.join(others)}", "the same", do)


def _other_details(said: Said, record: Record, manifest: Manifest | None) -> Iterator[str]:
    """Yield what is stated otherwise beside terms, words and files."""
    now = {**said.details, "images": [] if said.kind == STRATEGY else list(_images(said, manifest))}
    kept = {**record.details, "images": list(record.asked.images)}
    for name in ("kind", "pseudonym", "client", "answers", "images"):
        one, other = (stated.get(name) or "" for stated in (now, kept))
        if texts.composed(str(one)) != texts.composed(str(other)):
            yield name
    if record.language and said.text and record.language != said.language:
        yield "language"


def _other_file(said: Said, record: Record, voices: Voices) -> Iterator[str]:
    """Yield that another file is named; nothing where the one that was kept is not here."""
    if bool(said.file) != ("file" in record.details):
        yield "file"
    elif said.file and (path := voices.file(record)):
        is_picture = said.file.kind.kind == file_types.IMAGE
        shown = veiled(said.file) if is_picture and UNVEILED not in said.terms.agreed else said.file
        if shown.data != path.read_bytes():
            yield "file"
