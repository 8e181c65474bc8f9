"""Figures: images with alt texts, a caption and the study they belong to, as HTML without script.

The same HTML shows in JupyterLab and in a report. Images are embedded as previews in sRGB: JPEG, or WebP
where they have transparency. The exact pixels are those that `imaging.exact` keeps.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.works import work_of_sample
from retrain_kit.display import assets, views
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.label_keys import label_keys, legend_html
from retrain_kit.errors import DataError, Fault, ReportError, count_in_words
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies.sampling import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL import Image

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.display.label_keys import LabelKey
    from retrain_kit.imaging.masking import Shape
    from retrain_kit.studies.manifests import Manifest

PREVIEW_PX = 640
SVG_MEDIA_TYPE = "image/svg+xml"
PREVIEW_QUALITY = 82
SMALL_PX = 128  # the blocks of a usual JPEG would smear colours over all of so small a preview
_COARSE: dict[str, dict[str, Any]] = {kind: {"quality": PREVIEW_QUALITY} for kind in ("jpeg", "webp")}
_FINE: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 100, "keep_rgb": True},
    "webp": {"lossless": True, "exact": True},
}
_PLAIN = f'class="{MATHJAX_IGNORE}"'


@dataclass(frozen=True)
class Panel:
    """One image of a figure: its encoded preview, a name and an alternative text."""

    name: str
    alt: str
    data: bytes
    media_type: str

    @classmethod
    def from_image(cls, image: Image.Image, name: str, alt: str, longest_px: int = PREVIEW_PX) -> Panel:
        """Return a panel with a preview of the image, at most `longest_px` wide and high."""
        preview = views.thumbnail(image, longest_px)
        buffer = io.BytesIO()
        kind = "webp" if preview.mode == "RGBA" else "jpeg"
        small = max(preview.size) <= SMALL_PX
        preview.save(buffer, kind, **(_FINE if small else _COARSE)[kind])
        return cls(name, alt, buffer.getvalue(), f"image/{kind}")

    @classmethod
    def from_sample(cls, sample: Sample, name: str, alt: str, longest_px: int = PREVIEW_PX) -> Panel:
        """Return a panel with a preview of a sample's image, or one that says that it cannot be shown."""
        try:
            return cls.from_image(decoding.load_sample(sample), name, alt, longest_px)
        except DataError as error:
            said = f"{alt} It cannot be shown: {reason(error)}."
            return cls.from_image(views.unshown(sample.size, longest_px), name, said, longest_px)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels as browsers show them; (0, 0) for vector images."""
        return (0, 0) if self.media_type == SVG_MEDIA_TYPE else decoding.image_size(io.BytesIO(self.data))

    @property
    def anchor(self) -> str:
        """A name for the place of the image on a page: of what it shows and says, the same every time."""
        told = f"{self.name}\0{self.alt}".encode(errors="surrogatepass")
        return f"rk-view-{hashlib.sha256(told + self.data).hexdigest()[:12]}"

    @property
    def address(self) -> str:
        """The image as an address that holds it."""
        return assets.data_address(self.media_type, self.data)

    @property
    def html(self) -> str:
        """The image as an `img` element that holds its own data."""
        width, height = self.size
        room = f' width="{width}" height="{height}"' if width else ""
        return f'<img alt="{escape(self.alt)}" src="{self.address}"{room}>'


@dataclass(frozen=True)
class Figure:
    """Panels side by side under one caption. A figure without its study cannot be made.

    Parameters
    ----------
    panels
        The images, from left to right.
    caption
        What can be seen.
    credit
        Study, authors and licences: must not be empty.
    title
        A name, where the figure is one of several.
    legend
        What the numbers and colours in it stand for.
    """

    panels: tuple[Panel, ...]
    caption: str
    credit: str
    title: str = ""
    legend: tuple[LabelKey, ...] = ()

    def __post_init__(self) -> None:
        if not self.credit.strip():
            raise ReportError(Fault("figure", "no credit", "the study and where its images come from"))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the panels, from left to right."""
        return tuple(panel.name for panel in self.panels)

    @property
    def html(self) -> str:
        """A `figure` element without script or style; the page styles the classes that begin with `rk-`."""
        panels = "".join(map(self._view, self.panels))
        title = f'<strong class="rk-title">{escape(self.title)}</strong>' if self.title else ""
        caption = f'<span class="rk-caption">{escape(self.caption)}</span>' if self.caption else ""
        lines = "<br>".join(
            filter(None, (title, caption, f'<small class="rk-credit">{escape(self.credit)}</small>'))
        )
        legend = legend_html(self.legend)
        body = f'<div class="rk-views">{panels}</div>{legend}<figcaption {_PLAIN}>{lines}</figcaption>'
        return f'<figure class="rk-figure" id="{self.anchor}">{body}</figure>'

    @property
    def anchor(self) -> str:
        """A name for the place of the figure on a page."""
        return f"{self.panels[0].anchor}-all" if self.panels else ""

    def _view(self, panel: Panel) -> str:
        """Return a panel; a click makes an image larger, and a link under it small again.

        A drawing keeps a size at which it can be read, and is scrolled on narrow screens.
        """
        width, height = panel.size
        name = f"<figcaption {_PLAIN}>{escape(panel.name)}</figcaption>"
        if not width:
            return f'<figure class="rk-view rk-scroll" tabindex="0">{panel.html}{name}</figure>'
        larger = f'<a class="rk-larger" href="#{panel.anchor}">{panel.html}</a>'
        smaller = f'<a class="rk-smaller" href="#{self.anchor}">Smaller again</a>'
        size = f"--rk-width:{width}px;--rk-ratio:{width / height:.4f}"
        return f'<figure class="rk-view" id="{panel.anchor}" style="{size}">{larger}{name}{smaller}</figure>'

    def _repr_html_(self) -> str:
        return assets.lab_style() + self.html

    def __repr__(self) -> str:
        return "\n".join(
            filter(
                None, (self.title, self.caption, *(f"{p.name}: {p.alt}" for p in self.panels), self.credit)
            )
        )


