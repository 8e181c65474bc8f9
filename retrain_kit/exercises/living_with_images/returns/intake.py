"""Intake: a folder of files, named after cards and people, as what came back to a study.

A file is called CARD_PSEUDONYM, or CARD_PSEUDONYM_ANYTHING, with any ending: `CK3-4RT-7HM_kestrel.mp3`. CARD
is the code on the card, or the image's id. PSEUDONYM is what the person calls themselves, without an
underscore. Where ANYTHING is `nothing`, `no-answer` or `burn` it is a refusal, and the text in the file, if
any, goes with it. `people.csv` beside them says what each agreed to: its columns are `pseudonym` and `agreed`
(`class`, `publication`, both or neither) and, if wanted, `language`.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tempfile
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.answers import REFUSALS, Author, Consent
from retrain_kit.answers.records import utc_timestamp
from retrain_kit.errors import DataError, Fault, KitError, ParameterError
from retrain_kit.exercises.living_with_images.returns import cleaning, file_types
from retrain_kit.exercises.living_with_images.returns.returns import (
    CONSENT_VERSION,
    USES,
    Gift,
    Returns,
    Voice,
    pseudonym_faults,
)
from retrain_kit.storage import files, texts
from retrain_kit.studies import codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.studies.manifests import Manifest

_IN_A_WORD: dict[tuple[str, ...], tuple[str, ...]] = {("both",): tuple(USES), ("neither",): ()}
PEOPLE_FILE, KEYS_FILE = "people.csv", "keys.csv"
PEOPLE_COLUMNS, KEYS_COLUMNS = ("pseudonym", "agreed", "language"), ("pseudonym", "key")


@dataclass(frozen=True)
class Person:
    """Somebody in `people.csv`: what they agreed to, and the language of what they write."""

    agreed: tuple[str, ...]
    language: str = ""

    @property
    def consent(self) -> Consent:
        """What they agreed to, as it stands in the table now."""
        return Consent(self.agreed, CONSENT_VERSION, utc_timestamp())


@dataclass(frozen=True)
class BroughtFile:
    """A file of the folder: what it is, to which image, by whom, and whether it refuses."""

    path: Path
    image: str
    pseudonym: str
    kind: file_types.FileType | None
    refusal: str = ""


@dataclass
class _Reading:
    """What was read of a folder so far, and what is wrong with it."""

    people: dict[str, Person] = field(default_factory=dict)
    brought: list[BroughtFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_folder(
    folder: Path, manifest: Manifest, people: Path | None = None
) -> tuple[list[BroughtFile], dict[str, Person]]:
    """Return what a folder brings to a study, and the people of `people.csv`; nothing is kept yet.

    Parameters
    ----------
    people
        The table of people, where it is not in the folder.

    Raises
    ------
    DataError
        With every fault of names, files and people together.
    """
    reading = _Reading()
    _read_people(people or folder / PEOPLE_FILE, reading)
    cards = image_ids_by_name(manifest)
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == KEYS_FILE or _leads_out(path, reading):
            continue
        if path.is_file() and path.name != PEOPLE_FILE:
            _read_file(path, cards, reading)
        elif not (path.is_file() or path.is_dir()):
            reading.faults.append(Fault(path.name, "no file, but a pipe or a device", "a file"))
    reading.faults += _live_photo_faults(reading.brought)
    if not reading.brought and not reading.faults:
        reading.faults.append(Fault(str(folder), "no files", "files called CARD_PSEUDONYM.ending"))
    if reading.faults:
        raise DataError(*reading.faults)
    return reading.brought, reading.people


def take_in_folder(
    folder: Path,
    manifest: Manifest,
    returns: Returns,
    keys: Path | None = None,
    people: Path | None = None,
) -> int:
    """Keep what a folder brings, and return how many are new.

    What was brought before is not kept twice, and what was withdrawn since then stays withdrawn.

    Parameters
    ----------
    keys
        The table with each person's key, to hand out and then to delete; `keys.csv` in the folder where it is
        None. Keys that are in it count, others are made.
    people
        As `read_folder` takes it.

    Raises
    ------
    DataError
        As `read_folder`; then nothing is kept.
    """
    brought, known_people = read_folder(folder, manifest, people)
    voices = keys_of(keys or folder / KEYS_FILE, sorted({each.pseudonym for each in brought}))
    bar: Iterable[BroughtFile] = tqdm(brought, unit="file", desc="bring", delay=1, leave=False)
    known = {record.id for record in returns.records()} | {gone.of for gone in returns.store.withdrawals()}
    new = 0
    for each in bar:
        key = voices[each.pseudonym]
        once = _once(each, key)
        if once not in known:
            person = known_people[each.pseudonym]
            _keep(each, Voice(person.consent, key, person.language, once), returns)
            known.add(once)
            new += 1
    return new


def image_ids_by_name(manifest: Manifest) -> dict[str, str]:
    """Return the ids of a study's images by all that a file may call them: the card's code, and the id."""
    by_code = {codes.card_code(manifest.name, image.id): image.id for image in manifest.images}
    by_small_code = {code.lower(): image for code, image in by_code.items()}
    own = manifest.unveiled.images if manifest.unveiled else ()  # cards of who had accepted the notice
    by_own_code = {codes.card_code(manifest.name, image.id): manifest.shown_id(image.id) for image in own}
    by_id = {image.id: image.id for image in manifest.images}
    return {**by_own_code, **by_id, **by_small_code, **by_code}


def _leads_out(path: Path, reading: _Reading) -> bool:
    """Say whether a file is a link out of its folder, and list the fault: nobody gave that file."""
    if not path.is_symlink() or path.resolve().parent == path.parent.resolve():
        return False
    reading.faults.append(Fault(path.name, "a link out of the folder", "a file of this folder"))
    return True


def _read_people(path: Path, reading: _Reading) -> None:
    if not path.is_file():
        do = "Say there what each person agreed to."
        reading.faults.append(Fault(str(path), "no file", "a table with pseudonym and agreed", do))
        return
    try:
        rows = list(texts.table_rows(path, PEOPLE_COLUMNS, PEOPLE_COLUMNS[:2], reading.faults))
    except DataError as error:
        reading.faults += error.faults
        return
    for line, row in rows:
        pseudonym = unicodedata.normalize("NFC", row["pseudonym"])
        said = tuple(filter(None, re.split(r"[\s,;|/+&]+", row["agreed"].casefold())))
        agreed = _IN_A_WORD.get(said, tuple(dict.fromkeys(said)))
        unknown = [use for use in agreed if use not in USES]
        if not pseudonym or unknown or pseudonym in reading.people:
            once_more = " once more" if pseudonym in reading.people else ""
            found = f"{pseudonym!r}, {row['agreed']!r}{once_more}"
            expected = f"a pseudonym, once, and what they agreed to: {', '.join(USES)}, both or neither"
            reading.faults.append(Fault(f"{path}, line {line}", found, expected))
        reading.faults += pseudonym_faults(pseudonym)
        reading.people.setdefault(pseudonym, Person(agreed, row["language"]))


def _read_file(path: Path, cards: Mapping[str, str], reading: _Reading) -> None:
    stem = unicodedata.normalize("NFC", path.stem)
    card = max((name for name in cards if stem.startswith(f"{name}_")), key=len, default="")
    pseudonym, _, rest = stem[len(card) + 1 :].partition("_")
    if not card or not pseudonym:
        do = f"The code is on the card; see also {PEOPLE_FILE}."
        reading.faults.append(Fault(path.name, "another name", "CARD_PSEUDONYM.ending", do))
        return
    if reading.people and pseudonym not in reading.people:
        expected = f"one of {PEOPLE_FILE}"
        reading.faults.append(Fault(f"{path.name}, pseudonym", repr(pseudonym), expected))
    refusal = rest if rest in REFUSALS else ""
    try:
        kind = None if refusal and not path.stat().st_size else file_types.detect_type(path, path.name)
        if kind == file_types.PLAIN_TEXT:
            file_types.read_text(path)
        elif refusal and kind:
            expected = "a text file, or an empty one"
            reading.faults.append(
                Fault(path.name, f"{file_types.KIND_NAMES[kind.kind]} called a refusal", expected)
            )
        elif kind:
            _cleaned(path)
    except KitError as error:
        reading.faults += error.faults
        return
    reading.brought.append(BroughtFile(path, cards[card], pseudonym, kind, refusal))


def keys_of(path: Path, pseudonyms: Iterable[str]) -> dict[str, str]:
    """Return each person's key: that of the table, or a new one, put there for its owner alone to read.

    Raises
    ------
    DataError
        When the table cannot be read or written, or a spreadsheet would run a pseudonym in it as a formula.
    """
    pseudonyms = list(pseudonyms)
    expected = "a pseudonym that begins with a letter or a number: a spreadsheet runs others, beside the keys"
    if run := [name for name in pseudonyms if name.startswith(texts.FORMULA_SIGNS)]:
        raise DataError(*(Fault("pseudonym", repr(name), expected) for name in run))
    known = _known_keys(path) if path.is_file() else {}
    try:
        every = {**known, **{name: Author(known[name]).key for name in pseudonyms if name in known}}
    except ParameterError as error:
        raise DataError(
            *(Fault(f"{path}, {each.where}", each.found, each.expected) for each in error.faults)
        ) from None
    for name in pseudonyms:
        every.setdefault(name, Author.new().key)
    if every != known:
        private = files.writing(path, private=True)
        with private as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([KEYS_COLUMNS, *sorted(every.items())])
    return every


def _known_keys(path: Path) -> dict[str, str]:
    """Return the keys of a table; of two of one person nothing says which is theirs."""
    known: dict[str, str] = {}
    faults: list[Fault] = []
    for line, row in texts.table_rows(path, KEYS_COLUMNS, KEYS_COLUMNS):
        name = texts.composed(row["pseudonym"])
        if known.setdefault(name, row["key"]) != row["key"]:
            do = "Take out the one that they do not have."
            faults.append(Fault(f"{path}, line {line}", f"a second key of {name!r}", "one a person", do))
    if faults:
        raise DataError(*faults)
    return known


def _once(each: BroughtFile, key: str) -> str:
    """Return the id under which this file of this person for this image is kept, whenever it is brought."""
    digest = files.sha256(each.path)
    return hashlib.sha256(f"{key} {each.image} {each.refusal} {digest}".encode()).hexdigest()[:32]


def _keep(each: BroughtFile, voice: Voice, returns: Returns) -> None:
    text = file_types.read_text(each.path) if each.kind == file_types.PLAIN_TEXT else ""
    if each.refusal:
        returns.refuse(each.image, each.refusal, voice, Gift(text, pseudonym=each.pseudonym))
    elif each.kind == file_types.PLAIN_TEXT:
        returns.give(each.image, voice, Gift(text, pseudonym=each.pseudonym))
    else:
        cleaned = _cleaned(each.path)
        with tempfile.TemporaryDirectory(prefix="retrain-kit-") as scratch:
            path = Path(scratch) / f"given.{cleaned.kind.suffix}"
            path.write_bytes(cleaned.data)
            returns.give(each.image, voice, Gift(path=path, pseudonym=each.pseudonym))


_LARGE_BYTES = 10_000_000
"""From so large on a cleaned file is not kept in memory, and cleaned once more when it is taken in."""


def _cleaned(path: Path) -> cleaning.CleanedFile:
    """Return a file without what it tells of its author; where that cannot be taken out, refuse it."""
    status = path.stat()
    clean = _clean if status.st_size > _LARGE_BYTES else _cleaned_once
    return clean(path, status.st_mtime_ns, status.st_size)


def _clean(path: Path, _: int, __: int) -> cleaning.CleanedFile:
    return cleaning.clean_file(path, path.name, tuple(file_types.KIND_NAMES))


_cleaned_once = lru_cache(32)(_clean)


def _live_photo_faults(brought: Iterable[BroughtFile]) -> Iterator[Fault]:
    """Yield a fault for each film that a phone laid beside a photo: few know of it, and of its sound."""
    every = {(each.path.stem, each.kind.kind): each for each in brought if each.kind}
    for (stem, kind), film in every.items():
        if kind == file_types.VIDEO and (stem, file_types.IMAGE) in every:
            found = "a film with the name of a photo, as phones keep Live Photos: with sound"
            do = "Delete it where it was not meant; else give it another name after CARD_PSEUDONYM."
            yield Fault(film.path.name, found, "a photo alone, or a film under a name of its own", do)
