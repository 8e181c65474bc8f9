"""The layouts that there are, and what each of them finds in a folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError, advise_names, count_in_words

if TYPE_CHECKING:
    from retrain_kit.datasets.layouts.found import Found
    from retrain_kit.datasets.layouts.listing import Listing

_ROOM, _FOLDER = "retrain_kit.datasets.layouts", Path(__file__).parent
_NO_LAYOUTS = {"companion_files", "found", "known", "listing", "places", "readmes", "studies", "tables"}


@cache
def layout_names() -> tuple[str, ...]:
    """Return the names of all layouts."""
    names = (each.name for each in pkgutil.iter_modules([str(_FOLDER)]))
    return tuple(sorted(name.replace("_", "-") for name in names if name not in _NO_LAYOUTS))


def find_layouts(listing: Listing) -> list[Found]:
    """Return what each layout found in a folder: those whose annotations say most come first."""
    found = (_find(name, listing) for name in layout_names())
    return sorted(filter(None, found), key=lambda each: (-each.detail, each.layout))


def choose_layout(listing: Listing, name: str = "") -> Found:
    """Return what a layout found in a folder: the one of that name, or the one that says most.

    Raises
    ------
    ParameterError
        When there is no layout of that name, or the folder has not that one; or has none at all.
    """
    if name and name not in layout_names():
        raise ParameterError(Fault("--as", repr(name), "a layout", advise_names(name, layout_names())))
    found = [each for each in [_find(name, listing)] if each] if name else find_layouts(listing)
    if not found:
        expected = f"a folder laid out as {name}" if name else "a folder with images in it"
        raise ParameterError(
            Fault(str(listing.root), f"{count_in_words(listing.number, 'file')}, no such data set", expected)
        )
    return found[0]


def _find(name: str, listing: Listing) -> Found | None:
    module = importlib.import_module(f"{_ROOM}.{name.replace('-', '_')}")
    found: Found | None = module.find(listing)
    return found
