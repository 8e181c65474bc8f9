"""Second labels of ImageNet's images, in the files that their makers published: ReaL and ImageNet-X.

* ReaL (*Are we done with ImageNet?*, arXiv:2006.07159): `real.json`, a list of 50,000 lists, one for each
  image of the validation by its number. Each holds the numbers, from 0 to 999, of the labels that the image
  may bear; it is empty where the raters found that none of them fits;
* ImageNet-X: lines of JSON, one an image, with `file_name`, sixteen factors that are 0 or 1, and an
  annotator's `justification` and `one_word`, which may be null.

A number means a synset by the thousand of the challenge in the order of their ids, as the lines of
`LOC_synset_mapping.txt` have them.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.second_labels import AnnotatorSentence, SecondLabels
from retrain_kit.datasets.formats import values
from retrain_kit.errors import NAMES_SHOWN, DataError, Fault, ParameterError, reason_of
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

IMAGES, CLASSES = 50_000, 1000
"""Of ImageNet's validation, and the labels of its challenge."""
FACTORS = (
    "multiple_objects",
    "background",
    "color",
    "brighter",
    "darker",
    "style",
    "larger",
    "smaller",
    "object_blocking",
    "person_blocking",
    "partial_view",
    "pattern",
    "pose",
    "shape",
    "subcategory",
    "texture",
)
"""What annotators of ImageNet-X could mark, in the order of its files."""
LICENCES = {
    "ReaL": (
        "its makers say Apache 2.0 of their example code and nothing of the labels; "
        "for the copy in the package imagenet-x as for ImageNet-X"
    ),
    "ImageNet-X": "BSD 3-Clause by the metadata of its package, CC BY-NC 4.0 by the file LICENSE in it",
}
_SYNSET = re.compile(r"(n[0-9]{8})\b")


def read_second_labels(real: Path | None, classes: Path | None, imagenet_x: Path | None) -> SecondLabels:
    """Return what the files say that are given, with the licences of these.

    Parameters
    ----------
    real, imagenet_x
        The files of ReaL and of ImageNet-X.
    classes
        Which synset each number of ReaL means, see `read_classes`.

    Raises
    ------
    ParameterError
        When there is a file of ReaL, and none that says what its numbers mean.
    DataError
        With all faults of the first file that has some.
    """
    if real and not classes:
        found, expected = "no file", "LOC_synset_mapping.txt, which says what the numbers of ReaL mean"
        raise ParameterError(Fault("classes", found, expected))
    labels = read_real(real, read_classes(classes)) if real and classes else {}
    sentences = read_imagenet_x(imagenet_x) if imagenet_x else {}
    given = {"ReaL": real, "ImageNet-X": imagenet_x}
    return SecondLabels(
        labels, sentences, {name: text for name, text in LICENCES.items() if given[name] is not None}
    )


def read_classes(path: Path) -> tuple[str, ...]:
    """Return the ids of the thousand synsets of the challenge, in the order in which they are numbered.

    Parameters
    ----------
    path
        A text with a synset a line, its id first: `LOC_synset_mapping.txt` and its kin.

    Raises
    ------
    DataError
        When it cannot be read, has another number of synsets or another order, or with each line that has
        none.
    """
    lines = [line for line in texts.read_text(path).splitlines() if line.strip()]
    found = [_SYNSET.match(line) for line in lines]
    expected = f"{CLASSES:,} synsets in the order of their ids, each id first in its line"
    faults = [
        Fault(f"{path}, line {number}", repr(line[:60]), expected)
        for number, (line, each) in enumerate(zip(lines, found, strict=True), start=1)
        if not each
    ]
    ids = [each[1] for each in found if each]
    if not faults and (len(ids) != CLASSES or ids != sorted(set(ids))):
        order = "this order" if ids == sorted(set(ids)) else "another order"
        faults = [Fault(str(path), f"{len(ids):,} in {order}", expected)]
    if faults:
        raise DataError(*_few(faults, path))
    return tuple(ids)


