"""Croissant 1.1: a study described for machines, with the vocabulary for responsible AI.

What is described is the *study*: its table of images and that of its annotations, one record each, as the
CSVs that lie beside the description. How the annotations came to be is said in PROV-O, and *not disclosed*
where nobody has said it. The images themselves are not handed on. Nothing that Croissant wants is invented:

- `dateCreated` is the day the study's images were retrieved, where the manifest gives a day. When the data
  set behind it was published, by whom, and at which address (`datePublished`, `creator`, `url`, `citeAs`) is
  there as far as the manifest's table `[publication]` says; `mlcroissant` warns where the first or the last
  is not.
- `license` is an address where the manifest's licence is one or names one of Creative Commons, else its text.
- A question of the vocabulary about which nobody has said anything is left out; the datasheet lists those.
  Of the work itself silence is exported too: on which platform, by how many, by whom is then *not disclosed*
  in so many words, and so are its time and its pay, beside what like work takes by published figures.
- `rai:dataCollectionTimeframe` is when the annotations were made, where the manifest gives days, months or
  years and nothing else.
- A study that is not pulled yet, or was withdrawn, has no distribution and no records.

Readers that guess at types, such as `mlcroissant` by pandas, take an id of digits for a number.
"""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.rejections import Rejections
from retrain_kit.reports import annotation_table, datasheet
from retrain_kit.reports.responsible_ai import (
    NOTHING_STATED,
    TERMS,
    WORK_QUESTIONS,
    answered_questions,
    rai_fields,
)
from retrain_kit.storage import files, texts
from retrain_kit.studies import image_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

Json = dict[str, Any]

CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
_CROISSANT_WORDS = (
    *(
        "arrayShape",
        "citeAs",
        "column",
        "containedIn",
        "equivalentProperty",
        "extract",
        "field",
        "fileObject",
    ),
    *("fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5"),
    *("parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
} | {word: f"cr:{word}" for word in _CROISSANT_WORDS}
"""The names that Croissant 1.1 gives its words."""

COLUMN_DESCRIPTIONS = {
    "id": "The image's id in the data set.",
    "file": "Where the image is, below the study's folder.",
    "sha256": "SHA-256 of the image's file; empty where it is not yet computed.",
    "width_px": "Width of the upright image in pixels.",
    "height_px": "Height of the upright image in pixels.",
    "licence": "The licence that the data set lists for the image.",
    "author": "The author that the data set names.",
    "source": "Where the data set says that the image comes from.",
    "note": "A note of the study.",
    "alt": "The image in one sentence, for those who cannot see it.",
    "notice": "What to know before looking at it.",
    "leaves_out": "What the annotations leave out.",
    "split": "The part of the data set that the image belongs to.",
}


def export_study(
    manifest: Manifest, samples: Sequence[Sample], folder: Path, rejections: Rejections | None = None
) -> list[Path]:
    """Write a study's Croissant description, its table and its datasheet into a folder; return their paths.

    Parameters
    ----------
    manifest
        The study, pinned or not.
    samples
        What its reader returned; none where it is not pinned.
    folder
        Where `<study>.croissant.json`, `<study>.datasheet.html` and, where it is pinned, `<study>.csv` and
        `<study>.annotations.csv` go.
    rejections
        What could not be taken of its annotations; what the samples say of it where it is not given.

    Raises
    ------
    DataError
        When the folder cannot be written.
    """
    rejections = Rejections.of_samples(samples) if rejections is None else rejections
    written = write_description(manifest, folder / f"{manifest.name}.croissant.json", rejections, samples)
    page = folder / f"{manifest.name}.datasheet.html"
    with files.writing(page) as temporary:
        temporary.write_text(datasheet.page_html(manifest, samples, rejections), encoding="utf-8")
    return [*written, page]


def write_description(
    manifest: Manifest,
    path: Path,
    rejections: Rejections | None = None,
    samples: Sequence[Sample] | None = None,
) -> list[Path]:
    """Write a study's Croissant description and, beside it, the tables it describes; return their paths.

    The annotations are described where `samples` are given and the study is pinned.
    """
    described = None
    if manifest.pinned and samples is not None:
        annotations = path.with_name(f"{manifest.name}.annotations.csv")
        annotation_table.write_table(annotations, samples, manifest)
        described = DescribedAnnotations(annotations, annotation_table.activities(samples, manifest))
    text = json.dumps(metadata(manifest, rejections, described), ensure_ascii=False, indent=2) + "\n"
    with files.writing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    if not manifest.pinned:
        return [path]
    table = path.with_name(_table(manifest).name)
    if table.resolve() != _table(manifest).resolve():
        with (
            files.writing(table) as temporary,
            image_table.plain_csv(_table(manifest), manifest.veil) as plain,
        ):
            shutil.copyfile(plain, temporary)
    return [path, table, *([described.path] if described else [])]


@dataclass(frozen=True)
class DescribedAnnotations:
    """The table of a study's annotations, and how they came to be, as activities of PROV-O."""

    path: Path
    activities: list[Json]


def metadata(
    manifest: Manifest,
    rejections: Rejections | None = None,
    annotations: DescribedAnnotations | None = None,
) -> Json:
    """Return a study as Croissant 1.1 in JSON-LD; `rejections` are limits of it that are said one by one."""
    description = " ".join(manifest.why.split())
    known: Json = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": manifest.title,
        "alternateName": manifest.name,
        "description": description,
        "conformsTo": CONFORMS_TO,
        "version": manifest.version,
        "license": licence_url(manifest.licence),
        "url": manifest.publication.url,
        "creator": _creators(manifest),
        "datePublished": manifest.publication.published,
        "citeAs": manifest.publication.cite,
        "dateCreated": _day(manifest.retrieved),
        "conditionsOfAccess": _access(manifest),
        "rai:dataCollection": datasheet.selection_in_words(manifest),
        "rai:dataCollectionMissingData": _missing(manifest),
        **{f"rai:{term}": _one_or_more(texts) for term, texts in rai_fields(manifest, rejections).items()},
        **_undisclosed(manifest),
        "rai:dataCollectionTimeframe": _one_or_more(timeframe(manifest.annotation.when)),
        **_derivation(manifest),
        "distribution": [_file(manifest)] if manifest.pinned else None,
        "recordSet": [_records(manifest)] if manifest.pinned else None,
    }
    if annotations:
        known["distribution"].append(
            _file_object("annotation-table", annotations.path, "The study's annotations: one row each.")
        )
        known["recordSet"].append(_annotation_records(annotations))
    return {key: value for key, value in known.items() if value}


