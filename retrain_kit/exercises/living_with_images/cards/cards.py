"""Cards: a class's sets as printable cards, and the list of which card is which image."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm.auto import tqdm

from retrain_kit import datasets
from retrain_kit.display.figures import Note
from retrain_kit.errors import DataError, Fault, KitError
from retrain_kit.exercises.living_with_images import allocation
from retrain_kit.exercises.living_with_images.cards import backs, layout, prints
from retrain_kit.exercises.living_with_images.cards.layout import CardOptions
from retrain_kit.imaging import opening
from retrain_kit.reports import typesetting
from retrain_kit.storage.files import check_endings, writing
from retrain_kit.storage.languages import gettext, interface_language, marked, unreviewed_in_brackets
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.exercises.living_with_images.allocation import ImageName, ImageSet, StudyImage
    from retrain_kit.exercises.living_with_images.cards.layout import CardSide, SheetSide
    from retrain_kit.exercises.living_with_images.cards.prints import PrintFile
    from retrain_kit.studies.manifests import Manifest


CREDIT = marked("After Living with images, by Gabriel Pereira and Bruno Moreschi. Made with retrain-kit.")
ANSWERS_TITLE = marked("What is said of each image")
ANSWERS_TOLD = marked(
    "For class 2, not before: the cards bear their codes alone, so that people first write what they see. "
    "Words are those of the data set's annotators, named beside them; they are no ground truth."
)
_THUMBNAIL_PX = 320
LIST_COLUMNS = ("set", "card", "code", "study", "image")
_COARSE_PER_INCH = 10  # below, a digit after the point says something


def write_cards(
    hands: Sequence[ImageSet], studies: Sequence[Manifest], target: Path, options: CardOptions | None = None
) -> list[Path]:
    """Write a class's sets as a PDF of cards, and beside it a list of which card is which image.

    The same sets and options give the same bytes on every machine.

    Parameters
    ----------
    hands
        The sets, as `allocation.allocate_reviewed` gives them.
    studies
        Where their images are from.
    target
        The PDF; the list has its name and ends in .csv.
    options
        How the cards are printed.

    Returns
    -------
    list of Path
        The PDF, the list, and where it is asked for the sheet of answers.

    Raises
    ------
    ParameterError
        When the target's name does not end in .pdf.
    DataError
        When nobody has looked at some of the images yet, or images cannot be used; all faults together.
        Nothing is written then.
    """
    options = options or CardOptions()
    check_endings([target], [".pdf"])
    _refuse_unseen(hands, studies)
    samples = _samples(hands, studies)
    with tempfile.TemporaryDirectory(prefix="retrain-kit-") as folder:
        drawn = [samples[lot.name] for hand in hands for lot in hand.lots]
        ready = _prints(drawn, Path(folder), decanonized=options.decanonized)
        by_name = {study.name: study for study in studies}
        data = _data(hands, by_name, drawn, ready, options)
        assets, originals = _assets(ready)
        pdf = typesetting.typeset_pdf(typesetting.template_text("sheets"), data, assets)
        prints.embed_jpegs(pdf, originals, target)
        sheet = _answers_pdf(data["cards"], ready) if options.answers_sheet else b""
    written = [target, _list(hands, target.with_suffix(".csv"))]
    if sheet:
        answers = target.with_suffix(".answers.pdf")
        with writing(answers) as temporary:
            temporary.write_bytes(sheet)
        written.append(answers)
    return written


def _refuse_unseen(hands: Sequence[ImageSet], studies: Sequence[Manifest]) -> None:
    unseen = allocation.unreviewed_images(hands, studies)
    if unseen:
        count = sum(len(hand.lots) for hand in hands)
        names = " ".join(study.name for study in studies)
        do = f"Look at them first: retrain-kit review {names}, with the same --people, --each and --seed."
        raise DataError(
            Fault("images", f"{len(unseen)} of {count} that nobody has looked at", "a look at each", do)
        )


def _samples(hands: Sequence[ImageSet], studies: Sequence[Manifest]) -> dict[ImageName, Sample]:
    """Return the dealt images with their annotations, their files compared with the studies' tables."""
    dealt = {lot.name for hand in hands for lot in hand.lots}
    found: dict[ImageName, Sample] = {}
    faults: list[Fault] = []
    for study in studies:
        images = tuple(image for image in study.images if (study.name, image.id) in dealt)
        try:
            manifests.verify_files(replace(study, images=images))
            every = ((study.name, sample.id, sample) for sample in datasets.stream(study))
            found |= {(name, image): sample for name, image, sample in every if (name, image) in dealt}
        except DataError as error:
            faults.extend(error.faults)
    if faults:
        raise DataError(*faults)
    return found


