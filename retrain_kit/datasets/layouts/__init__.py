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

from retrain_kit.datasets.layouts.known import choose_layout, find_layouts, layout_names
from retrain_kit.datasets.layouts.studies import study_of

__all__ = ["choose_layout", "find_layouts", "layout_names", "study_of"]
