"""A report of one of the kit's notebooks, made by the command line, and read again."""

import re
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup


def command(*words):
    """Return the command line that makes reports."""
    return [str(Path(sys.executable).parent / "retrain-kit"), "report", *map(str, words)]


def report(number, where, *options):
    """Make the report of a notebook in a folder; return the finished process."""
    return subprocess.run(command(number, *options), cwd=where, capture_output=True, text=True)


def page(where):
    """Return the one report of a folder."""
    (path,) = (where / "reports").rglob("*.html")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def text(soup):
    """Return the words of a page, single spaces between them."""
    return re.sub(r"\s+", " ", soup.get_text(" "))
