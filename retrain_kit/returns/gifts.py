"""Gifts: what somebody gives back, and what withdrawing it took along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path

_MOST_NAME = 100
# Line ends, and signs that turn the words after them around.
_NOT_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Gift:
    """What somebody gives back.

    Parameters
    ----------
    text
        Their words; may be empty beside a file.
    path
        Their file; None where there is none.
    name
        What the file is called; the name in `path` where that is empty.
    pseudonym
        What they call themselves on their card; empty where nothing is asked, or nothing said.
    """

    text: str = ""
    path: Path | None = None
    name: str = ""
    pseudonym: str = ""


@dataclass(frozen=True)
class Gone:
    """What withdrawing deleted: how many records, which files, and which pages that had them.

    Parameters
    ----------
    left
        Files that somebody made of the answers in other ways, which may still hold it.
    """

    records: int
    files: tuple[Path, ...] = ()
    pages: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()


def name_faults(pseudonym: str) -> list[Fault]:
    """Return what is wrong with what somebody calls themselves; a short line of any script is right."""
    if len(pseudonym) <= _MOST_NAME and not _NOT_IN_NAMES.search(pseudonym):
        return []
    return [Fault("pseudonym", f"{len(pseudonym)} letters", f"at most {_MOST_NAME}, in one line")]
