"""Thumbnails: small images that lie in a page once each, however many places of it show them.

The places are named by digests, so that names of whatever signs have one. Together the images of one figure
have a bound, whatever the size of the study.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import assets, signs, views
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from PIL import Image

    from retrain_kit.annotations.samples import Sample

THUMBNAIL_PX = 96
_JPEG = {"quality": 72, "subsampling": 0, "optimize": True}


@dataclass(frozen=True)
class Thumbnail:
    """A small image: its JPEG, its size in pixels, and what it shows in words."""

    data: bytes
    size: tuple[int, int]
    alt: str


def make_thumbnail(
    sample: Sample, alt: str, load: Callable[[Sample], Image.Image] = decoding.load_sample
) -> Thumbnail:
    """Return a small image of a sample; where it cannot be shown one that says so, in the same shape."""
    try:
        image = views.thumbnail(load(sample), THUMBNAIL_PX)
    except DataError:
        image, alt = views.unshown(sample.size, THUMBNAIL_PX), f"{alt} It cannot be shown."
    buffer = io.BytesIO()
    _on_paper(image).save(buffer, "jpeg", **_JPEG)
    return Thumbnail(buffer.getvalue(), image.size, alt)


def within(made: Iterable[tuple[str, Thumbnail]], most_bytes: int) -> dict[str, Thumbnail]:
    """Return thumbnails by their names, as many of the first as weigh no more together; made one by one."""
    found: dict[str, Thumbnail] = {}
    weight = 0
    for name, thumbnail in made:
        weight += len(thumbnail.data)
        if weight > most_bytes:
            break
        found[name] = thumbnail
    return found


def store_html(thumbnails: Mapping[str, Thumbnail], *owner: str) -> str:
    """Return what keeps thumbnails in a page; `owner` tells those of one figure from another's."""
    stored = "".join(_stored(thumbnail, *owner, name) for name, thumbnail in thumbnails.items())
    return f'<svg class="rk-stored" aria-hidden="true"><defs>{stored}</defs></svg>'


def use_html(thumbnail: Thumbnail, *place: str) -> str:
    """Return a thumbnail that is stored in the page; `place` is the owner's and the image's name."""
    width, height = thumbnail.size
    return (
        f'<svg role="img" aria-label="{escape(thumbnail.alt)}" viewBox="0 0 {width} {height}"'
        f' preserveAspectRatio="xMinYMax meet"><use href="#{anchor("image", *place)}"/></svg>'
    )


def anchor(kind: str, *names: str) -> str:
    """Return a name for a place of the page, of whatever signs a label or an id is made."""
    text = "\0".join(names).encode(errors="surrogatepass")
    return f"rk-{kind}-{hashlib.sha256(text).hexdigest()[:12]}"


def shown(text: str) -> str:
    """Return a name for HTML; one that is read from right to left leaves what is around it in its place."""
    return f"<bdi>{escape(signs.visible(text) or '“”')}</bdi>"


def _stored(thumbnail: Thumbnail, *place: str) -> str:
    width, height = thumbnail.size
    size = f'width="{width}" height="{height}"'
    address = assets.data_address("image/jpeg", thumbnail.data)
    return f'<image id="{anchor("image", *place)}" {size} href="{address}"/>'


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = image.convert("RGB")
    paper.paste(views.PAPER, (0, 0, *image.size))
    paper.paste(image, (0, 0), image)
    return paper
