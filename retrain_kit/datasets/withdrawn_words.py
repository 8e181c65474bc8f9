"""Lists of withdrawn words: the ids that somebody has taken back, or marked, as published.

Reason, date and source are kept apart, each as the list states it; what it does not state stays empty.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from itertools import chain
from typing import TYPE_CHECKING

from retrain_kit.annotations.taxonomy import UNSTATED, Withdrawal
from retrain_kit.datasets.formats import values
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

COLUMNS = ("id", "reason", "date", "source")
_JSON_ENDINGS = (".json", ".json.gz")
_ID_AND_WORDS = re.compile(r"(n[0-9]{8})[\s,;].*")
_EXPECTED = "ids in a list, each alone, with a reason, or with reason, date and source"

Stated = tuple[str, str, Withdrawal]
"""Where something stands in the list, the id, and what is stated of it."""


def read_withdrawn(path: Path) -> dict[str, Withdrawal]:
    """Return what a list says was withdrawn, by id.

    Parameters
    ----------
    path
        A CSV with `id`, and `reason`, `date`, `source` where they are known; JSON, a list of ids or of
        objects with these fields, or an object with a reason, or these fields, for each id; or a text with an
        id a line. Words behind one of ImageNet's ids in such a line are passed over.

    Raises
    ------
    DataError
        When it is missing, empty or none of these, with each entry that has no id and each id that stands
        there twice and says other things the second time.
    """
    faults: list[Fault] = []
    found: dict[str, Withdrawal] = {}
    for where, name, told in _stated(path, faults):
        if not name:
            faults.append(Fault(where, "no id", "an id in each row"))
        elif found.setdefault(name, told) != told:
            faults.append(Fault(where, f"{name} a second time, with other words", "every id once"))
    if not found and not faults:
        faults.append(Fault(str(path), "no id", "a list with at least one id"))
    if faults:
        raise DataError(*faults)
    return found


def _stated(path: Path, faults: list[Fault]) -> Iterable[Stated]:
    if path.name.endswith(_JSON_ENDINGS):
        return _in_json(path, faults)
    text = texts.read_text(path)
    if "id" in re.split(r"[,;\t]", text.partition("\n")[0].strip().lower()):
        return _in_table(path, faults)
    return _in_lines(text, path)


def _in_lines(text: str, path: Path) -> Iterator[Stated]:
    for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
        if line:
            known = _ID_AND_WORDS.fullmatch(line)
            yield f"{path}, line {number}", known[1] if known else line, Withdrawal()


def _in_table(path: Path, faults: list[Fault]) -> Iterator[Stated]:
    for line, row in texts.table_rows(path, COLUMNS, ("id",), faults):
        told = Withdrawal(row["reason"] or UNSTATED, row["date"], row["source"])
        yield f"{path}, line {line}", row["id"], told


def _in_json(path: Path, faults: list[Fault]) -> Iterator[Stated]:
    try:
        data = path.read_bytes()
        content = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
        raise DataError(
            Fault(str(path), f"no JSON ({reason_of(error)})", _EXPECTED, "Is the file whole?")
        ) from None
    if not isinstance(content, list | dict):
        raise DataError(Fault(str(path), values.shown(content), _EXPECTED))
    rows = content.items() if isinstance(content, dict) else chain.from_iterable(map(_entry, content))
    for number, (name, said) in enumerate(rows, start=1):
        where = f"{path}, entry {number}"
        told = _withdrawal(said)
        if told is None or not isinstance(name, str):
            faults.append(Fault(where, values.shown({"id": name, "says": said}), _EXPECTED))
        else:
            yield where, name.strip(), told


def _entry(value: object) -> Iterator[tuple[object, object]]:
    """Yield the id of an entry of a list, and what is said of it."""
    if isinstance(value, dict):
        yield value.get("id", ""), {key: each for key, each in value.items() if key != "id"}
    else:
        yield value, ""


def _withdrawal(said: object) -> Withdrawal | None:
    """Return what is said of an id; None where it is in no form of these."""
    if said is None or isinstance(said, str):
        return Withdrawal(said or UNSTATED)
    if not isinstance(said, dict):
        return None
    stated = [said.get(name) or "" for name in COLUMNS[1:]]
    if not all(isinstance(each, str) for each in stated):
        return None
    reason, date, source = stated
    return Withdrawal(reason or UNSTATED, date, source)
