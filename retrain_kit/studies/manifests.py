"""Manifests: which images a study looks at, why, under which licence, and who annotated them.

A study is `<name>.toml` and, beside it, `<name>.csv` with one row an image. `load` reads both and raises all
faults of the two files together. Nothing is decoded here; `verify_files` compares the images' files with
the manifest.

A study whose images nobody has seen yet has no CSV. It carries the rule of its draw, and is *pinned*, with
ids and digests, by the first `retrain-kit pull`.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import Provenance, Sample
from retrain_kit.errors import DataError, Fault, ParameterError, names_in_words
from retrain_kit.storage import files, texts
from retrain_kit.storage.home import has_home, home_folder
from retrain_kit.storage.spill import SpilledNames
from retrain_kit.studies import data_access, disclosure, image_names, image_table, references
from retrain_kit.studies.data_access import Access, Download, Publication
from retrain_kit.studies.disclosure import AnnotationProcess  # noqa: TC001 - also manifests.AnnotationProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping

    from retrain_kit.annotations.veil import VeilOverStudy
    from retrain_kit.studies.sampling import Rule

PACKAGE_FOLDER = Path(__file__).parents[1]
REQUIRED_FIELDS = ("title", "why", "dataset", "version", "licence", "retrieved")
FIELDS_PINNED_LATER = ("retrieved",)
TEXT_FIELDS = (*REQUIRED_FIELDS, "content_notice", "image_url")
_NO_TEXTS: dict[str, tuple[type, ...]] = {"version": (int, float, date), "retrieved": (date, datetime)}
PACKAGE_PREFIX = "package:"
DATA_PREFIX = "data:"
DATA_VARIABLE = "RETRAIN_KIT_DATA"
REQUIRED_COLUMNS = image_table.REQUIRED_COLUMNS
LABEL_SYSTEM_FILES = ("file", "names", "withdrawn", "wounding")
"""What a study's table `[label_system]` names: the system, what its ids are called, and lists of ids."""
ImageRow = image_table.ImageRow


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
        Where the images' files are. The TOML names it below its own folder; as `package:…` or `data:…`; or by
        an absolute path, of a data set that stays where it is.
    files
        The files of annotations and tables that the reader of the data set wants, by its own names for them.
    digest
        SHA-256 over TOML, CSV and the files of annotations: two studies with the same digest say the same.
        Downloads count by the digests that the TOML states.
    toml
        The manifest's own file.
    access, downloads
        How the data set can be obtained, and what is fetched for the study.
    draw
        The rule its images are chosen by; None where the study states none.
    withdrawn
        Why its source took an image back, by the image's id.
    left_out
        How many files or images a pull left out for each reason; `left_out_path` lists them.
    publication
        Who published the data set, when and where.
    labour
        What the authors of the data set have said of the work in it, by the names in
        `disclosure.LABOUR_QUESTIONS`.
    consent
        Whether those in it and those who made it were asked, by the names in `disclosure.CONSENT_QUESTIONS`.
    image_url
        Where an image can be fetched: a pattern with {id}, {file}, {subset} and {url}, the last being the
        address that the data set itself states; empty where images cannot be fetched one by one.
    read_only
        Whether the TOML names its folder by an absolute path: nothing is ever written there.
    part_of
        The whole study, where this is a part of its images: see `datasets.stream`.
    label_system
        The file of its label system, and its lists of ids, by the names in `LABEL_SYSTEM_FILES`: below its
        folder, below the folder for data sets as `data:…`, or by an absolute path.
    unveiled, veil
        The study as it says itself, where this is the same under the veil: see `datasets.veil`.
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
    annotation: AnnotationProcess
    images: Collection[ImageRow]
    digest: str
    content_notice: str = ""
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    toml: Path = Path()
    access: Access = field(default_factory=Access)
    downloads: Mapping[str, Download] = field(default_factory=dict)
    draw: Rule | None = None
    labour: Mapping[str, str] = field(default_factory=dict)
    publication: Publication = field(default_factory=Publication)
    consent: Mapping[str, str] = field(default_factory=dict)
    image_url: str = ""
    read_only: bool = False
    part_of: Manifest | None = field(default=None, repr=False)
    label_system: Mapping[str, Path] = field(default_factory=dict)
    unveiled: Manifest | None = field(default=None, repr=False)
    veil: VeilOverStudy | None = field(default=None, repr=False, compare=False)

    @property
    def pinned(self) -> bool:
        """Whether it is settled which images the study looks at."""
        return bool(self.images)

    @property
    def digests_known(self) -> bool:
        """Whether the digests of all its images have been computed."""
        return all(image.sha256 for image in self.images)

    @property
    def own_notice(self) -> str:
        """The notice of the study itself, under its veil, without what the veil adds of what it hides."""
        told = self.veil.told if self.veil else str
        return told((self.unveiled or self).content_notice)

    def shown_id(self, name: str) -> str:
        """Return how the id of an image is shown: itself, where no veil is over the study."""
        return self.veil.name(name) if self.veil else name

    def meant_id(self, name: str) -> str:
        """Return how the id of the image is shown that a person means, as `meant_ids` does."""
        return self.meant_ids([name])[0]

    def meant_ids(self, names: Iterable[str]) -> list[str]:
        """Return how the ids of the images are shown that a person means, each once, in their order.

        Each is typed as `image_names` says, a file also without its ending. What fits no image, or several,
        is returned as an id.
        """
        asked = list(names)
        meant = image_names.find_images(asked, self.images, without_ending=True)
        found = [meant[name].id if name in meant else name for name in asked]
        return list(dict.fromkeys(map(self.shown_id, found)))

    def shown_file(self, path: str) -> str:
        """Return how the path of a file below the folder is shown."""
        return self.veil.file(path) if self.veil else path

    def shown_labels(self, labels: Iterable[str]) -> list[str]:
        """Return how labels are shown, that somebody asks for by the word or by the id in its place."""
        return [self.veil.shown_label(label) if self.veil else label for label in labels]

    def path(self, image: ImageRow) -> Path:
        """Return where the image's file is, in whatever form of Unicode its name is there."""
        return files.find_file(self.folder, image.file)

    def sample(self, image: ImageRow, **parts: Any) -> Sample:  # noqa: ANN401 - as `Sample` has them
        """Return the image as a sample: what the manifest says of it, and the parts that its source says."""
        return Sample(
            id=image.id,
            path=self.path(image),
            width_px=image.width_px,
            height_px=image.height_px,
            provenance=Provenance(image.author, image.licence, image.source, image.sha256, image.note),
            alt=image.alt,
            notice=image.notice,
            leaves_out=image.leaves_out,
            **parts,
        )


