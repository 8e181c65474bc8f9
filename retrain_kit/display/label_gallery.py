"""Label galleries: a bar for each label, and from the bar to small images of what it is put on.

The links lead to places of the same page and need no script. Each small image lies in the page once, however
many labels show it; together they have a bound, whatever the size of the study. What is not shown is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Protocol

from retrain_kit.display import assets, thumbnails
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.thumbnails import Thumbnail, anchor, shown

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import Sample

MOST_LABELS = 24
MOST_IMAGES = 10
"""How many labels have a bar, and how many images of each are shown."""
MOST_BYTES = 600_000
"""The encoded small images of a gallery weigh no more together; in the page a third is added to that."""

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
        top = anchor("labels", *(row.label for row in self.rows), str(self.images))
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
        sections = "".join(self._section(row, top) for row in self.rows)
        store = thumbnails.store_html(self.thumbnails)
        shown_below = f'<div class="rk-labels">{sections}</div>'
        return f'<div class="rk-around {MATHJAX_IGNORE}">{bars}{store}{shown_below}</div>'

    def _bar(self, row: InImages) -> str:
        share = len(row.samples) / self.images
        link = f'<a href="#{anchor("label", row.label)}">{shown(row.label)}</a>'
        bar = f'<td class="rk-bar"><span style="--rk-share:{share:.2%}"></span></td>'
        return (
            f'<tr><th scope="row">{link}</th>{bar}'
            f'<td class="rk-number">{len(row.samples):,}</td><td class="rk-number">{share:.1%}</td></tr>'
        )

    def _section(self, row: InImages, top: str) -> str:
        there = [name for name in row.samples if name in self.thumbnails][:MOST_IMAGES]
        items = "".join(map(self._item, there))
        count = f"{len(row.samples):,} {'image' if len(row.samples) == 1 else 'images'}"
        told = count if len(there) == len(row.samples) else f"{len(there)} of {count}"
        head = f'{shown(row.label)} <span class="rk-quiet">{told}</span> <a href="#{top}">to the labels</a>'
        thumbs = f'<ul class="rk-thumbs">{items}</ul>'
        return f'<section id="{anchor("label", row.label)}"><h3>{head}</h3>{thumbs}</section>'

    def _item(self, name: str) -> str:
        image = thumbnails.use_html(self.thumbnails[name], name)
        return f'<li>{image}<span title="{escape(name)}">{shown(name)}</span></li>'

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
    barred = tuple(rows[:MOST_LABELS])
    by_id = {sample.id: sample for sample in samples}
    made = (
        (name, thumbnails.make_thumbnail(by_id[name], by_id[name].alt or f"The image {name}."))
        for name in progress(_chosen(barred), "reading images")
    )
    found = thumbnails.within(made, MOST_BYTES)
    return LabelGallery(barred, found, len(samples), len(rows) - len(barred), credit)


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
