"""Stores: a folder in which what people say is kept, amended, refused, withdrawn and merged.

The truth is a log, `answers.jsonl`: people can read it, any program can write it, two of them merge as sets,
and one damaged line costs one line, where a damaged database may cost all. It alone is believed: an index is
in memory, read from it. Whatever is accepted is on the disk before it is acknowledged.

Threads may share a store; processes open the folder each for itself.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from retrain_kit.answers import entries, states
from retrain_kit.answers.authors import Author, author_of
from retrain_kit.answers.entries import ANSWER, FOOTNOTE, WITHDRAWAL
from retrain_kit.answers.folder import Folder
from retrain_kit.answers.letters import visible_letters
from retrain_kit.answers.log import read_incoming
from retrain_kit.answers.messages import REFUSE_INSTEAD
from retrain_kit.answers.records import (
    AnswerContext,
    Consent,
    DerivedDataset,
    Footnote,
    ReachedFiles,
    Record,
    SavedRecord,
    Withdrawal,
    WithdrawalResult,
    utc_timestamp,
)
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.files import GivenFiles
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from types import TracebackType

    from retrain_kit.answers.authors import AbsentAuthor, Key
    from retrain_kit.answers.entries import LogEntry
    from retrain_kit.answers.log import GivenFile, IncomingEntries, MergeResult

_Made = TypeVar("_Made")
_JPEG = b"\xff\xd8\xff"
"""What a handout gives begins so: it paints every picture anew."""


class Store:
    """The store of a folder: what people have said, and the ways to add to it, take from it and read it.

    Parameters
    ----------
    folder
        Made where it is missing, for its owner alone to read.
    demonstration
        Whether its answers are made for demonstration. Such answers and real ones never come into one store.

    Raises
    ------
    DataError
        When the folder holds something else, answers of a newer version or of the other kind, or cannot be
        written.
    """

    def __init__(self, folder: Path | str, *, demonstration: bool = False) -> None:
        self._folder = Folder(Path(folder), demonstration=demonstration)
        self.given = GivenFiles(Path(folder))
        self._sweep_given()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what was read; everything is on the disk already."""
        self._folder.close()

    @property
    def folder(self) -> Path:
        """The folder."""
        return self._folder.path

    @property
    def demonstration(self) -> bool:
        """Whether its answers are made for demonstration."""
        return self._folder.header.demonstration

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the log, and with what is kept beside it."""
        with self._folder.reading():
            return self._folder.faults

    def take_reached(self) -> list[ReachedFiles]:
        """Return what became of files since this was asked last, whichever program withdrew something.

        Also what a withdrawal that was cut in the middle had not reached, once the store is opened.
        """
        with self._folder.reading():
            return self._folder.take_reached()

    @property
    def stamp(self) -> str:
        """Another one whenever anything has changed, by whichever program."""
        with self._folder.reading() as index:
            return index.part.stamp

    def say(  # noqa: PLR0913 - what, in answer to what, agreed to what, by whom, and three things beside
        self,
        text: str,
        asked: AnswerContext,
        consent: Consent,
        key: Key = "",
        *,
        language: str = "",
        details: Mapping[str, Any] | None = None,
        once: str = "",
    ) -> SavedRecord:
        """Keep what somebody says; it is on the disk when this returns.

        Parameters
        ----------
        text
            As typed, at most 60,000 bytes of UTF-8.
        key
            The author's, from something said before; without one, a new author is made.
        language
            The text's language tag; empty where nobody has said.
        details
            What the exercise keeps beside the text, as JSON; no words of other people.
        once
            An id, 32 hexadecimal digits, made at random by whoever asks: a request that comes twice with it,
            and with the same key, is kept once.

        Raises
        ------
        ParameterError
            When something cannot be kept as it is, all faults together; or `once` stands for something else.
        DataError
            When the disk is full; nothing is changed then.
        """
        stated = {"text": text, "language": language, "details": details or {}}
        return self._keep({**stated, "asked": asked, "consent": consent}, key, once)

    def refuse(  # noqa: PLR0913 - as `say`
        self,
        refusal: str,
        asked: AnswerContext,
        consent: Consent,
        key: Key = "",
        *,
        text: str = "",
        language: str = "",
        details: Mapping[str, Any] | None = None,
        once: str = "",
    ) -> SavedRecord:
        """Keep a refusal, which is an answer: one of `records.REFUSALS`, with words or without.

        Raises
        ------
        ParameterError, DataError
            As `say`.
        """
        if not refusal:
            raise ParameterError(Fault("refusal", "nothing", "the way in which somebody refuses"))
        stated = {"text": text, "language": language, "details": details or {}, "refusal": refusal}
        return self._keep({**stated, "asked": asked, "consent": consent}, key, once)

    def amend(self, name: str, text: str, key: Key, *, language: str = "", once: str = "") -> Record:
        """Add a footnote under its record's consent; return the record, unchanged, with its footnotes.

        A request that comes twice with the same `once` is kept once, as in `say`.

        Raises
        ------
        ParameterError, DataError
            As `say`; and when there is no such record, or it is not of this key's author.
        """
        author = author_of(key)
        with self._folder.writing() as index:
            original = states.own_entry(index, name, author, ANSWER)
            record, new = entries.record_of(original), once or secrets.token_hex(16)
            _check_visible(text)
            (lock,) = author.locks([new])
            note = Footnote(new, text, utc_timestamp(), language, record.consent, lock, author.public_key)
            entry = _checked(lambda: entries.footnote_entry(note, record))
            if not states.earlier_entry(index, entry):
                self._folder.append([self._signed(entry, author)])
            return entries.record_of(original, index.entries(of=name, kind=FOOTNOTE))

    def withdraw(self, name: str, key: Key) -> WithdrawalResult:
        """Delete one's own record with its footnotes, or one footnote, for good; only the time is left.

        Raises
        ------
        ParameterError
            When there is no such record, or it is not of this key's author.
        DataError
            When another program holds on to its bytes; it is out of the answers by then.
        """
        author = author_of(key)
        with self._folder.writing() as index:
            done = self._withdraw([states.own_entry(index, name, author, ANSWER, FOOTNOTE)], author)
        return replace(done, given=self._sweep_given())

    def check_unused(self, name: str) -> None:
        """Refuse an id that stands for something already, or stood for something that was withdrawn.

        Raises
        ------
        ParameterError
            When it does.
        """
        with self._folder.reading() as index:
            if index.about(name):
                raise ParameterError(states.taken_fault())

    def withdraw_several(self, names: Collection[str], key: Key) -> WithdrawalResult:
        """Delete some of what was said with a key, together, as `withdraw` does."""
        author = author_of(key)
        with self._folder.writing() as index:
            own = [states.own_entry(index, name, author, ANSWER, FOOTNOTE) for name in names]
            done = self._withdraw(own, author)
        return replace(done, given=self._sweep_given())

    def withdraw_all(self, key: Key) -> WithdrawalResult:
        """Delete everything that was said with a key, as `withdraw` does."""
        author = author_of(key)
        with self._folder.writing() as index:
            done = self._withdraw(states.withdrawable_by(index, author), author)
        return replace(done, given=self._sweep_given())

    def delete_as_keeper(self, name: str) -> WithdrawalResult:
        """Delete what is in one's keeping, as where an author has lost the key; what is left says who did it.

        Raises
        ------
        ParameterError, DataError
            As `withdraw`.
        """
        with self._folder.writing() as index:
            if not states.entries_with_id(index, name):
                raise ParameterError(states.not_found_fault(index, name))
            done = self._delete([entries.withdrawal_entry(name, utc_timestamp())])
        return replace(done, given=self._sweep_given())

    def was_kept(self, once: str, key: Key) -> bool:
        """Say whether something of this id came from the author of a key before, withdrawn since or not."""
        return bool(self._kinds(once, key))

    def was_withdrawn(self, name: str, key: Key) -> bool:
        """Say whether the author of a key has withdrawn what had this id."""
        return WITHDRAWAL in self._kinds(name, key)

    def records(
        self, *, study: str | None = None, exercise: str | None = None, who: str | None = None
    ) -> list[Record]:
        """Return what was said, refusals among it, in the order of time, then of id."""
        asked = {"study": study, "exercise": exercise, "who": who}
        sought = {column: value for column, value in asked.items() if value is not None}
        with self._folder.reading() as index:
            return states.records([*index.entries(kind=ANSWER, **sought), *index.entries(kind=FOOTNOTE)])

    def tally(self, study: str, exercise: str) -> tuple[int, int]:
        """Return how many answers there are, and how many of them are refusals."""
        said = self.records(study=study, exercise=exercise)
        return len(said), sum(bool(record.refusal) for record in said)

    def withdrawals(self) -> list[Withdrawal]:
        """Return what is left of what was withdrawn, in the order of time."""
        with self._folder.reading() as index:
            gone = [entry for entry in index.withdrawals() if not states.entries_with_id(index, entry.target)]
        return states.withdrawals_left(gone)

    def merge(self, *files: Path | str, accept_deletions: bool = False) -> MergeResult:
        """Take in files of answers, or folders of stores, in any order and any number of times.

        A line that its author has not signed as it stands is left out, and told. Authors' withdrawals hold as
        they come, since they prove themselves. Deletions by the keeper of
        another store do not, and would take other people's words: they hold where they are accepted.

        Raises
        ------
        DataError
            When a file cannot be used at all, or deletions are not accepted; nothing is changed then.
        """
        come = read_incoming(map(Path, files), demonstration=self._folder.header.demonstration)
        merged = self._folder.merge(come, accept_deletions=accept_deletions)
        faults = self._take_given(come.given)
        self._sweep_given()
        return replace(merged, faults=(*merged.faults, *faults))

    def take_in(self, come: IncomingEntries) -> int:
        """Keep what somebody brings back in a file; return how many answers and footnotes are new here."""
        merged = self._folder.merge(come, accept_deletions=False)
        self._take_given(come.given)
        self._sweep_given()
        return merged.answers + merged.footnotes

    def _take_given(self, given: Iterable[GivenFile]) -> list[Fault]:
        """Keep the files that answers here speak of, and say which of them are not what they say."""
        sizes = {
            record.given_sha256: record.details["file"].get("size")
            for record in Store.records(self)
            if record.given_sha256
        }
        faults = []
        for file in {file.sha256: file for file in given if file.sha256 in sizes}.values():
            data = file.data
            if data.startswith(_JPEG) and len(data) == sizes[file.sha256]:
                with self.given.held():
                    self.given.put_data(data)
            else:
                found, expected = "another file", "the JPEG that its answer speaks of"
                faults.append(Fault(f"file {file.sha256[:12]}…", found, expected, "It is left out."))
        return faults

    def export(self, path: Path | str) -> None:
        """Write all as one file, the same bytes for the same state; later withdrawals reach that file too."""
        self._folder.export(Path(path))

    def lines_of(self, *keys: Key) -> list[bytes]:
        """Return the lines of a file with what was said, amended and withdrawn with these keys alone."""
        with self._folder.reading() as index:
            own = {
                entry.line: entry for key in keys for entry in states.entries_by_author(index, author_of(key))
            }
        return self._folder.header.lines(own[line] for line in sorted(own))

    def note_copy(self, path: Path | str) -> None:
        """Remember a file that somebody makes from the answers, so that withdrawing can name it."""
        with self._folder.writing():
            self._folder.copies.note(Path(path))

    def note_made(
        self, path: Path | str, written: Path | None = None, names: Iterable[str] | None = None
    ) -> None:
        """Remember a file that the kit makes from the answers, so that withdrawing deletes it.

        Parameters
        ----------
        written
            What will be there, under the name that it has by now; None before anything is on the disk.
        names
            The ids of the records and footnotes in it; None where that is not known: then it may be any.
        """
        with self._folder.writing():
            self._folder.copies.note_made(Path(path), written, names)

    def note_dataset(self, dataset: DerivedDataset) -> None:
        """Remember fields of a dataset in FiftyOne, before they are written: withdrawing strikes them."""
        with self._folder.writing():
            self._folder.copies.note_dataset(dataset)

    def datasets_due(self) -> list[DerivedDataset]:
        """Return the fields of datasets in FiftyOne that a withdrawal has still to reach."""
        with self._folder.writing():
            return self._folder.copies.datasets_due()

    def note_struck(self, dataset: DerivedDataset) -> None:
        """Forget fields of a dataset that are gone."""
        with self._folder.writing():
            self._folder.copies.note_struck(dataset)

    def _kinds(self, name: str, key: Key) -> set[str]:
        if not (name and key):
            return set()
        with self._folder.reading() as index:
            return states.kinds(index, name, author_of(key))

    def _keep(self, stated: dict[str, Any], key: Key, once: str) -> SavedRecord:
        author, name = author_of(key) if key else Author.new(), once or secrets.token_hex(16)
        (lock,) = author.locks([name])
        new = Record(
            id=name, who=author.who, when=utc_timestamp(), lock=lock, public_key=author.public_key, **stated
        )
        entry = _checked(lambda: entries.answer_entry(new))
        if not new.refusal:
            _check_visible(new.text)
        with self._folder.reading() as index:
            kept = states.earlier_entry(index, entry)
        signed = kept or self._signed(entry, author)  # Nobody waits while what is long is signed.
        with self._folder.writing() as index:
            kept = states.earlier_entry(index, entry)
            if not kept:
                kept = signed
                self._folder.append([kept])
            return SavedRecord(entries.record_of(kept), author.key)

    def _sweep_given(self) -> tuple[Path, ...]:
        """Delete the files that were given with what is withdrawn, by whichever way; return them."""
        if not self.given.folder.is_dir():
            return ()
        with self.given.held():
            return tuple(self.given.sweep({record.given_sha256 for record in Store.records(self)}))

    def _signed(self, entry: LogEntry, author: Author | AbsentAuthor) -> LogEntry:
        return self._all_signed([entry], author)[0]

    def _all_signed(self, found: list[LogEntry], author: Author | AbsentAuthor) -> list[LogEntry]:
        return _checked(lambda: entries.signed_entries(found, author, demonstration=self.demonstration))

    def _withdraw(self, own: list[LogEntry], author: Author | AbsentAuthor) -> WithdrawalResult:
        now = utc_timestamp()
        gone = [entries.withdrawal_entry(entry.id, now, entry.locks[entry.id]) for entry in own]
        return self._delete(self._all_signed(gone, author))

    def _delete(self, withdrawals: list[LogEntry]) -> WithdrawalResult:
        reached = self._folder.delete_withdrawn(withdrawals) if withdrawals else ReachedFiles()
        return WithdrawalResult(tuple(map(entries.withdrawal_of, withdrawals)), reached)


def _check_visible(text: str) -> None:
    if text.strip() and not visible_letters(text):
        found = ngettext(
            "{count} character that nobody can see", "{count} characters that nobody can see", len(text)
        )
        expected = gettext("a text, or a refusal")
        raise ParameterError(Fault(gettext("text"), found, expected, gettext(REFUSE_INSTEAD)))


def _checked(make: Callable[[], _Made]) -> _Made:
    try:
        return make()
    except DataError as error:
        raise ParameterError(*error.faults) from None
