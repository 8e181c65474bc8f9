"""Scripts: an ES module whole, for notebooks and offline pages, which have nowhere to import from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.\.?/[^"]+)";\n', re.MULTILINE)


def inlined_script(path: Path) -> str:
    """Return a module with what it imports: each module once, in the place of the first import of it."""
    return _whole(path.resolve(), set())


def _whole(path: Path, there: set[Path]) -> str:
    there.add(path)

    def put(found: re.Match[str]) -> str:
        imported = (path.parent / found[1]).resolve()
        return "" if imported in there else _whole(imported, there)

    return _IMPORT.sub(put, path.read_text(encoding="utf-8"))
