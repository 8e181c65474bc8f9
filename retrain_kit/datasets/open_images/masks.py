"""The masks of Open Images: PNGs beside their table, looked up inside their folders and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrain_kit import pictures
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from retrain_kit.datasets.open_images.tables import Row
    from retrain_kit.masking import Mask


class Masks:
    """Finds stored masks; what is missing, unreadable or outside is listed in `faults`.

    Parameters
    ----------
    folders
        Where the PNGs are, there or in folders named by the first digit of their picture's id, as in the
        data set's archives and in FiftyOne's zoo. Without folders there are no masks.
    """

    def __init__(self, folders: Collection[Path], faults: list[Fault]) -> None:
        self.folders, self.faults = folders, faults

    def find(self, row: Row) -> Mask | None:
        """Return the mask of a row of the mask table as it is stored; None where there is none."""
        if not self.folders:
            return None
        path = self._path(row["MaskPath"], row["ImageID"][:1])
        if path is None:
            return None
        try:
            return np.asarray(pictures.load(path, 0).convert("L")) > 0
        except DataError as error:
            self.faults += error.faults
            return None

    def _path(self, name: str, digit: str) -> Path | None:
        """Return where the file is; list a fault where it is not there, or outside its folder."""
        for folder in self.folders:
            for place in (folder, folder / digit.upper(), folder / digit.lower()):
                path = place / name
                if not path.resolve().is_relative_to(folder.resolve()):
                    self.faults.append(
                        Fault(f"MaskPath {name}", "a way out of its folder", f"a file in {folder}")
                    )
                    return None
                if path.is_file():
                    return path
        where = ", ".join(map(str, self.folders))
        self.faults.append(Fault(f"MaskPath {name}", "no file", f"a PNG in {where}", "Has it been pulled?"))
        return None