def study_folders() -> list[Path]:
    """Return where studies are looked for: the working folder, the kit's own, the folder for data."""
    kept = [folder_of_kept_studies()] if os.environ.get(DATA_VARIABLE) or has_home() else []
    return [Path(), Path("data_manifests"), *KIT_FOLDERS, *kept]


KIT_FOLDERS = (PACKAGE_FOLDER / "data_manifests", PACKAGE_FOLDER.parent / "data_manifests")
"""Where the kit's own studies are: in an installed kit, and in a checkout."""


def study_names() -> list[str]:
    """Return the names of all studies in the folders for them; those of the working folder come beside."""
    found = {path.stem for folder in study_folders()[1:] for path in folder.glob("*.toml")}
    return sorted(found)


def all_study_names() -> list[str]:
    """Return the names of all studies, those of the working folder with them."""
    own = (path.stem for path in Path().glob("*.toml") if _states_dataset(path))
    return sorted({*own, *study_names()})


def _states_dataset(path: Path) -> bool:
    """Whether a TOML of the working folder is a study: many another program has one there too."""
    try:
        return "dataset" in read_toml(path)
    except (DataError, OSError):
        return False


def data_folder() -> Path:
    """Return where data sets are kept: RETRAIN_KIT_DATA, else `retrain-kit-data` in the home folder."""
    return Path(os.environ.get(DATA_VARIABLE) or home_folder() / "retrain-kit-data")


def folder_of_kept_studies() -> Path:
    """Return where the studies are kept that a command made of a folder it was given."""
    return data_folder() / "studies"


def left_out_path(toml: Path) -> Path:
    """Return where the list of what a pull left out is kept, beside a study's TOML."""
    return toml.with_suffix(".left_out.csv")


def own_files(toml: Path) -> tuple[Path, ...]:
    """Return the files of which a study is made: its TOML, its tables, and the list of what was left out."""
    return (
        toml,
        *(toml.with_suffix(f".{each}csv") if toml.name else toml for each in ("", "left_out.", "starts.")),
    )


