"""Exhibitions: each image with what people gave back to it, refusals as answers among the others.

What is shown was agreed to, by its author, for this use. The files that are shown are copies without what
they tell of their authors, as far as that can be taken out without loss; where it cannot, a remark says so.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.display import assets, figures
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises.common import consent, refusals
from retrain_kit.exercises.living_with_images.returns import file_types, metadata
from retrain_kit.exercises.living_with_images.returns.returns import BURN
from retrain_kit.imaging import exact
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.written import CreditedLine
    from retrain_kit.answers import Record
    from retrain_kit.display.figures import Panel
    from retrain_kit.exercises.living_with_images.returns.returns import Returns
    from retrain_kit.studies.manifests import Manifest

NOT_HERE = marked("The file is not here.")
NOT_SHOWABLE = marked("The file cannot be shown.")
MAX_IMAGE_PX = 1200
DEMONSTRATION = marked("Made for demonstration: nobody said this.")


@dataclass(frozen=True)
class PieceFootnote:
    """A footnote: its text, the language it is in, and its day."""

    text: str
    language: str
    day: str


@dataclass(frozen=True)
class ShownFile:
    """A file that is shown: what it is, its bytes, and a remark where it may tell of its author."""

    kind: file_types.FileType
    data: bytes
    remark: str = ""

    @property
    def address(self) -> str:
        """The file as an address that holds it."""
        return assets.data_address(self.kind.media_type, self.data)


@dataclass(frozen=True)
class Piece:
    """What one person gave back.

    Parameters
    ----------
    id
        The record's.
    who, day
        What they call themselves, else their pseudonym; and when.
    text, language
        Their words; or the words in which a refusal is shown.
    refusal
        How they refused; empty where they did not.
    media
        Their file; None where there is none.
    notes
        Their footnotes.
    """

    id: str
    who: str
    day: str
    text: str = ""
    language: str = ""
    refusal: str = ""
    media: ShownFile | None = None
    notes: tuple[PieceFootnote, ...] = ()


@dataclass(frozen=True)
class Wall:
    """An image, where it is from, what came back to it, and one line that a machine may have written."""

    sample: Sample
    panel: Panel
    credit: str
    pieces: tuple[Piece, ...]
    line: CreditedLine | None = None

    @property
    def line_credit(self) -> str:
        """Who or what wrote the one line, in words."""
        by = self.line.credit if self.line else ""
        return gettext("One line, by {who}", who=by) if by else gettext("One line; by whom is not said")


@dataclass(frozen=True)
class Exhibition:
    """All that is shown.

    Parameters
    ----------
    walls
        In the order of the study.
    burnt
        What is left of images that were burnt: that it was, and when.
    record_ids
        The ids of all records and footnotes in it.
    withheld
        How many answers are not shown, since their authors have not agreed to this use.
    """

    manifest: Manifest
    walls: tuple[Wall, ...]
    burnt: tuple[Piece, ...]
    record_ids: tuple[str, ...]
    withheld: int
    demonstration: bool

    @property
    def pieces(self) -> list[Piece]:
        """Everything that people gave back, wall by wall."""
        return [*(piece for wall in self.walls for piece in wall.pieces), *self.burnt]

    @property
    def remarks(self) -> list[str]:
        """What whoever shows it should know of its files."""
        return [
            f"{piece.who}, {piece.media.kind.media_type}: {piece.media.remark}"
            for piece in self.pieces
            if piece.media and piece.media.remark
        ]


def build_exhibition(
    returns: Returns,
    manifest: Manifest,
    use: str = "publication",
    lines: Mapping[str, CreditedLine] | None = None,
) -> Exhibition:
    """Return what came back to a study and may be shown.

    Parameters
    ----------
    use
        For which use: `class` or `publication`.
    lines
        One line about images, by their ids, which hangs beside what people gave.

    Raises
    ------
    ParameterError
        When there is no such use, or nothing to show.
    """
    consent.check_use(use)
    records = returns.records()
    shown = [record for record in records if use in record.consent.agreed]
    if not shown:
        found = f"{len(records)} answers, none agreed to for {use}"
        raise ParameterError(Fault("what came back", found, "one or more that may be shown"))
    by_image: dict[str, list[Record]] = {}
    for record in shown:
        by_image.setdefault(_image_of(record, manifest), []).append(record)
    walls = tuple(
        _wall(manifest.sample(image), manifest, by_image[image.id], returns, (lines or {}).get(image.id))
        for image in manifest.images
        if image.id in by_image
    )
    burnt = tuple(
        _piece(record, returns) for record in shown if record.refusal == BURN and not record.asked.images
    )
    hung = {piece.id for wall in walls for piece in wall.pieces} | {piece.id for piece in burnt}
    notes = (note.id for record in shown if record.id in hung for note in record.footnotes)
    withheld = len(records) - len(hung)
    return Exhibition(manifest, walls, burnt, (*sorted(hung), *notes), withheld, returns.store.demonstration)


def spoken_of(returns: Returns, manifest: Manifest) -> list[Sample]:
    """Return the images of a study to which something came back, whatever its authors agreed to."""
    named = {_image_of(record, manifest) for record in returns.records()}
    return [manifest.sample(image) for image in manifest.images if image.id in named]


def _image_of(record: Record, manifest: Manifest) -> str:
    return manifest.shown_id("".join(record.asked.images[:1]))


def _wall(
    sample: Sample,
    manifest: Manifest,
    records: Iterable[Record],
    returns: Returns,
    line: CreditedLine | None,
) -> Wall:
    alt = sample.alt or gettext("The image {name}.", name=sample.id)
    panel = figures.Panel.from_sample(sample, sample.id, alt, MAX_IMAGE_PX)
    pieces = tuple(_piece(record, returns) for record in records)
    return Wall(sample, panel, image_provenance(sample, manifest), pieces, line)


def image_provenance(sample: Sample, manifest: Manifest) -> str:
    """Return who made an image, under which licence, and where it is from, as far as the data set says it."""
    origin = sample.provenance
    unsaid, study = gettext("not said"), {"title": manifest.title, "version": manifest.version}
    said = (
        gettext("Author: {author}", author=origin.author or unsaid),
        gettext("licence: {licence}", licence=origin.licence or unsaid),
        *((gettext("source: {source}", source=origin.source),) if origin.source else ()),
        gettext("data set: {title}, version {version}", **study),
    )
    return "; ".join(said) + "."


def _piece(record: Record, returns: Returns) -> Piece:
    details: Mapping[str, object] = record.details
    who = str(details.get("pseudonym") or record.who)
    notes = tuple(PieceFootnote(note.text, note.language, note.when[:10]) for note in record.footnotes)
    stated = "file" in details
    text = record.text if not stated or details.get("words") else ""
    if record.refusal:
        text = "\n".join(filter(None, (gettext(refusals.WORDS_ON_THE_WALL[record.refusal]), text)))
    media = _media(record, returns) if stated else None
    if stated and not media:
        text = "\n".join(filter(None, (text, gettext(NOT_SHOWABLE if returns.file(record) else NOT_HERE))))
    return Piece(record.id, who, record.when[:10], text, record.language, record.refusal, media, notes)


def _media(record: Record, returns: Returns) -> ShownFile | None:
    """Return a record's file as it is shown; what it is is looked up anew, whatever the record says."""
    path = returns.file(record)
    try:
        kind = file_types.detect_type(path) if path else None
        if not path or not kind or kind == file_types.PLAIN_TEXT:
            return None
        data, remark = metadata.remove_metadata(path.read_bytes(), kind.media_type)
        if not data:
            return None
        if kind.media_type == "image/tiff":
            image = exact.load_exact(io.BytesIO(data))
            remark = f"Not in what is shown: {'; '.join(image.gone)}." if image.gone else ""
            return ShownFile(file_types.FILE_TYPES["image/png"], image.encoded(), remark)
    except KitError:
        return None
    return ShownFile(kind, data, remark)
