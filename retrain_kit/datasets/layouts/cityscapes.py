"""Cityscapes: images `*_leftImg8bit`, with outlines and label images in a tree that mirrors theirs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from retrain_kit.datasets.cityscapes import IMAGE_ENDING, NAMINGS
from retrain_kit.datasets.layouts.found import OUTLINES, Found, FoundImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.formats.companions import Naming
    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import Listing

_SPLITS = ("train", "train_extra", "val", "test", "demoVideo")
_LOOKED_AT = 20


def find(listing: Listing) -> Found | None:
    """Return the images of a tree whose files are named as Cityscapes names them; none of any other."""
    places = {naming.prefix: _folders(listing, naming) for naming in NAMINGS}
    kinds = [name for name, folders in places.items() if folders]
    if not kinds or not any(each.stem.endswith(IMAGE_ENDING) for each in listing.images()):
        return None
    tops = {name: _tops(places[name]) for name in kinds}
    truths = sorted({top for found in tops.values() for top in found})
    fine = [top for top in truths if "coarse" not in top.rpartition("/")[2].lower()] or truths
    files: dict[str, str] = {}
    for name in kinds:
        here = [top for top in tops[name] if top in fine]
        files |= {name if at == 0 else f"{name}_{at + 1}": top or "." for at, top in enumerate(here)}

    def images(left_out: LeftOut) -> Iterator[FoundImage]:
        seen: set[str] = set()
        for each in listing.images():
            name = each.stem.removesuffix(IMAGE_ENDING)
            if name == each.stem:
                continue
            if name in seen:
                left_out.add(each.path, "an image of a name that another one has")
                continue
            seen.add(name)
            split = next((part for part in each.path.split("/")[:-1] if part in _SPLITS), "")
            yield FoundImage(name, each.path, split=split)

    told = ", ".join(f"{name} in {path}" for name, path in files.items())
    sentences = [f"Street scenes in Cityscapes' layout: {told}."]
    if "polygons" in kinds and len(kinds) > 1:
        sentences.append("The outlines are read; the label images were made of them by a program.")
    sentences += [f"{top} is left out: there are finer annotations." for top in truths if top not in fine]
    return Found("cityscapes", "cityscapes", files, images, tuple(sentences), OUTLINES)


def _folders(listing: Listing, naming: Naming) -> list[str]:
    """Return the folders whose first files are of a kind."""
    suffix, endings = naming.suffix, naming.own_endings
    found = []
    for folder, contents in listing.folders.items():
        if contents.endings[suffix]:
            first = islice(listing.files(folder, suffix), _LOOKED_AT)
            if any(each.stem.endswith(endings) for each in first):
                found.append(folder)
    return found


def _tops(folders: list[str]) -> list[str]:
    """Return the folders by the name of a ground truth in which these lie; else what they have in common."""
    found = []
    for folder in folders:
        parts = folder.split("/")
        named = [at for at, part in enumerate(parts) if part.startswith("gt")]
        found.append("/".join(parts[: named[-1] + 1]) if named else folder)
    return sorted({each for each in found if not any(each.startswith(f"{other}/") for other in found)})