def _prints(samples: Sequence[Sample], folder: Path, *, decanonized: bool) -> list[PrintFile]:
    """Return the images ready for the page, made by some threads at once."""

    def prepare(numbered: tuple[int, Sample]) -> PrintFile | KitError:
        number, sample = numbered
        try:
            return prints.prepare_print(sample, folder / str(number), decanonized=decanonized)
        except DataError as error:
            return error

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        contexts = [copy_context() for _ in samples]  # so that threads speak the language that is spoken here
        every = pool.map(lambda own, given: own.run(prepare, given), contexts, enumerate(samples))
        made = list(tqdm(every, total=len(samples), unit="image", desc="cards", delay=1, leave=False))
    faults = [fault for each in made if isinstance(each, KitError) for fault in each.faults]
    if faults:
        raise DataError(*faults)
    return [each for each in made if not isinstance(each, KitError)]


def _assets(ready: Sequence[PrintFile]) -> tuple[dict[str, Path | bytes], dict[bytes, Path]]:
    """Return the images by the names the template calls them by, and the JPEGs by their stand-ins."""
    assets: dict[str, Path | bytes] = {}
    originals: dict[bytes, Path] = {}
    for number, made in enumerate(ready):
        assets[_asset(number, made)] = made.file
        if made.jpeg:
            stand_in = prints.stand_in_jpeg(made.file, number)
            assets[_asset(number, made)] = stand_in
            originals[stand_in] = made.file
    return assets, originals


def _asset(number: int, made: PrintFile) -> str:
    return f"{number}.jpg" if made.jpeg else f"{number}.png"


def _data(
    hands: Sequence[ImageSet],
    studies: Mapping[str, Manifest],
    samples: Sequence[Sample],
    ready: Sequence[PrintFile],
    options: CardOptions,
) -> dict[str, Any]:
    """Return what the template shows."""
    sizes = iter([made.size for made in ready])
    pages = layout.front_sides(options.format, [[next(sizes) for _ in hand.lots] for hand in hands])
    card_sides = sorted(chain.from_iterable(page.card_sides for page in pages), key=lambda spot: spot.card)
    rows = zip(_places(hands), samples, ready, card_sides, strict=True)
    cards = [_card(sample, studies[lot.study], made, spot) | said for (lot, said), sample, made, spot in rows]
    sides = ((page, layout.back_side(page, options.duplex)) for page in pages)
    shown = chain.from_iterable(sides) if options.back != "none" else pages
    return {
        "cards": cards,
        "pages": list(map(_page, shown)),
        "back": options.back,
        "credit": " ".join(filter(None, (gettext(CREDIT), unreviewed_in_brackets()))),
        "language": interface_language(),
    }


def _places(hands: Sequence[ImageSet]) -> Iterator[tuple[StudyImage, dict[str, str]]]:
    """Yield each lot and where it stands in which set."""
    for hand in hands:
        for number, lot in enumerate(hand.lots, start=1):
            where = {"set": hand.code, "number": number, "count": len(hand.lots)}
            yield lot, {"place": gettext("Set {set}, {number} of {count}", **where)}