def read_real(path: Path, classes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the synsets that each image of the validation may bear, by the image's name.

    Parameters
    ----------
    classes
        The ids that the numbers mean, from 0.

    Raises
    ------
    DataError
        When it is no JSON or no list of 50,000, or with each entry that is no list of such numbers.
    """
    try:
        rows = json.loads(texts.read_text(path))
    except (ValueError, RecursionError) as error:
        raise DataError(Fault(str(path), f"no JSON ({error})", "the list of ReaL", "Is it whole?")) from None
    if not isinstance(rows, list) or len(rows) != IMAGES:
        found = f"a list of {len(rows):,}" if isinstance(rows, list) else values.shown(rows)
        raise DataError(
            Fault(str(path), found, f"a list of {IMAGES:,}, one for each image of the validation")
        )
    numbers = dict(enumerate(classes))
    expected = f"a list of whole numbers from 0 to {len(classes) - 1}"
    wrong = [
        Fault(f"{path}, entry {number:,}", values.shown(row), expected)
        for number, row in enumerate(rows, start=1)
        if not _is_of_numbers(row, numbers)
    ]
    if wrong:
        raise DataError(*_few(wrong, path))
    return {
        f"ILSVRC2012_val_{number:08}": tuple(dict.fromkeys(map(numbers.__getitem__, row)))
        for number, row in enumerate(rows, start=1)
    }


def _is_of_numbers(row: object, numbers: dict[int, str]) -> bool:
    return isinstance(row, list) and all(type(each) is int and each in numbers for each in row)


def read_imagenet_x(path: Path) -> dict[str, AnnotatorSentence]:
    """Return what annotators wrote and marked, by the image's name.

    Raises
    ------
    DataError
        When it cannot be read, or with each line that is none of ImageNet-X or names an image again.
    """
    found: dict[str, AnnotatorSentence] = {}
    faults = []
    for number, line in _lines(path):
        try:
            name, said = _said(_row(line))
            if name in found:
                raise ValueError(f"the image {name} a second time")  # noqa: TRY301 - one kind for all faults
        except (ValueError, RecursionError) as error:
            expected = "an object with file_name, sixteen factors of 0 or 1, justification and one_word"
            faults.append(Fault(f"{path}, line {number:,}", str(error), expected))
        else:
            found[name] = said
    if faults:
        raise DataError(*_few(faults, path))
    return found


def _few(faults: list[Fault], path: Path) -> list[Fault]:
    """Return the first faults of a file, and how many more there are: all of a file of another kind are."""
    more = len(faults) - NAMES_SHOWN
    rest = [Fault(str(path), f"{more:,} more such", faults[0].expected)] if more > 0 else []
    return faults[:NAMES_SHOWN] + rest


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding=texts.encoding_of(path)) as file:
            yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())
    except (OSError, UnicodeError) as error:
        raise DataError(
            Fault(str(path), f"no text ({reason_of(error)})", "lines of JSON, as of ImageNet-X")
        ) from None


def _row(line: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        raise ValueError(f"no JSON: {values.shown(line.strip())}") from None


def _said(row: Any) -> tuple[str, AnnotatorSentence]:  # noqa: ANN401 - whatever JSON holds
    """Return the image of a row, and what was said of it; a ValueError says what is wrong."""
    if not isinstance(row, dict):
        raise ValueError(values.shown(row))  # noqa: TRY004 - one kind for all faults
    name = PurePosixPath(values.word(row.get("file_name"), "file_name")).stem
    for factor in FACTORS:
        if row.get(factor) not in (0, 1):
            raise ValueError(f"{factor}: {values.shown(row.get(factor))}, neither 0 nor 1")
    sentence, word = (_words(row, field) for field in ("justification", "one_word"))
    return name, AnnotatorSentence(sentence, word, tuple(each for each in FACTORS if row[each]))


def _words(row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    return "" if value is None else values.word(value, field).strip()