def timeframe(text: str) -> tuple[str, ...]:
    """Return the day, month or year that a text is, or the first and the last; nothing of any other text.

    Examples
    --------
    >>> timeframe("2008-07 to 2010-04")
    ('2008-07', '2010-04')
    """
    days = re.split(r"\s*(?:/|–|\bto\b)\s*", text.strip().removesuffix("."))
    found = tuple(day for day in days if re.fullmatch(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?", day))
    return found if len(found) == len(days) <= _FIRST_AND_LAST and list(found) == sorted(found) else ()


_FIRST_AND_LAST = 2


def licence_url(text: str) -> str:
    """Return the address of a licence of Creative Commons that a text names; any other text as it is.

    Examples
    --------
    >>> licence("CC BY-SA 4.0")
    'https://creativecommons.org/licenses/by-sa/4.0/'
    >>> licence("CC0-1.0")
    'https://creativecommons.org/publicdomain/zero/1.0/'
    """
    name = re.sub(r"[\s_]+", "-", text.strip().lower())
    if name in {"cc0", "cc0-1.0"}:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    named = re.fullmatch(r"cc-(by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd)-(1\.0|2\.0|2\.5|3\.0|4\.0)", name)
    return f"https://creativecommons.org/licenses/{named[1]}/{named[2]}/" if named else text


def _undisclosed(manifest: Manifest) -> Json:
    """Return what is said of the questions of work on which the study states nothing."""
    silent = {name: TERMS[name][0] for name in WORK_QUESTIONS if name not in answered_questions(manifest)}
    return {f"rai:{term}": NOTHING_STATED for term in silent.values()}


def _table(manifest: Manifest) -> Path:
    return manifest.toml.with_suffix(".csv")


def _file(manifest: Manifest) -> Json:
    with image_table.plain_csv(_table(manifest), manifest.veil) as table:
        return _file_object("table", table, "The study's table: one row an image.", _table(manifest).name)


def _file_object(name: str, path: Path, description: str, file_name: str = "") -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": file_name or path.name,
        "description": description,
        "contentUrl": file_name or path.name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "text/csv",
        "sha256": files.sha256(path),
    }


def _derivation(manifest: Manifest) -> Json:
    """Return from which study, and how, a decanonized one was made; nothing for any other."""
    stated = texts.read_text(manifest.toml) if manifest.toml.is_file() else ""
    made = tomllib.loads(stated).get("decanonized")
    if not isinstance(made, dict):
        return {}
    agent = {"@type": "prov:SoftwareAgent", "prov:label": str(made.get("kit", "retrain-kit"))}
    how = ", ".join(f"{key}: {made[key]}" for key in ("way", "fill", "shape") if key in made)
    return {
        "prov:wasDerivedFrom": {"@type": "prov:Entity", "prov:label": str(made.get("study", ""))},
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "prov:label": "decanonization",
            "description": f"What the annotations cover was taken out of each image. {how}".strip(),
            "prov:wasAssociatedWith": agent,
        },
    }


