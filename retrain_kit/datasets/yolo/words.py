"""The words, lists and keypoints of a YOLO data set: `data.yaml`, Darknet's `obj.data`, `classes.txt`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]

from retrain_kit.datasets.formats import values
from retrain_kit.datasets.formats.values import shown
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

SPLITS = ("train", "val", "valid", "test")
_YAML_SUFFIXES, _LIST_SUFFIX, _MOST_BYTES = (".yaml", ".yml"), ".txt", 1 << 22


@dataclass(frozen=True)
class Words:
    """What a data set says of all its label files.

    Parameters
    ----------
    names
        The word of each class by its number, as digits; empty where none is said.
    splits
        For each of its lists the folders that are in it, and the images, by their paths below the study's
        folder.
    keypoints
        How many keypoints a thing has, and how many numbers each; None where it does not say.
    keypoint_names
        Their names, as `said` has them.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[str, tuple[tuple[str, ...], Container[str]]] = field(default_factory=dict)
    keypoints: tuple[int, int] | None = None
    keypoint_names: Mapping[str, Any] = field(default_factory=dict)

    def word(self, number: str) -> tuple[str, dict[str, Any]]:
        """Return the word of a class and what else is said of it.

        Raises
        ------
        ValueError
            When it is no number, or has no word.
        """
        digits = values.number_id(number)
        if digits is None:
            raise ValueError(f"class: {shown(number)}, no number")
        if not self.names:
            return digits, {}
        if digits not in self.names:
            raise ValueError(f"class: {digits}, none of the {len(self.names)} that have a word")
        return self.names[digits], {"class": int(digits)}

    def split_of(self, file: str) -> str:
        """Return the list that an image is in, by its path; an empty text where it is in none."""
        for name, (folders, listed) in self.splits.items():
            if any(folder == "." or file.startswith(f"{folder}/") for folder in folders) or file in listed:
                return name
        return ""


def read_words(folder: Path, files: Mapping[str, Path]) -> Words:
    """Return what `data` and `names` among a study's files say; `folder` is the study's.

    Raises
    ------
    DataError
        With their faults.
    """
    data, listed = files.get("data"), files.get("names")
    said = _said(data) if data else {}
    if listed:
        names = _names_in_list(listed)
    elif data and data.suffix.lower() not in _YAML_SUFFIXES:
        place = next(_places(folder, data, str(said.get("names", ""))), None)
        names = _names_in_list(place) if place and place.is_file() else {}
    else:
        names = _names_in_data(said.get("names"), data or Path())
    keypoints = said.get("kpt_names")
    return Words(
        names,
        _splits(folder, data, said) if data else {},
        _shape_of_keypoints(said.get("kpt_shape")),
        {"keypoint_names": keypoints} if isinstance(keypoints, list | dict) else {},
    )


def _said(path: Path) -> dict[str, Any]:
    """Return the table of a file, every scalar as the text that stands there."""
    text = texts.read_text(path)
    if path.suffix.lower() not in _YAML_SUFFIXES:
        pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
        return {key.strip(): value.strip() for key, _, value in pairs}
    expected, do = "YAML with names, train and val", "Is it the data.yaml of a YOLO data set?"
    if len(text) > _MOST_BYTES:
        raise DataError(Fault(str(path), "a file of more than 4 MB", expected, do))
    try:
        said = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and tables alone
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DataError(Fault(str(path), f"no YAML ({reason})", expected, do)) from None
    if not isinstance(said, dict):
        raise DataError(Fault(str(path), _kind(said), expected, do))
    return said


