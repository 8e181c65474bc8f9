"""Folders: a log, its index and the list of its copies, kept in step, one writer at a time.

The log goes first: what is on the disk there counts, and whoever opens the folder next brings the copies up
to it. So a process can be killed at any moment. Nothing but the log is believed: an index is in memory, read
from it, and the list of copies is checked whenever it is read.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.answers import log, states
from retrain_kit.answers.derived_files import DerivedFiles
from retrain_kit.answers.entries import WITHDRAWAL, LogEntry
from retrain_kit.answers.index import Index, added_part, read_part
from retrain_kit.answers.log import LOG_NAME, IncomingEntries, MergeResult
from retrain_kit.answers.records import ReachedFiles
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files, locks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path


_OLD_INDEX_NAME = "answers.sqlite"
"""An index on the disk, as earlier versions kept it: it goes, since its words would outlive a withdrawal."""


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
        self.copies = DerivedFiles(path)
        self._log, self._index, self._holds = path / LOG_NAME, Index(), False
        self._threads, self._reached = threading.RLock(), list[ReachedFiles]()
        with files.explaining_errors(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locks.exclusive_lock(path / "answers.lock"):
                self._begin()
                files.remove_unfinished(self._log)
                self._catch_up()

    def close(self) -> None:
        """Let go of what was read; it is read anew where the folder is used again."""
        with self._threads:
            self._index = Index()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the log, and with what lies beside it."""
        return (*self._index.faults, *self.copies.faults)

    def take_reached(self) -> list[ReachedFiles]:
        """Return what became of copies since this was asked last; within `reading`."""
        taken, self._reached = self._reached, []
        return taken

    @contextmanager
    def reading(self) -> Iterator[Index]:
        """Give the index, up to date, to this thread alone."""
        with self._threads:
            if not self._holds:
                with files.explaining_errors(self.path):
                    if self._index.part.stamp != files.change_stamp(self._log):
                        with self._holding():
                            self._catch_up()
            yield self._index

    @contextmanager
    def writing(self) -> Iterator[Index]:
        """Give the index, up to date, while no other thread or process writes."""
        with self._threads, files.explaining_errors(self.path), self._holding():
            self._catch_up()
            yield self._index

    @contextmanager
    def _holding(self) -> Iterator[None]:
        with locks.exclusive_lock(self.path / "answers.lock"):
            self._holds = True
            try:
                yield
            finally:
                self._holds = False

    def append(self, added: Collection[LogEntry]) -> None:
        """Put entries on the disk; within `writing`."""
        lines = [entry.line for entry in added]
        if not lines:
            return
        with files.appending_lines(self._log, lines):
            stamp, size = files.change_stamp(self._log), self._log.stat().st_size
        part = self._index.part.extended(stamp, b"".join(line + b"\n" for line in lines))
        if part.size == size:
            self._index.add(added, part)
        else:  # another program, which asks for no lock, wrote meanwhile
            self._catch_up()

    def delete_withdrawn(
        self, withdrawals: Collection[LogEntry], added: Collection[LogEntry] = ()
    ) -> ReachedFiles:
        """Add entries and delete what is withdrawn from all files; within `writing`.

        Returns
        -------
        ReachedFiles
            What became of the copies elsewhere.
        """
        found = log.read_log(self._log)
        self._rewrite(found, states.merged_entries(found.entries, withdrawals, added))
        return self._catch_up()

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
            reached = self.delete_withdrawn(withdrawals, taken) if withdrawals else ReachedFiles()
            if not withdrawals:
                self.append(taken)
            waiting = states.waiting_footnotes(index.footnotes_and_answers())
            return replace(come.merge_result(fresh, taken, removed, len(waiting)), reached=reached)

    def export(self, path: Path) -> None:
        """Write all entries as one file, in an order that follows from them alone, and note the copy."""
        with self.writing() as index:
            self.copies.note_log(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write_lines(path, self.header.lines(sorted(index.entries(), key=lambda entry: entry.line)))
            self.copies.note_log(path)

    def _begin(self) -> None:
        older = self.path / _OLD_INDEX_NAME
        if not self._log.exists():
            if self.copies.is_there or older.is_file():
                do = "Put it back; or remove the whole folder, if nothing of it is to be kept."
                raise DataError(Fault(str(self._log), "no file, and a list of its copies", "the answers", do))
            files.write_lines(self._log, self.header.lines(()))
        log.check_demonstration(
            log.read_log_header(self._log), self._log, demonstration=self.header.demonstration
        )
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                files.erase_file(older.with_name(older.name + suffix))

    def _catch_up(self) -> ReachedFiles:
        """Bring the index, and the copies, up to the log; return what became of these."""
        if self._index.part.stamp == files.change_stamp(self._log):
            return ReachedFiles()
        if self._read_added():
            return ReachedFiles()
        part, found = read_part(self._log), log.read_log(self._log)
        whole, faults = states.merged_entries(found.entries), found.faults
        if not found.clean or len(whole) < len(found.entries) or _unrelated(found, whole) != [*found.damaged]:
            self._rewrite(found, whole)
            part, whole = read_part(self._log), states.merged_entries(log.read_log(self._log).entries)
        self._index.fill(whole, part, faults)
        reached = self.copies.delete_withdrawn(self._index.withdrawals())
        if reached != ReachedFiles():
            self._reached.append(reached)
        return reached

    def _read_added(self) -> bool:
        """Read what other programs have added, where they have done nothing else; say whether that is so."""
        stamp, data = files.change_stamp(self._log), added_part(self._log, self._index.part)
        added = None if data is None else log.added_entries(data, demonstration=self.header.demonstration)
        if data is None or added is None:
            return False
        every = states.entries_by_target(self._index.withdrawals())
        if any(states.is_withdrawn(entry, every) for entry in added):
            return False
        self._index.add(added, self._index.part.extended(stamp, data))
        return True

    def _rewrite(self, found: log.LogContents, whole: Collection[LogEntry]) -> None:
        files.remove_unfinished(self._log)
        files.overwrite_lines(self._log, self.header.lines(whole, _unrelated(found, whole)))


def _check_deletions(withdrawals: Iterable[LogEntry]) -> None:
    count = sum(entry.fields["by"] == "keeper" for entry in withdrawals)
    if count:
        found = f"{count} deletions by the keeper of another store, which nothing proves"
        do = "Ask who made the files; deletions that are accepted hold here too. Nothing was merged."
        raise DataError(Fault("files", found, "withdrawals by authors alone", do))


def _unrelated(found: log.LogContents, whole: Collection[LogEntry]) -> list[bytes]:
    """Return the damaged lines that hold nothing of what is withdrawn, as far as they still tell."""
    if not found.damaged:
        return []
    kept = {entry.line for entry in whole}
    gone = [entry.fields for entry in found.entries if entry.line not in kept]
    staying = {entry.fields.get("who") for entry in whole}
    authors = {str(stated["who"]) for stated in gone if stated.get("who") and stated["who"] not in staying}
    names = {str(stated[key]) for stated in gone for key in ("id", "lock") if stated.get(key)}
    names |= {entry.target for entry in whole if entry.kind == WITHDRAWAL}
    texts = {str(stated["text"]) for stated in gone if str(stated.get("text", "")).strip()}
    spelled = {json.dumps(text, ensure_ascii=ascii_)[1:-1] for text in texts for ascii_ in (True, False)}
    sought = [part.encode("utf-8", "surrogatepass") for part in authors | names | spelled]
    return [line for line in found.damaged if not any(part in line for part in sought)]
