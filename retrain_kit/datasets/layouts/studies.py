"""Studies made of folders: a TOML and a table, written whole or not at all, and nothing into the folder.

What a person wrote into the TOML of such a study stays when it is made anew; its table, its files and what
was left out are those of the folder as it is now.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from retrain_kit.datasets import pinning
from retrain_kit.datasets.layouts import known
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.datasets.layouts.tables import TableCounts, write_table
from retrain_kit.datasets.seen_images import SeenImages
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files, texts
from retrain_kit.studies import manifests
from retrain_kit.studies.sampling import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.datasets.layouts.found import Found

LISTING = "listing"
"""The table of a study's TOML that says of which files it was made, and by which layout."""

UNSAID = (
    "Who chose these images, and why these.",
    "Whether the people in the images, and those who took them, agreed to this use.",
)
"""What nobody has said of any data set that the kit meets in a folder."""


@dataclass(frozen=True)
class SaidByPerson:
    """What the person who makes a study says of its data set; empty where they do not know."""

    title: str = ""
    why: str = ""
    licence: str = ""
    who: str = ""
    when: str = ""
    how: str = ""
    paid: str = ""


@dataclass(frozen=True)
class MadeStudy:
    """A study that was made: its TOML, and what its table has."""

    toml: Path
    counts: TableCounts


def make_study(
    listing: Listing,
    found: Found,
    toml: Path,
    said: SaidByPerson | None = None,
    *,
    digests: bool = False,
) -> MadeStudy:
    """Write the two files of a study of what a layout found in a folder, each whole or not at all.

    Parameters
    ----------
    listing, found
        The folder, and what was found in it.
    toml
        Where the TOML goes, its table beside it. One that is there keeps its words.
    said
        What a person says of the data set.
    digests
        Whether the digests of the images are computed now.

    Raises
    ------
    DataError
        When there is no image, a file that lists images is broken, or nothing can be written.
    """
    table = toml.with_suffix(".csv")
    with SeenImages() as seen, files.writing(table) as temporary:
        counts = write_table(temporary, listing, found, seen, digests=digests)
        if not counts.images:
            raise DataError(_no_images(listing, counts, found.advice))
        document = pinning.read_document(toml) if toml.is_file() else _document(listing, found)
        _fill(document, listing, found, counts, said or SaidByPerson())
        pinning.write_left_out(toml, counts.left_out.listed)
        with files.writing(toml) as written:
            written.write_text(tomlkit.dumps(document), encoding="utf-8")
    return MadeStudy(toml, counts)


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
    own = find_study(path, layout)
    kept = manifests.folder_of_kept_studies().resolve()
    if own and own.resolve().parent != kept:
        return own
    listing = Listing(path)
    if own and is_current(own, listing):
        return own
    found = known.choose_layout(listing, layout)
    place = own or kept / f"{free_name(listing.root, found.layout if layout else '')}.toml"
    return make_study(listing, found, place).toml


def find_study(path: Path, layout: str = "", works: str = "") -> Path | None:
    """Return the TOML of a study that was made of this folder, of no other table of works; or None."""
    root = path.resolve()
    for toml, table in _made_studies():
        is_of_folder = table.get("folder") == str(root)
        if is_of_folder and (not layout or table[LISTING].get("layout") == layout):
            files_of = table.get("files")
            other = files_of.get("works", works) if isinstance(files_of, dict) else works
            if not works or other == works or not (root / str(other)).is_file():
                return toml
    return None


def is_made_of(toml: Path, folder: Path) -> bool:
    """Say whether a TOML is that of a study that was made of a folder."""
    table = _read(toml)
    return isinstance(table.get(LISTING), dict) and table.get("folder") == str(folder)


def is_current(toml: Path, listing: Listing) -> bool:
    """Say whether a study was made of the files that are in its folder now, and has its table."""
    made = _read(toml).get(LISTING)
    return made == fingerprint(listing, (made or {}).get("layout", "")) and toml.with_suffix(".csv").is_file()


