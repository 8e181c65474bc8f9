"""Deriving: a store knows which files are made from its answers, so that a withdrawal can name them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from retrain_kit.answers import Store
from retrain_kit.answers import log as answers_log
from retrain_kit.answers.log import LOG_NAME
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


_Made = TypeVar("_Made")


@contextmanager
def writing_noted(store: Store, path: Path) -> Iterator[Path]:
    """Give a temporary path as `files.writing` does, for a copy of which the store is told.

    It is told before, lest the process be killed in between, and after, since a store forgets copies that
    are not there.
    """
    store.note_copy(path)
    with writing(path) as temporary:
        yield temporary
    store.note_copy(path)


def make_settled(store: Store, make: Callable[[], _Made]) -> _Made:
    """Return what `make` returns; it is made once more where somebody withdraws something meanwhile."""
    while True:
        gone = store.withdrawals()
        made = make()
        if store.withdrawals() == gone:
            return made


def note_derived(folder: Path, made: Iterable[Path]) -> None:
    """Tell the store in a folder, where there is one, of those files that are there."""
    store = find_store(folder)
    if store:
        with store:
            for path in filter(Path.is_file, made):
                store.note_copy(path)


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
        try:
            return make()
        finally:
            note_derived(folder, made)

    store = find_store(folder)
    if not store:
        return once()
    with store:
        return make_settled(store, once)


def open_store(folder: Path | str) -> Store:
    """Return the store that is in a folder, real or made for demonstration; none is made.

    Raises
    ------
    DataError
        When there is none. A file of answers is none: what is withdrawn later would not reach what is made
        of it.
    """
    found = find_store(Path(folder))
    if not found:
        do = "Make one of files of answers: retrain-kit merge FILES -o FOLDER"
        raise DataError(Fault(str(folder), f"no {LOG_NAME} in it", "the folder of a store", do))
    return found


def find_store(folder: Path) -> Store | None:
    """Return the store that is in a folder, real or made for demonstration; None where there is none."""
    log = folder / LOG_NAME
    return (
        Store(folder, demonstration=answers_log.read_log_header(log).demonstration) if log.is_file() else None
    )