def _names_in_data(said: object, path: Path) -> dict[str, str]:
    """Return the words of a list or a table; a fault where it is none, or holds something else than words."""
    if said in (None, "", [], {}):
        return {}
    if isinstance(said, list):
        pairs: list[tuple[object, object]] = [(str(number), word) for number, word in enumerate(said)]
    elif isinstance(said, dict):
        pairs = [(values.number_id(number), word) for number, word in said.items()]
    else:
        raise DataError(Fault(f"{path}, names", _kind(said), "a list of words, or a table by number"))
    wrong = [
        Fault(f"{path}, names", _kind(word), "a word for each number, and no number without one")
        for number, word in pairs
        if number is None or not isinstance(word, str)
    ]
    if wrong:
        raise DataError(*dict.fromkeys(wrong))
    return {str(number): str(word) for number, word in pairs if str(word).strip()}


def _names_in_list(path: Path) -> dict[str, str]:
    """Return the words of a list, a line each; a class whose line is empty has none."""
    lines = texts.read_text(path).splitlines()
    return {str(number): line.strip() for number, line in enumerate(lines) if line.strip()}


def _shape_of_keypoints(said: object) -> tuple[int, int] | None:
    """Return how many keypoints there are and how many numbers each has: two or three."""
    found = [values.number_id(each) for each in said] if isinstance(said, list) else []
    if len(found) == 2 and found[0] is not None and found[1] in {"2", "3"}:  # noqa: PLR2004 - how many, of what
        return int(found[0]), int(found[1])
    return None


# -- which list an image is in.


def _splits(
    folder: Path, data: Path, said: Mapping[str, Any]
) -> dict[str, tuple[tuple[str, ...], Container[str]]]:
    """Return the lists of a data set that are there: of many a machine the paths are another one's."""
    base = said.get("path")
    found: dict[str, tuple[tuple[str, ...], Container[str]]] = {}
    for name in SPLITS:
        stated = said.get(name)
        folders: list[str] = []
        listed = SpilledNames()
        for each in stated if isinstance(stated, list) else [stated]:
            if not isinstance(each, str) or not each:
                continue
            place = next(_places(folder, data, each, base if isinstance(base, str) else ""), None)
            if place is None:
                continue
            if place.is_dir():
                folders.append(_below(folder, place))
            else:
                for file in _listed(place, folder):
                    listed.add(file)
        if folders or len(listed):
            found[name] = tuple(folders), listed
    return found


def _places(folder: Path, data: Path, stated: str, base: str = "") -> Iterator[Path]:
    """Yield where a path may lead that was written on another machine, and something is there.

    It leads from the folder that the file names, or from the file's own; else its last parts do.
    """
    root = folder.resolve()
    parts = PureWindowsPath(stated).parts
    here = data.parent
    tails = (here.joinpath(*parts[at:]) for at in range(len(parts)) if parts[at] != "..")
    for place in (here / PureWindowsPath(base).as_posix() / "/".join(parts), here / "/".join(parts), *tails):
        if "\0" not in str(place) and _is_there(place) and place.resolve().is_relative_to(root):
            yield place.resolve()


def _is_there(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:  # a name that is too long for one
        return False


def _listed(path: Path, folder: Path) -> Iterator[str]:
    """Yield the images of a list, a path a line, as paths below the study's folder."""
    if path.suffix.lower() != _LIST_SUFFIX:
        return
    root, parents = folder.resolve(), (path.parent, folder)
    folders: dict[tuple[str, ...], Path | None] = {}
    for line in texts.read_text(path).splitlines():
        *above, name = PureWindowsPath(line.strip()).parts or ("",)
        if not name or "\0" in line:
            continue
        key = tuple(above)
        if key not in folders:
            tails = [key[at:] for at in range(len(key) + 1)] if key else [()]
            places = (parent.joinpath(*tail) for tail in tails for parent in parents)
            folders[key] = next((place for place in places if _is_there(place / name)), None)
        if (place := folders[key]) and (found := (place / name).resolve()).is_relative_to(root):
            yield found.relative_to(root).as_posix()


def _below(folder: Path, place: Path) -> str:
    return place.relative_to(folder.resolve()).as_posix()


def _kind(value: object) -> str:
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else shown(value)
