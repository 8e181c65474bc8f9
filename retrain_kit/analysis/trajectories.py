"""Trajectories: the way of an image into a data set, as far as its sources say.

`trajectory_card` asks the same questions of every image and lists what none of its sources answers. Each
fact names the field that says it. Nothing is looked up: an address is what a table says, a licence what
somebody listed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import ledger, material
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.annotations.samples import NOT_YET_COMPUTED, UNKNOWN
from retrain_kit.annotations.works import work_of_sample
from retrain_kit.display import figures
from retrain_kit.display.cards import Card, Cards, Fact, FactGroup, ImagesWithCards, ImageWithCards
from retrain_kit.errors import DataError
from retrain_kit.studies import labour_figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

    Elsewhere = Mapping[str, Sequence[Fact]]

POSTED = "Where it was posted, and by whom"
LICENCE = "Under which licence"
FILE = "Size, crop and turn"
ELSEWHERE = "Under which names in other places"
WORDS = "Which words it received, and from whom"
WORK = "Which work it shows, as a museum's table tells it"
TOOK = "What that took"

PAGE, AUTHOR, ADDRESS, TITLE = "page or source", "author, as listed", "address of the file", "title"
POSTED_ON, TAKEN_ON = "posted on", "captured on, as listed"
LISTED, ORIGINAL_SIZE, CROP, TURN = (
    "listed licence",
    "size of the original",
    "cut out of the original",
    "turn",
)

LIKE_WORK, TIME, PAY = "like work takes", "time, as its authors say", "pay, as its authors say"

NOT_CHECKED = "listed as {} when the table was made; not checked since"
FIELDS = (
    (POSTED, PAGE, "OriginalLandingURL", "{}"),
    (POSTED, PAGE, "metadata.photo_url", "{}"),
    (POSTED, ADDRESS, "OriginalURL", "{}"),
    (POSTED, ADDRESS, "flickr_url", "{}"),
    (POSTED, AUTHOR, "Author", "{}"),
    (POSTED, AUTHOR, "metadata.author", "{}"),
    (POSTED, "page of the author", "AuthorProfileURL", "{}"),
    (POSTED, TITLE, "Title", "{}"),
    (POSTED, TITLE, "metadata.photo_title", "{}"),
    (POSTED, "country, as listed", "metadata.country", "{}"),
    (POSTED, POSTED_ON, "metadata.date_uploaded", "{}"),
    (POSTED, TAKEN_ON, "date_captured", "{}; by a camera or by a crawler is not said"),
    (LICENCE, LISTED, "License", NOT_CHECKED),
    (LICENCE, LISTED, "license", NOT_CHECKED),
    (LICENCE, LISTED, "metadata.license", NOT_CHECKED),
    (LICENCE, "its text", "metadata.license_url", "{}"),
    (LICENCE, "the table was made", "metadata.date_crawled", "crawled on {}"),
    (FILE, "part of the data set", "Subset", "{}"),
    (FILE, "part of the data set", "category", "{}"),
    (FILE, ORIGINAL_SIZE, "OriginalSize", "{} bytes"),
    (FILE, ORIGINAL_SIZE, "in_the_wild.pixel_size", "{} px (width, height)"),
    (FILE, CROP, "in_the_wild.face_rect", "along a face, at {}"),
    (FILE, CROP, "in_the_wild.face_quad", "and turned, by the corners {}"),
    (FILE, "digest of the original", "OriginalMD5", "MD5 {}: of the original, not of the file here"),
    (FILE, "copy of the data set", "coco_url", "{}"),
    (FILE, "copy of the data set", "url", "{}"),
    (ELSEWHERE, "in COCO", "coco_id", "{}"),
    (ELSEWHERE, "on Flickr", "flickr_id", "photo {}"),
)
"""Group, question, field of `Sample.said` and what is made of it."""

LABEL_FIELDS = {
    "open-images": "LabelName, Source",
    "visual-genome": "names, phrase",
    "coco": "category_id",
    "folder": "label, annotator",
}
"""The fields of a data set that say words and annotators."""

NOT_SAID_SENTENCES = {
    PAGE: "On which page it was posted.",
    AUTHOR: "Who made it.",
    POSTED_ON: "When it was posted.",
    TAKEN_ON: "When it was taken.",
    LISTED: "Which licence anybody listed for it.",
    ORIGINAL_SIZE: "How large the original was.",
    CROP: "Whether it was cropped or scaled on the way here.",
    TURN: "Whether it was turned on the way here.",
    TIME: "How long anybody worked at it: not disclosed.",
    PAY: "What anybody was paid for that: not disclosed.",
}
NEVER_SAID = (
    "What its licence was on the day it was posted, and whether the listed one still holds.",
    "Whether the people in it, if there are any, agreed to be photographed, posted or tagged.",
    "Where else it went: which other lists hold it, and which models learned from it.",
)
FLICKR_FIELDS = ("flickr_url", "OriginalURL", "OriginalLandingURL", "metadata.photo_url")
FLICKR_FILE = re.compile(
    r"https?://(?:[\w-]+\.)*static\.?flickr\.com/(?:\d+/)?\d+/(\d+)_\w+?(?:_([a-z]))?\.(?:jpg|png|gif)"
)
FLICKR_PAGE = re.compile(r"https?://(?:www\.)?flickr\.com/photos/[^/]+/(\d+)")
FLICKR_PX = {"s": 75, "q": 150, "t": 100, "m": 240, "n": 320, "": 500, "z": 640, "c": 800, "b": 1024}
MAX_WORDS = 8


def trajectory_card(sample: Sample, manifest: Manifest, elsewhere: Elsewhere | None = None) -> Card:
    """Return what the sources of a study say of an image's way, and what none of them says.

    `elsewhere` has by an image's id where else it was found: facts, which go with its other names.
    """
    told = [
        *_work(sample, manifest),
        *_listed(sample, manifest),
        *_stated(sample, manifest),
        *_turned(sample, manifest),
        *_elsewhere(sample, manifest),
        *((ELSEWHERE, fact) for fact in (elsewhere or {}).get(sample.id, ())),
        *_words(sample, manifest),
        *_took(sample, manifest),
    ]
    groups = tuple(
        FactGroup(title, tuple(_merged(fact for group, fact in told if group == title)))
        for title in (WORK, POSTED, LICENCE, FILE, ELSEWHERE, WORDS, TOOK)
    )
    answered = {fact.question for _, fact in told}
    unknown = [text for question, text in NOT_SAID_SENTENCES.items() if question not in answered]
    return Card(sample.id, groups, (*unknown, *_unknown_annotators(sample), *NEVER_SAID))


def trajectory_cards(
    samples: Iterable[Sample], manifest: Manifest, elsewhere: Elsewhere | None = None
) -> Cards:
    """Return the cards of all samples, to open one by one."""
    return Cards(tuple(trajectory_card(sample, manifest, elsewhere) for sample in samples))


def flickr_id_and_size(url: str) -> tuple[str, str]:
    """Return the photo's id and the copy's size that an address of Flickr holds; empty texts for none."""
    if page := FLICKR_PAGE.match(url):
        return page[1], ""
    if not (file := FLICKR_FILE.match(url)):
        return "", ""
    suffix = file[2] or ""
    if suffix == "o":
        return file[1], "the file as it was uploaded"
    size = FLICKR_PX.get(suffix)
    return file[1], f"Flickr's copy of {size} px on the longest side" if size else ""


def flickr_photos(sample: Sample, fields: Sequence[str] = FLICKR_FIELDS) -> tuple[str, ...]:
    """Return the numbers of an image's photo on Flickr, as its source gives them: alone, or in an address.

    `fields` are the names under which addresses are looked for, beside the study's own table.
    """
    addresses = [sample.provenance.source, *(_text(_value(sample.said, field)) for field in fields)]
    found = [_text(sample.said.get("flickr_id")), *(flickr_id_and_size(each)[0] for each in addresses)]
    return tuple(dict.fromkeys(filter(None, found)))


def images_with_cards(
    samples: Iterable[Sample],
    manifest: Manifest,
    ink_profile: Path | None = None,
    elsewhere: Elsewhere | None = None,
) -> ImagesWithCards:
    """Return each image with its card and its reading as material; see `material.read_material`."""
    return ImagesWithCards(tuple(_spread(sample, manifest, ink_profile, elsewhere) for sample in samples))


def _spread(
    sample: Sample, manifest: Manifest, ink_profile: Path | None, elsewhere: Elsewhere | None
) -> ImageWithCards:
    alt = sample.alt or f"The image {sample.id}."
    panel = figures.Panel.from_sample(sample, "", alt)
    credit = figures.image_and_study_credit(sample, manifest)
    image = figures.Figure((panel,), sample.notice, credit, sample.id)
    way = replace(trajectory_card(sample, manifest, elsewhere), title="Its way, as the tables tell it")
    try:
        read = material.read_material(sample.path, ink_profile).card
    except DataError as error:
        if any(fault.where.startswith("ink_profile") for fault in error.faults):
            raise
        read = Card("Its file as material", (), (f"All of it: {figures.reason(error)}.",))
    return ImageWithCards(image, (way, read))


GroupedFact = tuple[str, Fact]


def _listed(sample: Sample, manifest: Manifest) -> Iterator[GroupedFact]:
    """Yield what the reader of the data set kept under the source's own names."""
    uncut = sample.said.get("image") == "in_the_wild"
    for group, question, field, words in FIELDS:
        if uncut and question == CROP:
            continue
        if value := _text(_value(sample.said, field)):
            yield group, Fact(question, words.format(value), f"{manifest.dataset}: {field}")


