"""Assets: the style sheet and the script of a page or of a widget, put together from shared parts.

A sheet has the tokens, the parts and the rules of its page or widget alone.

The parts say `.rk-widget` for whatever holds them. For a widget this becomes its own class: in a notebook
with several widgets no sheet then says anything of another's. For a page it becomes its body, and weighs
nothing, so that the page's own rules have the last word.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
LAB = FOLDER / "lab.css"
CELLS = FOLDER / "cells.css"
LAB_SESSION = "JPY_SESSION_NAME"
"""The variable that Jupyter's server gives to the kernels of its notebooks, and nobody else does."""
_HOLDER = ".rk-widget"
_BODY = ":where(body)"
_COMMENT = re.compile(r"/\*.*?\*/\n*", re.DOTALL)


def is_in_lab() -> bool:
    """Return whether this is the kernel of a notebook that is open in JupyterLab or its kin."""
    return LAB_SESSION in os.environ


def widget_sheet(holder: str, own: Path) -> str:
    """Return the whole sheet of a widget.

    Parameters
    ----------
    holder
        The class that this widget alone has, with its dot.
    own
        The file with the rules of this widget alone.
    """
    shared = _text("parts.css") + _text("widget.css") + _text(LAB.name)
    return "\n".join((_text("tokens.css"), shared.replace(_HOLDER, holder), own.read_text(encoding="utf-8")))


MATHJAX_IGNORE = "mathjax_ignore"
"""The class of what has anybody's words in it: JupyterLab sets no mathematics there, a $ stays a $."""


@cache
def lab_style() -> str:
    """Return the style that comes before what a cell shows, so that it follows JupyterLab's theme."""
    shown = ":is(.rk-figure, .rk-data, .rk-around, .rk-cards, .rk-spread)"
    sheets = (_text("tokens.css"), _text(CELLS.name), _text(LAB.name).replace(_HOLDER, shown))
    return f"<style>{re.sub(_COMMENT, '', ''.join(sheets))}</style>"


def page_sheet(*own: Path) -> str:
    """Return the whole sheet of a page; the files with its own rules come last, in their order."""
    shared = _text("parts.css").replace(_HOLDER, _BODY)
    sheets = (_text("tokens.css"), shared, _text(CELLS.name), _text("page.css"))
    return "\n".join((*sheets, *(path.read_text(encoding="utf-8") for path in own)))


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


# -- scripts: an ES module with its imports, for notebooks and offline pages, which cannot import.


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


_NAMES_IMPORT = re.compile(r'^import (?:(\w+)|\{([^}]*)\}) from "(\.\.?/[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (.+);$", re.MULTILINE)


def bundled_script(path: Path) -> str:
    """Return a module with all that it imports as one script: each module once, in a scope of its own.

    Unlike `inlined_script`, it takes several widgets, which have the same names for different things.
    """
    modules: dict[Path, str] = {}
    _bundle(path.resolve(), modules)
    return "".join(modules.values())


def _bundle(path: Path, modules: dict[Path, str]) -> str:
    """Add a module after those that it imports, and return its name."""
    numbers: dict[str, str] = {}
    text = path.read_text(encoding="utf-8")
    for _, _, imported in _NAMES_IMPORT.findall(text):
        numbers[imported] = _bundle((path.parent / imported).resolve(), modules)
    if path in modules:
        return modules[path].split(maxsplit=2)[1]
    name = f"module{len(modules)}"

    def put(found: re.Match[str]) -> str:
        whole, names, imported = found.groups()
        taken = f"{{ default: {whole} }}" if whole else f"{{{names.replace(' as ', ': ')}}}"
        return f"const {taken} = {numbers[imported]};\n"

    text = _NAMES_IMPORT.sub(put, text)
    names = [*_EXPORT.findall(text), *(["default: whole"] if _DEFAULT.search(text) else [])]
    text = _EXPORT.sub("", _DEFAULT.sub(r"const whole = \1;", text))
    modules[path] = f"const {name} = (() => {{\n{text}\nreturn {{ {', '.join(names)} }};\n}})();\n"
    return name


def data_address(media_type: str, data: bytes) -> str:
    """Return a file as an address that holds it."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def policy_digest(text: str) -> str:
    """Return the digest of a script or a style sheet as a page's policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
