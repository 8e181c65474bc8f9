"""Files on their way: they come in pieces, each asked for, and after a break go on where they stood."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import messages
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from retrain_kit.exercises.living_with_images.returns.file_types import FileType
    from retrain_kit.exercises.living_with_images.returns.returns import Returns


MAX_PIECE_BYTES = 1 << 20
"""Of a piece, as pages cut them."""
MAX_UPLOADS = 40
IDLE_S = 120.0
"""After so long without a piece a file gives way to another person's, where many are on their way."""
_ID = re.compile("[0-9a-f]{32}")
_MAX_NAME_CHARS = 200
_MISFIT = Fault("the file", "pieces that do not fit", "one after the other")


@dataclass
class PendingUpload:
    """A file on its way.

    Parameters
    ----------
    path
        Where it is put.
    name
        What it is called.
    size
        How large it is, in bytes.
    owner
        Whose it is.
    here
        How much of it is here.
    since
        When the last piece came.
    kind
        What it is, once it was looked at and cleaned.
    """

    path: Path
    name: str
    size: int
    owner: str
    here: int = 0
    since: float = 0.0
    kind: FileType | None = None


@dataclass
class Uploads:
    """The files that are on their way; everybody has one at a time.

    Parameters
    ----------
    returns
        Where they are put.
    most
        How many at a time.
    """

    returns: Returns
    most: int = MAX_UPLOADS
    clock: Callable[[], float] = time.monotonic
    _coming: dict[str, PendingUpload] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def begin(self, sent: Mapping[str, Any], most_bytes: int, owner: str = "") -> dict[str, Any]:
        """Make room for a file, and ask for its first piece; or, where some of it is here, for the next.

        Raises
        ------
        ParameterError
            When it is too large, has no id of its own, or too many others are on their way.
        """
        name = messages.text_field(sent, "name")[-_MAX_NAME_CHARS:]
        size = messages.number_field(sent, "size", most_bytes + 1)
        upload = messages.text_field(sent, "upload")
        if not _ID.fullmatch(upload):
            raise ParameterError(Fault("upload", "something else", "32 hexadecimal digits"))
        with self._lock:
            coming = self._coming.get(upload)
            if not coming or (coming.owner, coming.name, coming.size) != (owner, name, size) or coming.kind:
                self._make_room(upload, owner)
                path = self.returns.new_upload_path(upload)
                coming = self._coming[upload] = PendingUpload(path, name, size, owner)
            coming.since = self.clock()
            return {"upload": upload, "next": coming.here}

    def piece(self, sent: Mapping[str, Any], owner: str = "") -> dict[str, Any]:
        """Take a piece, in the bytes of `data`, and ask for the next; the last one may come again.

        Raises
        ------
        ParameterError
            When it does not follow on what is here, or is too long.
        """
        with self._lock:
            coming, data = self._found(sent, owner), sent.get("data")
            at = messages.number_field(sent, "at", coming.size + 1)
            if not isinstance(data, bytes) or not data or at + len(data) > coming.size or coming.kind:
                raise ParameterError(_MISFIT)
            if at == coming.here:
                with coming.path.open("ab") as file:
                    file.write(data)
                coming.here += len(data)
            elif at + len(data) != coming.here:
                raise ParameterError(_MISFIT)
            coming.since = self.clock()
            return {"upload": sent["upload"], "next": coming.here}

    def whole(self, sent: Mapping[str, Any], owner: str = "") -> PendingUpload:
        """Return a file that is here.

        Raises
        ------
        ParameterError
            When it is another, or not all of it is here.
        """
        coming = self._found(sent, owner)
        if coming.here != coming.size:
            found = gettext("{here} bytes of {size}", here=coming.here, size=coming.size)
            raise ParameterError(Fault(gettext("the file"), found, gettext("all of it")))
        return coming

    def forget(self, upload: object, owner: str = "") -> None:
        """Delete what is here of somebody's file."""
        with self._lock:
            coming = self._coming.get(upload) if isinstance(upload, str) else None
            if coming and coming.owner == owner:
                self._give_up(str(upload))

    def _make_room(self, upload: str, owner: str) -> None:
        """Give up the owner's other files, and where all places are taken, those of which nothing comes."""
        late = self.clock() - IDLE_S
        for name in [name for name, each in self._coming.items() if each.owner == owner]:
            self._give_up(name)
        full = len(self._coming) >= self.most
        for name in [name for name, each in self._coming.items() if full and each.since < late]:
            self._give_up(name)
        if len(self._coming) >= self.most or upload in self._coming:
            do = gettext("Wait a moment, then try again; nothing is lost.")
            found, expected = gettext("many others on their way"), gettext("fewer at a time")
            raise ParameterError(Fault(gettext("the file"), found, expected, do))

    def _give_up(self, upload: str) -> None:
        self.returns.forget(self._coming.pop(upload).path)

    def _found(self, sent: Mapping[str, Any], owner: str) -> PendingUpload:
        coming = self._coming.get(messages.text_field(sent, "upload"))
        if not coming or coming.owner != owner:
            raise ParameterError(
                Fault(gettext("the file"), gettext("pieces of another"), gettext("one file at a time"))
            )
        return coming
