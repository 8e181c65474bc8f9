"""Archives of pictures as distributed: where in them each picture lies, without unpacking one."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from retrain_kit.manifests import Manifest

PREFIX = "images"
"""How the names begin, among a manifest's files, of archives and folders of pictures."""


def members(manifest: Manifest) -> dict[str, tuple[str, str]]:
    """Return archive and member of each picture, by its folder and file: the last two parts of its name.

    An archive that is not there yet holds nothing.

    Raises
    ------
    DataError
        With each archive that is none.
    """
    found: dict[str, tuple[str, str]] = {}
    faults = []
    for name, path in manifest.files.items():
        if not (name.startswith(PREFIX) and path.suffix == ".zip" and path.is_file()):
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except (OSError, zipfile.BadZipFile) as error:
            faults.append(Fault(str(path), f"no archive ({error})", "a zip of pictures"))
            continue
        place = path.relative_to(manifest.folder).as_posix()
        found.update({"/".join(member.split("/")[-2:]): (place, member) for member in names})
    if faults:
        raise DataError(*faults)
    return found
