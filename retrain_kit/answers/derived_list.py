"""Lists of derived files: what a store's answers were written to elsewhere, as it is kept beside the log.

A list is never believed unseen: each line carries a digest of itself and of the folder that the list is of,
and the first says how many lines follow. A list that is not so is set aside; its whole lines are taken over.
It stays in the store's folder and never goes into an export.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from retrain_kit.errors import Fault
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Kind = Literal["log", "made", "noted", "dataset"]
KINDS: tuple[Kind, ...] = ("log", "made", "noted", "dataset")
LIST_NAME = "copies.json"
PAGES_NAME = "made.json"
_FORMAT, _CHECK_CHARS = "retrain-kit copies", 16


@dataclass(frozen=True)
class DerivedFile:
    """Something that a store's answers were written to.

    Parameters
    ----------
    path
        Where it was written; of a dataset in FiftyOne, its name.
    kind
        `log`: a file of answers; `made`: another file that the kit wrote; `noted`: one that somebody else
        wrote; `dataset`: fields of a dataset in FiftyOne.
    sha256, size
        Of what was written; empty and -1 until it is.
    names
        The ids of the records and footnotes in it; None where nobody knows: then it may be any.
    prefix, place
        What the names of a dataset's fields begin with, and where its database is.
    due
        Whether a withdrawal has still to reach the dataset.
    moved
        Whether it was gone from its place when something else was written there.
    """

    path: str
    kind: Kind = "noted"
    sha256: str = ""
    size: int = -1
    names: tuple[str, ...] | None = None
    prefix: str = ""
    place: str = ""
    due: bool = False
    moved: bool = False


@dataclass(frozen=True)
class DerivedList:
    """What is known of derived files.

    Parameters
    ----------
    known
        The files and datasets.
    done
        The digests of those withdrawals that have reached them.
    faults
        What was wrong with the list.
    kept
        Whether the list stands so on the disk.
    """

    known: tuple[DerivedFile, ...] = ()
    done: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    kept: bool = True


def write_list(folder: Path, stated: DerivedList) -> None:
    """Write the list of a store's folder, on the disk when this returns.

    Raises
    ------
    DataError
        When it cannot be written.
    """
    rows, where = list(map(_without_defaults, stated.known)), str(folder.resolve())
    head = {"format": _FORMAT, "folder": where, "lines": len(rows), "done": sorted(stated.done)}
    files.write_lines(folder / LIST_NAME, [_checked_line(row, where) for row in (head, *rows)])
    with suppress(OSError):
        (folder / PAGES_NAME).unlink()


def read_list(folder: Path) -> DerivedList:
    """Return the list of a store's folder, and what an older version of the kit listed.

    One that cannot be used is set aside, and said; nothing is raised.
    """
    found, pages = _read(folder / LIST_NAME, str(folder.resolve())), _read_pages(folder / PAGES_NAME)
    both = (*found.known, *pages.known)
    return DerivedList(
        both, found.done, (*found.faults, *pages.faults), found.kept and not both[len(found.known) :]
    )


def _read(path: Path, folder: str) -> DerivedList:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return DerivedList(kept=False)
    except OSError as error:
        return _set_aside(path, error.strerror or "nothing to read", ())
    older = _older(data)
    if older is not None:
        return DerivedList(older, kept=False)
    lines = data.splitlines()
    head = _head(lines[0]) if lines else {}
    own = [each for line in lines if (each := _derived_file(_checked_row(line, folder)))]
    if head.get("folder") == folder and head.get("lines") == len(own) == len(lines) - 1:
        return DerivedList(tuple(own), frozenset(head["done"]))
    others = [_derived_file(_checked_row(line, str(head.get("folder")))) for line in lines]
    foreign = [
        replace(each, kind="noted") for each in others if each and each not in own and each.kind != "dataset"
    ]
    found = "the list of another folder" if foreign else "a damaged list"
    return _set_aside(path, found, (*own, *foreign))


def _set_aside(path: Path, found: str, known: tuple[DerivedFile, ...]) -> DerivedList:
    """Give a list another name, and say so."""
    aside = path.with_name(f"{path.stem}.unusable{path.suffix}")
    for number in range(2, 100):
        if not aside.exists():
            break
        aside = path.with_name(f"{path.stem}.unusable-{number}{path.suffix}")
    try:
        path.replace(aside)
        do = f"It is set aside as {aside.name}. Where you know of files made of the answers, remove them."
    except OSError:
        do = "Remove it. Where you know of files made of the answers, remove them as well."
    fault = Fault(str(path), found, "what was made of the answers", do)
    return DerivedList(known, faults=(fault,), kept=False)


def _older(data: bytes) -> tuple[DerivedFile, ...] | None:
    """Return what a list of the first version names: paths alone, in one line; None where it is none."""
    try:
        stated = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(stated, list) or not all(isinstance(path, str) for path in stated):
        return None
    return tuple(DerivedFile(path, "log" if path.endswith(".jsonl") else "noted") for path in stated)


def _read_pages(path: Path) -> DerivedList:
    """Return what the first version listed of pages: for each path the digest and the ids in it."""
    try:
        stated = json.loads(path.read_bytes())
        known = tuple(
            DerivedFile(str(page), "made", str(digest), names=tuple(map(str, names)))
            for page, (digest, *names) in stated.items()
        )
    except FileNotFoundError:
        return DerivedList()
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return _set_aside(path, "a damaged list", ())
    return DerivedList(known)


def _without_defaults(each: DerivedFile) -> dict[str, object]:
    plain = asdict(DerivedFile(""))
    return {key: value for key, value in asdict(each).items() if value != plain[key]} | {"path": each.path}


def _head(line: bytes) -> dict[str, Any]:
    """Return what the first line of a list states, of whichever folder it is; empty where it is none."""
    folder = str((_parsed(line) or {}).get("folder"))
    head = _checked_row(line, folder) or {}
    return head if head.get("format") == _FORMAT else {}


def _checked_line(row: Mapping[str, object], folder: str) -> bytes:
    return json.dumps({**row, "check": _check(row, folder)}, sort_keys=True).encode()


def _checked_row(line: bytes, folder: str) -> dict[str, Any] | None:
    """Return what a line states; None where it is not as it was written for this folder."""
    row = _parsed(line)
    if row is None:
        return None
    check = row.pop("check", "")
    return row if check == _check(row, folder) else None


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _check(row: Mapping[str, object], folder: str) -> str:
    stated = json.dumps([folder, row], sort_keys=True)
    return hashlib.sha256(stated.encode()).hexdigest()[:_CHECK_CHARS]


def _derived_file(row: Mapping[str, Any] | None) -> DerivedFile | None:
    if row is None or "path" not in row or row.get("kind", "noted") not in KINDS:
        return None
    stated = {key: value for key, value in row.items() if key in asdict(DerivedFile(""))}
    names = stated.get("names")
    return DerivedFile(**{**stated, "names": names if names is None else tuple(names)})


def listed_withdrawals(lines: Iterable[bytes]) -> frozenset[str]:
    """Return the digests by which a list remembers the withdrawals that have reached what it names."""
    return frozenset(hashlib.sha256(line).hexdigest()[:_CHECK_CHARS] for line in lines)
