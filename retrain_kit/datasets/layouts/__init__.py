"""Layouts: how data sets lie in folders, one module each, so that a study can be made of what lies there.

A layout is a module of this room with one function::

    def find(listing: Listing) -> Found | None:

`listing` has names, sizes and dates of all files, from one walk (`layouts.listing`). `find` tells from them
whether the folder has this layout; where names do not tell, it looks at the beginning or the end of a file
(`listing.head`, `listing.tail`), never at every file: it answers within a second of a million files. It
returns a `Found` (`layouts.found`): the reader, the files it needs, a function that yields the images, what
was found in sentences, and what nobody has said. Nothing is ever written into the folder.

A new layout is a new module here; no list has to name it. `find_layouts` asks all of them, `study_of` is what
a command calls to get the study of a folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError, advise_names

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.datasets.layouts.found import Found
    from retrain_kit.datasets.layouts.listing import Listing

_NO_LAYOUTS = {"found", "listing", "studies"}


@cache
def layout_names() -> tuple[str, ...]:
    """Return the names of all layouts."""
    names = (each.name for each in pkgutil.iter_modules(__path__))
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
            Fault(str(listing.root), f"{listing.number:,} files, no such data set", expected)
        )
    return found[0]


def study_of(path: Path, layout: str = "") -> Path:
    """Return the TOML of the study of a folder: made where there is none yet, without asking anything.

    A command that is given a folder calls this, then `studies.manifests.load` with what it returns.

    A study that was made of this folder with `retrain-kit study` and lies where studies are looked for
    (`manifests.study_folders`) is taken. Else the study is kept in `studies` of the folder for data sets
    (`manifests.data_folder`): nothing is written into the folder itself, nor into the working folder. It is
    made once; where files of the folder came, went or changed since, its table is made anew and the words of
    its TOML stay. Digests of the images are not computed for it: `ImageRow.sha256` is empty until
    `retrain-kit pull` computes them.

    Parameters
    ----------
    path
        The folder.
    layout
        The name of a layout, where not the one is to be taken that says most.

    Raises
    ------
    ParameterError, DataError
        As `choose_layout`; and when there is no image, or nothing can be written.
    """
    from retrain_kit.datasets.layouts import studies  # noqa: PLC0415 - it asks this module for layouts

    return studies.study_of(path, layout)


def _find(name: str, listing: Listing) -> Found | None:
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    found: Found | None = module.find(listing)
    return found
