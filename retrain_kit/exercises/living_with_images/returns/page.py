"""The page: an exhibition as one HTML file that needs neither network nor script, or as a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.display import assets
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.living_with_images.returns import exhibition
from retrain_kit.exercises.living_with_images.returns.file_types import KIND_NAMES
from retrain_kit.reports import templating
from retrain_kit.storage.languages import gettext, interface_language, unreviewed_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrain_kit.exercises.living_with_images.returns.exhibition import Exhibition, Piece, ShownFile
    from retrain_kit.exercises.living_with_images.returns.returns import Returns

FOLDER = Path(__file__).parent
MAX_INLINE_BYTES = 8_000_000
PLAYABLE_TYPES = {
    *("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"),
    *("audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/mp4", "audio/aac"),
    *("video/mp4", "video/webm", "video/quicktime"),
}
"""What browsers show and play; the rest is handed on as it is."""


def write_exhibition(shown: Exhibition, returns: Returns, target: Path) -> list[Path]:
    """Write an exhibition, and note in the store what is where, so that withdrawing reaches it.

    Parameters
    ----------
    target
        One file where it ends in `.html`; else a folder, with the files that people gave beside the page.

    Returns
    -------
    list of Path
        The page first.

    Raises
    ------
    ParameterError
        When its name ends as a document of another kind does, or files are too large for one page; all of
        them together.
    DataError
        When it cannot be written.
    """
    if target.suffix.lower() == ".html":
        _check(shown)
        page = exhibition_html(shown, lambda piece: _of(piece).address)
        return [returns.write_page(target, page.encode(), shown.record_ids)]
    if target.suffix[1:].isalpha() and not target.is_dir():
        expected, do = "a page (.html), a booklet (.pdf) or a folder", "A folder's name has no ending."
        raise ParameterError(Fault("the exhibition", f"a name that ends in {target.suffix}", expected, do))
    beside = {piece.id: _beside(piece) for piece in shown.pieces if piece.media}
    page = exhibition_html(shown, lambda piece: beside[piece.id])
    written = [
        returns.write_page(target / beside[piece.id], piece.media.data, [piece.id])
        for piece in shown.pieces
        if piece.media
    ]
    return [returns.write_page(target / "index.html", page.encode(), shown.record_ids), *written]


def exhibition_html(shown: Exhibition, address: Callable[[Piece], str]) -> str:
    """Return the page; `address` says where a piece's file is. What people wrote is text and no markup."""
    style = assets.page_sheet(FOLDER / "page.css")
    environment = templating.html_environment(FOLDER)
    return environment.get_template("page.html.j2").render(
        shown=shown,
        style=Markup(style),  # noqa: S704 - the kit's own
        style_digest=assets.policy_digest(style),
        image=lambda wall: Markup(wall.panel.html),  # noqa: S704 - escaped by the panel
        address=address,
        played=PLAYABLE_TYPES,
        names={kind: gettext(name) for kind, name in KIND_NAMES.items()},
        size=_size,
        demonstration=gettext(exhibition.DEMONSTRATION),
        language=interface_language(),
        unreviewed=unreviewed_words(),
        gettext=gettext,
        version=__version__,
    )


def _beside(piece: Piece) -> str:
    return f"files/{piece.id}.{_of(piece).kind.suffix}"


def _of(piece: Piece) -> ShownFile:
    if piece.media is None:
        raise ValueError(piece.id)
    return piece.media


def _size(count: int) -> str:
    thousands = max(1, round(count / 1e3))
    return f"{thousands} kB" if thousands < 1000 else f"{thousands / 1e3:.1f} MB"  # noqa: PLR2004 - kilo


def _check(shown: Exhibition) -> None:
    do = "Name a folder instead of one page: its files lie beside it."
    most = f"at most {_size(MAX_INLINE_BYTES)} a file"
    faults = [
        Fault(f"{KIND_NAMES[media.kind.kind]} by {piece.who}", _size(len(media.data)), most, do)
        for piece in shown.pieces
        if (media := piece.media) and len(media.data) > MAX_INLINE_BYTES
    ]
    if faults:
        raise ParameterError(*faults)
