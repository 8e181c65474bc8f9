"""The tables of ImageNet's challenge (ILSVRC2012): its synsets' words, and what its images show.

Files of the manifest, all of them optional:

* `synsets`: `LOC_synset_mapping.txt`, a synset a line with all its words. Synsets are what counts, not words:
  two of the thousand are called crane, the bird (n02012849) and the machine (n03126707);
* `solution`: `LOC_val_solution.csv` or `LOC_train_solution.csv`, an image a row with its synset and boxes
  (both under names that begin with `solution`);
* `devkit`: the unpacked `ILSVRC2012_devkit_t12`. Its `meta.mat` has words and glosses, its
  `ILSVRC2012_validation_ground_truth.txt` a number for each validation image, counted as in `meta.mat`;
* `wordnet`: WordNet 3.0 for glosses and paths, see `retrain_kit.datasets.formats.wordnet`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import ImageLabel, RejectedAnnotation
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.datasets.formats import values, wordnet
from retrain_kit.datasets.formats.wordnet import SYNSET_ID
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import texts
from retrain_kit.storage.spill import SpilledNames, SpilledValues

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Mapping
    from pathlib import Path

COLUMNS = ["ImageId", "PredictionString"]
META_FILE, TRUTH_FILE = "meta.mat", "ILSVRC2012_validation_ground_truth.txt"
WORDS_PER_BOX = 5
_MAPPED = re.compile(r"(n[0-9]{8}) (?:: )?(\S.*)")


@dataclass(frozen=True)
class ShownSynset:
    """Something a table says an image shows: a synset and, where it has one, the corners of its box."""

    synset: str
    corners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """What the tables of a study say.

    Parameters
    ----------
    synsets
        The data set's own synsets under its own words, with gloss and parents where a table has them.
    wordnet
        All of WordNet that the study brings.
    shelf
        What the tables say of images, by their ids; of several tables the last one counts.
    rejected
        Rows of images that are none, by their ids.
    """

    synsets: Taxonomy
    wordnet: Taxonomy
    shelf: SpilledValues = field(default_factory=SpilledValues)
    rejected: Mapping[str, list[RejectedAnnotation]] = field(default_factory=dict)

    def synsets_shown_in(self, image: str) -> tuple[ShownSynset, ...]:
        """Return what the tables say that an image shows."""
        said: list[tuple[ShownSynset, ...]] = self.shelf.get(image)
        return said[-1] if said else ()

    def synset(self, name: str) -> Synset:
        """Return the synset of an id: the data set's own, else WordNet's, else the bare id."""
        known = next((each for each in (self.synsets, self.wordnet) if name in each), None)
        return known.synset(name) if known else Synset(name)

    def label(self, name: str) -> ImageLabel:
        """Return the label of a synset, with its gloss and its paths in WordNet where they are known."""
        synset = self.synset(name)
        said: dict[str, Any] = {"synset": name}
        said |= {"gloss": synset.gloss} if synset.gloss else {}
        said |= {"paths": [list(path) for path in self.wordnet.paths(name)]} if name in self.wordnet else {}
        return ImageLabel(synset.words, present=True, said=said)

    def meanings(self, labels: Collection[str]) -> set[str]:
        """Return the ids of the synsets that words or ids mean.

        Raises
        ------
        ParameterError
            With each that is unknown or has several meanings.
        DataError
            When no table says which synsets there are.
        """
        known = self.synsets or self.wordnet
        if labels and not known:
            expected = "synsets = LOC_synset_mapping.txt, or devkit, to know the words"
            raise DataError(Fault("files", "no list of synsets", expected))
        return {synset.id for synset in known.meanings(labels)}


def load_tables(
    files: Mapping[str, Path],
    faults: list[Fault],
    wanted: Container[str] | None = None,
    unmatched: list[RejectedAnnotation] | None = None,
) -> Tables:
    """Return what the tables among these files say, of wanted images alone if some are; list the faults.

    Rows that are of no image come into `unmatched`.
    """
    synsets: dict[str, Synset] = {}
    shown = SpilledValues()
    rejected: dict[str, list[RejectedAnnotation]] = {}
    if "devkit" in files:
        synsets = _devkit(files["devkit"], shown, faults)
    if "synsets" in files:
        mapped = {synset.id: synset for synset in _mapping(files["synsets"], faults)}
        known = synsets
        synsets = {name: replace(known.get(name, each), lemmas=each.lemmas) for name, each in mapped.items()}
    for name, path in files.items():
        if name.startswith("solution"):
            _take_solution(path, faults, wanted, shown, rejected)
    if unmatched is not None:
        unmatched += rejected.pop("", [])
    nouns = Taxonomy(())
    if "wordnet" in files:
        try:
            nouns = wordnet.read_nouns(files["wordnet"])
        except DataError as error:
            faults += error.faults
    own = Taxonomy(_with_wordnet(each, nouns) for each in synsets.values())
    return Tables(own, nouns, shown, rejected)


def _take_solution(
    path: Path,
    faults: list[Fault],
    wanted: Container[str] | None,
    shown: SpilledValues,
    rejected: dict[str, list[RejectedAnnotation]],
) -> None:
    """Put down what a solution shows in the wanted images, and which of their rows are none."""
    for image, found in _solution(path, faults):
        if image and wanted is not None and image not in wanted:
            continue
        if isinstance(found, RejectedAnnotation):
            rejected.setdefault(image, []).append(found)
        else:
            shown.put(image, found)


def _with_wordnet(synset: Synset, nouns: Taxonomy) -> Synset:
    if synset.id not in nouns:
        return synset
    noun = nouns.synset(synset.id)
    return replace(noun, lemmas=synset.lemmas, gloss=synset.gloss or noun.gloss)


def _lines(path: Path, expected: str, faults: list[Fault]) -> Iterator[str]:
    """Yield the lines of a text; list a fault where there is none, or where it ends being one."""
    line = None
    try:
        with path.open(encoding=texts.encoding_of(path)) as file:
            for line in file:
                yield line.rstrip("\n")
    except (OSError, UnicodeError) as error:
        faults.append(Fault(str(path), f"no table ({reason_of(error)})", expected))
        return
    if line is None:
        faults.append(Fault(str(path), "an empty file", expected))


def _mapping(path: Path, faults: list[Fault]) -> Iterator[Synset]:
    """Yield the synsets of `LOC_synset_mapping.txt`; id and words stand apart by a space, or by a colon."""
    expected = "n and 8 digits, then the words, each synset once"
    seen = set()
    for number, line in enumerate(_lines(path, expected, faults), start=1):
        found = _MAPPED.fullmatch(line.strip())
        if not found or found[1] in seen:
            faults.append(Fault(f"{path}, line {number}", repr(line[:60]), expected))
            continue
        seen.add(found[1])
        yield Synset(found[1], tuple(found[2].split(", ")))


def _solution(
    path: Path, faults: list[Fault]
) -> Iterator[tuple[str, tuple[ShownSynset, ...] | RejectedAnnotation]]:
    """Yield the images of a solution, each with what it shows, or with why its row is none."""
    expected = "a table with the columns ImageId,PredictionString"
    rows = csv.reader(_lines(path, expected, faults))
    if (header := next(rows, COLUMNS)) != COLUMNS:
        faults.append(Fault(f"{path}, line 1", ",".join(header)[:60], expected))
        return
    seen, read = SpilledNames(), 0
    for row in _csv_rows(rows, path, faults):
        if not any(row):
            continue
        read += 1
        words = row[1].split() if len(row) == len(COLUMNS) else []
        synsets = words[::WORDS_PER_BOX]
        whole = words and len(words) % WORDS_PER_BOX == 0 and all(map(SYNSET_ID.fullmatch, synsets))
        if whole and row[0].strip() and seen.add(row[0]):
            boxes = (tuple(words[at + 1 : at + WORDS_PER_BOX]) for at in range(0, len(words), WORDS_PER_BOX))
            yield row[0], tuple(map(ShownSynset, synsets, boxes))
        else:
            reason = "the image a second time" if whole else "no synset xmin ymin xmax ymax for each box"
            reason = reason if row[0].strip() else "no image"
            place = f"{path.name}, line {rows.line_num}"
            yield row[0].strip(), RejectedAnnotation(row[0].strip(), reason, place=place, row=",".join(row))
    if read and not len(seen):
        faults.append(Fault(str(path), "no row that is one", "rows of image, and synset xmin ymin xmax ymax"))


def _csv_rows(rows: Iterator[list[str]], path: Path, faults: list[Fault]) -> Iterator[list[str]]:
    """Yield the rows of a CSV; list a fault where it ends being one."""
    try:
        yield from rows
    except csv.Error as error:
        faults.append(Fault(str(path), f"no table ({error})", "a CSV, whole"))


def _devkit(folder: Path, shown: SpilledValues, faults: list[Fault]) -> dict[str, Synset]:
    """Return the thousand synsets of a development kit; put down what validation images show."""
    meta, truth = (next(iter(sorted(folder.rglob(name))), folder / name) for name in (META_FILE, TRUTH_FILE))
    numbered = _meta(meta, faults)
    for number, line in enumerate(_lines(truth, "a number for each validation image", faults), start=1):
        text = line.strip()
        if text.isdecimal() and int(text) in numbered:
            shown.put(f"ILSVRC2012_val_{number:08d}", (ShownSynset(numbered[int(text)].id),))
        elif numbered:
            expected = f"a number that {META_FILE} gives to a synset without children"
            faults.append(Fault(f"{truth}, line {number}", repr(line[:60]), expected))
    return {synset.id: synset for synset in numbered.values()}


def _meta(path: Path, faults: list[Fault]) -> dict[int, Synset]:
    """Return the synsets of `meta.mat` that images are labelled with, those without children, by number."""
    from scipy import io  # type: ignore[import-untyped] # noqa: PLC0415 - slow, and few studies need it

    try:
        rows = io.loadmat(path, squeeze_me=True)["synsets"]
        return {
            int(row["ILSVRC2012_ID"]): Synset(
                values.word(row["WNID"], "WNID"),
                tuple(values.word(row["words"], "words").split(", ")),
                values.word(row["gloss"], "gloss"),
            )
            for row in rows
            if not int(row["num_children"])
        }
    except (OSError, ValueError, KeyError, IndexError, TypeError, NotImplementedError) as error:
        faults.append(
            Fault(
                str(path), f"no table of synsets ({reason_of(error)})", f"{META_FILE} of the development kit"
            )
        )
        return {}
