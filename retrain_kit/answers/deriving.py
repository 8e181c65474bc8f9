"""Deriving: a store knows which files are made from its answers, so that a withdrawal reaches them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrain_kit.answers import Store
from retrain_kit.answers import log as answers_log
from retrain_kit.answers.log import LOG_NAME
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.files import change_stamp, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrain_kit.answers import Record


_Made = TypeVar("_Made")


@contextmanager
def writing_noted(store: Store, path: Path, names: Iterable[str] | None = None) -> Iterator[Path]:
    """Give a temporary path as `files.writing` does, for a file that goes when what is in it is withdrawn.

    The store is told before anything is written, and of what is written before it gets its name: so it knows
    of the file whenever the process is killed.

    Parameters
    ----------
    names
        The ids of the records and footnotes in it; None where that is not known: then it may be any.
    """
    names = None if names is None else tuple(names)
    store.note_made(path)
    with writing(path) as temporary:
        yield temporary
        store.note_made(path, temporary, names)


def ids_of(records: Iterable[Record]) -> list[str]:
    """Return the ids of records and of their footnotes."""
    return [name for record in records for name in (record.id, *(note.id for note in record.footnotes))]


def make_settled(store: Store, make: Callable[[], _Made]) -> _Made:
    """Return what `make` returns; it is made once more where somebody withdraws something meanwhile."""
    while True:
        gone = store.withdrawals()
        made = make()
        if store.withdrawals() == gone:
            return made


def note_derived(folder: Path, made: Iterable[Path]) -> None:
    """Tell the store in a folder, where there is one, of those files of the kit that are there."""
    store = find_store(folder)
    if store:
        with store:
            for path in filter(Path.is_file, made):
                store.note_made(path, path)


def make_and_note(folder: Path, made: Iterable[Path], make: Callable[[], _Made]) -> _Made:
    """Return what `make` returns, and tell the store of the files that it writes.

    It is made once more where somebody withdraws something meanwhile, as by `make_settled`.

    Parameters
    ----------
    folder
        Of the store; there may be none yet.
    made
        What may be there afterwards, also where `make` fails.

    Raises
    ------
    DataError
        When the store cannot be read.
    """
    made = tuple(made)

    def once() -> _Made:
        before = {path: _stamp(path) for path in made}
        try:
            return make()
        finally:
            note_derived(folder, [path for path in made if _stamp(path) != before[path]])

    store = find_store(folder)
    if not store:
        return once()
    with store:
        for path in made:
            store.note_made(path)
        return make_settled(store, once)


def _stamp(path: Path) -> str:
    return change_stamp(path) if path.is_file() else ""


def open_store(folder: Path | str) -> Store:
    """Return the store that is in a folder, real or made for demonstration; none is made.

    Raises
    ------
    DataError
        When there is none. A file of answers is none: what is withdrawn later would not reach what is made
        of it.
    """
    check_store(Path(folder))
    log = answers_log.read_log_header(Path(folder, LOG_NAME))
    return Store(folder, demonstration=log.demonstration)


def check_store(folder: Path) -> None:
    """Raise a `DataError` unless there is a store in a folder."""
    if not (folder / LOG_NAME).is_file():
        do = "Make one of files of answers: retrain-kit merge FILES -o FOLDER"
        raise DataError(Fault(str(folder), f"no {LOG_NAME} in it", "the folder of a store", do))


def find_store(folder: Path) -> Store | None:
    """Return the store that is in a folder, real or made for demonstration; None where there is none."""
    return open_store(folder) if (folder / LOG_NAME).is_file() else None
