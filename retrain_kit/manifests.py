"""Manifests: which pictures a study looks at, why, under which licence, and made by whom.

A study is `<name>.toml` and, beside it, `<name>.csv` with one row a picture. `load` reads both and raises
all faults of the two files together. Nothing is decoded here; `verify` compares the pictures' files with
the manifest.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit import files
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.samples import Provenance, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

PACKAGE = Path(__file__).parent
REQUIRED = ("title", "why", "dataset", "version", "licence", "retrieved")
COLUMNS = ("id", "file", "sha256", "width_px", "height_px", "licence", "author", "source")
INSIDE_PACKAGE = "package:"


@dataclass(frozen=True)
class Annotation:
    """Who made the marks of a study, as far as is known; `undisclosed` lists what was never said."""

    who: str = ""
    when: str = ""
    how: str = ""
    status: str = ""
    makers: Mapping[str, str] = field(default_factory=dict)
    undisclosed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Image:
    """One row of the CSV: a picture, its file below the study's folder, its size and where it comes from."""

    id: str
    file: str
    sha256: str
    width_px: int
    height_px: int
    licence: str
    author: str
    source: str
    note: str = ""
    alt: str = ""
    notice: str = ""
    leaves_out: str = ""


@dataclass(frozen=True)
class Manifest:
    """A study: the contents of its TOML and CSV.

    Parameters
    ----------
    name
        The file's name without ending.
    dataset
        Which module of `retrain_kit.datasets` reads it.
    folder
        Where the pictures' files are.
    files
        The files of marks and tables that the reader of the data set wants, by its own names for them.
    digest
        SHA-256 over TOML, CSV and `files`: two studies with the same digest say the same.
    """

    name: str
    title: str
    why: str
    dataset: str
    version: str
    licence: str
    retrieved: str
    folder: Path
    files: Mapping[str, Path]
    annotation: Annotation
    images: tuple[Image, ...]
    digest: str
    content_notice: str = ""
    withdrawn: Mapping[str, str] = field(default_factory=dict)

    def path(self, image: Image) -> Path:
        """Return where the picture's file is."""
        return self.folder / image.file

    def sample(self, image: Image) -> Sample:
        """Return the picture as a sample without marks: what the manifest alone says of it."""
        return Sample(
            id=image.id,
            path=self.path(image),
            width_px=image.width_px,
            height_px=image.height_px,
            provenance=Provenance(image.author, image.licence, image.source, image.sha256, image.note),
            alt=image.alt,
            notice=image.notice,
            leaves_out=image.leaves_out,
        )


def folders() -> list[Path]:
    """Return where studies are looked for: the working folder and the kit's own manifests."""
    return [Path(), Path("data_manifests"), PACKAGE / "data_manifests", PACKAGE.parent / "data_manifests"]


def names() -> list[str]:
    """Return the names of all studies that can be loaded by name."""
    found = {path.stem for folder in folders()[1:] for path in folder.glob("*.toml")}
    return sorted(found)


def find(study: str) -> Path:
    """Return the TOML of a study given by name or by path.

    Raises
    ------
    ParameterError
        When there is none; the message names the nearest.
    """
    if study.endswith(".toml"):
        candidates = [Path(study)]
    else:
        candidates = [folder / f"{study}.toml" for folder in folders()]
    for path in candidates:
        if path.is_file():
            return path
    near = difflib.get_close_matches(study, names(), n=3, cutoff=0.3) or names()
    do = f"There are: {', '.join(near)}. Or give the path of a .toml."
    raise ParameterError(Fault("study", repr(study), "the name of a study", do))


def load(study: str | Path) -> Manifest:
    """Read a study by name or path.

    Raises
    ------
    ParameterError
        When there is no such study.
    DataError
        With every fault of the TOML and the CSV.
    """
    path = find(str(study))
    table = _read_toml(path)
    faults = [
        Fault(f"{path}, {key}", "nothing", "a text", "Add the field.")
        for key in REQUIRED
        if not table.get(key)
    ]
    folder = _folder(path, str(table.get("folder", "")), faults)
    listed = _table(table, "files", str(path), faults)
    paths = {key: _inside(folder, str(name), f"{path}, files, {key}", faults) for key, name in listed.items()}
    images = _read_rows(path.with_suffix(".csv"), folder, faults)
    annotation = _annotation(_table(table, "annotation", str(path), faults), f"{path}, annotation", faults)
    withdrawn = _withdrawn(table.get("withdrawn", []), f"{path}, withdrawn", faults)
    if faults:
        raise DataError(*faults)
    return Manifest(
        name=path.stem,
        **{key: str(table[key]).strip() for key in REQUIRED},
        folder=folder,
        files=paths,
        annotation=annotation,
        images=images,
        digest=_digest(path, path.with_suffix(".csv"), *paths.values()),
        content_notice=str(table.get("content_notice", "")).strip(),
        withdrawn=withdrawn,
    )


def verify(manifest: Manifest, progress: Callable[[Iterable[Image]], Iterable[Image]] = iter) -> None:
    """Compare every picture's file with the manifest.

    Raises
    ------
    DataError
        With one fault per picture that is missing or has another SHA-256.
    """
    checks = (_check_file(manifest.path(image), image) for image in progress(manifest.images))
    faults = [fault for fault in checks if fault]
    if faults:
        raise DataError(*faults)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(Fault(str(path), f"no TOML ({error})", "a manifest in TOML")) from None


