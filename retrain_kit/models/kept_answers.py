"""Kept answers: what guests said, so that no image is shown to a machine twice.

They are kept among the user's data, a file for each guest, by the digest of the image's file, how its study
turns it, and the key of the view. A line is added when it is whole; what a killed process left unfinished is
passed over. A guest whose card or weights change is another guest, with a file of its own.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from retrain_kit.models.cards import weights_folder
from retrain_kit.storage import files, locks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DIGEST_SIGNS = 16


class KeptAnswers:
    """The answers of one guest.

    Parameters
    ----------
    digest
        The guest's, see `Card.digest`.
    folder
        Where they are kept; among the user's data when None.
    """

    def __init__(self, digest: str, folder: Path | None = None) -> None:
        self._path = (folder or weights_folder() / "answers") / f"{digest[:_DIGEST_SIGNS]}.jsonl"
        self._known: dict[tuple[str, str], Any] = {}
        with suppress(FileNotFoundError):
            for line in self._path.read_bytes().split(b"\n"):
                self._take(line)

    def __contains__(self, key: tuple[str, str]) -> bool:
        return key in self._known

    def __len__(self) -> int:
        return len(self._known)

    def __getitem__(self, key: tuple[str, str]) -> Any:  # noqa: ANN401 - what JSON holds
        return self._known[key]

    def add(self, made: Iterable[tuple[tuple[str, str], Any]]) -> None:
        """Keep answers, on the disk when this returns, by the image's digest and the view's key.

        Raises
        ------
        DataError
            When they cannot be written.
        """
        new = {key: answer for key, answer in made if key not in self}
        if not new:
            return
        lines = [json.dumps([*key, answer], separators=(",", ":")).encode() for key, answer in new.items()]
        with files.explaining_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with locks.exclusive_lock(self._path.with_suffix(".lock")):
                self._path.touch()
                whole = _ends_line(self._path)
                with files.appending_lines(self._path, lines if whole else [b"", *lines]):
                    pass
        self._known.update(new)

    def _take(self, line: bytes) -> None:
        with suppress(ValueError, TypeError):
            sha256, key, answer = json.loads(line)
            self._known[sha256, key] = answer


def _ends_line(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, 2):
            return True
        file.seek(-1, 2)
        return file.read(1) == b"\n"
