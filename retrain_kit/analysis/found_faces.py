"""Found faces: what a detector of the user's takes for a face, and how much of what is tagged it misses.

There is none here. Any function is one that takes an image, uint8 (rows, columns, 3) in sRGB, and returns a
list of (left, top, right, bottom, score, label), in pixels, right and bottom excluded. It is asked where
faces are, and never whose.

**It is a help and no protection.** What it finds is veiled beside the boxes of people, never in their place.
How much it misses is counted on the study's own regions, where there are some. Those were tagged; people whom
nobody tagged are in no number here.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.analysis.people_in_images import FACES, PARTS, plain_word
from retrain_kit.annotations.samples import Box
from retrain_kit.errors import DataError, Fault, KitError, ParameterError
from retrain_kit.studies.disclosure import shown

if TYPE_CHECKING:
    from types import ModuleType

    from PIL import Image

    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.annotations.samples import Region, Sample

Detector = Callable[[Any], Any]
"""Takes uint8 (rows, columns, 3); returns (left, top, right, bottom, score, label) of each find."""

EXPECTED = "a list of (left, top, right, bottom, score, label), in pixels"
_PARTS_OF_A_FIND = 6
AROUND = 0.25
"""How much of its own size is veiled around a find, on each side: a find ends where hair and ears begin."""


@dataclass(frozen=True)
class FoundFace:
    """What a detector takes for a face; `score` and `label` are its own words."""

    box: Box
    score: float
    label: str

    @property
    def veiled(self) -> Box:
        """The box that is made coarse: the find and a quarter of its size around it."""
        box = self.box
        x, y = AROUND * box.width_px, AROUND * box.height_px
        return Box(box.left - x, box.top - y, box.right + x, box.bottom + y)


@dataclass
class FaceFinder:
    """A detector that is asked once an image.

    Parameters
    ----------
    detector
        See the top of this module.

    Attributes
    ----------
    faults
        Why it found nothing in an image, by the image's id: it failed, or what it said was no list of finds.
    """

    detector: Detector
    faults: dict[str, Fault] = field(default_factory=dict)
    _found: dict[str, tuple[FoundFace, ...]] = field(default_factory=dict, repr=False)

    def find(self, image: Image.Image, sample: Sample) -> tuple[FoundFace, ...]:
        """Return what it finds in a sample's image; nothing where it failed on it, see `faults`."""
        if sample.id not in self._found:
            try:
                self._found[sample.id] = parse_finds(self.detector(np.array(image.convert("RGB"))))
            except ParameterError as error:
                self.faults[sample.id] = error.faults[0]
            except Exception as error:  # noqa: BLE001 - anything may go wrong in what somebody else wrote
                why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
                self.faults[sample.id] = Fault("face detector", why, EXPECTED)
        return self._found.setdefault(sample.id, ())


def parse_finds(said: object) -> tuple[FoundFace, ...]:
    """Return what a detector said as finds.

    Raises
    ------
    ParameterError
        With everything that is no find.
    """
    if not isinstance(said, Iterable) or isinstance(said, str | bytes):
        raise ParameterError(Fault("face detector", shown(said), EXPECTED))
    faults, found = [], []
    for number, each in enumerate(said, start=1):
        try:
            found.append(_find(each))
        except (KitError, TypeError, ValueError):
            faults.append(Fault(f"face detector, find {number}", shown(each), EXPECTED))
    if faults:
        raise ParameterError(*faults)
    return tuple(found)


def _find(said: Any) -> FoundFace:  # noqa: ANN401 - what somebody else's function said
    parts = tuple(said)
    if len(parts) != _PARTS_OF_A_FIND or isinstance(said, str):
        raise ValueError
    *numbers, label = parts
    edges = [float(number) for number in numbers]
    if not all(map(math.isfinite, edges)) or not isinstance(label, str):
        raise ValueError
    return FoundFace(Box(*edges[:4]), edges[4], label)


