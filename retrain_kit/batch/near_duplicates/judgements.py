"""Judgements: what people say of a pair of images that look alike, in a file of their own.

It is a table that people write, and the kit only reads: `near-duplicates/judgements.csv` among the user's
data, or where they say. A row judges one pair, by the name that the list of pairs has for it:

    pair,judgement,by,on,note
    3f9a0c1b22d4,same image,Ana,2026-11-29,the second is cut on the left

A judgement is one of `JUDGEMENTS`. Of several on one pair all are shown: people may differ. Nothing is
merged or deleted because of one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files, texts
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import shown

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("pair", "judgement", "by", "on", "note")
JUDGEMENTS = ("same image", "another image", "unsure")


@dataclass(frozen=True)
class Judgement:
    """What somebody said of a pair; `by`, `on` and `note` are empty where they did not say."""

    pair: str
    judgement: str
    by: str
    on: str
    note: str

    @property
    def in_words(self) -> str:
        """What was judged, by whom and when."""
        told = ", ".join(filter(None, (self.by or "by whom is not said", self.on, self.note.rstrip("."))))
        return f"{self.judgement} ({told})"


def pair_name(sha256: str, other: str) -> str:
    """Return the name of a pair: it follows from the two files, whichever is first and wherever they lie."""
    return hashlib.sha256(" ".join(sorted((sha256, other))).encode()).hexdigest()[:12]


def judgements_path() -> Path:
    """Return where judgements are looked for, where nothing else is said."""
    return manifests.data_folder() / "near-duplicates" / "judgements.csv"


def begin_judgements(path: Path) -> None:
    """Write the file with its first line alone, where there is none: its rows are the user's."""
    if not path.is_file():
        with files.writing(path) as temporary:
            temporary.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")


def load_judgements(path: Path) -> dict[str, tuple[Judgement, ...]]:
    """Return the judgements of each pair, in the order of the file; nothing where there is no file.

    Raises
    ------
    DataError
        With every row that is no judgement.
    """
    if not path.is_file():
        return {}
    faults: list[Fault] = []
    found: dict[str, tuple[Judgement, ...]] = {}
    for line, cells in texts.table_rows(path, COLUMNS, COLUMNS[:2], faults):
        each = Judgement(**cells)
        if not each.pair:
            faults.append(Fault(f"{path}, line {line}, pair", "nothing", "the name of a pair"))
        if each.judgement not in JUDGEMENTS:
            where, expected = f"{path}, line {line}, judgement", f"one of {', '.join(JUDGEMENTS)}"
            faults.append(Fault(where, shown(each.judgement), expected))
        found[each.pair] = (*found.get(each.pair, ()), each)
    if faults:
        raise DataError(*faults)
    return found
