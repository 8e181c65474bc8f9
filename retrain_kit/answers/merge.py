"""Merging: files of answers from anywhere become one, and nothing of them is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.answers import log, states
from retrain_kit.answers.log import log_path
from retrain_kit.answers.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.answers.log import MergeResult
    from retrain_kit.answers.records import Record


def merge_files(
    files: Iterable[Path | str],
    into: Path | str,
    *,
    accept_deletions: bool = False,
    demonstration: bool = False,
) -> MergeResult:
    """Merge files of answers, or folders of stores, into the store of a folder.

    Raises
    ------
    DataError
        As `Store.merge`.
    """
    with Store(into, demonstration=demonstration) as store:
        return store.merge(*files, accept_deletions=accept_deletions)


def load_records(path: Path | str) -> tuple[Record, ...]:
    """Read the answers of a file, or of a store's folder, without touching it.

    Raises
    ------
    DataError
        When it is no file of answers, or one of a newer version.
    """
    return tuple(states.records(states.merged_entries(log.read_log(log_path(Path(path))).entries)))
