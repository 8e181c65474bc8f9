"""Modules: the script and the style of a widget, whole.

A notebook gives a widget one ES module and one style sheet, which have nowhere to import from: the parts that
widgets share stand in files of their own, and are put in here.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)


def script(name: str) -> str:
    """Return the ES module of a widget, with what it imports, each once, in the place of the first import."""
    return _whole(f"{name}.js", set())


def _whole(name: str, there: set[str]) -> str:
    there.add(name)
    return _IMPORT.sub(lambda found: "" if found[1] in there else _whole(found[1], there), _read(name))


def style(name: str) -> str:
    """Return the style sheet of a widget, after what all widgets have in common.

    What they have in common is said of this widget alone: in a notebook with several of them the sheet that
    comes last would overrule what the others say of themselves.
    """
    common = _read("parts.css").replace(".rk-widget", f".rk-{name.replace('_', '-')}-widget")
    return f"{common}\n{_read(f'{name}.css')}"


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
