"""Label galleries: a bar for each label, and from the bar to small images of what it is put on.

The links lead to places of the same page and need no script. Each small image lies in the page once, however
many labels show it; together they have a bound, whatever the size of the study. What is not shown is counted.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Protocol

from retrain_kit.display import assets, signs, views
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding

if TYPE_CHECKING:
    from PIL import Image

    from retrain_kit.annotations.samples import Sample

MOST_LABELS = 24
MOST_IMAGES = 10
"""How many labels have a bar, and how many images of each are shown."""
THUMBNAIL_PX = 96
MOST_BYTES = 600_000
"""The encoded small images of a gallery weigh no more together; in the page a third is added to that."""
_JPEG = {"quality": 72, "subsampling": 0, "optimize": True}

Progress = Callable[[Sequence[str], str], Iterable[str]]


class InImages(Protocol):
    """A label and the ids of the images it is in, as `analysis.images_per_label.LabelImages`."""

    @property
    def label(self) -> str:
        """The word."""
        ...

    @property
    def samples(self) -> tuple[str, ...]:
        """Ids of images."""
        ...


@dataclass(frozen=True)
class Thumbnail:
    """A small image: its JPEG, its size in pixels, and what it shows in words."""

    data: bytes
    size: tuple[int, int]
    alt: str


@dataclass(frozen=True)
class LabelGallery:
    """Bars of labels and their images.

    Parameters
    ----------
    rows
        The labels that have a bar, and all their images, the one in most images first.
    thumbnails
        The small images by the ids of their images.
    images
        How many images were looked at.
    others
        How many labels more there are.
    credit
        The study.
    """

    rows: tuple[InImages, ...]
    thumbnails: Mapping[str, Thumbnail]
    images: int
    others: int
    credit: str

    @property
    def html(self) -> str:
        """The bars, the images of each label and a way back, without script."""
        if not self.rows:
            return f'<p class="rk-note {MATHJAX_IGNORE}">No image here has a label.</p>'
        top = _anchor("labels", *(row.label for row in self.rows), str(self.images))
        lines = "".join(self._bar(row) for row in self.rows)
        heads = ("images", "of all")
        head = '<th scope="col">label</th><td></td>' + "".join(
            f'<th scope="col" class="rk-number">{each}</th>' for each in heads
        )
        more = f" {self.others:,} labels more are in fewer images." if self.others else ""
        bars = (
            f'<table class="rk-bars" id="{top}"><thead><tr>{head}</tr></thead>'
            f"<tbody>{lines}</tbody></table>"
            f'<p class="rk-quiet">A label leads to images it is in.{more} {escape(self.credit)}</p>'
        )
        stored = "".join(_stored(name, thumbnail) for name, thumbnail in self.thumbnails.items())
        shown = "".join(self._section(row, top) for row in self.rows)
        store = f'<svg class="rk-stored" aria-hidden="true"><defs>{stored}</defs></svg>'
        return (
            f'<div class="rk-around {MATHJAX_IGNORE}">{bars}{store}<div class="rk-labels">{shown}</div></div>'
        )

    def _bar(self, row: InImages) -> str:
        share = len(row.samples) / self.images
        link = f'<a href="#{_anchor("label", row.label)}">{_shown(row.label)}</a>'
        bar = f'<td class="rk-bar"><span style="--rk-share:{share:.2%}"></span></td>'
        return (
            f'<tr><th scope="row">{link}</th>{bar}'
            f'<td class="rk-number">{len(row.samples):,}</td><td class="rk-number">{share:.1%}</td></tr>'
        )

    def _section(self, row: InImages, top: str) -> str:
        shown = [name for name in row.samples if name in self.thumbnails][:MOST_IMAGES]
        items = "".join(map(self._item, shown))
        count = f"{len(row.samples):,} {'image' if len(row.samples) == 1 else 'images'}"
        told = count if len(shown) == len(row.samples) else f"{len(shown)} of {count}"
        head = f'{_shown(row.label)} <span class="rk-quiet">{told}</span> <a href="#{top}">to the labels</a>'
        thumbs = f'<ul class="rk-thumbs">{items}</ul>'
        return f'<section id="{_anchor("label", row.label)}"><h3>{head}</h3>{thumbs}</section>'

    def _item(self, name: str) -> str:
        thumbnail = self.thumbnails[name]
        width, height = thumbnail.size
        image = (
            f'<svg role="img" aria-label="{escape(thumbnail.alt)}" viewBox="0 0 {width} {height}"'
            f' preserveAspectRatio="xMinYMax meet"><use href="#{_anchor("image", name)}"/></svg>'
        )
        return f'<li>{image}<span title="{escape(name)}">{_shown(name)}</span></li>'

    def _repr_html_(self) -> str:
        return assets.lab_style() + self.html

    def __repr__(self) -> str:
        return "\n".join(f"{row.label}: {len(row.samples)} of {self.images} images" for row in self.rows)


def label_gallery(
    rows: Sequence[InImages],
    samples: Sequence[Sample],
    credit: str,
    progress: Progress = lambda names, _: names,
) -> LabelGallery:
    """Return the gallery of the labels that are in most images.

    Parameters
    ----------
    rows
        All labels, the one in most images first, as `analysis.images_per_label` returns them.
    samples
        The images they were counted in.
    credit
        The study, as `figures.study_credit` names it.
    progress
        What shows how far the reading of images is, as `widgets.progress.watched`.
    """
    shown = tuple(rows[:MOST_LABELS])
    by_id = {sample.id: sample for sample in samples}
    thumbnails: dict[str, Thumbnail] = {}
    weight = 0
    for name in progress(_chosen(shown), "reading images"):
        thumbnail = _thumbnail(by_id[name])
        weight += len(thumbnail.data)
        if weight > MOST_BYTES:
            break
        thumbnails[name] = thumbnail
    return LabelGallery(shown, thumbnails, len(samples), len(rows) - len(shown), credit)


def _chosen(rows: Iterable[InImages]) -> list[str]:
    """Return the ids of images to show: first one of each label, then a second, and so on."""
    chosen: dict[str, None] = {}
    rows = list(rows)
    for count in range(1, MOST_IMAGES + 1):
        for row in rows:
            missing = count - sum(name in chosen for name in row.samples)
            fresh = (name for name in row.samples if name not in chosen)
            chosen.update(dict.fromkeys(name for name, _ in zip(fresh, range(missing), strict=False)))
    return list(chosen)


def _thumbnail(sample: Sample) -> Thumbnail:
    alt = sample.alt or f"The image {sample.id}."
    try:
        image = views.thumbnail(decoding.load_sample(sample), THUMBNAIL_PX)
    except DataError:
        image, alt = views.unshown(sample.size, THUMBNAIL_PX), f"{alt} It cannot be shown."
    buffer = io.BytesIO()
    _on_paper(image).save(buffer, "jpeg", **_JPEG)
    return Thumbnail(buffer.getvalue(), image.size, alt)


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = image.convert("RGB")
    paper.paste(views.PAPER, (0, 0, *image.size))
    paper.paste(image, (0, 0), image)
    return paper


def _stored(name: str, thumbnail: Thumbnail) -> str:
    data = base64.b64encode(thumbnail.data).decode("ascii")
    width, height = thumbnail.size
    size = f'width="{width}" height="{height}"'
    return f'<image id="{_anchor("image", name)}" {size} href="data:image/jpeg;base64,{data}"/>'


def _anchor(kind: str, *names: str) -> str:
    """Return a name for a place of the page, of whatever signs a label or an id is made."""
    text = "\0".join(names).encode(errors="surrogatepass")
    return f"rk-{kind}-{hashlib.sha256(text).hexdigest()[:12]}"


def _shown(text: str) -> str:
    """Return a name for HTML; one that is read from right to left leaves what is around it in its place."""
    return f"<bdi>{escape(signs.visible(text) or '“”')}</bdi>"
