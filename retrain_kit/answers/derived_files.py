"""Derived files: those that a store's answers were written to elsewhere, so that withdrawing reaches them.

A file of answers loses what is withdrawn. Another file that the kit wrote is deleted where it lies as the kit
wrote it, also under another name in the same folder. What somebody else wrote or changed, and what is no
longer there, is named. A dataset in FiftyOne is remembered until it has been struck.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from retrain_kit.answers import log, states
from retrain_kit.answers.derived_list import (
    LIST_NAME,
    DerivedFile,
    DerivedList,
    listed_withdrawals,
    read_list,
    write_list,
)
from retrain_kit.answers.records import DerivedDataset, ReachedFiles
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrain_kit.answers.entries import LogEntry

Outcome = Literal["deleted", "left", "missing", "dataset", "cleaned", "never"]


class DerivedFiles:
    """The list of the copies of a store's log, and of what else holds its answers; one writer at a time.

    Parameters
    ----------
    folder
        The store's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.faults: tuple[Fault, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether there is a list, so that there has been a store."""
        return (self._folder / LIST_NAME).exists()

    def note(self, path: Path) -> None:
        """Note a file that somebody else makes of the answers, or a dataset."""
        self._note(DerivedFile(str(path.resolve()), "noted", *_seen(path)))

    def note_log(self, path: Path) -> None:
        """Note a file of answers, before and after it is written."""
        self._note(DerivedFile(str(path.resolve()), "log", *_seen(path)))

    def note_made(self, path: Path, written: Path | None = None, names: Iterable[str] | None = None) -> None:
        """Note a file that the kit makes of the answers.

        Parameters
        ----------
        written
            What will be there, under the name that it has by now; None before anything is on the disk.
        names
            The ids of the records and footnotes in it; None where that is not known: then it may be any.
        """
        seen = _seen(written) if written else ("", -1)
        held = None if names is None else tuple(sorted(names))
        self._note(DerivedFile(str(path.resolve()), "made", *seen, names=held))

    def note_dataset(self, dataset: DerivedDataset) -> None:
        """Note fields of a dataset in FiftyOne, before they are written."""
        found = self._read()
        if dataset not in map(_dataset, found.known):
            new = DerivedFile(dataset.name, "dataset", prefix=dataset.prefix, place=dataset.place)
            self._write(replace(found, known=(*found.known, new)))

    def datasets_due(self) -> list[DerivedDataset]:
        """Return the datasets that a withdrawal has still to reach."""
        return [dataset for each in self._read().known if each.due and (dataset := _dataset(each))]

    def note_struck(self, dataset: DerivedDataset) -> None:
        """Forget fields of a dataset that are gone."""
        found = self._read()
        self._write(replace(found, known=tuple(each for each in found.known if _dataset(each) != dataset)))

    def delete_withdrawn(self, withdrawals: Collection[LogEntry]) -> ReachedFiles:
        """Take what is withdrawn out of everything that it has not reached yet; say what became of it."""
        found, done = self._read(), listed_withdrawals(entry.line for entry in withdrawals)
        new = [entry for entry in withdrawals if not listed_withdrawals([entry.line]) <= found.done]
        gone = {entry.target for entry in new}
        held = [each for each in found.known if gone and (each.names is None or gone & {*each.names})]
        reached = [(each, *_reach(each, new, found.known)) for each in held]
        kept = {each: after for each, after, _, __ in reached}
        known = [kept.get(each, each) for each in found.known]
        after = DerivedList(tuple(each for each in known if each), done)
        if not found.kept or (after.known, after.done) != (found.known, found.done):
            self._write_if_possible(after)
        by: dict[str, dict[Path, None]] = {"deleted": {}, "left": {}, "missing": {}, "dataset": {}}
        for _, __, outcome, path in reached:
            by.setdefault(outcome, {})[path] = None
        deleted, left, missing, datasets, *_ = map(tuple, by.values())
        return ReachedFiles(deleted, left, missing, tuple(map(str, datasets)))

    def _note(self, new: DerivedFile) -> None:
        found = self._read()
        earlier = [each for each in found.known if each.path == new.path and each.kind != "dataset"]
        kept = [each for each in found.known if each not in earlier]
        moved = [replace(each, moved=True) for each in earlier if each.sha256 and _is_moved(each)]
        if not new.sha256 and new.kind == "made":
            kept += [each for each in earlier if each.sha256 and not _is_moved(each)]
        self._write(replace(found, known=(*kept, *moved, new)))

    def _read(self) -> DerivedList:
        found = read_list(self._folder)
        self.faults = tuple(dict.fromkeys((*self.faults, *found.faults)))
        return found

    def _write(self, stated: DerivedList) -> None:
        write_list(self._folder, stated)

    def _write_if_possible(self, stated: DerivedList) -> None:
        """Write the list; where it cannot be written, say so: what it names is reached once more then."""
        try:
            self._write(stated)
        except (DataError, OSError) as error:
            where, expected = str(self._folder / LIST_NAME), "a list that can be written"
            fault = Fault(where, str(error), expected, "The answers are whole.")
            self.faults = tuple(dict.fromkeys((*self.faults, fault)))


