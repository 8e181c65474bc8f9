"""Incoming: what files of answers bring, before it is merged, and the count of it afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.answers import logs
from retrain_kit.answers.entries import ANSWER, FOOTNOTE, WITHDRAWAL, Entry
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path


LOG = "answers.jsonl"


@dataclass(frozen=True)
class Merged:
    """What a merge did.

    Parameters
    ----------
    files
        How many files were read.
    answers, footnotes, withdrawals
        How many of each are new here.
    known
        How many lines were here before, or came twice.
    kept_out
        How many lines were left out because they are withdrawn.
    removed
        How many answers and footnotes that were here are withdrawn now.
    waiting
        How many footnotes here wait for their original.
    faults
        The damaged lines of the files: they are left out, the others are not.
    """

    files: int = 0
    answers: int = 0
    footnotes: int = 0
    withdrawals: int = 0
    known: int = 0
    kept_out: int = 0
    removed: int = 0
    waiting: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """The entries of some files, before they are merged."""

    files: int
    lines: int
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    def merged(self, fresh: Collection[Entry], taken: Iterable[Entry], removed: int, waiting: int) -> Merged:
        """Return the count of a merge that found these entries to be new, and took these."""
        kinds = Counter(entry.kind for entry in taken)
        return Merged(
            files=self.files,
            answers=kinds[ANSWER],
            footnotes=kinds[FOOTNOTE],
            withdrawals=kinds[WITHDRAWAL],
            known=self.lines - len(fresh),
            kept_out=len(fresh) - kinds.total(),
            removed=removed,
            waiting=waiting,
            faults=self.faults,
        )


def gather(paths: Iterable[Path], *, demonstration: bool) -> Incoming:
    """Read files of answers, or folders of stores, whole.

    Raises
    ------
    DataError
        When a file cannot be used at all, or holds the other kind of answers; all such files together.
    """
    contents, refused = [], list[Fault]()
    for path in map(log_of, paths):
        try:
            contents.append(logs.read(path))
            check_kind(contents[-1].header, path, demonstration=demonstration)
        except DataError as error:
            refused += error.faults
    if refused:
        raise DataError(*refused)
    lines = [entry for found in contents for entry in found.entries]
    unique = tuple({entry.line: entry for entry in lines}.values())
    return Incoming(
        len(contents), len(lines), unique, tuple(fault for found in contents for fault in found.faults)
    )


def log_of(path: Path) -> Path:
    """Return the file of answers that a path names: itself, or the one in a store's folder."""
    return path / LOG if path.is_dir() else path


def check_kind(header: logs.Header, path: Path, *, demonstration: bool) -> None:
    """Raise an error where answers made for demonstration would come among real ones, or the reverse."""
    if header.demonstration != demonstration:
        kinds = ("real answers", "answers made for demonstration")
        do = "The two are never mixed; keep them in folders of their own."
        raise DataError(Fault(str(path), kinds[header.demonstration], kinds[demonstration], do))
