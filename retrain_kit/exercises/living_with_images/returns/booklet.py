"""Booklets: an exhibition on paper, A5, set by typst; the same bytes for the same answers."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError
from retrain_kit.exercises.living_with_images.returns import exhibition, file_types
from retrain_kit.imaging import decoding, opening, profiles
from retrain_kit.reports import typesetting
from retrain_kit.reports.printed_text import isolated_text
from retrain_kit.storage.languages import gettext, interface_language, marked, unreviewed_in_brackets

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.exercises.living_with_images.returns.exhibition import Exhibition, Piece, Wall
    from retrain_kit.exercises.living_with_images.returns.returns import Returns

TITLE = marked("What came back")
LEAD = marked("People lived with images of a data set and gave back what they wished, or nothing.")
CREDIT = marked(
    "The words and images belong to those who gave them. Living with images is an exercise by "
    "Gabriel Pereira and Bruno Moreschi."
)
TYPESET_TYPES = {"application/pdf"}
"""What typst sets besides images: of a document its first page."""
MAX_SHORT_CHARS = 500


def write_booklet(shown: Exhibition, returns: Returns, target: Path) -> list[Path]:
    """Write an exhibition as a booklet, and note it in the store, so that withdrawing reaches it.

    Raises
    ------
    ReportError
        When the pages cannot be set.
    DataError
        When it cannot be written.
    """
    return [returns.write_page(target, booklet_pdf(shown), shown.record_ids)]


def booklet_pdf(shown: Exhibition) -> bytes:
    """Return the booklet."""
    assets: dict[str, Path | bytes] = {}
    manifest = shown.manifest
    walls = [_wall(wall, assets) for wall in shown.walls]
    empty = {"file": "", "alt": "", "notice": "", "credit": ""}
    walls += [{**empty, "pieces": [_piece(piece, assets)]} for piece in shown.burnt]
    not_agreed = gettext(
        "Not shown, since those who gave it have not agreed to that: {count}.", count=shown.withheld
    )
    withheld = not_agreed if shown.withheld else ""
    made = gettext(exhibition.DEMONSTRATION) if shown.demonstration else ""
    study = gettext("{title}, version {version}.", title=manifest.title, version=manifest.version)
    data = {
        "language": interface_language(),
        "title": gettext(TITLE),
        "lead": f"{gettext(LEAD)} {study}",
        "notices": [text for text in (made, manifest.content_notice, withheld) if text],
        "credit": " ".join(filter(None, (gettext(CREDIT), unreviewed_in_brackets()))),
        "walls": walls,
    }
    return typesetting.typeset_pdf(typesetting.template_text("booklet"), data, assets)


def _wall(wall: Wall, assets: dict[str, Path | bytes]) -> dict[str, Any]:
    ending = wall.panel.media_type.removeprefix("image/").replace("jpeg", "jpg")
    file = f"wall-{len(assets)}.{ending}"
    assets[file] = wall.panel.data
    pieces = [_piece(piece, assets) for piece in wall.pieces]
    line = f"{wall.line_credit}: “{wall.line.text}”" if wall.line else ""
    credit = "\n".join(filter(None, (wall.sample.id, wall.credit, line)))
    return {
        "file": file,
        "alt": wall.panel.alt,
        "notice": wall.sample.notice,
        "credit": credit,
        "pieces": pieces,
    }


def _piece(piece: Piece, assets: dict[str, Path | bytes]) -> dict[str, Any]:
    file = beside = ""
    ready = _ready(piece.media) if piece.media else None
    if ready:
        file = f"piece-{len(assets)}.{ready[0]}"
        assets[file] = ready[1]
    elif piece.media:
        kind = piece.media.kind
        name = gettext(file_types.KIND_NAMES[kind.kind]).capitalize()
        which = {"name": name, "kind": kind.suffix.upper()}
        beside = gettext("{name}, {kind}: it is in the exhibition's page.", **which)
    return {
        "file": file,
        "alt": gettext("What {who} gave back.", who=piece.who),
        "beside": beside,
        **_said(piece.text, piece.language),
        "long": len(piece.text) > MAX_SHORT_CHARS or piece.text.count("\n") > MAX_SHORT_CHARS // 60,
        "who": isolated_text(piece.who),
        "day": piece.day,
        "notes": [
            {**_said(note.text, note.language), "day": isolated_text(note.day)} for note in piece.notes
        ],
    }


def _said(text: str, language: str) -> dict[str, Any]:
    """Return what somebody wrote with its language, as typst has it, and the way it runs."""
    tag = language.partition("-")[0].lower()
    strong = (unicodedata.bidirectional(sign) for sign in text)
    first = next((way for way in strong if way in ("L", "R", "AL")), "L")
    return {"text": text, "lang": tag if re.fullmatch("[a-z]{2,3}", tag) else "en", "rtl": first != "L"}


def _ready(media: exhibition.ShownFile) -> tuple[str, bytes] | None:
    """Return ending and bytes of a file as typst sets it; None where it is none of its kinds, or broken.

    JPEGs go as they are, with their profile; other images in sRGB, as a browser shows them.
    """
    kind = media.kind
    if kind.kind != file_types.IMAGE:  # a document that cannot be opened has a remark
        return (kind.suffix, media.data) if kind.media_type in TYPESET_TYPES and not media.remark else None
    try:
        shown = decoding.load_image(io.BytesIO(media.data))
        with opening.open_image(io.BytesIO(media.data)) as file:
            held = profiles.read_colours(file).holds_on_paper(file.mode)
    except DataError:
        return None
    if kind.media_type == "image/jpeg" and held:
        return "jpg", media.data
    written = io.BytesIO()
    shown.save(written, "PNG", compress_level=1)
    return "png", written.getvalue()