def _work(sample: Sample, manifest: Manifest) -> Iterator[GroupedFact]:
    """Yield what a museum's table says of the work that an image shows; its licence with those of others."""
    if work := work_of_sample(sample):
        for question, told in (("number", work.number or "not said"), *work.said):
            yield WORK, Fact(question, told, f"{manifest.dataset}: its table")


def _stated(sample: Sample, manifest: Manifest) -> Iterator[GroupedFact]:
    """Yield what the study's own table says."""
    origin, table = sample.provenance, f"{manifest.name}.csv"
    for group, question, column, words in (
        (POSTED, PAGE, "source", "{}"),
        (POSTED, AUTHOR, "author", "{}"),
        (LICENCE, LISTED, "licence", NOT_CHECKED),
        (FILE, "digest of the file here", "sha256", "SHA-256 {:.16}…"),
        (FILE, "on its way", "note", "{}"),
    ):
        if value := _text(getattr(origin, column)):
            yield group, Fact(question, words.format(value), f"{table}: {column}")
    if manifest.read_only and not origin.sha256:
        yield FILE, Fact("digest of the file here", NOT_YET_COMPUTED, f"{table}: sha256")
    if "width" in sample.said and "height" in sample.said:
        size = f"{sample.said['width']} × {sample.said['height']} px"
        yield FILE, Fact("size in the data set", size, f"{manifest.dataset}: width, height")
    size = f"{sample.width_px} × {sample.height_px} px, upright"
    yield FILE, Fact("size in this study", size, f"{table}: width_px, height_px")