def load_detector(named: str) -> Detector:
    """Return the function that `module:function`, or `path/to/file.py:function`, names.

    Raises
    ------
    ParameterError
        When there is no such function.
    DataError
        When its module fails as it is loaded.
    """
    module, _, name = named.rpartition(":")
    if not module or not name.isidentifier():
        expected = "module:function, or a file: detector.py:function"
        raise ParameterError(Fault("face detector", repr(named), expected))
    found = getattr(_module(module), name, None)
    if not callable(found):
        raise ParameterError(Fault("face detector", f"no function {name} in {module}", "one that is there"))
    return found  # type: ignore[no-any-return]  # any callable is taken; what it says is checked


def _module(named: str) -> ModuleType:
    try:
        return _loaded(named)
    except ModuleNotFoundError as error:
        raise ParameterError(Fault("face detector", str(error), "a module that is installed")) from None
    except KitError:
        raise
    except Exception as error:  # noqa: BLE001 - anything may go wrong in what somebody else wrote
        why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise DataError(Fault(f"face detector, {named}", why, "a module that loads")) from None


def _loaded(named: str) -> ModuleType:
    if not named.endswith(".py"):
        return importlib.import_module(named)
    path = Path(named).expanduser()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ParameterError(Fault("face detector", f"no file {path}", "a file of Python"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# -- how much it misses


@dataclass(frozen=True)
class Misses:
    """What a detector found of a study's own regions, over all images that it looked at.

    Parameters
    ----------
    images, failed
        How many it looked at, and on how many of those it failed.
    finds
        What it took for faces, in all.
    faces, faces_found
        Regions of faces, and in how many of them it found one.
    persons, persons_found
        Regions of whole people, and in how many of them it found a face. Somebody may have turned away.
    groups
        How many of `persons` stand for several people, as the source says; one find is enough for each.
    elsewhere
        Finds in no region of people at all: false, or somebody whom nobody tagged.
    without
        How many images have no region of people: what it finds there is counted in `elsewhere`.
    """

    images: int = 0
    failed: int = 0
    finds: int = 0
    faces: int = 0
    faces_found: int = 0
    persons: int = 0
    persons_found: int = 0
    groups: int = 0
    elsewhere: int = 0
    without: int = 0

    def __add__(self, other: Misses) -> Misses:
        """Return both together."""
        return Misses(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def count_misses(
    sample: Sample, people: PeopleInImages, finds: Iterable[FoundFace], *, failed: bool = False
) -> Misses:
    """Return what the finds in one image are, against its regions of people.

    A find is in a region where its centre is: left and upper edge included. Each find stands for one region
    alone: the smallest that holds it and has none yet, those of the highest score first. Faces and whole
    people are counted apart, each with all finds. Eyes, hands and heads are regions of people in which no
    face is looked for; a find in them is not elsewhere.
    """
    finds = sorted(finds, key=lambda find: -find.score)
    regions = people.regions(sample)
    faces = [region for region in regions if is_face(region)]
    persons = [region for region in regions if not is_face(region) and not _is_part(region)]
    return Misses(
        images=1,
        failed=int(failed),
        finds=len(finds),
        faces=len(faces),
        faces_found=_matched(faces, finds),
        persons=len(persons),
        persons_found=_matched(persons, finds),
        groups=sum(region.flags.group_of is True for region in persons),
        elsewhere=sum(not any(_holds(region.box, find) for region in regions) for find in finds),
        without=int(not regions),
    )


def is_face(region: Region) -> bool:
    """Return whether a region is of a face and of nothing else of a person."""
    return plain_word(region.label) in FACES or region.said.get("LabelName") in FACES


def _is_part(region: Region) -> bool:
    word = plain_word(region.label)
    return word in PARTS or word.startswith("human ")


def _matched(regions: list[Region], finds: list[FoundFace]) -> int:
    left = sorted(regions, key=lambda region: region.box.width_px * region.box.height_px)
    for find in finds:
        held = next((number for number, region in enumerate(left) if _holds(region.box, find)), None)
        if held is not None:
            del left[held]
    return len(regions) - len(left)


def _holds(box: Box, find: FoundFace) -> bool:
    x, y = (find.box.left + find.box.right) / 2, (find.box.top + find.box.bottom) / 2
    return box.left <= x < box.right and box.top <= y < box.bottom
