"""Folders: a study of voices as somebody brings it, read and checked whole before anything is kept.

`voices.toml` says what the study is and which situations its small strategies answer. What people said is
in tables `[[voice]]` of it, or in the rows of `voices.csv` beside it; sounds, pictures and long texts are
files of the folder. Each voice states its terms. Who says something is never asked for: fields for names,
faces and addresses are refused.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.answers.entries import LANGUAGE, MAX_TEXT_BYTES
from retrain_kit.answers.letters import visible_letters
from retrain_kit.errors import DataError, Fault, KitError, advise_names
from retrain_kit.exercises.living_with_images.returns import cleaning, file_types
from retrain_kit.exercises.living_with_images.returns.intake import KEYS_FILE
from retrain_kit.exercises.living_with_images.returns.returns import is_one_line
from retrain_kit.exercises.voices import telling, terms
from retrain_kit.exercises.voices.study import STUDY_FILE, VoicesStudy, read_document, study_of, text_field
from retrain_kit.exercises.voices.terms import USES, Terms
from retrain_kit.exercises.voices.voices import KINDS, STRATEGY, TESTIMONY, WORKPLACE, Said
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

TABLE_FILE = "voices.csv"
_REQUIRED = ("id", "kind", "agreed", "until", "asked_by", "how")
_LISTS = ("agreed", "answers", "images")
_TEXTS = ("pseudonym", "text", "file", "transcript", "language", "client", "asked_on")
FIELDS = tuple(dict.fromkeys((*_REQUIRED, *_TEXTS, *_LISTS)))
"""All that can be said of a voice."""
_PERSONAL = re.compile(
    r"name|mail|face|photo|portrait|phone|mobile|whatsapp|telegram|address|birth|passport|employer|account",
    re.IGNORECASE,
)
_OF_NOBODY = re.compile(rf"(voice|{STRATEGY})\s.*", re.IGNORECASE | re.DOTALL)
"""Under such a name stands the key of a voice that has no pseudonym: see `intake.whose`."""
_MAX_LINE = 200
_SOUND_ENDINGS = {f".{each.suffix}" for each in file_types.FILE_TYPES.values() if each.kind == "sound"}
_NO_TERMS = "Ask them: what may be done with it, until when; and say who asked, and how."


@dataclass(frozen=True)
class BroughtVoice:
    """Something that a folder brings.

    Parameters
    ----------
    id
        Its id there.
    where
        Where it stands.
    said
        What was said.
    warnings
        What whoever keeps it should look at once more before it is shown.
    """

    id: str
    where: str
    said: Said
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class BroughtVoices:
    """All that a folder brings.

    Parameters
    ----------
    unnamed
        The files in it that no voice names.
    """

    study: VoicesStudy
    voices: tuple[BroughtVoice, ...]
    unnamed: tuple[str, ...] = ()


def read_folder(folder: Path) -> BroughtVoices:
    """Return what a folder brings; nothing is kept yet.

    Raises
    ------
    DataError
        With every fault of the study, its voices and their files together.
    """
    faults: list[Fault] = []
    path = folder / STUDY_FILE
    document = read_document(path)
    study = study_of(document, folder, path, faults)
    rows = [*_tables(document, path, faults), *_table(folder / TABLE_FILE, faults)]
    reading = _Reading(folder, study, faults)
    for where, row in rows:
        reading.read(where, row)
    faults += _told_by_ids(reading.voices.values())
    if faults:
        raise DataError(*faults)
    return BroughtVoices(study, tuple(reading.voices.values()), tuple(_unnamed(folder, reading.files)))


def _unnamed(folder: Path, named: Collection[tuple[int, int]]) -> Iterator[str]:
    """Yield the files of a folder that no voice names, as sounds whose names are written otherwise there."""
    own = {STUDY_FILE, TABLE_FILE, KEYS_FILE}
    for path in sorted(folder.iterdir()):
        known = path.name in own or path.name.startswith(".") or not path.is_file()
        if not known and _which(path) not in named:
            yield path.name


def _which(path: Path) -> tuple[int, int]:
    """Return what tells a file from others, by whichever name it is called."""
    found = path.stat()
    return found.st_dev, found.st_ino


def _told_by_ids(voices: Collection[BroughtVoice]) -> Iterator[Fault]:
    """Yield a fault for each strategy whose id has somebody's pseudonym in it."""
    names = {each.said.pseudonym.casefold() for each in voices} - {""}
    for each in voices:
        if each.said.kind == STRATEGY and any(name in each.id.casefold() for name in names):
            do = "A number is enough: nothing should lead from a person to what they do."
            yield Fault(f"{each.where}, id", "a pseudonym", "an id that says of nobody whose it is", do)