REJECTED_ATTRIBUTE = "data-rejected"
"""Says in a page how many annotations of the study could not be taken."""


@dataclass(frozen=True)
class Note:
    """A short text in a box, as names and what is said under them; a name may come several times in a row.

    Where it speaks of annotations that could not be taken, `rejected` is their number, which the page says to
    programs. Lines under the names in `folded` are folded under what `fold` says; on paper they are open.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    rejected: int = 0
    folded: tuple[str, ...] = ()
    fold: str = ""

    def _repr_html_(self) -> str:
        body = _terms(line for line in self.lines if line[0] not in self.folded)
        more = _terms(line for line in self.lines if line[0] in self.folded)
        body += f"<details><summary>{escape(self.fold)}</summary>{more}</details>" if more else ""
        marked = f' {REJECTED_ATTRIBUTE}="{self.rejected}"' if self.rejected else ""
        return (
            f'<section class="rk-note {MATHJAX_IGNORE}"{marked}><h3>{escape(self.title)}</h3>{body}</section>'
        )

    def __repr__(self) -> str:
        return "\n".join([self.title, *(f"{name}: {text}" for name, text in self.lines if text)])


NOTHING = Note("There is nothing of this kind here.", ())
"""Stands where a list has nothing in it: a place that is left empty might be a fault."""


def _terms(lines: Iterable[tuple[str, str]]) -> str:
    """Return names and what is said under them as a list; an empty text where nothing is said."""
    named = [(name, escape(" ".join(text.split()))) for name, text in lines if text]
    terms = "".join(
        f"<dt>{escape(name)}</dt><dd>{_listed([text for _, text in texts])}</dd>"
        for name, texts in groupby(named, key=itemgetter(0))
    )
    return f"<dl>{terms}</dl>" if terms else ""


def _listed(texts: Sequence[str]) -> str:
    """Return one text as it is, several as a list; the texts are HTML."""
    return texts[0] if len(texts) == 1 else f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"


def study_card(manifest: Manifest, rejections: Rejections | None = None) -> Note:
    """Return what a reader should know of a study before looking at it.

    `rejections` are the annotations that could not be taken; their number stands on the card. How the work
    was done, and what was never disclosed, is folded: its summary says how much of it there is.
    """
    annotation, rejections = manifest.annotation, rejections or Rejections()
    annotators = tuple(("annotator " + name, text) for name, text in annotation.annotators.items())
    undisclosed = (("never disclosed", text) for text in annotation.undisclosed)
    withdrawn = (("withdrawn " + name, reason) for name, reason in manifest.withdrawn.items())
    left_out = (("left out", f"{count:,}: {reason}") for reason, count in manifest.left_out.items())
    lines = (
        ("study", f"{manifest.name}, version {manifest.version}, {_images(len(manifest.images))}"),
        ("why", manifest.why),
        ("content notice", manifest.content_notice),
        ("licence", f"{manifest.licence}; retrieved {manifest.retrieved}"),
        ("annotations made by", annotation.who),
        ("when", annotation.when),
        ("how", annotation.how),
        *annotators,
        ("status", annotation.status),
        ("not taken", rejections.in_words()),
        *undisclosed,
        *withdrawn,
        *left_out,
    )
    folded = ("when", "how", *(name for name, _ in annotators), "status", "never disclosed")
    count = len(annotation.undisclosed)
    things = f"{count:,} {'thing' if count == 1 else 'things'}"
    fold = f"How it was annotated, and what was never disclosed ({things})"
    return Note(manifest.title, lines, len(rejections), folded, fold)


def study_credit(manifest: Manifest) -> str:
    """Return the line that stands under every figure of a study."""
    return f"Study {manifest.name}, version {manifest.version}."


def image_credit(sample: Sample) -> str:
    """Return the author and the licence of an image; of a work what stands beside it, and its licence."""
    if work := work_of_sample(sample):
        return f"{work.label} {_said(sample.provenance.licence) or 'Licence not said'}."
    return author_credit(sample)


def image_and_study_credit(sample: Sample, manifest: Manifest) -> str:
    """Return whose image it is, and of which study."""
    return f"{image_credit(sample)} {study_credit(manifest)}"


def author_credit(sample: Sample) -> str:
    """Return the author and the licence of an image, as far as its table says them, and no title."""
    author, licence = _said(sample.provenance.author), _said(sample.provenance.licence)
    if not (author or licence):
        return "Author and licence not said."
    return f"{author or 'Author not said'}, {licence or 'licence not said'}."


def _said(text: str) -> str:
    return "" if text == UNSTATED else text


def three_views(
    sample: Sample,
    manifest: Manifest,
    fill: str = "white",
    shape: Shape = "box",
    order: Sequence[str] = (),
) -> Figure:
    """Return a sample *tagged*, *decanonized* and as what was *taken*, as previews with alt texts.

    What of its file the views do not show stands in the caption. Labels have the colours that they have in
    other images as far as they are in `order`, see `label_keys`.
    """
    credit = image_and_study_credit(sample, manifest)
    image, notes = decoding.load_sample(sample), decoding.notes(sample.path)
    mask = masking.union_mask(sample.regions, sample.size, shape)
    left = "nothing of it is left" if mask.all() else f"{1 - mask.mean():.1%} of it is left"
    told = sample.alt or f"The image {sample.id}."
    words = ", ".join(sorted({region.label for region in sample.regions}))
    regions = (
        f"{count_in_words(len(sample.regions), 'region')}, under the words {words}" if words else "nothing"
    )
    tagged = views.tagged(image, sample.regions, shape, order)
    outlined = f"{told} Outlined in it: {regions}."
    panels = (
        Panel.from_image(tagged, "tagged", outlined),
        Panel.from_image(
            masking.remove_pixels(image, mask, fill),
            "decanonized",
            f"The same image without them: {left}.",
        ),
        Panel.from_image(
            masking.keep_pixels(image, mask, fill), "taken", f"Only what was outlined: {words}."
        ),
    )
    count = len(sample.regions)
    told = f" The file: {'; '.join(notes)}." if notes else ""
    caption = f"{count} {'region' if count == 1 else 'regions'}; {left}. {sample.leaves_out}".strip() + told
    if sample.notice:
        caption = f"{caption} Notice: {sample.notice.rstrip('.')}."
    keys = label_keys((region.label for region in sample.regions), order)
    return Figure(panels, caption, credit, sample.id, tuple(keys.values()))


def all_three_views(
    samples: Iterable[Sample],
    manifest: Manifest,
    fill: str = "white",
    shape: Shape = "box",
    order: Sequence[str] = (),
) -> list[Figure]:
    """Return the three views of each sample; those of one that cannot be shown say so.

    Raises
    ------
    DataError
        When there are samples and none of them can be shown, with all the reasons.
    """
    made: list[Figure] = []
    faults: list[Fault] = []
    shown = 0
    for sample in samples:
        try:
            made.append(three_views(sample, manifest, fill, shape, order))
            shown += 1
        except DataError as error:
            faults += error.faults
            made.append(_unshown(sample, manifest, reason(error)))
    if faults and not shown:
        raise DataError(*faults)
    return made


def _unshown(sample: Sample, manifest: Manifest, why: str) -> Figure:
    """Return what stands for the views of a sample that cannot be shown."""
    alt = sample.alt or f"The image {sample.id}."
    panels = tuple(Panel.from_sample(sample, name, alt) for name in ("tagged", "decanonized", "taken"))
    credit = image_and_study_credit(sample, manifest)
    return Figure(panels, f"Cannot be shown: {why}.", credit, sample.id)


def object_sheet(
    samples: Iterable[Sample], manifest: Manifest, shape: Shape = "box", cell_px: int = 96
) -> Figure:
    """Return everything that was tagged, cut out, as one sheet in the order of the samples."""
    samples = list(samples)
    crops: list[Image.Image] = []
    unshown = 0
    for sample in samples:
        try:
            cut = masking.region_crops(decoding.load_sample(sample), sample.regions, shape)
        except DataError:
            unshown += 1
        else:
            crops += [views.thumbnail(crop, cell_px) for crop in cut]
    sheet = views.contact_sheet(crops, columns=12, cell_px=cell_px)
    labels = Counter(region.label for sample in samples for region in sample.regions)
    words = ", ".join(f"{label} ({count})" for label, count in labels.most_common(12))
    which = f", under {len(labels):,} words; those that come most often: {words}" if labels else ""
    panel = Panel.from_image(sheet, "objects", f"{len(crops)} cut-outs on one sheet{which}.", max(sheet.size))
    taken = f"{count_in_words(len(crops), 'object')} from {_images(len(samples))}"
    caption = f"What the tags took, cut out one by one: {taken}."
    caption += f" Not shown, since their files cannot be: {_images(unshown)}." if unshown else ""
    return Figure((panel,), caption, study_credit(manifest))


def reason(error: DataError) -> str:
    """Return why an image cannot be shown, without where it lies."""
    return "; ".join(fault.found for fault in error.faults)


def _images(count: int) -> str:
    return f"{count} image" if count == 1 else f"{count} images"
