"""Found elsewhere: where people found images of a study by searching, when, and how sure they are.

It is a table beside the study, NAME.found_elsewhere.csv, or for the kit's own studies
`found-elsewhere/NAME.csv` among the user's data. A row says what one search found of one image:

    image,where,found_on,found_by,how,sure,note
    bison,https://example.org/a-page,2026-11-29,Ana,a search by image,likely,cut on the left

`image` is its id in the study, `where` an address or any words. `found_by` may be a pseudonym, or empty.
`sure` is one of `DEGREES`. What nobody looked for has no row: the table says what was found, never that
there is nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault, advise_names
from retrain_kit.storage import texts
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

COLUMNS = ("image", "where", "found_on", "found_by", "how", "sure", "note")
REQUIRED = ("image", "where", "sure")
DEGREES = ("certain", "likely", "possible")
"""How sure somebody is that it is the same image, from most to least."""


@dataclass(frozen=True)
class Finding:
    """What one search found of one image; fields are empty where its finder did not say."""

    image: str
    where: str
    found_on: str
    found_by: str
    how: str
    sure: str
    note: str

    @property
    def in_words(self) -> str:
        """Where it was found, when, by whom, by which way, and how sure that is."""
        told = (
            f"found on {self.found_on}" if self.found_on else "when is not said",
            f"by {self.found_by}" if self.found_by else "by whom is not said",
            self.how,
        )
        note = f"; {self.note.rstrip('.')}" if self.note else ""
        return f"{self.where} ({', '.join(filter(None, told))}): {self.sure} to be the same image{note}"


def findings_path(manifest: Manifest) -> Path:
    """Return the table in which a study's findings are kept, whether or not it is there."""
    own = {folder.resolve() for folder in manifests.KIT_FOLDERS}
    if manifest.toml.resolve().parent in own or not manifest.toml.name:
        return manifests.data_folder() / "found-elsewhere" / f"{manifest.name}.csv"
    return manifest.toml.with_suffix(".found_elsewhere.csv")


def load_findings(manifest: Manifest) -> dict[str, tuple[Finding, ...]]:
    """Return what was found of a study's images, by the image's id; nothing where there is no table.

    Raises
    ------
    DataError
        With every row that is no finding.
    """
    path = findings_path(manifest)
    if not path.is_file():
        return {}
    faults: list[Fault] = []
    found: dict[str, tuple[Finding, ...]] = {}
    ids = {image.id for image in manifest.images}
    for line, said in texts.table_rows(path, COLUMNS, REQUIRED, faults):
        cells = {**said, "image": manifest.shown_id(said["image"])}
        before = len(faults)
        faults += _faults(cells, f"{path}, line {line}", ids)
        if len(faults) == before:
            finding = Finding(**cells)
            found[finding.image] = (*found.get(finding.image, ()), finding)
    if faults:
        raise DataError(*faults)
    return found


def _faults(cells: Mapping[str, str], where: str, ids: set[str]) -> Iterator[Fault]:
    yield from (Fault(f"{where}, {name}", "nothing", "a text") for name in REQUIRED if not cells[name])
    if cells["image"] and cells["image"] not in ids:
        do = advise_names(cells["image"], ids)
        yield Fault(f"{where}, image", shown(cells["image"]), "the id of an image of the study", do)
    if cells["sure"] and cells["sure"] not in DEGREES:
        yield Fault(f"{where}, sure", shown(cells["sure"]), f"one of {', '.join(DEGREES)}")