def _tables(
    document: Mapping[str, Any], path: Path, faults: list[Fault]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = document.get("voice", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append(Fault(f"{path}, voice", "something else", "tables [[voice]]"))
        return
    for number, row in enumerate(rows, 1):
        yield f"{path.name}, voice {number}", row


def _table(path: Path, faults: list[Fault]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not path.is_file():
        return
    try:
        header = _header(path)
        rows = list(texts.table_rows(path, header or FIELDS, _REQUIRED, faults))
    except DataError as error:
        faults += error.faults
        return
    for line, row in rows:
        lists = {name: re.split(r"\s*[;|]\s*", row[name]) for name in _LISTS if row.get(name)}
        plain = {name: value for name, value in row.items() if value and name not in lists}
        nothing = lists.get("agreed") == ["nothing"]
        yield f"{path.name}, line {line}", {**plain, **lists, **({"agreed": []} if nothing else {})}


def _header(path: Path) -> list[str]:
    """Return the names of a table's columns, whatever they are: one for a name must not pass unseen."""
    stated, _, rest = texts.read_text(path).lstrip().partition("\n")
    sign = stated.strip().removeprefix("sep=")
    line = rest.lstrip().partition("\n")[0] if sign in texts.SEPARATORS else stated
    sign = sign if sign in texts.SEPARATORS else texts.separator(line.lower(), FIELDS)
    cells = next(csv.reader(io.StringIO(line, newline=""), delimiter=sign), [])
    return list(dict.fromkeys(cell.strip().lower() for cell in cells if cell.strip()))


class _Reading:
    """What was read of a folder's voices so far, and what is wrong with them."""

    def __init__(self, folder: Path, study: VoicesStudy, faults: list[Fault]) -> None:
        self.folder, self.study, self.faults = folder, study, faults
        self.voices: dict[str, BroughtVoice] = {}
        self.files: dict[tuple[int, int], str] = {}

    def read(self, where: str, row: Mapping[str, Any]) -> None:
        """Read one voice; what is wrong with it stops none of the others from being read."""
        before = len(self.faults)
        self._check_fields(where, row)
        plain = {name: text_field(row, name, where, self.faults) for name in FIELDS if name not in _LISTS}
        lists = {name: _names(row, name, where, self.faults) for name in _LISTS}
        name = plain["id"]
        where = f"{where} ({name})" if name and len(name) <= _MAX_LINE else where
        self._check_lines(where, plain)
        stated = self._terms(where, row, plain, lists["agreed"])
        if plain["kind"] not in KINDS:
            self.faults.append(Fault(f"{where}, kind", repr(plain["kind"]), f"one of {', '.join(KINDS)}"))
        self._check_answers(where, plain["kind"], lists["answers"])
        self._check_images(where, plain["kind"], lists["images"])
        text, file = self._given(where, plain)
        if name in self.voices:
            do = "Another id for each; a footnote is added with its author's key, once it is kept."
            self.faults.append(Fault(where, "an id that another voice has", "an id of its own", do))
        if len(self.faults) > before or stated is None:
            return
        told = plain["pseudonym"], plain["language"], plain["client"]
        said = Said(plain["kind"], stated, text, file, *told, lists["answers"], lists["images"])
        warnings = (*_warnings(where, said), *self._same_file(where, name, plain["file"]))
        self.voices[name] = BroughtVoice(name, where, said, warnings)

    def _same_file(self, where: str, name: str, file: str) -> Iterator[Fault]:
        """Yield a warning where an earlier voice names the same file: it may be somebody else's."""
        if file and (other := self.files.setdefault(_which(self.folder / file), name)) != name:
            yield Fault(
                f"{where}, file", f"the file of the voice {other} too", "its own", "Is it the right one?"
            )

    def _check_fields(self, where: str, row: Mapping[str, Any]) -> None:
        """Refuse fields that tell who somebody is, and those that nobody knows; their values are not said."""
        for name in row:
            if name in FIELDS:
                continue
            if _PERSONAL.search(name):
                do = "Take it out of the file: a pseudonym, and a code name of a client, are enough."
                found, expected = f"the field {name}", "nothing that tells who somebody is"
                self.faults.append(Fault(where, found, expected, do))
            else:
                self.faults.append(Fault(where, f"the field {name}", f"one of {', '.join(FIELDS)}"))

    def _check_lines(self, where: str, plain: Mapping[str, str]) -> None:
        for name in ("id", "pseudonym", "client", "asked_by", "how"):
            if len(plain[name]) > _MAX_LINE or not is_one_line(plain[name]):
                expected = f"at most {_MAX_LINE} letters, in one line"
                self.faults.append(Fault(f"{where}, {name}", f"{len(plain[name])} letters", expected))
        if _OF_NOBODY.fullmatch(plain["pseudonym"]):
            expected = "another: the keys of voices without a pseudonym stand under such names"
            self.faults.append(Fault(f"{where}, pseudonym", repr(plain["pseudonym"][:80]), expected))
        if not LANGUAGE.holds(plain["language"]):
            self.faults.append(Fault(f"{where}, language", "something else", LANGUAGE.expected))
        if not plain["id"]:
            self.faults.append(Fault(where, "no id", "one, which nobody else's voice has"))

    def _terms(
        self, where: str, row: Mapping[str, Any], plain: Mapping[str, str], agreed: tuple[str, ...]
    ) -> Terms | None:
        missing = [name for name in ("agreed", "until", "asked_by", "how") if name not in row]
        missing += [name for name in ("until", "asked_by", "how") if name in row and not plain[name]]
        if missing:
            found = f"no terms: nothing on {', '.join(missing)}"
            self.faults.append(Fault(where, found, "agreed, until, asked_by and how", _NO_TERMS))
            return None
        for use in agreed:
            if use not in USES:
                do = advise_names(use, USES)
                expected = f"of {', '.join(USES)}; or nothing, as []"
                self.faults.append(Fault(f"{where}, agreed", repr(use), expected, do))
        if not terms.is_end(plain["until"]):
            expected = f"a day, as 2027-12-31, or {terms.WITHDRAWAL}"
            self.faults.append(Fault(f"{where}, until", repr(plain["until"][:40]), expected))
        if plain["asked_on"] and not terms.is_day(plain["asked_on"]):
            self.faults.append(
                Fault(f"{where}, asked_on", repr(plain["asked_on"][:40]), "a day, as 2026-11-30")
            )
        return Terms(agreed, plain["until"], plain["asked_by"], plain["how"], plain["asked_on"])

    def _check_answers(self, where: str, kind: str, answers: tuple[str, ...]) -> None:
        if kind == STRATEGY and not answers:
            do = f"Its words are those under [situations] in {STUDY_FILE}; add one there."
            self.faults.append(Fault(f"{where}, answers", "nothing", "what the strategy answers", do))
        if kind != STRATEGY and answers:
            self.faults.append(Fault(f"{where}, answers", "something", f"nothing, but for a {STRATEGY}"))
        for each in answers:
            if each not in self.study.situations:
                do = f"{advise_names(each, self.study.situations)} Add it under [situations]."
                expected = f"a situation of {STUDY_FILE}"
                self.faults.append(Fault(f"{where}, answers", repr(each[:80]), expected, do))

    def _check_images(self, where: str, kind: str, images: tuple[str, ...]) -> None:
        if kind == STRATEGY and images:
            do = "An image can tell who worked on it."
            self.faults.append(Fault(f"{where}, images", "some", f"none for a {STRATEGY}", do))
        for each in images:
            if len(each) > _MAX_LINE or not is_one_line(each):
                expected = f"ids of at most {_MAX_LINE} letters, in one line"
                self.faults.append(Fault(f"{where}, images", ascii(each[:80]), expected))

    def _given(self, where: str, plain: Mapping[str, str]) -> tuple[str, cleaning.CleanedFile | None]:
        """Return the words of a voice and its file; what is wrong with them is listed."""
        text, name, kind = plain["text"], plain["file"], plain["kind"]
        try:
            path = self._path(where, name) if name else None
            detected = file_types.detect_type(path, f"{where}, file {name}") if path else None
            if path and detected == file_types.PLAIN_TEXT:
                text, path = self._text_of(where, path, text), None
            file = _cleaned(where, name, path, kind) if path else None
        except KitError as error:
            self.faults += error.faults
            return "", None
        except OSError as error:
            found = f"{name[:80]!a}: {error.strerror}"
            self.faults.append(Fault(f"{where}, file", found, "a file of this folder that can be read"))
            return "", None
        if file and file.kind.kind == file_types.SOUND:
            if text:
                found, do = "a text beside a sound", "Say the words of the sound as its transcript."
                self.faults.append(Fault(where, found, "one of the two", do))
            text = plain["transcript"]
        elif plain["transcript"]:
            self.faults.append(Fault(f"{where}, transcript", "one", "none without a sound"))
        self._check_text(where, text, needed=file is None)
        return text, file

    def _path(self, where: str, name: str) -> Path:
        path = self.folder / name
        inside = path.resolve().is_relative_to(self.folder.resolve()) if "\0" not in name else False
        if Path(name).is_absolute() or not inside:
            raise DataError(Fault(f"{where}, file", ascii(name[:80]), "a file of this folder"))
        return path

    def _text_of(self, where: str, path: Path, text: str) -> str:
        if text:
            raise DataError(Fault(where, "a text, and a text file", "one of the two"))
        if path.suffix.lower() in _SOUND_ENDINGS:
            found = f"a text by the name of a sound, {path.name!a}"
            raise DataError(Fault(where, found, "a sound", "Is it the right file?"))
        return file_types.read_text(path, f"{where}, file {path.name}")

    def _check_text(self, where: str, text: str, *, needed: bool) -> None:
        size = len(text.encode(errors="surrogatepass"))
        if size > MAX_TEXT_BYTES:
            expected, do = f"at most {MAX_TEXT_BYTES:,} bytes", "Bring it in parts, each as a voice."
            self.faults.append(Fault(f"{where}, text", f"{size:,} bytes", expected, do))
        elif found := telling.steering_sign(f"{where}, text", text):
            self.faults.append(found)
        elif (needed or text) and not visible_letters(text):
            self.faults.append(
                Fault(where, "neither words nor a file", "a text, a sound, or a picture of a workplace")
            )


def _cleaned(where: str, name: str, path: Path, kind: str) -> cleaning.CleanedFile:
    """Return a file without what it tells of its author: a sound of a testimony, a picture of a workplace."""
    kinds = {TESTIMONY: (file_types.SOUND,), WORKPLACE: (file_types.IMAGE, file_types.SOUND)}.get(kind, ())
    found = file_types.detect_type(path, f"{where}, file {name}")
    if found.kind not in kinds:
        expected = {
            TESTIMONY: "a text or a sound",
            WORKPLACE: "a text, a picture or a sound",
            STRATEGY: "a text: a voice can be recognised",
        }.get(kind, "a text")
        raise DataError(Fault(f"{where}, file {name}", file_types.KIND_NAMES[found.kind], expected))
    return cleaning.clean_file(path, f"{where}, file {name}", kinds)


def _warnings(where: str, said: Said) -> Iterator[Fault]:
    """Yield what whoever keeps the voices should look at once more."""
    yield from telling.telling_words(f"{where}, text", said.text)
    yield from telling.telling_pseudonym(f"{where}, pseudonym", said.pseudonym)
    yield from telling.telling_words(f"{where}, client", said.client)
    if said.file and said.file.kind.kind == file_types.IMAGE and terms.UNVEILED in said.terms.agreed:
        found, do = (
            "a picture that may be shown as it is",
            "Look at it: the kit looks for no face and reads no word.",
        )
        yield Fault(where, found, "a picture that tells nobody who it is", do)
    if said.file and said.file.kind.kind == file_types.SOUND:
        found, do = (
            "a sound",
            "Ask its author whether others may know the voice, and what is heard behind it.",
        )
        yield Fault(where, found, "a voice that its author lets others hear", do)


def _names(row: Mapping[str, Any], name: str, where: str, faults: list[Fault]) -> tuple[str, ...]:
    value = row.get(name, [])
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(dict.fromkeys(filter(None, map(str.strip, map(texts.composed, value)))))
    faults.append(Fault(f"{where}, {name}", f"something of type {type(value).__name__}", "a list of texts"))
    return ()
