"""Cards: what a model is, in a TOML file that a person can read and write.

A card says where the weights are and their digest, under which licence they come, what the model was trained
on and by whose labels as far as that is known, how an image is given to it, and which words it has. What
nobody has said is *not stated*.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, get_args

from retrain_kit.errors import DataError, Fault, ParameterError, advise_names
from retrain_kit.models.labels import Labels, read_labels
from retrain_kit.storage import files, texts
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Task = Literal["classify", "detect", "embed", "caption"]
Runtime = Literal["onnx", "litert", "opencv"]
Fit = Literal["stretch", "crop", "pad"]
Form = Literal["probabilities", "logits", "features", "tokens", "boxes", "ssd", "blazeface", "centerface"]
FORMS: Mapping[Task, tuple[Form, ...]] = {
    "classify": ("probabilities", "logits"),
    "detect": ("boxes", "ssd", "blazeface", "centerface"),
    "embed": ("features",),
    "caption": ("tokens",),
}
"""Which forms of outputs a task can have, see `outputs`."""
NOT_STATED = "not stated"
CARDS_FOLDER = Path(__file__).parent / "cards"
PREFIX = "model:"
"""Before the name of a model, where a study could stand too."""
_TOLD = ("title", "licence", "trained_on", "labelled_by", "source")
_FIELDS: Mapping[str, Collection[str]] = {
    "": (*_TOLD, "does", "runtime", "package", "labels", "people", "files", "input", "output"),
    "files": ("name", "sha256", "member"),
    "input": ("width_px", "height_px", "fit", "colours", "layout", "mean", "std"),
    "output": ("form", "score"),
}
"""What a card may say, by its part."""
_DIGEST_SIGNS = 64
_MOST_PX = 4096
_LEAST, _MOST = 1e-9, 1e9
"""Between these lie the numbers by which values of pixels are moved and divided."""
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9._+!-]*")
"""A name and a version: no address, and nothing that pip would take for an option."""


@dataclass(frozen=True)
class WeightsFile:
    """One file of a model.

    Parameters
    ----------
    path
        Where it lies, or will.
    sha256
        What its content must be.
    member
        What it is called in the package that ships it; empty for a file of the user's.
    """

    path: Path
    sha256: str
    member: str = ""


@dataclass(frozen=True)
class Input:
    """How an image is given to a model.

    Parameters
    ----------
    width_px, height_px
        How large the model sees it.
    fit
        `stretch`: to this size whatever its shape. `crop`: the largest middle part of this shape. `pad`: all
        of it, with black beside it.
    colours
        The order of channels.
    layout
        `nhwc`: rows, columns, channels. `nchw`: channels first.
    mean, std
        A value from 0 to 255 becomes (value − mean) / std, for each channel in the order of `colours`.
    """

    width_px: int
    height_px: int
    fit: Fit = "stretch"
    colours: Literal["rgb", "bgr"] = "rgb"
    layout: Literal["nhwc", "nchw"] = "nchw"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Card:
    """A model, and what is known of it.

    Parameters
    ----------
    name
        The name of the card's file.
    title
        What the model is called.
    does
        Its task.
    runtime
        Which library runs it.
    files
        Its weights, the first of them the model.
    licence, trained_on, labelled_by, source
        In words; `NOT_STATED` where nobody has said it.
    package
        The package that ships the weights, with its version, as pip knows it; empty for files of the user's.
    input
        How an image is given to it.
    form
        What comes out, see `outputs`.
    score
        Boxes with less are left out.
    labels
        Its words; none of a model that has no words.
    """

    name: str
    title: str
    does: Task
    runtime: Runtime
    files: tuple[WeightsFile, ...]
    input: Input
    form: Form
    labels: Labels
    licence: str = NOT_STATED
    trained_on: str = NOT_STATED
    labelled_by: str = NOT_STATED
    source: str = NOT_STATED
    package: str = ""
    score: float = 0.5

    @property
    def digest(self) -> str:
        """What tells one guest from another: its weights, and all by which it answers as it does."""
        told = (self.does, self.runtime, self.input, self.form, self.score, self.labels.words)
        content = repr((told, [file.sha256 for file in self.files]))
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def missing(self) -> tuple[WeightsFile, ...]:
        """Those of its files that are not here."""
        return tuple(file for file in self.files if not file.path.is_file())

    def digest_faults(self) -> list[Fault]:
        """Return a fault for each of its files that is here and is another one than the card says."""
        here = (file for file in self.files if file.path.is_file())
        found = ((file, files.sha256(file.path)) for file in here)
        again = "Move it away and fetch it again." if self.package else "Else write this one into its card."
        do = f"Another version, or a damaged file? {again}"
        return [
            Fault(str(file.path), f"sha256 {digest}", file.sha256, do)
            for file, digest in found
            if digest != file.sha256
        ]

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return what is known of the model, as names and what is said under them."""
        words = f"{sum(map(bool, self.labels.words)):,}" if len(self.labels) else "none"
        whence = self.package or "a file of the user's"
        return (
            ("can", self.does),
            ("trained on", self.trained_on),
            ("by whose labels", self.labelled_by),
            ("its words", words),
            ("licence", self.licence),
            ("source", self.source),
            ("weights", f"{whence}, sha256 {self.files[0].sha256}"),
            ("sees an image as", f"{self.input.width_px} × {self.input.height_px} pixels, {self.input.fit}"),
        )