def _annotation_records(annotations: DescribedAnnotations) -> Json:
    return {
        "@type": "cr:RecordSet",
        "@id": "annotations",
        "name": "annotations",
        "description": "What the data set says of the images, one record an annotation.",
        "field": [_annotation_field(*each) for each in annotation_table.COLUMNS.items()],
        "prov:wasGeneratedBy": annotations.activities,
    }


def _annotation_field(column: str, description: str) -> Json:
    types: Json = {"label": ["sc:Text", "cr:Label"]}
    more: dict[str, Json] = {
        "image": {"references": {"field": {"@id": "images/id"}}},
        "annotator": {"equivalentProperty": "prov:wasAttributedTo"},
    }
    return {
        "@type": "cr:Field",
        "@id": f"annotations/{column}",
        "name": column,
        "description": description,
        "dataType": "sc:Float" if column.endswith("_px") else types.get(column, "sc:Text"),
        "source": {"fileObject": {"@id": "annotation-table"}, "extract": {"column": column}},
        **more.get(column, {}),
    }


def _records(manifest: Manifest) -> Json:
    with image_table.open_table(_table(manifest)) as rows:
        columns = [column.strip() for column in rows.fieldnames or ()]
    return {
        "@type": "cr:RecordSet",
        "@id": "images",
        "name": "images",
        "description": "The images that the study looks at.",
        "key": {"@id": "images/id"},
        "field": [_field(column) for column in columns if column in COLUMN_DESCRIPTIONS],
    }


def _field(column: str) -> Json:
    return {
        "@type": "cr:Field",
        "@id": f"images/{column}",
        "name": column,
        "description": COLUMN_DESCRIPTIONS[column],
        "dataType": "sc:Integer" if column.endswith("_px") else "sc:Text",
        "source": {"fileObject": {"@id": "table"}, "extract": {"column": column}},
    }


def _creators(manifest: Manifest) -> list[Json]:
    said = manifest.publication
    persons = [{"@type": "sc:Person", "name": name} for name in said.persons]
    return persons + [{"@type": "sc:Organization", "name": name} for name in said.organisations]


def _access(manifest: Manifest) -> str:
    how = " ".join(manifest.access.how.split())
    return f"{manifest.access.status}: {how}" if how else manifest.access.status


def _missing(manifest: Manifest) -> str:
    """Return which images their source took back, and how many files were left out for each reason."""
    taken_back = [f"Image {name}: {reason}" for name, reason in manifest.withdrawn.items()]
    left_out = [f"Left out: {count:,} ({reason})" for reason, count in manifest.left_out.items()]
    return "\n".join(taken_back + left_out)


def _day(text: str) -> str | None:
    """Return a day as it is written; None for any other text."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _one_or_more(texts: Sequence[str]) -> str | list[str] | None:
    return list(texts) if len(texts) > 1 else next(iter(texts), None)