def _folder(path: Path, text: str, faults: list[Fault]) -> Path:
    if text.startswith(INSIDE_PACKAGE):
        return _inside(PACKAGE, text.removeprefix(INSIDE_PACKAGE), f"{path}, folder", faults)
    return _inside(path.parent, text or ".", f"{path}, folder", faults)


def _inside(folder: Path, text: str, where: str, faults: list[Fault]) -> Path:
    """Return `folder / text`; list a fault where that leaves the folder, links followed."""
    path = folder / text
    if Path(text).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        faults.append(Fault(where, repr(text), f"a path inside {folder}", "Move the file into it."))
    return path


def _read_rows(path: Path, folder: Path, faults: list[Fault]) -> tuple[Image, ...]:
    if not path.is_file():
        faults.append(Fault(str(path), "no file", "one row per picture, beside the TOML"))
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        try:
            images = list(_rows(rows, path, folder, faults))
        except (csv.Error, UnicodeDecodeError) as error:
            faults.append(
                Fault(f"{path}, line {rows.line_num + 1}", f"no CSV ({error})", "comma-separated UTF-8")
            )
            return ()
    _check_unique(path, [image.id for image in images], faults)
    return tuple(images)


def _rows(rows: csv.DictReader[str], path: Path, folder: Path, faults: list[Fault]) -> Iterator[Image]:
    """Yield the rows that are whole; list the faults of the others."""
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        found = f"the columns {', '.join(rows.fieldnames or ()) or 'of an empty file'}"
        faults.append(Fault(f"{path}, line 1", found, f"also {', '.join(missing)}"))
        return
    for row in rows:
        if image := _row(row, f"{path}, line {rows.line_num}", folder, faults):
            yield image


def _row(row: dict[str, str], where: str, folder: Path, faults: list[Fault]) -> Image | None:
    before = len(faults)
    cells = {key: (row.get(key) or "").strip() for key in row if isinstance(key, str)}
    faults += [Fault(f"{where}, {key}", "nothing", "a text") for key in COLUMNS if not cells[key]]
    if cells["sha256"] and not re.fullmatch("[0-9a-f]{64}", cells["sha256"]):
        faults.append(Fault(f"{where}, sha256", repr(cells["sha256"]), "64 hexadecimal digits in lower case"))
    sizes = {key: _pixels(cells[key], f"{where}, {key}", faults) for key in ("width_px", "height_px")}
    _inside(folder, cells["file"], f"{where}, file", faults)
    if len(faults) > before:
        return None
    texts = {key: cells.get(key, "") for key in Image.__dataclass_fields__ if key not in sizes}
    return Image(**texts, width_px=sizes["width_px"], height_px=sizes["height_px"])


def _pixels(text: str, where: str, faults: list[Fault]) -> int:
    if text and not (text.isdecimal() and int(text)):
        faults.append(Fault(where, repr(text), "a whole number of pixels above 0"))
        return 0
    return int(text or 0)


def _check_unique(path: Path, ids: list[str], faults: list[Fault]) -> None:
    twice = sorted({name for name in ids if ids.count(name) > 1})
    faults += [Fault(f"{path}, id", f"{name!r} more than once", "every id once") for name in twice]


def _annotation(table: Mapping[str, Any], where: str, faults: list[Fault]) -> Annotation:
    texts = {key: str(table.get(key, "")).strip() for key in ("who", "when", "how", "status")}
    faults += [
        Fault(f"{where}, {key}", "nothing", "a text; write unknown where nobody has said", "Add the field.")
        for key in ("who", "when", "how")
        if not texts[key]
    ]
    makers = {name: str(text) for name, text in _table(table, "makers", where, faults).items()}
    undisclosed = table.get("undisclosed", [])
    if not isinstance(undisclosed, list):
        faults.append(Fault(f"{where}, undisclosed", repr(undisclosed), "a list of texts"))
        undisclosed = []
    return Annotation(**texts, makers=makers, undisclosed=tuple(map(str, undisclosed)))


def _table(table: Mapping[str, Any], key: str, where: str, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the table under a key, an empty one where it is missing; list a fault where it is none."""
    found = table.get(key, {})
    if isinstance(found, dict):
        return found
    faults.append(Fault(f"{where}, {key}", repr(found), "a table of names and texts"))
    return {}


def _withdrawn(rows: object, where: str, faults: list[Fault]) -> dict[str, str]:
    if isinstance(rows, list) and all(
        isinstance(row, dict) and {"id", "reason"} <= row.keys() for row in rows
    ):
        return {str(row["id"]): str(row["reason"]) for row in rows}
    faults.append(Fault(where, repr(rows), "tables [[withdrawn]] with an id and a reason each"))
    return {}


def _check_file(path: Path, image: Image) -> Fault | None:
    if not path.is_file():
        return Fault(str(path), "no file", f"the picture {image.id}", "Put it there or correct the manifest.")
    found = files.sha256(path)
    if found == image.sha256:
        return None
    do = "The file is another one than the study was made with; restore it or correct the manifest."
    return Fault(str(path), f"sha256 {found[:12]}…", f"{image.sha256[:12]}…", do)


def _digest(*paths: Path) -> str:
    """Return one digest over files and over all files of folders, in the order of their names."""
    found = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*")))]
    sums = [files.sha256(file) for file in found if file.is_file()]
    return hashlib.sha256("".join(sums).encode()).hexdigest()