def find_manifest(study: str) -> Path:
    """Return the TOML of a study given by name or by path.

    A pinned copy in the working folder goes before the kit's own manifest that it was made from.

    Raises
    ------
    ParameterError
        When there is none, then the message names the nearest; or when there are two that differ.
    """
    found = _manifests_of(study)
    if not found:
        raise references.no_such_study(study, all_study_names())
    if len(found) > 1 and len({_unpinned(path) for path in found}) > 1:
        both = " and ".join(map(str, found))
        raise ParameterError(Fault("study", f"{study!r} twice: {both}", "one of that name", "Give its path."))
    return found[0]


def find_folder(study: str) -> Path | None:
    """Return the folder that a text names; None where it names a study, a dataset in FiftyOne, or nothing.

    A study goes before a folder of its name, which is `./NAME` then; one that is kept does not.
    """
    if not study or references.is_fiftyone(study) or study.endswith(".toml"):
        return None
    path, found = Path(study).expanduser(), _manifests_of(study)
    named = references.is_path(study) or all(map(_is_kept, found))
    return path if named and path.is_dir() else None


def _manifests_of(study: str) -> list[Path]:
    """Return the TOMLs of a study given by name or by path, each once; one that is kept where no other is."""
    candidates = [Path(study)] if study.endswith(".toml") else [f / f"{study}.toml" for f in study_folders()]
    found = list({path.resolve(): path for path in candidates if path.is_file()}.values())
    return [path for path in found if not _is_kept(path)] or found


def _is_kept(toml: Path) -> bool:
    """Say whether a study is one that a command made of what it was given."""
    kept = os.environ.get(DATA_VARIABLE) or has_home()
    return bool(kept) and toml.resolve().parent == folder_of_kept_studies().resolve()


def load(study: str | Path, *, pinned: bool = True, keep: bool = True) -> Manifest:
    """Read a study by name or path.

    Parameters
    ----------
    study
        Its name, or the path of its TOML.
    pinned
        Whether its images have to be settled already: True for all who want to look at them.
    keep
        Whether its rows are held in memory; if not, they are read again each time they are gone through.

    Raises
    ------
    ParameterError
        When there is no such study.
    DataError
        With every fault of the TOML and the CSV; for a study that is withdrawn, with the reason.
    """
    path = find_manifest(str(study))
    table = read_toml(path)
    faults: list[Fault] = []
    parts = _parts(table, path, faults)
    folder, listed = parts["folder"], path.with_suffix(".csv")
    unseen = parts["access"].status == "withdrawn" or (bool(table.get("draw")) and not listed.is_file())
    images = () if unseen else image_table.read_image_table(listed, folder, faults, keep=keep)
    drawn = unseen or (not (images or faults) and bool(parts["draw"]))
    faults = _missing(table, path, but=FIELDS_PINNED_LATER if drawn else ()) + faults
    if not (images or drawn or faults):
        faults.append(Fault(str(listed), "no images", "one row per image"))
    if faults:
        raise DataError(*faults)
    if pinned and not images:
        raise DataError(_unseen(path, parts["access"]))
    local = [place for name, place in parts["files"].items() if name not in parts["downloads"]]
    local += [place for place in parts["label_system"].values() if place.is_file()]
    listed_files = _listed_files(images, folder) if any(place.is_dir() for place in local) else ()
    said: dict[str, Any] = {key: str(table.get(key, "")).strip() for key in TEXT_FIELDS}
    return Manifest(
        name=path.stem,
        images=images,
        digest=_digest([path, *(() if unseen else (listed,)), *local], listed_files),
        toml=path,
        **said,
        **parts,
    )


def _missing(table: Mapping[str, Any], path: Path, but: Collection[str]) -> list[Fault]:
    empty = [key for key in REQUIRED_FIELDS if str(table.get(key, "")).strip() == "" and key not in but]
    faults = [Fault(f"{path}, {key}", "nothing", "a text", "Add the field.") for key in empty]
    kinds = {key: (str, *_NO_TEXTS.get(key, ())) for key in (*TEXT_FIELDS, "folder")}
    wrong = [key for key, may in kinds.items() if key in table and type(table[key]) not in may]
    faults += [Fault(f"{path}, {key}", disclosure.shown(table[key]), "a text") for key in wrong]
    return faults + list(_misspelt(table, (*kinds, *_TABLES), path))


_TABLES = (
    *("files", "downloads", "access", "draw", "label_system"),
    *("annotation", "withdrawn", "left_out", "publication", "labour", "consent"),
)


