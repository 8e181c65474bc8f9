"""Uploads: files that browsers send in pieces, each asked for, until all of it is here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import messages
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.living_with_images.returns import file_types

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from retrain_kit.exercises.living_with_images.returns.returns import Returns

_ID = re.compile("[0-9a-f]{32}")
_MOST_NAME = 200
_MISFIT = Fault("the file", "pieces that do not fit", "one after the other")


@dataclass
class Coming:
    """A file on its way: where it is put, what it is called, how large it is, and how much is here."""

    path: Path
    name: str
    size: int
    here: int = 0


class Uploads:
    """The files that are on their way.

    Parameters
    ----------
    returns
        Where they are put.
    most
        How many at a time; where more begin, the oldest is given up.
    """

    def __init__(self, returns: Returns, most: int = 1) -> None:
        self._returns, self._most = returns, most
        self._coming: dict[str, Coming] = {}

    def begin(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Make room for a file, and ask for its first piece.

        Raises
        ------
        ParameterError
            When it is too large, or has no id of its own.
        """
        name, size = (
            messages.text_field(sent, "name"),
            messages.number_field(sent, "size", file_types.MAX_FILE_BYTES + 1),
        )
        upload = messages.text_field(sent, "upload")
        if not _ID.fullmatch(upload):
            raise ParameterError(Fault("upload", "something else", "32 hexadecimal digits"))
        for old in (upload, *list(self._coming)[: max(0, len(self._coming) - self._most + 1)]):
            self.forget(old)
        self._coming[upload] = Coming(self._returns.incoming(upload), name[-_MOST_NAME:], size)
        return {"upload": upload, "next": 0}

    def piece(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Take a piece, in the bytes of `data`, and ask for the next; the last one may come again.

        Raises
        ------
        ParameterError
            When it does not follow on what is here, or is too long.
        """
        coming, data = self._found(sent), sent.get("data")
        at = messages.number_field(sent, "at", coming.size + 1)
        if not isinstance(data, bytes) or not data or at + len(data) > coming.size:
            raise ParameterError(_MISFIT)
        if at == coming.here:
            with coming.path.open("ab") as file:
                file.write(data)
            coming.here += len(data)
        elif at + len(data) != coming.here:
            raise ParameterError(_MISFIT)
        return {"upload": sent["upload"], "next": coming.here}

    def whole(self, sent: Mapping[str, Any]) -> Coming:
        """Return a file that is here.

        Raises
        ------
        ParameterError
            When it is another, or not all of it is here.
        """
        coming = self._found(sent)
        if coming.here != coming.size:
            raise ParameterError(Fault("the file", f"{coming.here} bytes of {coming.size}", "all of it"))
        return coming

    def forget(self, upload: object) -> None:
        """Delete what is here of a file."""
        coming = self._coming.pop(upload, None) if isinstance(upload, str) else None
        if coming:
            self._returns.forget(coming.path)

    def _found(self, sent: Mapping[str, Any]) -> Coming:
        coming = self._coming.get(messages.text_field(sent, "upload"))
        if not coming:
            raise ParameterError(Fault("the file", "pieces of another", "one file at a time"))
        return coming
