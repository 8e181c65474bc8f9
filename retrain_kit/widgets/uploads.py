"""Uploads: a file that a browser sends in pieces, each asked for, until all of it is here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.returns import kinds
from retrain_kit.widgets import messages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retrain_kit.returns import Returns

_ID = re.compile("[0-9a-f]{32}")
_MOST_NAME = 200


class Uploads:
    """The one file that is on its way.

    Parameters
    ----------
    returns
        Where files that are on their way are put.
    """

    def __init__(self, returns: Returns) -> None:
        self._returns = returns
        self._id, self._path = "", None
        self._size = self._here = 0
        self.name = ""

    _path: Path | None

    def begin(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Make room for a file, and ask for its first piece.

        Raises
        ------
        ParameterError
            When it is too large, or has no id of its own.
        """
        self.forget()
        name, size = messages.text(sent, "name"), messages.whole(sent, "size", kinds.MOST_BYTES + 1)
        upload = messages.text(sent, "upload")
        if not _ID.fullmatch(upload):
            raise ParameterError(Fault("upload", "something else", "32 hexadecimal digits"))
        self._id, self._path = upload, self._returns.incoming(upload)
        self._size, self._here, self.name = size, 0, name[-_MOST_NAME:]
        return {"upload": upload, "next": 0}

    def piece(self, sent: Mapping[str, Any], buffers: Sequence[Any]) -> dict[str, Any]:
        """Take a piece, and ask for the next.

        Raises
        ------
        ParameterError
            When it does not follow on what is here, or is too long.
        """
        path, whole = self._coming(sent), b"".join(bytes(each) for each in buffers)
        if sent.get("at") != self._here or not whole or self._here + len(whole) > self._size:
            raise ParameterError(Fault("the file", "pieces that do not fit", "one after the other"))
        with path.open("ab") as file:
            file.write(whole)
        self._here += len(whole)
        return {"upload": self._id, "next": self._here}

    def whole(self, sent: Mapping[str, Any]) -> Path:
        """Return where the file is.

        Raises
        ------
        ParameterError
            When it is another, or not all of it is here.
        """
        path = self._coming(sent)
        if self._here != self._size:
            raise ParameterError(Fault("the file", f"{self._here} bytes of {self._size}", "all of it"))
        return path

    def forget(self) -> None:
        """Delete what is here of the file."""
        if self._path:
            self._returns.forget(self._path)
        self._id, self._path = "", None

    def _coming(self, sent: Mapping[str, Any]) -> Path:
        if not self._path or sent.get("upload") != self._id:
            raise ParameterError(Fault("the file", "pieces of another", "one file at a time"))
        return self._path