def _turned(sample: Sample, manifest: Manifest) -> Iterator[GroupedFact]:
    field = "Rotation" if "Rotation" in sample.said else "rotation_deg"
    said = _text(sample.said["Rotation"] if field == "Rotation" else sample.rotation_deg)
    if said:
        turn = f"{said.removesuffix('.0')} degrees counter-clockwise"
        yield FILE, Fact(TURN, turn, f"{manifest.dataset}: {field}")


def _elsewhere(sample: Sample, manifest: Manifest) -> Iterator[GroupedFact]:
    """Yield the image's ids, and what addresses of Flickr hold."""
    yield ELSEWHERE, Fact("in this study", f"{manifest.dataset} {sample.id}", f"{manifest.name}.csv: id")
    places = [(f"{manifest.name}.csv: source", sample.provenance.source)]
    places += [
        (f"{manifest.dataset}: {field}", _text(_value(sample.said, field))) for _, _, field, _ in FIELDS
    ]
    for where, text in places:
        photo, copy = flickr_id_and_size(text)
        if photo:
            yield ELSEWHERE, Fact("on Flickr", f"photo {photo}", f"the address in {where}")
        if copy:
            yield FILE, Fact("copy that was listed", copy, f"the ending of the address in {where}")
    for row in sample.said.get("localized_narratives") or ():
        name = f"{row.get('dataset_id', UNKNOWN)}, image {row.get('image_id', UNKNOWN)}"
        fields = "localized-narratives: dataset_id, image_id"
        yield ELSEWHERE, Fact("in Localized Narratives", name, fields)