def _card(sample: Sample, study: Manifest, made: PrintFile, spot: CardSide) -> dict[str, Any]:
    """Return what the template shows of a card."""
    frame, record = layout.card_frame(spot, made.size), backs.card_back(sample, study)
    fine = frame.pixels_per_inch >= _COARSE_PER_INCH
    per_inch = f"{frame.pixels_per_inch:.0f}" if fine else f"{frame.pixels_per_inch:.1f}"
    return {
        "file": _asset(spot.card, made),
        "alt": backs.breakable_text(_alt(sample, made)),
        "margin": frame.margin_mm,
        "width": frame.width_mm,
        "height": frame.height_mm,
        "title": backs.breakable_text(study.title),
        "resolution": gettext(
            "{width} × {height} pixels, {per_inch} pixels per inch on this card",
            width=made.size[0],
            height=made.size[1],
            per_inch=per_inch,
        ),
        "note": made.note,
        "needs_line": made.needs_line,
        "code": record.code,
        "more": gettext(
            "What is said of it, and by whom, in class 2: retrain-kit card {code}.", code=record.code
        ),
        "rows": record.printed,
        "answers": record.rows,
    }


def _answers_pdf(cards: Sequence[dict[str, Any]], ready: Sequence[PrintFile]) -> bytes:
    """Return what is said of each card's image, by the cards' codes, with a small image each."""
    small = {f"{number}.jpg": _thumbnail(made.file) for number, made in enumerate(ready)}
    shown = [
        {
            "code": card["code"],
            "place": card["place"],
            "alt": card["alt"],
            "file": f"{number}.jpg",
            "rows": card["answers"],
        }
        for number, card in enumerate(cards)
    ]
    ordered = sorted(shown, key=lambda card: card["code"])
    credit = " ".join(filter(None, (gettext(CREDIT), unreviewed_in_brackets())))
    data = {
        "title": gettext(ANSWERS_TITLE),
        "told": gettext(ANSWERS_TOLD),
        "credit": credit,
        "cards": ordered,
    }
    return typesetting.typeset_pdf(typesetting.template_text("answers"), data, small)


def _thumbnail(path: Path) -> bytes:
    with opening.open_image(path) as opened:
        image = opened.convert("RGB")
    image.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def _alt(sample: Sample, made: PrintFile) -> str:
    """Return the image in a sentence; of a decanonized one nothing that is gone from it."""
    if made.needs_line:
        return gettext("The image {name}, {note}", name=sample.id, note=made.note)
    return sample.alt or gettext("The image {name}", name=sample.id)


def _page(page: SheetSide) -> dict[str, Any]:
    card_sides = [
        {
            "card": s.card,
            "x": s.x_mm,
            "y": s.y_mm,
            "width": s.width_mm,
            "height": s.height_mm,
            "angle": s.angle_deg,
        }
        for s in page.card_sides
    ]
    return {
        "width": page.width_mm,
        "height": page.height_mm,
        "crop_marks": page.crop_marks,
        "back": page.back,
        "card_sides": card_sides,
    }


def _list(hands: Sequence[ImageSet], path: Path) -> Path:
    """Write which card is which image."""
    rows = [
        (hand.code, number, lot.code, lot.study, lot.image)
        for hand in hands
        for number, lot in enumerate(hand.lots, start=1)
    ]
    with writing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([LIST_COLUMNS, *rows])
    return path


# -- showing: a class's sets as a note in a notebook, and the cards where every image has been looked at.


NO_FILE_NAMED = "none: no file was named"
WRITTEN_NOTE = "written, with the list of which card is which image beside them"


def offer_cards(
    hands: Sequence[ImageSet],
    studies: Sequence[Manifest],
    target: str = "",
    options: CardOptions | None = None,
) -> Note:
    """Return who gets which cards; write them where a file is named and somebody has seen every image.

    Parameters
    ----------
    hands, studies, options
        As `write_cards` takes them.
    target
        The PDF to write; empty for none.

    Raises
    ------
    KitError
        As `write_cards`; unseen images are told and no error.
    """
    count = sum(len(hand.lots) for hand in hands)
    unseen = len(allocation.unreviewed_images(hands, studies))
    if unseen:
        cards = f"none: {unseen} of {count} images wait for somebody to look at them"
    elif target:
        cards = f"{write_cards(hands, studies, Path(target), options)[0]}: {WRITTEN_NOTE}"
    else:
        cards = NO_FILE_NAMED
    told = (", ".join(f"{lot.code} {lot.image}" for lot in hand.lots) for hand in hands)
    lines = [(f"set {hand.code}", text) for hand, text in zip(hands, told, strict=True)]
    return Note("Sets for a class", (*lines, ("cards", cards)))
