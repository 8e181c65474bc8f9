"""Modules: the script and the style of a widget, whole.

A notebook gives a widget one ES module and one style sheet, which have nowhere to import from: the parts that
widgets share stand in files of their own, and are put in here.
"""

from __future__ import annotations

from pathlib import Path

from retrain_kit import scripts
from retrain_kit.display import styles

FOLDER = Path(__file__).parent


def script(name: str) -> str:
    """Return the ES module of a widget, with what it imports."""
    return scripts.whole(FOLDER / f"{name}.js")


def style(name: str) -> str:
    """Return the style sheet of a widget, whole."""
    return styles.widget(f".rk-{name.replace('_', '-')}-widget", FOLDER / f"{name}.css")
