"""What the readmes of an export say of its data set, as Roboflow has them: its licence, what was done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.listing import Listing

_README = re.compile(r"readme(\.(roboflow|dataset))?\.(txt|md)", re.IGNORECASE)
_LICENCE = re.compile(r"^\s*(?:\W\W)?licen[sc]e\W*:\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_DONE = re.compile(
    r"^The following (?:pre-processing|augmentation) was applied.*?(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL
)
_LONGEST_SIGNS = 1000


@dataclass(frozen=True)
class StatedInReadmes:
    """What readmes say: the licence to the letter, and what was done to images; empty where they do not."""

    licence: str = ""
    how: str = ""
    sentences: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def stated_in_readmes(listing: Listing) -> StatedInReadmes:
    """Return what the readmes in a folder itself say."""
    licence = how = ""
    sentences: list[str] = []
    files: list[str] = []
    for name, text in _readmes(listing):
        files.append(name)
        if (found := _LICENCE.search(text)) and not licence:
            licence = found[1]
            sentences.append(f"{name} says of the licence: {licence}")
        if (done := " ".join(" ".join(found.split()) for found in _DONE.findall(text))) and not how:
            how = f"{name} says: {done[:_LONGEST_SIGNS]}"
            sentences.append(how)
    return StatedInReadmes(licence, how, tuple(sentences), tuple(files))


def _readmes(listing: Listing) -> Iterator[tuple[str, str]]:
    for each in listing.files("", ".txt", ".md"):
        if _README.fullmatch(each.name):
            yield each.name, listing.head(each.path).decode("utf-8", "replace").replace("\r\n", "\n")