def weights_folder() -> Path:
    """Return where weights are kept: a folder for each model."""
    return manifests.data_folder() / "models"


def card_names() -> list[str]:
    """Return the models that the kit has a card of."""
    return sorted(path.stem for path in CARDS_FOLDER.glob("*.toml"))


def find_card(name: str) -> Card:
    """Return the card of a model, by its name, with or without `model:`, or by the path of its TOML.

    Raises
    ------
    ParameterError
        When there is none.
    DataError
        With all that is wrong in it.
    """
    bare = name.removeprefix(PREFIX)
    if bare.endswith(".toml"):
        if not Path(bare).is_file():
            raise ParameterError(Fault("model", repr(bare), "the card of a model, a file that is there"))
        return read_card(Path(bare))
    if bare not in card_names():
        do = f"{advise_names(bare, card_names())} For another model, write a card and give its path."
        raise ParameterError(Fault("model", repr(bare), "a model's name, or the path of its card", do))
    return read_card(CARDS_FOLDER / f"{bare}.toml")


def read_card(path: Path) -> Card:
    """Return the card in a file.

    Files that a package ships belong into `weights_folder()`; others lie beside the card.

    Raises
    ------
    DataError
        With all that is wrong in it.
    """
    return _Reader(path, texts.read_toml(path, "the card of a model")).card()