def _misspelt(table: Mapping[str, Any], known: Collection[str], path: Path) -> Iterator[Fault]:
    """Yield a fault for each name that is nearly a known one; others are of commands, or one's own notes."""
    for key in table.keys() - set(known):
        if near := difflib.get_close_matches(key, known, n=1, cutoff=0.8):
            yield Fault(f"{path}, {key}", "a name the kit does not know", near[0])


def _parts(table: Mapping[str, Any], path: Path, faults: list[Fault]) -> dict[str, Any]:
    """Return the tables of the TOML as the fields of a manifest; list their faults."""

    def part(key: str) -> Mapping[str, Any]:
        return disclosure.subtable(table, key, str(path), faults)

    folder, withdrawn = _folder(path, table.get("folder", ""), faults), table.get("withdrawn", [])
    downloads = data_access.parse_downloads(part("downloads"), f"{path}, downloads", faults)
    if _is_elsewhere(table) and (downloads or table.get("image_url")):
        found, do = "downloads into a folder named by an absolute path", 'Name one with "data:NAME".'
        faults.append(Fault(f"{path}, folder", found, "nothing to fetch: such a folder is only read", do))
    listed = {**disclosure.subtexts(table, "files", str(path), faults)}
    listed |= {name: download.result for name, download in downloads.items()}
    for name, download in downloads.items():
        image_table.path_inside(folder, download.file, f"{path}, downloads, {name}", faults)
    return {
        "folder": folder,
        "read_only": _is_elsewhere(table),
        "files": {
            name: image_table.path_inside(folder, at, f"{path}, files, {name}", faults)
            for name, at in listed.items()
        },
        "annotation": disclosure.parse_annotation_process(part("annotation"), f"{path}, annotation", faults),
        "withdrawn": disclosure.parse_withdrawn(withdrawn, f"{path}, withdrawn", faults),
        "left_out": disclosure.parse_left_out(part("left_out"), withdrawn, f"{path}, left_out", faults),
        "access": data_access.parse_access(part("access"), f"{path}, access", faults),
        "downloads": downloads,
        "draw": data_access.parse_rule(part("draw"), f"{path}, draw", faults),
        "publication": data_access.parse_publication(part("publication"), f"{path}, publication", faults),
        "labour": disclosure.parse_labour(part("labour"), f"{path}, labour", faults),
        "consent": disclosure.parse_consent(part("consent"), f"{path}, consent", faults),
        "label_system": _label_system(table, folder, path, faults),
    }


def _label_system(table: Mapping[str, Any], folder: Path, path: Path, faults: list[Fault]) -> dict[str, Path]:
    """Return the files of a study's label system; list the faults of their names and paths."""
    said = disclosure.subtexts(table, "label_system", str(path), faults)
    known = names_in_words(LABEL_SYSTEM_FILES)
    faults += [
        Fault(f"{path}, label_system", name, f"some of {known}")
        for name in said
        if name not in LABEL_SYSTEM_FILES
    ]
    found = {}
    for name, text in said.items():
        where = f"{path}, label_system, {name}"
        if why := files.why_no_path(text):
            faults.append(Fault(where, why, "the path of a file"))
        elif Path(text).is_absolute():
            found[name] = Path(text)
        elif text.startswith(DATA_PREFIX):
            below = text.removeprefix(DATA_PREFIX)
            found[name] = image_table.path_inside(data_folder(), below, where, faults)
        else:
            found[name] = image_table.path_inside(folder, text, where, faults)
    return found


def _unseen(path: Path, access: Access) -> Fault:
    if access.status == "withdrawn":
        return Fault(str(path), "a data set that was withdrawn", "nothing to load", access.how)
    do = f"Run: retrain-kit pull {path.stem}"
    return Fault(str(path), "the rule of a draw, and no images yet", "a study with its table", do)


def _unpinned(path: Path) -> str:
    """Return what a study says before it is pinned, to tell whether two of one name are one."""
    table = read_toml(path)
    for key in (*FIELDS_PINNED_LATER, "withdrawn", "left_out"):
        table.pop(key, None)
    for download in (table.get("downloads") or {}).values():
        if isinstance(download, dict):
            download.pop("sha256", None)
    return repr(table)


def verify_files(
    manifest: Manifest,
    progress: Callable[[Iterable[ImageRow]], Iterable[ImageRow]] = iter,
    digest: Callable[[Path], str] = files.sha256,
) -> None:
    """Compare every image's file with the manifest; where no digest is known yet, it only has to be there.

    Parameters
    ----------
    manifest
        The study.
    progress
        What the images are gone through with.
    digest
        What returns the SHA-256 of a file.

    Raises
    ------
    DataError
        With one fault per image that is missing or has another SHA-256.
    """
    checks = (_check_file(manifest.path(image), image, digest) for image in progress(manifest.images))
    faults = [fault for fault in checks if fault]
    if faults:
        raise DataError(*_as_one(faults, manifest))


