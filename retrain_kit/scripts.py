"""Scripts: an ES module whole, for notebooks and offline pages, which have nowhere to import from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)


def whole(path: Path, *folders: Path) -> str:
    """Return a module with what it imports: each module once, in the place of the first import of it.

    Parameters
    ----------
    path
        The file of the module.
    folders
        Where the modules lie that it imports by their names, besides its own folder.
    """
    return _whole(path.name, (path.parent, *folders), set())


def _whole(name: str, folders: tuple[Path, ...], there: set[str]) -> str:
    there.add(name)
    path = next(path for folder in folders if (path := folder / name).exists())
    return _IMPORT.sub(
        lambda found: "" if found[1] in there else _whole(found[1], folders, there),
        path.read_text(encoding="utf-8"),
    )