def _dataset(each: DerivedFile) -> DerivedDataset | None:
    return DerivedDataset(each.path, each.prefix, each.place) if each.kind == "dataset" else None


def _seen(path: Path) -> tuple[str, int]:
    """Return the digest of a file and its size, where it is there."""
    return (files.sha256(path), path.stat().st_size) if path.is_file() else ("", -1)


def _is_moved(each: DerivedFile) -> bool:
    return each.moved or not Path(each.path).is_file()


def _reach(
    each: DerivedFile, new: Collection[LogEntry], known: Collection[DerivedFile]
) -> tuple[DerivedFile | None, Outcome, Path]:
    """Take what is withdrawn out of a file; return what is known of it then, its outcome, and where it is."""
    if each.kind == "dataset":
        return replace(each, due=True), "dataset", Path(each.path)
    path = Path(each.path)
    try:
        files.remove_unfinished(path)
        here = _found(each, known) or (
            path if each.kind == "log" and path.is_file() and not each.moved else None
        )
        if here:
            return _log_reached(each, here, new) if each.kind == "log" else _file_reached(each, here)
        if path.is_file() and not each.moved:
            known_better = any(other.path == each.path and other.sha256 for other in known)
            return (each, "left", path) if each.sha256 or not known_better else (None, "never", path)
    except OSError:
        return each, "left", path
    return (each, "missing", path) if each.sha256 else (None, "never", path)


def _found(each: DerivedFile, known: Collection[DerivedFile]) -> Path | None:
    """Return where a file lies as it was written: in its place, or beside it under another name.

    What lies in the place of another file that is known is that one, also where both have the same bytes.
    """
    path = Path(each.path)
    if not each.sha256:
        return None
    if _is_same(path, each):
        return path
    beside = sorted(path.parent.iterdir()) if each.size > 0 and path.parent.is_dir() else []
    taken = (
        {other.path for other in known if other.path != each.path and not other.moved} if beside else set()
    )
    return next((other for other in beside if str(other) not in taken and _is_same(other, each)), None)


def _is_same(path: Path, each: DerivedFile) -> bool:
    """Say whether a file is what was written; of an older list no size is known."""
    if not path.is_file() or path.is_symlink() or each.size not in (-1, path.stat().st_size):
        return False
    return files.sha256(path) == each.sha256


def _file_reached(each: DerivedFile, here: Path) -> tuple[DerivedFile | None, Outcome, Path]:
    if each.kind != "made":
        return each, "left", here
    has_other_name = here.stat().st_nlink > 1
    files.erase_file(here)
    return (replace(each, moved=True), "missing", here) if has_other_name else (None, "deleted", here)


def _log_reached(
    each: DerivedFile, here: Path, new: Collection[LogEntry]
) -> tuple[DerivedFile | None, Outcome, Path]:
    try:
        found = log.read_log(here)
        kept = sorted(states.merged_entries(found.entries, new), key=lambda entry: entry.line)
        files.overwrite_lines(here, log.LogHeader(demonstration=found.header.demonstration).lines(kept))
    except (DataError, OSError):
        return each, "left", here
    sha256, size = _seen(here)
    return replace(each, path=str(here), sha256=sha256, size=size), "cleaned", here
