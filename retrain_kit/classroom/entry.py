"""Entry: who may come into a class, and who may see what is shown to all.

The join code is for people to read out and to type. A page that has shown it gets a seat, a token that
only this class can have sealed. The projector's secret is in its link alone. All three are kept in the
class's folder, so that a class goes on after a restart; none of them says who anybody is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

from retrain_kit.answers import Author
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from pathlib import Path

ENTRY_FILE = "class.json"
_SEAT_BYTES, _SECRET_BYTES = 12, 16


@dataclass(frozen=True)
class ClassEntry:
    """The way into a class.

    Parameters
    ----------
    code
        Two words of five letters, 32 bits at random.
    projector_secret
        The secret of the projector's link.
    seal
        What seats are sealed with; told to nobody.
    """

    code: str
    projector_secret: str = field(repr=False)
    seal: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Return an entry that nobody knows yet."""
        code = "-".join(Author.new().who.split("-")[:2])
        return cls(code, secrets.token_urlsafe(_SECRET_BYTES), secrets.token_hex(_SECRET_BYTES))

    @classmethod
    def for_folder(cls, folder: Path, *, anew: bool = False) -> Self:
        """Return the entry of the class in a folder, made there where there is none, or `anew`.

        Raises
        ------
        DataError
            When what is kept of it cannot be used, or the folder cannot be written.
        """
        path = folder / ENTRY_FILE
        if path.is_file() and not anew:
            return cls(*_read(path))
        entry = cls.new()
        with writing(path, private=True) as temporary:
            temporary.write_text(json.dumps(asdict(entry)), encoding="utf-8")
        return entry

    def code_is_right(self, typed: str) -> bool:
        """Say whether a code is this class's; upper case, and spaces for the hyphen, are understood."""
        code = "-".join(re.split(r"[\s-]+", typed.strip().lower()))
        return hmac.compare_digest(code.encode("utf-8", "surrogatepass"), self.code.encode())

    def new_seat(self) -> str:
        """Return a new seat."""
        number = secrets.token_hex(_SEAT_BYTES)
        return f"{number}.{self._sealed(number)}"

    def seat_number(self, seat: str) -> str:
        """Return the number of a seat; empty where this class has not given it out."""
        number, _, seal = seat.partition(".")
        return number if hmac.compare_digest(seal.encode(), self._sealed(number).encode()) else ""

    def secret_is_right(self, secret: str) -> bool:
        """Say whether a secret is the projector's."""
        return hmac.compare_digest(secret.encode(), self.projector_secret.encode())

    def _sealed(self, number: str) -> str:
        return hmac.new(self.seal.encode(), number.encode(), hashlib.sha256).hexdigest()


def _read(path: Path) -> list[str]:
    try:
        stated = json.loads(path.read_bytes())
        parts = [stated[name] for name in ("code", "projector_secret", "seal")]
    except (ValueError, KeyError, TypeError):
        parts = []
    if not (parts and all(isinstance(part, str) and part for part in parts)):
        do = "Remove it: a new code and new links are made; answers are elsewhere."
        raise DataError(Fault(str(path), "something else", "code and links of a class", do))
    return parts