def _as_one(faults: list[Fault], manifest: Manifest) -> list[Fault]:
    """Return faults with those of missing files in one, where they are many."""
    missing = [fault for fault in faults if fault.found == NO_FILE]
    if len(missing) <= FAULTS_EACH:
        return faults
    one = missing_files(manifest.folder, [Path(fault.where) for fault in missing], len(manifest.images))
    return [one, *(fault for fault in faults if fault.found != NO_FILE)]


def missing_files(folder: Path, paths: Collection[Path], of: int) -> Fault:
    """Return the one fault that so many files of images are not in a study's folder, the first by name."""
    names = [str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in paths]
    found = f"no file for {len(names):,} of {of:,} images: {names_in_words(names)}"
    near = next(filter(None, map(files.similar_file, paths)), "") if folder.is_dir() else ""
    if not folder.is_dir():
        found = f"no such folder, and {found}"
    do = "Is the path right, the disk there? Nothing was changed."
    return Fault(str(folder.resolve()), found, "the images' own files", f"{near} {do}".strip())


NO_FILE = "no file"
FAULTS_EACH = 3
"""More missing files than so many are said together."""


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a study's TOML says, unchecked.

    Raises
    ------
    DataError
        When it is no TOML, or holds what nothing can work with.
    """
    return texts.read_toml(path, "a manifest in TOML")


def folder_of(toml: Path, table: Mapping[str, Any]) -> Path:
    """Return where the images of a study are, by what its TOML says.

    Raises
    ------
    DataError
        When that is no path it may name.
    """
    faults: list[Fault] = []
    folder = _folder(toml, table.get("folder", ""), faults)
    if faults:
        raise DataError(*faults)
    return folder


def _is_elsewhere(table: Mapping[str, Any]) -> bool:
    """Say whether a study names its folder by an absolute path."""
    folder = table.get("folder")
    return isinstance(folder, str) and Path(folder).is_absolute()


def _folder(path: Path, said: object, faults: list[Fault]) -> Path:
    text = said if isinstance(said, str) else ""
    if Path(text).is_absolute():
        if why := files.why_no_path(text):
            faults.append(Fault(f"{path}, folder", why, "the path of a folder"))
            return path.parent
        return Path(text)
    if text.startswith(PACKAGE_PREFIX):
        return image_table.path_inside(
            PACKAGE_FOLDER, text.removeprefix(PACKAGE_PREFIX), f"{path}, folder", faults
        )
    if text.startswith(DATA_PREFIX):
        return image_table.path_inside(
            data_folder(), text.removeprefix(DATA_PREFIX), f"{path}, folder", faults
        )
    return image_table.path_inside(path.parent, text or ".", f"{path}, folder", faults)


def _check_file(path: Path, image: ImageRow, digest: Callable[[Path], str]) -> Fault | None:
    if not path.is_file():
        do = f"{files.similar_file(path)} Put it there or correct the manifest.".strip()
        return Fault(str(path), NO_FILE, f"the image {image.id}", do)
    if not image.sha256:
        return None
    try:
        found = digest(path)
    except OSError as error:
        return Fault(str(path), f"a file that cannot be read ({error.strerror})", f"the image {image.id}")
    if found == image.sha256:
        return None
    do = "The file is another one than the study was made with; restore it or correct the manifest."
    return Fault(str(path), f"sha256 {found[:12]}…", f"{image.sha256[:12]}…", do)


def _listed_files(images: Iterable[ImageRow], folder: Path) -> Container[str]:
    """Return the paths of the images of a study."""
    return SpilledNames(str(folder / image.file) for image in images)


def _digest(paths: Iterable[Path], besides: Container[str] = ()) -> str:
    """Return one digest over files and over all files of folders, in the order of their names.

    `besides` are images that lie in such folders: the table speaks of them.
    """
    digest = hashlib.sha256()
    for file in (file for path in paths for file in _files(path)):
        if str(file) not in besides:
            digest.update(files.sha256(file).encode())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    """Yield a file, or all files of a folder in the order of their names: one folder's names in memory."""
    if path.is_file():
        yield path
    elif path.is_dir():
        for each in sorted(path.iterdir()):
            if not (each.is_symlink() and each.is_dir()):
                yield from _files(each)
