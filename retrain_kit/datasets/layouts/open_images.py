"""Open Images' layouts: its CSVs as distributed, or as FiftyOne's zoo keeps them, beside its images.

A study has the tables of one split. Where a folder has several, it is that of which most images are there; of
the others one makes studies of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from retrain_kit.datasets.layouts.found import BOXES, IMAGE_LABELS, OUTLINES, Found, FoundImage
from retrain_kit.errors import count_in_words
from retrain_kit.storage.files import size_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import LeftOut
    from retrain_kit.datasets.layouts.listing import ListedFile, Listing

UNSAID = "Who the annotators were, where they worked, for whom and for what pay."
_ID = re.compile(r"[0-9a-f]{16}")
_SPLIT = re.compile(r"(?:^|[/_-])(train|validation|val|test)(?=$|[/_.-])", re.IGNORECASE)
_CLASS = re.compile(rb"\A(LabelName,DisplayName|/[a-z]/[\w]+,)")
_MOST_IN_FOLDER = 100
_CONDITIONS: tuple[tuple[str, set[str], set[str]], ...] = (
    ("images", {"ImageID", "License", "Author"}, set()),
    ("miap", {"ImageID", "LabelName", "XMin", "AgePresentation"}, set()),
    ("masks", {"MaskPath", "ImageID"}, set()),
    ("relationships", {"ImageID", "LabelName1", "RelationshipLabel"}, set()),
    ("points", {"ImageId", "X", "Y", "Label", "EstimatedYesNo"}, set()),
    ("boxes", {"ImageID", "Source", "LabelName", "Confidence", "XMin"}, set()),
    ("image_labels", {"ImageID", "Source", "LabelName", "Confidence"}, {"XMin"}),
)
"""What the first line of each table has, and has not."""
_SHARED = ("classes", "attributes", "hierarchy")
_ANNOTATIONS = {"boxes", "image_labels", "masks", "points", "relationships", "miap"}


def find(listing: Listing) -> Found | None:
    """Return the images of Open Images of which a table speaks."""
    every = list(_tables(listing))
    if not any(name in _ANNOTATIONS for name, _ in every):
        return None
    number = Counter(_split(each.path) for each in _images(listing))
    if not number:
        return None
    splits = {_split(each.path) for name, each in every if name in _ANNOTATIONS}
    split = max(sorted(splits), key=lambda each: number[each] if each else sum(number.values()))
    files: dict[str, ListedFile] = {}
    for name, each in sorted(every, key=lambda pair: pair[1].size_bytes):
        if _split(each.path) in {split, ""} or (name in _SHARED and name not in files):
            files[name] = each

    def images(_: LeftOut) -> Iterator[FoundImage]:
        for each in _images(listing):
            if _split(each.path) in {split, ""} or not split:
                yield FoundImage(each.stem, each.path, split=_split(each.path))

    named = [f"{name}: {each.path} ({size_in_words(each.size_bytes)})" for name, each in files.items()]
    there = count_in_words(number[split] or sum(number.values()), "image")
    others = sorted(splits - {split, ""})
    more = (f"Of {' and '.join(others)} make studies of their own, each of its folder.",) if others else ()
    masks = {"mask_folder": place} if "masks" in files and (place := _mask_folder(listing)) else {}
    return Found(
        layout="open-images",
        dataset="open-images",
        files={name: each.path for name, each in files.items()} | masks,
        images=images,
        sentences=(f"Open Images, {split or 'one split'}: {there}.", *named, *more),
        detail=OUTLINES if "masks" in files else BOXES if "boxes" in files else IMAGE_LABELS,
        undisclosed=(UNSAID,),
    )


def _tables(listing: Listing) -> Iterator[tuple[str, ListedFile]]:
    """Yield the files that are Open Images', each with the reader's name for it."""
    for folder, contents in sorted(listing.folders.items()):
        if not 0 < contents.endings[".csv"] + contents.endings[".json"] <= _MOST_IN_FOLDER:
            continue
        for each in listing.files(folder, ".csv", ".json", ".jsonl"):
            if name := _name(each, listing.head(each.path, 1 << 12)):
                yield name, each


def _name(file: ListedFile, head: bytes) -> str:
    if file.ending == ".json":
        return "hierarchy" if b'"Subcategory"' in head and b'"LabelName"' in head else ""
    if file.ending == ".jsonl":
        return "narratives" if b'"timed_caption"' in head and b'"image_id"' in head else ""
    columns = set(head.splitlines()[0].decode("utf-8-sig", "replace").strip().split(",")) if head else set()
    for name, there, absent in _CONDITIONS:
        if there <= columns and not absent & columns:
            return name
    if _CLASS.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "attributes" if "attribute" in file.name.lower() else "classes"
    return ""


def _images(listing: Listing) -> Iterator[ListedFile]:
    return (each for each in listing.images() if each.ending == ".jpg" and _ID.fullmatch(each.stem))


def _split(path: str) -> str:
    """Return the split that a path names; empty where it names none."""
    found = _SPLIT.search(path)
    return "validation" if found and found[1].lower() == "val" else found[1].lower() if found else ""


def _mask_folder(listing: Listing) -> str:
    """Return the folder of the PNGs of masks; those may lie in it by their ids' first digits."""
    for folder, contents in sorted(listing.folders.items()):
        first = next(listing.files(folder, ".png"), None) if contents.endings[".png"] else None
        if first and _ID.match(first.stem) and len(first.stem) > len("0123456789abcdef"):
            above, _, name = folder.rpartition("/")
            return (above if re.fullmatch("[0-9a-f]", name) else folder) or "."
    return ""