class _Reader:
    """A card as it is read, and all faults of it together."""

    def __init__(self, path: Path, told: dict[str, Any]) -> None:
        self.path, self.told, self.faults = path, told, list[Fault]()

    def card(self) -> Card:
        self._check_fields("", self.told)
        does: Any = self._choice("does", self.told.get("does"), get_args(Task))
        put_out = self._table("output")
        form = self._choice("output.form", put_out.get("form"), FORMS.get(does, get_args(Form)))
        runtime = self._choice("runtime", self.told.get("runtime"), get_args(Runtime))
        package = self._text("package", "")
        if package and not _PACKAGE.fullmatch(package):
            self._fault("package", repr(package), "the name of a package and its version, as name==1.0")
        files, taken = self._files(package), self._input()
        labels = self._labels(does)
        score = self._score(put_out.get("score", 0.5))
        words = {name: self._text(name, NOT_STATED) for name in _TOLD}
        if self.faults:
            raise DataError(*self.faults)
        return Card(
            name=self.path.stem,
            title=self.path.stem if words["title"] == NOT_STATED else words["title"],
            does=does,
            runtime=runtime,  # type: ignore[arg-type] # it is one of them
            files=files,
            input=taken,
            form=form,  # type: ignore[arg-type] # the same
            labels=labels,
            licence=words["licence"],
            trained_on=words["trained_on"],
            labelled_by=words["labelled_by"],
            source=words["source"],
            package=package,
            score=score,
        )

    def _fault(self, where: str, found: str, expected: str, do: str = "") -> None:
        self.faults.append(Fault(f"{self.path}, {where}", found, expected, do))

    def _check_fields(self, part: str, told: Mapping[str, object], where: str = "") -> None:
        known = _FIELDS[part]
        for name in sorted(told.keys() - known):
            expected = f"one of {', '.join(sorted(known))}"
            self._fault(f"{where}{name}", "a field that no card has", expected, advise_names(name, known))

    def _table(self, name: str) -> dict[str, Any]:
        found = self.told.get(name, {})
        if not isinstance(found, dict):
            self._fault(name, repr(found), f"a table, under [{name}]")
            return {}
        self._check_fields(name, found, f"{name}.")
        return found

    def _choice(self, where: str, found: object, choices: tuple[str, ...]) -> str:
        if found not in choices:
            self._fault(where, "nothing" if found is None else repr(found), f"one of {', '.join(choices)}")
        return str(found)

    def _text(self, name: str, default: str) -> str:
        found = self.told.get(name, default)
        if not isinstance(found, str):
            self._fault(name, repr(found), "a text")
        return " ".join(str(found).split()) or default

    def _score(self, found: object) -> float:
        if not _is_number(found) or not 0 <= found <= 1:
            self._fault("output.score", repr(found), "a number from 0 to 1")
            return 0.0
        return float(found)

    def _files(self, package: str) -> tuple[WeightsFile, ...]:
        rows = self.told.get("files")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            found = repr(rows) if rows else "none"
            self._fault("files", found, "at least one [[files]], in double brackets, with name and sha256")
            return ()
        return tuple(self._file(number, row, package) for number, row in enumerate(rows, 1))

    def _file(self, number: int, row: dict[str, Any], package: str) -> WeightsFile:
        where = f"files {number}"
        self._check_fields("files", row, f"{where}.")
        name, sha256, member = (str(row.get(each, "")) for each in ("name", "sha256", "member"))
        if Path(name).name in {"", ".."} or (package and Path(name).name != name):
            self._fault(f"{where}.name", repr(name), "the name of a file")
        if package and not member:
            self._fault(f"{where}.member", "nothing", "what the file is called in the package")
        folder = weights_folder() / self.path.stem if package else self.path.parent
        if len(sha256) != _DIGEST_SIGNS or set(sha256.lower()) - set("0123456789abcdef"):
            found = repr(sha256) if sha256 else "nothing"
            self._fault(f"{where}.sha256", found, "64 hexadecimal digits", _digest_advice(folder / name))
        return WeightsFile(folder / name, sha256.lower(), member)

    def _input(self) -> Input:
        row = self._table("input")
        sizes = {}
        for name in ("width_px", "height_px"):
            size = row.get(name)
            if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= _MOST_PX:
                found = "nothing" if size is None else repr(size)
                self._fault(f"input.{name}", found, f"a number of pixels from 1 to {_MOST_PX:,}")
            sizes[name] = size
        return Input(
            **sizes,  # type: ignore[arg-type] # faults are raised together
            fit=self._choice("input.fit", row.get("fit", "stretch"), get_args(Fit)),  # type: ignore[arg-type] # the same
            colours=self._choice("input.colours", row.get("colours", "rgb"), ("rgb", "bgr")),  # type: ignore[arg-type] # the same
            layout=self._choice("input.layout", row.get("layout", "nchw"), ("nhwc", "nchw")),  # type: ignore[arg-type] # the same
            mean=self._three("mean", row.get("mean", 0), (0.0, 0.0, 0.0)),
            std=self._three("std", row.get("std", 1), (1.0, 1.0, 1.0)),
        )

    def _three(self, name: str, found: object, default: tuple[float, ...]) -> tuple[float, float, float]:
        values = found if isinstance(found, list) else [found] * 3
        least = _LEAST if name == "std" else -_MOST
        numbers = [value for value in values if _is_number(value) and least <= value <= _MOST]
        if len(values) != len(default) or len(numbers) != len(default):
            expected = "a number, or three, for the channels" + (", each above 0" if name == "std" else "")
            self._fault(f"input.{name}", repr(found), expected)
            numbers = [*default]
        first, second, third = map(float, numbers)
        return first, second, third

    def _labels(self, does: str) -> Labels:
        wanted = self.told.get("labels")
        if wanted is None and does == "embed":
            return Labels(())
        try:
            found = read_labels(wanted, self.path)
        except DataError as error:
            self.faults += error.faults
            return Labels(())
        people = self.told.get("people")
        return found if people is None else replace(found, people=self._people(people, found))

    def _people(self, told: object, labels: Labels) -> frozenset[str]:
        """Return those of its words, in small letters, and their ids, that its card says are for people."""
        if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
            expected = "a list of those of its words, or their ids, that are for people"
            self._fault("people", repr(told), expected)
            return frozenset()
        known = {*labels.ids, *map(str.casefold, labels.words)} - {""}
        for name in told:
            if name not in known and name.casefold() not in known:
                self._fault(
                    "people", repr(name), "one of its words, or of their ids", advise_names(name, known)
                )
        return frozenset((*told, *map(str.casefold, told)))


def _is_number(found: object) -> TypeGuard[float]:
    return isinstance(found, int | float) and not isinstance(found, bool)


def _digest_advice(path: Path) -> str:
    return f"The file that is there has: {files.sha256(path)}" if path.is_file() else ""
