"""Merging: files of answers from anywhere become one, and nothing of them is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.answers import handed_in, log, states
from retrain_kit.answers.derived_files import DerivedFiles
from retrain_kit.answers.log import LOG_NAME, log_path
from retrain_kit.answers.store import Store
from retrain_kit.errors import DataError

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
    """Merge files of answers, folders of stores, and zips or folders of a course system into a store.

    A store whose answers were merged names the other one whenever something is withdrawn from it.

    Raises
    ------
    DataError
        As `Store.merge` and `handed_in`; nothing is changed then.
    """
    paths = [Path(file) for file in files]
    with (
        handed_in.handed_in(paths, demonstration=demonstration) as come,
        Store(into, demonstration=demonstration) as store,
    ):
        merged = store.merge(*come.files, accept_deletions=accept_deletions)
    faults = [handed_in.without_scratch(fault, come.files) for fault in merged.faults]
    for path in paths:
        try:
            _note_copy(path.parent if path.name == LOG_NAME else path, log_path(Path(into)))
        except DataError as error:
            expected, do = "a store that can note where its answers are, too", "They are merged."
            faults += [replace(fault, expected=expected, do=do) for fault in error.faults]
    return replace(merged, faults=tuple(faults), left_alone=come.left_alone)


def _note_copy(source: Path, copy: Path) -> None:
    """Tell a store, where it is one, that another has its answers, too: a withdrawal does not reach that."""
    header = log.read_log_header(log_path(source)) if DerivedFiles(source).is_there else None
    if header and log_path(source).resolve() != copy.resolve():
        with Store(source, demonstration=header.demonstration) as store:
            store.note_copy(copy)


def load_records(path: Path | str) -> tuple[Record, ...]:
    """Read the answers of a file, or of a store's folder, without touching it.

    Raises
    ------
    DataError
        When it is no file of answers, or one of a newer version.
    """
    return tuple(states.records(states.merged_entries(log.read_log(log_path(Path(path))).entries)))
