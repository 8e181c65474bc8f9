"""Folders: a log, its index and the list of its copies, kept in step, one writer at a time.

The log goes first: what is on the disk there counts, and whoever opens the folder next brings index and
copies up to it. So a process can be killed at any moment.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrain_kit.answers import log, states
from retrain_kit.answers.derived_files import DerivedFiles
from retrain_kit.answers.entries import WITHDRAWAL, LogEntry
from retrain_kit.answers.index import Index
from retrain_kit.answers.log import LOG_NAME, IncomingEntries, MergeResult
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files, locks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path


class Folder:
    """The files of a store.

    Parameters
    ----------
    path
        Made where it is missing, for its owner alone to read.
    demonstration
        Whether its answers are made for demonstration.

    Raises
    ------
    DataError
        When it holds something else, answers of a newer version or of the other kind, or cannot be written.
    """

    def __init__(self, path: Path, *, demonstration: bool) -> None:
        self.path = path
        self.header = log.LogHeader(demonstration=demonstration)
        self.copies = DerivedFiles(path / "copies.json")
        self._log, self._database = path / LOG_NAME, path / "answers.sqlite"
        self._threads = threading.RLock()
        with files.explaining_errors(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locks.exclusive_lock(path / "answers.lock"):
                self._begin()
                self._index = Index(self._database)
                files.remove_unfinished(self._log)
                self._catch_up()

    def close(self) -> None:
        """Let go of the files."""
        with self._threads:
            self._index.close()

    @contextmanager
    def reading(self) -> Iterator[Index]:
        """Give the index to this thread alone."""
        with self._threads:
            yield self._index

    @contextmanager
    def writing(self) -> Iterator[Index]:
        """Give the index, up to date, while no other thread or process writes."""
        with (
            self._threads,
            files.explaining_errors(self.path),
            locks.exclusive_lock(self.path / "answers.lock"),
        ):
            if self._index.is_replaced:
                self._index.close()
                self._index = Index(self._database)
            self._catch_up()
            yield self._index

    def append(self, added: Collection[LogEntry]) -> None:
        """Put entries on the disk; within `writing`."""
        if added:
            with files.appending_lines(self._log, [entry.line for entry in added]):
                self._index.add(added, files.change_stamp(self._log))

    def delete_withdrawn(
        self, withdrawals: Collection[LogEntry], added: Collection[LogEntry] = ()
    ) -> list[Path]:
        """Add entries and delete what is withdrawn from all files; within `writing`.

        Returns
        -------
        list of pathlib.Path
            Copies elsewhere that may still hold it.
        """
        found = log.read_log(self._log)
        whole = states.merged_entries(found.entries, withdrawals, added)
        files.remove_unfinished(self._log)
        files.overwrite_lines(self._log, self.header.lines(whole, _unrelated(found, whole)))
        copies = self.copies.delete_withdrawn(withdrawals)
        self._index.fill(whole, files.change_stamp(self._log), found.faults)
        return copies

    def merge(self, come: IncomingEntries, *, accept_deletions: bool) -> MergeResult:
        """Take in what has come.

        Raises
        ------
        DataError
            When another store's keeper deleted something, and that is not accepted; nothing is changed then.
        """
        with self.writing() as index:
            before = index.digests()
            fresh = [entry for entry in come.entries if entry.digest not in before]
            withdrawals = [entry for entry in fresh if entry.kind == WITHDRAWAL]
            if not accept_deletions:
                _check_deletions(withdrawals)
            every = states.entries_by_target([*withdrawals, *index.withdrawals()])
            taken = [entry for entry in fresh if not states.is_withdrawn(entry, every)]
            about = {entry.line: entry for each in withdrawals for entry in index.about(each.target)}
            removed = sum(states.is_withdrawn(entry, every) for entry in about.values())
            if withdrawals:
                self.delete_withdrawn(withdrawals, taken)
            else:
                self.append(taken)
            waiting = states.waiting_footnotes(index.footnotes_and_answers())
            return come.merge_result(fresh, taken, removed, len(waiting))

    def export(self, path: Path) -> None:
        """Write all entries as one file, in an order that follows from them alone, and note the copy."""
        with self.writing() as index:
            self.copies.note(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_lines(path, self.header.lines(sorted(index.entries(), key=lambda entry: entry.line)))

    def _begin(self) -> None:
        if not self._log.exists():
            if self._database.exists():
                do = "Put it back; or remove the whole folder, if nothing of it is to be kept."
                raise DataError(Fault(str(self._log), "no file, and an index of it", "the answers", do))
            files.write_lines(self._log, self.header.lines(()))
        log.check_demonstration(
            log.read_log_header(self._log), self._log, demonstration=self.header.demonstration
        )

    def _catch_up(self) -> None:
        """Bring index and copies up to the log, where that is not how they were left."""
        if self._index.stamp == files.change_stamp(self._log):
            return
        found = log.read_log(self._log)
        whole = states.merged_entries(found.entries)
        if not found.clean or len(whole) < len(found.entries):
            files.overwrite_lines(self._log, self.header.lines(whole, found.damaged))
        self.copies.delete_withdrawn([entry for entry in whole if entry.kind == WITHDRAWAL])
        self._index.fill(whole, files.change_stamp(self._log), found.faults)


def _check_deletions(withdrawals: Iterable[LogEntry]) -> None:
    count = sum(entry.fields["by"] == "keeper" for entry in withdrawals)
    if count:
        found = f"{count} deletions by the keeper of another store, which nothing proves"
        do = "Ask who made the files; deletions that are accepted hold here too. Nothing was merged."
        raise DataError(Fault("files", found, "withdrawals by authors alone", do))


def _unrelated(found: log.LogContents, whole: Collection[LogEntry]) -> list[bytes]:
    """Return the damaged lines that hold neither id nor text of what is gone."""
    kept = {entry.line for entry in whole}
    gone = [entry.fields for entry in found.entries if entry.line not in kept]
    texts = [
        json.dumps(stated["text"], ensure_ascii=False)[1:-1] for stated in gone if stated["text"].strip()
    ]
    names = [name.encode() for name in (*(stated["id"] for stated in gone), *texts)]
    return [line for line in found.damaged if not any(name in line for name in names)]
