"""Templates of pages: what is put into them is text, and what they name has to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

if TYPE_CHECKING:
    from pathlib import Path


def html_environment(folder: Path) -> Environment:
    """Return the environment of a folder's templates of HTML."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def text_environment(folder: Path) -> Environment:
    """Return the environment of a folder's templates of the same text as HTML and as Markdown.

    Those that end in `html.j2` are escaped; a line's end at the end of a template stays.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
