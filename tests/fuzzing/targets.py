"""Targets: what of the kit reads files of others, each with a small whole study or store to be changed."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import own_folders
from datasets.study_files import STUDIES, paint, write
from PIL import ExifTags, Image
from places import SHARED
from small_studies import study

from retrain_kit import answers, datasets
from retrain_kit.analysis import known_places
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.answers import AnswerContext, Consent, Store
from retrain_kit.batch.decanonize import methods
from retrain_kit.batch.decanonize.inputs import Task
from retrain_kit.batch.decanonize.options import DecanonizeOptions
from retrain_kit.datasets import layouts, place_tables, second_labels
from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.datasets.layouts.found import LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.display.figures import Panel
from retrain_kit.display.timeline import Moment, timeline_svg
from retrain_kit.errors import KitError
from retrain_kit.exercises.voices import Voices
from retrain_kit.exercises.voices.folder import read_folder
from retrain_kit.exercises.voices.notebook_view import EXAMPLE_FOLDER
from retrain_kit.exercises.voices.page import page_html
from retrain_kit.exercises.voices.shown import build_shown
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies import brushed, histories, manifests

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Target:
    """Files that are whole, one of which is changed, and what is then done with them.

    Parameters
    ----------
    name
        Of the format.
    prepare
        Writes the files into a folder.
    act
        Does it, with the folder; it ends with an answer or an error of the kit.
    changed
        Says of a file's path, below the folder, whether it is one that others write.
    """

    name: str
    prepare: Callable[[Path], object]
    act: Callable[[Path], object]
    changed: Callable[[str], bool] = lambda _: True


def every_target() -> list[Target]:
    """Return all targets whose files are here."""
    studies = [STUDY, LAYOUTS, NARRATIVES, PLACES, BRUSHED, HISTORY, SECOND, VOICES]
    return [*_readers(), *_images(), *studies, HANDED_IN, LOG, STORE]


# -- readers -------------------------------------------------------------------------------------------------


def _readers() -> list[Target]:
    return [
        Target(
            f"reader {name}",
            _preparing(name),
            _reading(name),
            lambda path: Path(path).suffix not in _IMAGES or any(each in path for each in _ID_IMAGES),
        )
        for name in _MAKERS
    ] + [FOLDER]


COCO_INSTANCES = {
    "images": [
        {"id": 1, "file_name": "a.jpg", "width": 8, "height": 6, "license": 1},
        {"id": 2, "file_name": "b.jpg", "width": 8, "height": 6},
    ],
    "annotations": [
        {
            "id": 1,
            "image_id": 1,
            "category_id": 1,
            "bbox": [1, 1, 4, 3],
            "area": 12,
            "iscrowd": 0,
            "segmentation": [[1, 1, 5, 1, 5, 4]],
        },
        {
            "id": 2,
            "image_id": 2,
            "category_id": 2,
            "bbox": [0, 0, 8, 6],
            "iscrowd": 1,
            "segmentation": {"size": [6, 8], "counts": [3, 40, 5]},
        },
        {"id": 3, "image_id": 2, "category_id": 1, "bbox": [2.5, 1, 3, 3]},
    ],
    "categories": [{"id": 1, "name": "cat", "supercategory": "animal"}, {"id": 2, "name": "dog"}],
    "licenses": [{"id": 1, "name": "CC BY", "url": "https://example.org"}],
}
COCO_KEYPOINTS = {
    "annotations": [
        {
            "id": 1,
            "image_id": 1,
            "category_id": 1,
            "bbox": [1, 1, 4, 3],
            "keypoints": [1, 2, 2],
            "num_keypoints": 1,
        }
    ],
    "categories": [{"id": 1, "name": "cat", "keypoints": ["nose"], "skeleton": []}],
}
COCO_CAPTIONS = {"annotations": [{"id": 9, "image_id": 1, "caption": "a cat"}]}
SCENE_OBJECT = {
    "object_id": 5,
    "x": 1,
    "y": 2,
    "w": 30,
    "h": 20,
    "names": ["clock"],
    "synsets": ["clock.n.01"],
}
SCENE_WALL = {"object_id": 6, "x": 0, "y": 0, "w": 50, "h": 40, "name": "wall", "synsets": []}
SCENE = {
    "image_data": [{"image_id": 1, "url": "https://example.org/VG_100K/1.jpg", "width": 50, "height": 40}],
    "objects": [{"image_id": 1, "objects": [SCENE_OBJECT, SCENE_WALL]}],
    "attributes": [{"image_id": 1, "attributes": [{**SCENE_OBJECT, "attributes": ["round"]}]}],
    "relationships": [
        {
            "image_id": 1,
            "relationships": [
                {
                    "relationship_id": 7,
                    "predicate": "ON",
                    "synsets": [],
                    "subject": SCENE_OBJECT,
                    "object": SCENE_WALL,
                }
            ],
        }
    ],
    "region_descriptions": [
        {
            "id": 1,
            "regions": [
                {
                    "region_id": 8,
                    "image_id": 1,
                    "phrase": "a clock",
                    "x": 1,
                    "y": 2,
                    "width": 30,
                    "height": 20,
                }
            ],
        }
    ],
}


def _coco(folder):
    files = write(
        folder, instances__json=COCO_INSTANCES, keypoints__json=COCO_KEYPOINTS, captions__json=COCO_CAPTIONS
    )
    return study(folder, "coco", [("1", "a.jpg", (8, 6)), ("2", "b.jpg", (8, 6))], files)


def _visual_genome(folder):
    files = write(folder, **{f"{name}__json": rows for name, rows in SCENE.items()})
    return study(folder, "visual-genome", [("1", "1.jpg", (50, 40))], files)


_MAKERS = {**STUDIES, "coco": _coco, "visual_genome": _visual_genome}
for _without_files_of_others in ("class_folders", "coil_100", "folder", "images"):
    del _MAKERS[_without_files_of_others]
_IMAGES = {".jpg", ".png", ".jpeg", ".JPEG"}
_ID_IMAGES = ("/panoptic/", "/gtFine/")
"""Folders of images that are annotations."""
_MANIFESTS = {}


def _preparing(name):
    def prepare(folder):
        (folder / "study").mkdir()
        made = _MAKERS[name](folder / "study")
        for image in made.images:
            if not made.path(image).is_file():
                paint(made.path(image), (image.width_px, image.height_px))
        _MANIFESTS[str(folder)] = made

    return prepare


def _reading(name):
    def read(folder):
        unmatched = []
        manifest = _MANIFESTS[str(folder)]
        samples = datasets.read(manifest, unmatched)
        assert [sample.id for sample in samples] == [image.id for image in manifest.images]
        _look_at(samples)
        streamed = list(datasets.stream(manifest, []))
        assert [sample.id for sample in streamed] == [sample.id for sample in samples]

    return read


def _look_at(samples):
    """Use what was read as commands do: masks, words and lines of text must be possible."""
    for sample in samples:
        size = tuple(min(edge, 200) for edge in sample.size)
        for shape in ("box", "outline"):
            masking.union_mask(sample.regions, size, shape)
        masking.box_corrections([sample])
        for each in sample.rejected:
            each.in_words().encode()
        for region in sample.regions:
            assert isinstance(region.label, str)
            f"{region.label} {region.annotator} {region.id}".encode()


FOLDER_LINES = """\
{"image": "a", "id": "r1", "label": "Bird", "annotator": "drawn", "box": [1, 2, 20, 30], "polygons": [[[1, 2], [20, 2], [20, 30]]], "flags": {"occluded": true}, "clicks": [[1, 2, null]], "said": {"x": 1}}
{"image": "a", "id": "p1", "phrase": "a bird on a branch", "annotator": "drawn", "box": [1, 1, 9, 9]}
{"image": "b", "id": "l1", "image_label": "Forest", "present": true, "annotator": "drawn"}
{"image": "a", "id": "q1", "subject": "r1", "predicate": "on", "object": "r1", "annotator": "drawn"}
"""
TOML = """\
title = "t"
why = "w"
dataset = "folder"
version = "1"
licence = "CC0"
retrieved = 2026-01-01