def _words(sample: Sample, manifest: Manifest) -> Iterator[GroupedFact]:
    """Yield the words of each kind and annotator, how often each comes, and the annotation source if said."""
    fields = f"{manifest.dataset}: {LABEL_FIELDS.get(manifest.dataset, 'label')}"
    groups: dict[tuple[str, str], Counter[str]] = {}
    for kind, annotator, word in _annotations(sample):
        groups.setdefault((kind, annotator), Counter())[word] += 1
    for (kind, annotator), words in groups.items():
        named = [word if count == 1 else f"{word} ({count})" for word, count in words.most_common(MAX_WORDS)]
        more = f" and {len(words) - MAX_WORDS} more" if len(words) > MAX_WORDS else ""
        source = manifest.annotation.sources.get(annotator, "")
        source = f" Annotation source: {source}, as the study says." if source else ""
        answer = f"{words.total()}: {', '.join(named)}{more}.{source}"
        yield WORDS, Fact(f"{kind}, {_annotator(annotator)}", answer, fields)


def _took(sample: Sample, manifest: Manifest) -> Iterator[GroupedFact]:
    """Yield what its annotations took by published figures, and what the authors of the data set disclose."""
    work = ledger.count_pieces(sample, annotator_lookup(manifest))
    found = ledger.make_ledger(work, labour_figures.kit_figures())
    names = ", ".join(figure.id for figure in found.figures)
    source = f"published figures: {names}" if names else "counted in its annotations"
    if work:
        yield TOOK, Fact(LIKE_WORK, found.told, source)
    said = manifest.annotation
    for question, field, text in ((TIME, "took", said.took), (PAY, "paid", said.paid)):
        if told := _text(text):
            yield TOOK, Fact(question, told, f"{manifest.name}.toml: annotation.{field}, of all images")


def _annotations(sample: Sample) -> Iterator[tuple[str, str, str]]:
    """Yield kind, annotator and word of every annotation."""
    concluded = {True: "found there", False: "denied", None: "left open"}
    for region in sample.regions:
        yield "areas", region.annotator, region.label
    for label in sample.labels:
        yield f"words for the whole, {concluded[label.present]}", label.annotator, label.label
    for point in sample.points:
        yield f"words for a point, {concluded[point.present]}", point.annotator, point.label
    for phrase in sample.phrases:
        yield "phrases", phrase.annotator, f"“{phrase.text.strip()}”"
    for link in sample.relationships:
        yield "relationships", link.annotator, link.predicate
    for caption in sample.said.get("captions") or ():
        yield "captions", UNKNOWN, f"“{str(caption.get('caption', '')).strip()}”"
    for row in sample.said.get("localized_narratives") or ():
        yield (
            "narratives",
            f"annotator {row['annotator_id']}" if "annotator_id" in row else UNKNOWN,
            f"“{row.get('caption', '')}”",
        )


def _annotator(annotator: str) -> str:
    return "annotator not said" if annotator == UNKNOWN else f"annotator: {annotator}"


def _unknown_annotators(sample: Sample) -> list[str]:
    annotations = list(_annotations(sample))
    count = sum(annotator == UNKNOWN for _, annotator, _ in annotations)
    if len(annotations) == 1:
        return ["Who made its one annotation."] if count else []
    return [f"Who made {count} of its {len(annotations)} annotations."] if count else []


def _merged(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yield each answer to a question once, with all its sources."""
    said: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        said.setdefault((fact.question, fact.answer), []).append(fact.source)
    for (question, answer), sources in said.items():
        yield Fact(question, answer, "; ".join(dict.fromkeys(sources)))


def _value(said: Mapping[str, Any], field: str) -> object:
    """Return what stands under a field; a dot leads into a table."""
    name, _, rest = field.partition(".")
    value = said.get(field, said.get(name))
    return _value(value, rest) if rest and isinstance(value, dict) else None if rest else value


def _text(value: object) -> str:
    """Return a value as text; an empty one where it says nothing."""
    if isinstance(value, dict):
        return ", ".join(filter(None, (_text(value.get(key)) for key in ("name", "url"))))
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    text = "" if value is None else " ".join(str(value).split())
    return "" if text.lower() in {"", "nan", UNKNOWN} else text
