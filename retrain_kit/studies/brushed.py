"""Brushed areas: what somebody covered by hand in images of a study, because no annotation covers it.

They are kept as masks beside the study, in NAME.brushed.json, or for the kit's own studies in
`brushed/NAME.json` among the user's data. A mask is a grid of cells over the whole frame, 64 along its longer
side; its rows are written down as text, # for a cell that is covered:

    {"study": "mine", "images": {"bison": {"size": [640, 480], "rows": ["", "", "...##"]}}}

What is not written is not covered. The file is there whole or not at all, and holds no pixel of any image.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.errors import DataError, Fault, ParameterError, advise_names
from retrain_kit.storage import files, locks
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.studies.manifests import Manifest

    Grid = NDArray[np.bool_]
    Size = tuple[int, int]

CELLS = 64
"""Along the longer side of the frame."""
_ROW = re.compile(r"[.#]*")


def brushed_path(manifest: Manifest) -> Path:
    """Return the file in which a study's brushed areas are kept, whether or not it is there."""
    own = {folder.resolve() for folder in manifests.KIT_FOLDERS}
    if manifest.toml.resolve().parent in own or not manifest.toml.name:
        return manifests.data_folder() / "brushed" / f"{manifest.name}.json"
    return manifest.toml.with_suffix(".brushed.json")


def grid_shape(size: Size) -> tuple[int, int]:
    """Return rows and columns of the grid over a frame of `size` (width, height), at least one of each."""
    width, height = size
    longer = max(width, height)
    return max(1, round(CELLS * height / longer)), max(1, round(CELLS * width / longer))


def grid_rows(grid: Grid) -> list[str]:
    """Return a grid as rows of text, what follows the last # and the last such row left out."""
    rows = ["".join(".#"[cell] for cell in row.astype(int)).rstrip(".") for row in grid]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def parse_grid(rows: Sequence[object], size: Size) -> Grid:
    """Return the grid that rows of text stand for, boolean (rows, columns).

    Raises
    ------
    ParameterError
        When something is no row, or reaches beyond the frame.
    """
    grid = np.zeros(grid_shape(size), dtype=bool)
    expected = f"at most {grid.shape[0]} rows of at most {grid.shape[1]} signs, each . or #"
    if len(rows) > grid.shape[0]:
        raise ParameterError(Fault("rows", f"{len(rows)} rows", expected))
    for number, row in enumerate(rows):
        if not isinstance(row, str) or not _ROW.fullmatch(row) or len(row) > grid.shape[1]:
            raise ParameterError(Fault(f"rows, row {number + 1}", shown(row), expected))
        grid[number, : len(row)] = [sign == "#" for sign in row]
    return grid


def load_brushed(manifest: Manifest) -> dict[str, Grid]:
    """Return what was brushed in each image of a study, by the image's id; nothing where there is no file.

    Of a study under the veil the file has the images' own ids, and what is returned those under the veil.

    Raises
    ------
    DataError
        With all that is wrong with the file; what is covered would not be otherwise.
    """
    path = brushed_path(manifest)
    entries = _read(path)
    shown_ids = _shown_ids(manifest)
    sizes = {image.id: (image.width_px, image.height_px) for image in (manifest.unveiled or manifest).images}
    faults: list[Fault] = []
    found = {}
    for name, entry in entries.items():
        where = f"{path}, {name}"
        if name not in sizes and manifest.part_of:
            continue
        if name not in sizes:
            do = advise_names(name, sizes)
            faults.append(Fault(where, "an area", "the id of an image of the study", do))
        elif (grid := _grid(entry, sizes[name], where, faults)) is not None:
            found[shown_ids[name]] = grid
    if faults:
        raise DataError(*faults)
    return found


def keep_brushed(manifest: Manifest, image: str, grid: Grid) -> None:
    """Keep what is brushed in an image, in the place of what was; it is on the disk when this returns.

    An image in which nothing is brushed any more is not in the file any more.

    Raises
    ------
    ParameterError
        When there is no such image, or the grid is not its own.
    DataError
        When the file is no such file, or cannot be written; nothing is changed then.
    """
    size = next(((row.width_px, row.height_px) for row in manifest.images if row.id == image), None)
    own = next((name for name, under_veil in _shown_ids(manifest).items() if under_veil == image), image)
    if size is None:
        raise ParameterError(Fault("image", repr(image), f"one of the study {manifest.name}"))
    if grid.shape != grid_shape(size):
        rows, columns = grid_shape(size)
        raise ParameterError(Fault("grid", shown(grid.shape), f"{rows} rows and {columns} columns"))
    path = brushed_path(manifest)
    with files.explaining_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with locks.exclusive_lock(path.with_suffix(".lock")):
            entries = {name: entry for name, entry in _read(path).items() if name != own}
            if grid.any():
                entries[own] = {"size": list(size), "rows": grid_rows(grid)}
            stated = {"study": manifest.name, "images": dict(sorted(entries.items()))}
            files.write_lines(path, [json.dumps(stated, ensure_ascii=False, indent=1).encode()])


def _shown_ids(manifest: Manifest) -> dict[str, str]:
    """Return the id under which each image is shown, by its own; they differ in a study under the veil."""
    whole = manifest.unveiled or manifest
    return {one.id: shown.id for one, shown in zip(whole.images, manifest.images, strict=True)}


def _read(path: Path) -> Mapping[str, Any]:
    """Return the images of a file as they are written there; none where there is no file."""
    try:
        stated = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise _no_file(path, f"no JSON ({' '.join(str(error).split())[:80]})") from None
    images = stated.get("images") if isinstance(stated, dict) else None
    if not isinstance(images, dict):
        raise _no_file(path, shown(stated))
    return images


def _no_file(path: Path, found: str) -> DataError:
    do = "Mend it; without it what was brushed is not covered. To give it up, delete the file."
    return DataError(Fault(str(path), found, '{"study": …, "images": {…}}', do))


def _grid(entry: object, size: Size, where: str, faults: list[Fault]) -> Grid | None:
    """Return the grid of an entry; list what is wrong with it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("rows"), list):
        faults.append(Fault(where, shown(entry), "size and rows"))
        return None
    if entry.get("size") != list(size):
        do = "Brush it anew: the image is another one by now."
        faults.append(Fault(f"{where}, size", shown(entry.get("size")), shown(list(size)), do))
        return None
    try:
        return parse_grid(entry["rows"], size)
    except ParameterError as error:
        faults += [
            Fault(f"{where}, {each.where}", each.found, each.expected, each.do) for each in error.faults
        ]
        return None
