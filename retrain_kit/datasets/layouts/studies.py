"""Studies made of folders: two files written whole or not at all, and nothing into the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def study_of(path: Path, layout: str = "") -> Path:
    """Return the TOML of the study of a folder: see `layouts.study_of`."""
    raise NotImplementedError(path, layout)
