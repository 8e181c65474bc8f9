"""The notebook's view: what came back, in a notebook, where nothing plays and nothing is downloaded.

As long as nothing has come back that may be shown, there is what the kit made up for demonstration.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.figures import Figure
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.common.figures import HtmlView, stack_views
from retrain_kit.exercises.living_with_images.returns import exhibition
from retrain_kit.exercises.living_with_images.returns.file_types import KIND_NAMES
from retrain_kit.exercises.living_with_images.returns.page import PLAYABLE_TYPES
from retrain_kit.exercises.living_with_images.returns.returns import Returns
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.exercises.living_with_images.returns.exhibition import Exhibition, Piece, ShownFile, Wall
    from retrain_kit.studies.manifests import Manifest

EXAMPLE_FILE = Path(__file__).with_name("demonstration.jsonl")
"""Answers made for demonstration: nobody said them."""
EXAMPLE_STUDY = "embedded-sample"
"""The study whose images they are about."""


def returns_view(returns: Returns, manifest: Manifest, use: str) -> HtmlView:
    """Return each image with what people gave back to it and agreed to show, refusals as answers among it.

    Raises
    ------
    ParameterError
        When there is no such use.
    DataError
        When an image cannot be read.
    """
    consent.check_use(use)
    if any(use in record.consent.agreed for record in returns.records()):
        return _all(exhibition.build_exhibition(returns, manifest, use))
    with (
        TemporaryDirectory(prefix="retrain-kit-") as folder,
        Returns(folder, EXAMPLE_STUDY, demonstration=True) as made_up,
    ):
        made_up.store.merge(EXAMPLE_FILE)
        return _all(exhibition.build_exhibition(made_up, manifests.load(EXAMPLE_STUDY), use))


def _all(shown: Exhibition) -> HtmlView:
    said = exhibition.DEMONSTRATION if shown.demonstration else ""
    walls = (part for wall in shown.walls for part in _wall(wall, said))
    return stack_views([*walls, *(_pieces("Burnt", (piece,), said) for piece in shown.burnt)])


def _wall(wall: Wall, said: str) -> Iterator[Figure | HtmlView]:
    yield Figure((wall.panel,), wall.sample.notice, wall.credit)
    yield _pieces("What came back", wall.pieces, said)


def _pieces(title: str, pieces: tuple[Piece, ...], said: str) -> HtmlView:
    items = "".join(
        f"<dt>{escape(piece.who)}<br><small>{escape(piece.day)}</small></dt><dd>{''.join(_lines(piece))}</dd>"
        for piece in pieces
    )
    foot = f'<p><small class="rk-credit">{escape(said)}</small></p>' if said else ""
    html = (
        f'<section class="rk-note {MATHJAX_IGNORE}"><h3>{escape(title)}</h3><dl>{items}</dl>{foot}</section>'
    )
    text = (
        f"{piece.who}: {piece.text or (KIND_NAMES[piece.media.kind.kind] if piece.media else '')}"
        for piece in pieces
    )
    return HtmlView(html, "\n".join([title, *text, *([said] if said else [])]))


def _lines(piece: Piece) -> Iterator[str]:
    if piece.media:
        yield _file(piece.media, piece.who)
    if piece.text:
        yield f'<p dir="auto"{_lang("" if piece.refusal else piece.language)}>{escape(piece.text)}</p>'
    for note in piece.notes:
        said = f"<small>{escape(note.text)} ({escape(note.day)})</small>"
        yield f'<p dir="auto"{_lang(note.language)}>{said}</p>'


def _lang(language: str) -> str:
    return f' lang="{escape(language)}"' if language else ""


def _file(media: ShownFile, who: str) -> str:
    """Return an image itself; of anything else what it is, since `retrain-kit exhibition` plays it."""
    name = KIND_NAMES[media.kind.kind]
    if media.kind.kind != "image" or media.kind.media_type not in PLAYABLE_TYPES:
        return f"<p><em>{name}, {media.kind.suffix.upper()}</em></p>"
    return f'<p><img alt="{escape(f"{name} by {who}")}" src="{media.address}"></p>'
