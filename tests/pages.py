"""The snippets of the kit's pages: their commands line by line, their Python block by block."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from markdown_it import MarkdownIt
from places import ROOT

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
TEXTS = (*PAGES, ROOT / "CHANGELOG.md", *sorted((ROOT / "notebook_sources").glob("*.py")))
"""All that is said of commands in running text."""
SHELLS = {"", "bash", "console", "sh"}


@dataclass(frozen=True)
class Snippet:
    """A command, or a block of Python: the page, the block and the line it stands on, and its text."""

    page: str
    block: int
    line: int
    text: str

    def __str__(self):
        return f"{self.page}:{self.line} {self.text.splitlines()[0]}"


def commands():
    """All lines of the pages that one types, without what is said of them behind a sharp sign."""
    found = []
    for page, block in _blocks():
        if block.info.strip() in SHELLS:
            for number, line in enumerate(
                block.content.splitlines(), block.map[0] + (block.type == "fence") + 1
            ):
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if words[:1] in (["retrain-kit"], ["make"], ["pip"]):
                    found.append(Snippet(page, block.map[0] + 1, number, shlex.join(words)))
    return found


def programs():
    """All blocks of Python on the pages."""
    return [
        Snippet(page, block.map[0] + 1, block.map[0] + 2, block.content)
        for page, block in _blocks()
        if block.info.strip() == "python"
    ]


def _blocks():
    for path in PAGES:
        for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
            if token.type in {"fence", "code_block"}:
                yield path.relative_to(ROOT).as_posix(), token