def fingerprint(listing: Listing, layout: str) -> dict[str, Any]:
    """Return what tells whether a folder has changed: how many files it has, their bytes, the last change."""
    return {
        "layout": layout,
        "files": listing.number,
        "bytes": listing.size_bytes,
        "changed_ns": listing.newest_ns,
    }


def free_name(root: Path, layout: str = "") -> str:
    """Return a name for the study of a folder that no other study has."""
    stem = re.sub(r"[^\w.]+", "-", f"{root.name}-{layout}").strip("-.").lower() or "study"
    taken = {*manifests.study_names(), *(path.stem for path in Path().glob("*.toml"))}
    digest = hashlib.sha256(str(root).encode(errors="surrogateescape")).hexdigest()
    return stem if stem not in taken else f"{stem}-{digest[:6]}"


def _made_studies() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the studies that were made of folders, the working folder's first."""
    for place in manifests.study_folders():
        for toml in sorted(place.glob("*.toml")):
            table = _read(toml)
            if isinstance(table.get(LISTING), dict):
                yield toml, table


def _read(toml: Path) -> dict[str, Any]:
    """Return a TOML; nothing where it is none: many another program has one in a working folder."""
    try:
        return texts.read_toml(toml, "a study")
    except DataError:
        return {}


def _no_images(listing: Listing, counts: TableCounts, advice: str) -> Fault:
    common = counts.left_out.counts.most_common(5)
    reasons = "; ".join(f"{why}: {number:,}" for why, number in common)
    found = f"no image that can be taken ({reasons})" if reasons else "no image"
    return Fault(str(listing.root), found, "at least one", f"{advice} Nothing was written.".lstrip())


# -- the TOML


_HEAD = (
    "Made by `retrain-kit study` of what lies in a folder. Unknown is what nobody has said.",
    "What you know better, write here. The table beside this file lists the images.",
)


def _document(listing: Listing, found: Found) -> tomlkit.TOMLDocument:
    """Return the TOML of a new study, with what nobody has said written as unknown."""
    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document["title"] = listing.root.name or str(listing.root)
    document["why"] = "unknown: nobody has said yet why these images are looked at"
    document["dataset"] = found.dataset
    document["version"] = found.version or UNSTATED
    document["licence"] = found.licence or UNSTATED
    document["retrieved"] = datetime.now(UTC).date()
    document["folder"] = str(listing.root)
    if found.publication:
        document["publication"] = dict(found.publication)
    document["annotation"] = {
        "who": found.who or UNSTATED,
        "when": found.when or UNSTATED,
        "how": found.how or UNSTATED,
        "undisclosed": _lines([*found.undisclosed, *UNSAID]),
    }
    for name, words in (("annotators", found.annotators), ("sources", found.sources)):
        if words:
            document["annotation"][name] = dict(words)
    return document


def _fill(
    document: tomlkit.TOMLDocument, listing: Listing, found: Found, counts: TableCounts, said: SaidByPerson
) -> None:
    """Write what is so now into a TOML, and what a person says in the place of what was unknown."""
    document["dataset"], document["folder"] = found.dataset, str(listing.root)
    document["retrieved"] = datetime.now(UTC).date()
    for name, table in (
        ("files", dict(found.files)),
        ("left_out", dict(sorted(counts.left_out.counts.items()))),
        (LISTING, fingerprint(listing, found.layout)),
    ):
        document.pop(name, None)
        if table:
            document[name] = table
    for key in ("title", "why", "licence"):
        if text := getattr(said, key):
            document[key] = text
    annotation: Any = document["annotation"]
    how = " ".join(f"{text.rstrip('.')}." for text in (said.how, said.paid and f"Paid: {said.paid}") if text)
    for key, text in (("who", said.who), ("when", said.when), ("how", how)):
        if text:
            annotation[key] = text


def _lines(sentences: list[str]) -> Any:  # noqa: ANN401 - tomlkit's list
    array = tomlkit.array()
    array.extend(sentences)
    return array.multiline(multiline=True)
