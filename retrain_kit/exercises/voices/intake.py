"""Intake: what a folder brings is kept, once, each person's under a key that is handed to them.

A small strategy has a key of its own, whoever's it is: so no name and no key leads from a person to what they
do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.errors import Fault
from retrain_kit.exercises.living_with_images.returns import intake
from retrain_kit.exercises.voices.voices import STRATEGY, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from retrain_kit.answers import Record
    from retrain_kit.exercises.voices.folder import BroughtVoice, BroughtVoices
    from retrain_kit.exercises.voices.voices import Voices
    from retrain_kit.studies.manifests import Manifest

KEYS_FILE = intake.KEYS_FILE


@dataclass(frozen=True)
class TakenIn:
    """How many voices are new, and what whoever keeps them should look at.

    Parameters
    ----------
    remarks
        What in a new one may tell who it is; what is stated otherwise than it was kept; what was withdrawn,
        and lies in the folder still.
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
    remarks, new = list[Fault](), dict[str, "BroughtVoice"]()
    for each in brought.voices:
        once = _once(voices.study, each)
        if once in kept:
            remarks += _changed(each, kept[once])
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
        images = tuple(map(manifest.shown_id, said.images)) if manifest else said.images
        voices.keep(replace(said, images=images), keys[whose(new[once])], once)


def whose(each: BroughtVoice) -> str:
    """Return under which name somebody's key stands in the table of keys."""
    if each.said.kind == STRATEGY:
        return f"strategy {each.id}"
    return each.said.pseudonym or f"voice {each.id}"


def _once(study: str, each: BroughtVoice) -> str:
    """Return the id under which this voice is kept, whenever it is brought, with whichever keys."""
    return hashlib.sha256(f"{study}\n{each.id}".encode()).hexdigest()[:32]


def _changed(each: BroughtVoice, record: Record) -> list[Fault]:
    """Return a fault where a voice that is kept is stated under other terms, or in other words."""
    said, do = each.said, "Withdraw it with its key, then bring it anew under another id."
    if terms_of(record) != said.terms:
        return [Fault(each.where, "other terms than it was kept under", "the same", do)]
    if said.text and record.text != said.text:
        do = f"{do} Or add a footnote."
        return [Fault(each.where, "other words than were kept", "the same", do)]
    return []