[files]
annotations = "annotations.jsonl"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"

[annotation.annotators]
drawn = "by hand"

[annotation.sources]
drawn = "hand"
"""


def _prepare_folder(folder):
    (folder / "annotations.jsonl").write_text(FOLDER_LINES, encoding="utf-8")
    (folder / "mine.toml").write_text(TOML, encoding="utf-8")
    rows = "".join(f"{name},{name}.png,{'0' * 64},64,48,CC0,A,S\n" for name in "ab")
    (folder / "mine.csv").write_text(f"id,file,sha256,width_px,height_px,licence,author,source\n{rows}")


def _read_folder(folder):
    manifest = manifests.load(str(folder / "mine.toml"))
    _look_at(datasets.read(manifest, []))
    list(datasets.stream(manifest, []))


FOLDER = Target("reader folder", _prepare_folder, _read_folder, lambda path: path.endswith(".jsonl"))
STUDY = Target("manifest", _prepare_folder, _read_folder, lambda path: not path.endswith(".jsonl"))


def _prepare_layouts(folder: Path) -> None:
    """Write a folder that has three layouts at once."""
    own_folders.voc(own_folders.roboflow(folder))
    own_folders.write(folder / "objects.csv", "number;title;file;artist\n1.2;Grid, blue;same.jpg;Ann\n")


def _find_layouts(folder: Path) -> None:
    for each in layouts.find_layouts(Listing(folder)):
        for _ in each.images(LeftOut()):
            pass


LAYOUTS = Target("layouts", _prepare_layouts, _find_layouts, lambda path: not path.endswith(".jpg"))

SENTENCE = dict.fromkeys(second_labels.FACTORS, 0) | {"justification": "a bird", "one_word": None}


def _prepare_second(folder: Path) -> None:
    (folder / "real.json").write_text(f"[[3, 5], [7]{', []' * (second_labels.IMAGES - 2)}]")
    (folder / "classes.txt").write_text("".join(f"n{number:08} bird\n" for number in range(1000)))
    lines = ({"file_name": f"ILSVRC2012_val_0000000{number}.JPEG", **SENTENCE} for number in range(1, 4))
    (folder / "x.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def _read_second(folder: Path) -> None:
    second_labels.read_second_labels(*(folder / name for name in ("real.json", "classes.txt", "x.jsonl")))


SECOND = Target("second labels", _prepare_second, _read_second)

NARRATIVE = (
    '{"dataset_id": "d", "image_id": "a", "annotator_id": 7, "caption": "a bird", "timed_caption": '
    '[{"utterance": "a bird", "start_time": 0.0, "end_time": 1.0}], "traces": [[{"x": 0.1, "y": 0.2, "t": 0.3}]], '
    '"voice_recording": "r.ogg"}\n'
)


def _read_narratives(folder):
    for each in localized_narratives.load_narratives(folder / "n.jsonl"):
        localized_narratives.trace_of_narrative(each)


NARRATIVES = Target(
    "narratives",
    lambda folder: (folder / "n.jsonl").write_text(NARRATIVE * 3, encoding="utf-8"),
    _read_narratives,
)


FLICKR = {
    "photo": {"id": "101", "location": {"latitude": "-17.68", "longitude": "-63.37", "accuracy": "16"}},
    "photos": {"photo": [{"id": "102", "latitude": 0, "longitude": 0, "accuracy": 0}]},
}


def _prepare_places(folder):
    (folder / "places.csv").write_text("image,latitude,longitude,country\na,48.85,2.29,\nb,,,Peru\n")
    (folder / "flickr.json").write_text(json.dumps([FLICKR]))
    photo, exif = Image.new("RGB", (8, 8)), Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    photo.save(folder / "a.jpg", exif=exif)


def _read_places(folder):
    samples = [
        Sample("a", folder / "a.jpg", 8, 8, said={"flickr_id": "101"}),
        Sample("b", folder / "b.jpg", 8, 8),
    ]
    sources = [known_places.places_in_files(samples)]
    for name in ("places.csv", "flickr.json"):
        with suppress(KitError):
            sources.append(place_tables.read_places(folder / name, samples))
    known = known_places.known_places(samples, sources)
    assert len(known.unknown) + len(known.places) == len(samples)


PLACES = Target("places", _prepare_places, _read_places)


def _brushed_study(folder):
    return replace(study(folder, "images", [("a", "a.png", (640, 320))]), toml=folder / "mine.toml")


def _prepare_brushed(folder):
    brushed.keep_brushed(_brushed_study(folder), "a", np.eye(32, 64, dtype=bool))
    (folder / "mine.brushed.lock").unlink(missing_ok=True)


def _use_brushed(folder):
    for grid in brushed.load_brushed(_brushed_study(folder)).values():
        brushed.grid_rows(masking.instance_mask(grid, Box(0, 0, 640, 320), (640, 320)))


BRUSHED = Target("brushed", _prepare_brushed, _use_brushed, lambda path: path.endswith(".json"))


def _use_history(folder):
    history = histories.read_history(folder / "mine.toml")
    dated = histories.timeline([history])
    timeline_svg([Moment(each.when, whole.short, each.event) for each, whole in dated])


HISTORY = Target(
    "history",
    lambda folder: shutil.copy(next(histories.FOLDER.glob("label*.toml")), folder / "mine.toml"),
    _use_history,
)


def _prepare_voices(folder):
    shutil.copytree(EXAMPLE_FOLDER, folder, dirs_exist_ok=True)
    (folder / "voices.csv").write_text(
        "id,kind,text,agreed,until,asked_by,how,answers\n"
        'x,strategy,"I wait",read|archive,2027-01-31,us,a call,wait\ny,testimony,so,nothing,withdrawal,us,a call,\n'
    )


def _read_voices(folder):
    brought = read_folder(folder)
    with tempfile.TemporaryDirectory() as aside, Voices(aside, "ours", demonstration=True) as kept:
        for each in brought.voices:
            kept.keep(each.said)
        page_html(build_shown(kept, brought.study, "read"))


VOICES = Target("voices", _prepare_voices, _read_voices)


# -- images --------------------------------------------------------------------------------------------------


def _photo(size=(90, 60)):
    rows, columns = np.mgrid[: size[1], : size[0]]
    return Image.fromarray(
        np.stack([columns * 2, rows * 3, (rows * columns) % 256], axis=-1).astype(np.uint8), "RGB"
    )


def _saved(image, kind, **options):
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def _image_files():
    photo = _photo()
    grey16 = Image.fromarray(
        (np.arange(64 * 48, dtype=np.uint32).reshape(48, 64) * 21 % 65536).astype(np.uint16)
    )
    exif = Image.Exif()
    exif[274] = 6
    small = [frame.resize((40, 30)) for frame in (photo, photo.rotate(90), photo.rotate(180))]
    found = {
        "baseline.jpg": _saved(photo, "JPEG", quality=80, exif=exif),
        "progressive.jpg": _saved(photo, "JPEG", quality=70, progressive=True, restart_marker_blocks=4),
        "grey.jpg": _saved(photo.convert("L"), "JPEG"),
        "cmyk.jpg": _saved(photo.convert("CMYK"), "JPEG"),
        "rgb.png": _saved(photo, "PNG"),
        "palette.png": _saved(photo.quantize(16), "PNG"),
        "grey16.png": _saved(grey16, "PNG"),
        "alpha.png": _saved(photo.convert("RGBA"), "PNG"),
        "moving.gif": _saved(small[0], "GIF", save_all=True, append_images=small[1:]),
        "lossy.webp": _saved(photo, "WEBP"),
        "moving.webp": _saved(small[0], "WEBP", save_all=True, append_images=small[1:]),
        "pages.tif": _saved(small[0], "TIFF", save_all=True, append_images=small[1:]),
        "packed.tif": _saved(photo, "TIFF", compression="tiff_lzw"),
        "plain.bmp": _saved(photo, "BMP"),
        "plain.ppm": _saved(photo, "PPM"),
    }
    with suppress(KeyError, OSError):
        found["plain.avif"] = _saved(photo, "AVIF")
    photos = SHARED / "sample-photos"
    smallest = sorted(photos.glob("*.jpg"), key=lambda path: path.stat().st_size)[:3]
    return found | {f"real-{path.name}": path.read_bytes() for path in smallest}


def _images() -> list[Target]:
    return [
        Target(f"image {name}", _writing(name, data), _using(name)) for name, data in _image_files().items()
    ]


def _writing(name, data):
    return lambda folder: (folder / name).write_bytes(data)


REGION = Region("x", Box(3, 4, 40, 33), polygons=(((3, 4), (40, 4), (20, 33)),))


def _using(name):
    def use(folder):
        path = folder / name
        said = None
        for way in ("auto", "exact"):
            task = Task(0, name, name, str(path), (REGION,))
            try:
                methods.encode_decanonized(path.read_bytes(), task, DecanonizeOptions(way))
            except KitError as error:
                said = error
        decoding.image_size(path)
        Panel.from_image(decoding.load_image(path), "x", "x")
        if said:
            raise said

    return use


# -- answers -------------------------------------------------------------------------------------------------

SHOWN = Consent(("class", "publication"), "v-1", "2026-11-22T09:00:00Z")


def _prepare_store(folder):
    with Store(folder / "answers") as store:
        kept = [
            store.say(text, AnswerContext("nature", "what-if", images=("a",)), SHOWN, language="en")
            for text in ("a kite", "a drone", "nothing")
        ]
        store.amend(kept[0].record.id, "or a bird", kept[0].key)
        store.withdraw(kept[1].record.id, kept[1].key)


def _words(store):
    return [(record.id, record.text, [note.text for note in record.footnotes]) for record in store.records()]


def _read_log(folder):
    answers.load_records(folder / "answers")
    with Store(folder / "answers") as store:
        _words(store)
        store.withdrawals()
    answers.merge_files([folder / "answers"], folder / "merged")


def _read_store(folder):
    """Whatever stands in the files beside the log, what is read is what the log says."""
    log = (folder / "answers" / "answers.jsonl").read_bytes()
    expected = [
        (record.id, record.text, [note.text for note in record.footnotes])
        for record in answers.load_records(folder / "answers")
    ]
    with Store(folder / "answers") as store:
        assert sorted(_words(store)) == sorted(expected)
        store.say("again", AnswerContext("nature", "what-if", images=("a",)), SHOWN, language="en")
        assert len(_words(store)) == len(expected) + 1
    assert (folder / "answers" / "answers.jsonl").read_bytes().startswith(log)


def _prepare_handed_in(folder):
    """Write what a course system gives: a person's file with a file that they gave, and a stranger."""
    _prepare_store(folder / "page")
    lines = (folder / "page" / "answers" / "answers.jsonl").read_bytes()
    given = json.dumps({"kind": "file", "sha256": "0" * 64, "data": "AAAA"}).encode()
    for name, way in (("stored.zip", zipfile.ZIP_STORED), ("deflated.zip", zipfile.ZIP_DEFLATED)):
        with zipfile.ZipFile(folder / name, "w", way) as archive:
            archive.writestr("A Name_1_assignsubmission_file_/answers.jsonl", lines + given + b"\n")
            archive.writestr("A Name_1_assignsubmission_file_/essay.txt", "I think")


def _merge_handed_in(folder):
    said = None
    for path in sorted(folder.glob("*.zip")):
        try:
            answers.merge_files([path], folder / path.stem)
        except KitError as error:
            said = error
    if said:
        raise said


HANDED_IN = Target(
    "answers: handed in", _prepare_handed_in, _merge_handed_in, lambda path: path.endswith(".zip")
)
LOG = Target("answers: log", _prepare_store, _read_log, lambda path: path.endswith("answers.jsonl"))
STORE = Target(
    "answers: beside the log", _prepare_store, _read_store, lambda path: not path.endswith(".jsonl")
)
