"""A study as an image folder: what `datasets` of Hugging Face loads as it is, with a card.

    FOLDER/README.md              the card: what this is, who made it, what nobody has said
    FOLDER/data/metadata.jsonl    one line an image: its file, what the study's table says, its annotations
    FOLDER/data/000001.jpg …      the images: the files themselves; upright, where they were turned
    FOLDER/NAME.croissant.json    the same for machines, with the tables it describes

The loader wants a name for each split and gets *train*; the kit makes no split. Boxes are COCO's: left, top,
width and height in pixels of the upright image.

Source of the layout: the documentation of `datasets`, "Create an image dataset".
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from retrain_kit import __version__
from retrain_kit.analysis import annotators
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.errors import DataError, Fault, KitError
from retrain_kit.imaging import exact
from retrain_kit.reports import croissant, datasheet
from retrain_kit.reports.responsible_ai import TERMS, answered_questions, known_answers
from retrain_kit.storage import texts
from retrain_kit.storage.files import writing_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

    Row = dict[str, Any]

TEMPLATES = Path(__file__).parent / "templates"
DATA = "data"
SPLIT = "train"
_LICENCE_ADDRESS = "https://creativecommons.org/"


def write_image_folder(
    manifest: Manifest,
    samples: Sequence[Sample],
    folder: Path,
    rejections: Rejections | None = None,
    progress: Callable[[Iterable[Sample]], Iterable[Sample]] = iter,
) -> Path:
    """Write a study as an image folder with its card and its Croissant description; return the folder.

    Parameters
    ----------
    manifest
        The study, pinned.
    samples
        What its reader returned.
    folder
        Must not be there yet, or be empty.
    rejections
        What could not be taken of its annotations; the card lists it.
    progress
        Wraps the samples while their images are written.

    Raises
    ------
    DataError
        When the folder is not empty or cannot be written, or with each image that cannot be read.
    """
    with writing_folder(folder) as building:
        (building / DATA).mkdir()
        rows: list[Row] = []
        faults: list[Fault] = []
        with_objects = any(sample.regions for sample in samples)
        annotator_of = annotators.annotator_lookup(manifest)
        for number, sample in enumerate(progress(samples), start=1):
            try:
                name = _place_image(number, sample, building / DATA)
            except KitError as error:
                faults += error.faults
                continue
            row = _row(name, sample)
            rows.append(row | ({"objects": _objects(sample, annotator_of)} if with_objects else {}))
        if faults:
            raise DataError(*faults)
        _write_lines(building / DATA / "metadata.jsonl", rows)
        croissant.write_description(
            manifest, building / f"{manifest.name}.croissant.json", rejections, samples
        )
        (building / "README.md").write_text(card(manifest, samples, rejections), encoding="utf-8")
    return folder


def _place_image(number: int, sample: Sample, folder: Path) -> str:
    """Put an image into the folder as everybody is to see it; return its name there."""
    if exact.is_upright(sample):
        name = f"{number:06}{sample.path.suffix.lower()}"
        shutil.copyfile(sample.path, folder / name)
    else:
        name = f"{number:06}.png"
        exact.load_exact_sample(sample).save(folder / name)
    return name


def _row(name: str, sample: Sample) -> Row:
    origin = sample.provenance
    return {
        "file_name": name,
        "image_id": sample.id,
        "width_px": sample.width_px,
        "height_px": sample.height_px,
        "licence": origin.licence,
        "author": origin.author,
        "source": origin.source,
        "note": origin.note,
        "alt": sample.alt,
        "notice": sample.notice,
        "leaves_out": sample.leaves_out,
    }


def _objects(sample: Sample, annotator_of: Callable[[str], annotators.Annotator]) -> Row:
    """Return the regions of an image, a list for each thing that is said of them."""
    boxes = [region.box for region in sample.regions]
    makers = [annotator_of(region.annotator) for region in sample.regions]
    return {
        "id": [region.id for region in sample.regions],
        "bbox": [[box.left, box.top, box.width_px, box.height_px] for box in boxes],
        "label": [region.label for region in sample.regions],
        "annotator": [maker.word for maker in makers],
        "annotation_source": [maker.source.name for maker in makers],
    }


def _write_lines(path: Path, rows: Sequence[Row]) -> None:
    """Write a line of JSON for each image; the first with annotations comes first, as loaders guess by it."""
    order = sorted(rows, key=lambda row: not row.get("objects", {}).get("id"))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_line(row) for row in order)


def _line(row: Row) -> str:
    text = json.dumps(row, ensure_ascii=False)
    return (text if texts.is_writable(text) else json.dumps(row)) + "\n"


def card(manifest: Manifest, samples: Sequence[Sample], rejections: Rejections | None = None) -> str:
    """Return the card of a study in Markdown, with the head that Hugging Face reads.

    Parameters
    ----------
    manifest, samples, rejections
        As for `write_image_folder`.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - Markdown; `plain` takes from texts what would be its signs
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = _plain
    answered = answered_questions(manifest, rejections)
    return environment.get_template("image_folder/README.md.j2").render(
        head=yaml.safe_dump(_head(manifest), allow_unicode=True, sort_keys=False).strip(),
        study=manifest,
        chosen=datasheet.selection_in_words(manifest),
        images=len(samples),
        annotations=annotators.count_annotations(samples, manifest),
        licences=Counter(sample.provenance.licence or "not said" for sample in samples).most_common(),
        answered=[answer for answer in known_answers(manifest) if answer.texts],
        silent=[question for name, (_, question) in TERMS.items() if name not in answered],
        rejected=len(rejections or Rejections()),
        split=SPLIT,
        version=__version__,
    )


def _head(manifest: Manifest) -> Row:
    """Return what stands between the lines `---`; no text in it has a line of its own."""
    address = croissant.licence_url(manifest.licence)
    free = address.startswith(_LICENCE_ADDRESS)
    parts = address.removeprefix(_LICENCE_ADDRESS).strip("/").split("/")
    name = "cc0-1.0" if "zero" in parts else "-".join(("cc", *parts[1:]))
    return {
        "pretty_name": " ".join(manifest.title.split()),
        "license": name if free else "other",
        **({} if free else {"license_name": " ".join(manifest.licence.split())}),
        "tags": ["retrain-kit"],
        "configs": [{"config_name": "default", "data_files": [{"split": SPLIT, "path": f"{DATA}/**"}]}],
    }


def _plain(text: object) -> str:
    """Return a text in one line, none of whose signs is read as Markdown or HTML."""
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in " ".join(str(text).split()))


_SIGNS = set("\\`*_{}[]<>#|~$&!")
