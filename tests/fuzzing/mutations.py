"""Mutations: a file changed a little, as bytes or as what it says, in a way that follows from a number alone."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e300, -1e300, float("nan"), float("inf"), 2**63, -(2**70), 10**400),
    *(
        "",
        " ",
        "null",
        "NaN",
        "1",
        "1.0",
        "01",
        "\u200b",
        "\ud800",
        "\x00",
        "é",
        "e\u0301",
        "../..",
        "a/b",
        "a\\b",
    ),
    *("$x$", "%s", "{0}", "<b>", "-1", "1e999", "x" * 5000, [], {}, [[]], [None], {"a": 1}, [1, "2", None]),
)
"""What may stand where anything else stood."""

ODD_CELLS = (
    "",
    " ",
    "x",
    "-1",
    "1e300",
    "nan",
    "inf",
    "1;2",
    '"',
    "\n",
    "\r",
    "\x00",
    "é",
    "9" * 400,
    "0x10",
    "true",
)
ODD_BYTES = (
    b"\x00",
    b"\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\xd8\x00",
    b"\x80" * 9,
    b"<!ENTITY",
    b"]]>",
)


def mutate(data: bytes, suffix: str, chance: random.Random) -> bytes:
    """Return the bytes of a file changed: half of the time in what it says, where its format is known."""
    by_format = _BY_SUFFIX.get(suffix)
    if by_format and chance.random() < 0.6:
        changed = by_format(data, chance)
        if changed is not None:
            return changed
    return change_bytes(data, chance)


def change_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with one to four places changed, cut out, doubled or put in."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        kind = chance.randrange(7)
        if kind == 0:
            found[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1 and at < len(found):
            found[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            del found[at : at + chance.randint(1, 64)]
        elif kind == 3:
            found[at:at] = found[at : at + chance.randint(1, 200)]
        elif kind == 4:
            found[at:at] = chance.choice(ODD_BYTES)
        elif kind == 5:
            found[at : at + 4] = chance.choice(
                (b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00")
            )
        else:
            del found[at:]
    return bytes(found)


def change_json(data: bytes, chance: random.Random) -> bytes | None:
    """Return JSON with one to three of its values changed, left out or doubled; None where it is none."""
    try:
        tree = json.loads(data)
    except ValueError:
        return None
    for _ in range(chance.randint(1, 3)):
        tree = _changed_tree(tree, chance)
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")


def change_json_lines(data: bytes, chance: random.Random) -> bytes | None:
    """Return lines of JSON with one of them changed, left out, doubled or moved."""
    lines = data.splitlines() or [b"{}"]
    at = chance.randrange(len(lines))
    kind = chance.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(chance.randrange(len(lines) + 1), lines[at])
    elif kind == 2:
        lines.insert(at, chance.choice((b"", b"null", b"[]", b"7", b'"x"', b"{", b"[" * 3000)))
    else:
        changed = change_json(lines[at], chance)
        if changed is None:
            return None
        lines[at] = changed
    return chance.choice((b"\n", b"\n", b"\r\n")).join(lines) + b"\n"


def change_table(data: bytes, chance: random.Random) -> bytes | None:
    """Return a CSV with one to three cells changed, or a row left out, doubled, cut or lengthened."""
    text = data.decode("utf-8", "replace")
    rows = [row for row in csv.reader(io.StringIO(text.replace("\x00", ""))) if row]
    if not rows:
        return None
    for _ in range(chance.randint(1, 3)):
        row = chance.choice(rows)
        kind = chance.randrange(6)
        if kind == 0:
            rows.append(list(row))
        elif kind == 1:
            row.append("more")
        elif kind == 2 and row:
            row.pop()
        elif row:
            row[chance.randrange(len(row))] = chance.choice(ODD_CELLS)
    out = io.StringIO()
    csv.writer(
        out, delimiter=chance.choice(",,,;\t"), lineterminator=chance.choice(("\n", "\r\n"))
    ).writerows(rows)
    return _encoded(out.getvalue(), chance)


def change_markup(data: bytes, chance: random.Random) -> bytes | None:
    """Return XML or TOML with a piece of its text, a name or a line changed, left out or doubled."""
    text = data.decode("utf-8", "replace")
    pieces = re.split(r"(<[^>]*>|\n|=|\")", text)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(pieces))
        kind = chance.randrange(4)
        if kind == 0:
            pieces[at] = ""
        elif kind == 1:
            pieces[at] *= 2
        elif kind == 2:
            pieces[at] = chance.choice(ODD_CELLS)
        else:
            pieces.insert(at, chance.choice(pieces))
    return _encoded("".join(pieces), chance)


def _encoded(text: str, chance: random.Random) -> bytes:
    encoding = chance.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"))
    return text.encode(encoding, "replace")


def _changed_tree(tree: Any, chance: random.Random) -> Any:
    """Return a tree of JSON with one place of it changed; deeper places are as likely as shallow ones."""
    if not isinstance(tree, dict | list) or not tree or chance.random() < 0.1:
        return copy.deepcopy(chance.choice(ODD_VALUES))
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    key = chance.choice(keys)
    kind = chance.randrange(12)
    if kind == 0:
        del tree[key]
    elif kind == 1 and isinstance(tree, list):
        tree.append(tree[key])
    elif kind == 1:
        tree[chance.choice(("id", "x", "", "é"))] = tree[key]
    else:
        tree[key] = _changed_tree(tree[key], chance)
    return tree


_BY_SUFFIX: dict[str, Callable[[bytes, random.Random], bytes | None]] = {
    ".json": change_json,
    ".jsonl": change_json_lines,
    ".csv": change_table,
    ".xml": change_markup,
    ".toml": change_markup,
    ".txt": change_table,
}
