"""Captions of a table: lines that a machine or a person wrote elsewhere, an image a row.

Whoever has a model that writes about images, and no way to run it here, runs it elsewhere and brings the
table: a CSV with `image` and `caption`, and `credit` where it is known who or what wrote the line. An image
is named by its id in the study, or by its file: a name, a path or an address.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from retrain_kit.annotations.written import CreditedLine
from retrain_kit.errors import NAMES_SHOWN, DataError, Fault
from retrain_kit.storage import texts
from retrain_kit.studies import image_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from retrain_kit.studies.image_table import ImageRow

_COLUMNS = ("image", "caption", "credit")


def read_captions(path: Path) -> dict[str, CreditedLine]:
    """Return the captions of a table, by the names that it has for images.

    Raises
    ------
    DataError
        With each row without an image or a caption, or of an image that has one already.
    """
    found: dict[str, CreditedLine] = {}
    faults: list[Fault] = []
    for line, row in texts.table_rows(path, _COLUMNS, ("image", "caption")):
        where, name = f"{path}, line {line}", row["image"].strip()
        text = " ".join(row["caption"].split())
        if not name or not text:
            faults.append(Fault(where, "no image" if not name else "no caption", "an image and its caption"))
        elif name in found:
            faults.append(Fault(where, f"a second caption of {name!r}", "one an image"))
        else:
            found[name] = CreditedLine(text, (row.get("credit") or "").strip())
    if len(faults) > NAMES_SHOWN:
        more = Fault(str(path), f"{len(faults) - NAMES_SHOWN:,} more such lines", faults[0].expected)
        faults = [*faults[:NAMES_SHOWN], more]
    if faults:
        raise DataError(*faults)
    return found


def captions_of_images(
    captions: Mapping[str, CreditedLine], images: Iterable[ImageRow]
) -> dict[str, CreditedLine]:
    """Return the caption of each image of a study that a table has one for, by the image's id.

    Which image a name of the table means, `image_names` says. Of two names of one image the one that fits
    better counts; where they fit equally well, nothing says which is right: none is taken.

    Parameters
    ----------
    captions
        As `read_captions` returns them.
    images
        All images of the study: a name that means one of a part may mean several of the whole.
    """
    claims: dict[str, dict[float, list[CreditedLine]]] = defaultdict(lambda: defaultdict(list))
    for name, meant in image_names.find_images(captions, images).items():
        claims[meant.id][meant.fit].append(captions[name])
    chosen = {own: lines[max(lines)] for own, lines in claims.items()}
    return {own: lines[0] for own, lines in chosen.items() if len(lines) == 1}
