"""Entry: who may come into a class, and who may see what is shown to all.

The join code is for people to read out and to type. A page that has shown it gets a seat, a token that
only this class can have sealed. The secrets of the projector and of the teacher are in their links alone;
neither opens what is the other's. All are kept in the class's folder, so that a class goes on after a
restart; none of them says who anybody is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass, field, fields, replace
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
    teacher_secret
        The secret of the teacher's link.
    seal
        What seats are sealed with; told to nobody.
    """

    code: str
    projector_secret: str = field(repr=False)
    teacher_secret: str = field(repr=False)
    seal: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Return an entry that nobody knows yet."""
        projector, teacher = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(2))
        return cls(_new_code(), projector, teacher, secrets.token_hex(_SECRET_BYTES))

    @classmethod
    def for_folder(cls, folder: Path, *, anew: bool = False) -> Self:
        """Return the entry of the class in a folder, made there where there is none, or `anew`.

        Raises
        ------
        DataError
            When what is kept of it cannot be used, or the folder cannot be written.
        """
        path = folder / ENTRY_FILE
        known = _read(path) if path.is_file() and not anew else {}
        entry = replace(cls.new(), **known)
        if known != asdict(entry):
            entry.write(folder)
        return entry

    def write(self, folder: Path) -> None:
        """Keep it in a folder; a `DataError` where that cannot be written."""
        with writing(folder / ENTRY_FILE, private=True) as temporary:
            temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")

    def with_new_code(self) -> Self:
        """Return the entry with another code; whoever is in stays in, and links stay as they are."""
        return replace(self, code=_new_code())

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

    def teacher_is_right(self, secret: str) -> bool:
        """Say whether a secret is the teacher's."""
        return hmac.compare_digest(secret.encode(), self.teacher_secret.encode())

    def _sealed(self, number: str) -> str:
        return hmac.new(self.seal.encode(), number.encode(), hashlib.sha256).hexdigest()


def _new_code() -> str:
    return "-".join(Author.new().who.split("-")[:2])


def _read(path: Path) -> dict[str, str]:
    """Return what is kept; a class from before there were teachers' links has none."""
    names = [field.name for field in fields(ClassEntry)]
    try:
        stated = json.loads(path.read_bytes())
        parts = {name: stated[name] for name in names if name != "teacher_secret" or name in stated}
    except (ValueError, KeyError, TypeError):
        parts = {}
    if not (parts and all(isinstance(part, str) and part for part in parts.values())):
        do = "Remove it: a new code and new links are made; answers are elsewhere."
        raise DataError(Fault(str(path), "something else", "code and links of a class", do))
    return parts
