"""Intake: what a folder brings is kept, once, each person's under a key that is handed to them.

A small strategy has a key of its own, whoever's it is: so neither the store nor a page leads from a person to
what they do.
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
    from collections.abc import Iterable
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
        The table with each person's key, to hand out and then to delete. Keys that are in it count, others
        are made.
    manifest
        The study whose images are spoken of: they are kept by the ids that it shows. None without one.

    Raises
    ------
    ParameterError, DataError
        As `Voices.keep`, or when the table cannot be read or written.
    """
    if not brought.voices:
        return TakenIn(0)
    every = intake.keys_of(keys, sorted({whose(each) for each in brought.voices}))
    kept = {record.id: record for record in voices.records()}
    gone = {each.of for each in voices.store.withdrawals()}
    order = sorted(brought.voices, key=lambda each: _place(voices.study, each, every[whose(each)]))
    bar: Iterable[BroughtVoice] = tqdm(order, unit="voice", desc="voices", delay=1, leave=False)
    new, remarks = 0, list[Fault]()
    for each in bar:
        once = _once(voices.study, each, every[whose(each)])
        if once in kept:
            remarks += _changed(each, kept[once])
        elif once in gone:
            do = "Delete it here too: a withdrawal does not reach this folder."
            remarks.append(Fault(each.where, "what was withdrawn, and lies here still", "nothing of it", do))
        else:
            images = tuple(map(manifest.shown_id, each.said.images)) if manifest else each.said.images
            voices.keep(replace(each.said, images=images), every[whose(each)], once)
            remarks += each.warnings
            new += 1
    return TakenIn(new, tuple(remarks))


def whose(each: BroughtVoice) -> str:
    """Return under which name somebody's key stands in the table of keys."""
    if each.said.kind == STRATEGY:
        return f"strategy {each.id}"
    return each.said.pseudonym or f"voice {each.id}"


def _place(study: str, each: BroughtVoice, key: str) -> str:
    """Return where a voice comes in the log: strategies last, in an order that follows from their keys."""
    return _once(study, each, key) if each.said.kind == STRATEGY else ""


def _once(study: str, each: BroughtVoice, key: str) -> str:
    """Return the id under which this voice of this person is kept, whenever it is brought."""
    return hashlib.sha256(f"{key} {study} {each.id}".encode()).hexdigest()[:32]


def _changed(each: BroughtVoice, record: Record) -> list[Fault]:
    """Return a fault where a voice that is kept is stated under other terms, or in other words."""
    said, do = each.said, "Withdraw it with its key, then bring it anew under another id."
    if terms_of(record) != said.terms:
        return [Fault(each.where, "other terms than it was kept under", "the same", do)]
    if said.text and record.text != said.text:
        do = f"{do} Or add a footnote."
        return [Fault(each.where, "other words than were kept", "the same", do)]
    return []
