"""A widget in which a person looks at each image before it is handed out: accept, replace, remove.

The browser says when an image stands uncovered in sight; the kernel takes no decision on one that did not.
Decisions are on the disk as they are made. The static twin shows the images and what was decided.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from traitlets import TraitType

from retrain_kit import __version__
from retrain_kit.answers import messages
from retrain_kit.display import assets, figures
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.studies import reviews

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest


LARGEST_PX = 800
TOLD = {
    reviews.ACCEPT: "Accepted",
    reviews.REPLACE: "Another one will take its place",
    reviews.REMOVE: "Removed",
    reviews.UNDO: "Undone",
}


@dataclass(frozen=True)
class ImageToReview:
    """An image to look at, and the study it is of."""

    manifest: Manifest
    sample: Sample

    @property
    def key(self) -> str:
        """The image's name among those of all studies."""
        return f"{self.manifest.name}/{self.sample.id}"

    def wire(self) -> dict[str, Any]:
        """Return the image as the browser reads it; its bytes travel as a binary buffer."""
        sample, origin = self.sample, self.sample.provenance
        alt = sample.alt or f"The image {sample.id}."
        panel = figures.Panel.from_sample(sample, sample.id, alt, LARGEST_PX)
        digests = {image.id: image.sha256 for image in self.manifest.images}
        return {
            "key": self.key,
            "study": self.manifest.name,
            "image": sample.id,
            "sha256": digests.get(sample.id, ""),
            "title": sample.id,
            "alt": alt,
            "notice": sample.notice,
            "gated": bool(self.manifest.content_notice),
            "labels": labels_of_sample(sample),
            "credit": ", ".join(filter(None, (origin.author, origin.licence, self.manifest.title))),
            "data": panel.data,
            "media_type": panel.media_type,
            "width": panel.size[0],
            "height": panel.size[1],
        }


SHEET = assets.widget_sheet(".rk-review-widget", Path(__file__).with_suffix(".css"))
"""The style of the widget, which the offline page has too."""


class ReviewGrid(anywidget.AnyWidget):
    """Look at images, and decide on each.

    Parameters
    ----------
    shown
        The images, each with its study.
    by
        Who looks: a name of their choice, or nothing.

    Attributes
    ----------
    decided : dict
        By image, the decision that stands.

    Raises
    ------
    ParameterError
        When there is no image.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = SHEET

    items: TraitType[list[dict[str, Any]], list[dict[str, Any]]] = TraitType([], read_only=True).tag(
        sync=True
    )
    decided: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}, read_only=True).tag(sync=True)
    notice: TraitType[str, str] = TraitType("", read_only=True).tag(sync=True)
    by: TraitType[str, str] = TraitType("", read_only=True).tag(sync=True)

    def __init__(self, shown: Sequence[ImageToReview], by: str = "") -> None:
        if not shown:
            raise ParameterError(Fault("ReviewGrid, shown", "no images", "one or more"))
        self._shown = {each.key: each for each in shown}
        self._looked_at: set[str] = set()
        super().__init__()
        self.set_trait("items", [each.wire() for each in self._shown.values()])
        self.set_trait("notice", content_notices(shown))
        self.set_trait("by", by)
        self.on_msg(self._receive)
        self._refresh()

    def _refresh(self) -> None:
        self.set_trait("decided", standing_decisions(self._shown.values()))

    def _receive(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """Do what the browser asks for, and tell it what came of it."""
        try:
            told = self._do(content)
        except KitError as error:
            self.send({"fault": str(error)})
        else:
            if told:
                self.send({"told": told})
        self._refresh()

    def _do(self, content: Mapping[str, Any]) -> str:
        messages.check_length(content)
        act, key = messages.text_field(content, "act"), messages.text_field(content, "key")
        if act not in ("shown", "decide") or key not in self._shown:
            raise ParameterError(
                Fault("act", f"{act[:80]!r} on {key[:80]!r}", "shown or decide, on an image here")
            )
        if act == "shown":
            self._looked_at.add(key)
            return ""
        verdict, each = messages.text_field(content, "verdict"), self._shown[key]
        if key not in self._looked_at and verdict != reviews.UNDO:
            raise ParameterError(
                Fault(f"image {each.sample.id}", "nobody was shown it", "a look at it first")
            )
        reason, by = messages.text_field(content, "reason"), messages.text_field(content, "by")
        reviews.keep_decision(each.manifest, each.sample.id, verdict, reason, by=by)
        return f"{TOLD[verdict]}: {each.sample.id}."

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        shown = list(self._shown.values())
        lines = [
            f"{each.key}: {self.decided.get(each.key, {}).get('verdict', 'nobody has decided')}"
            for each in shown
        ]
        return {**data, "text/plain": "\n".join(lines), "text/html": decisions_html(shown)}, metadata


def standing_decisions(shown: Iterable[ImageToReview]) -> dict[str, dict[str, str]]:
    """Return the decisions that stand on images, by their keys."""
    shown = list(shown)
    manifests = {each.manifest.name: each.manifest for each in shown}
    every = {name: reviews.load_reviews(manifest).decisions for name, manifest in manifests.items()}
    found = ((each.key, every[each.manifest.name].get(each.sample.id)) for each in shown)
    return {
        key: {"verdict": each.verdict, "reason": each.reason, "by": each.by} for key, each in found if each
    }


def content_notices(shown: Iterable[ImageToReview]) -> str:
    """Return what a person should know before they look at images of these studies."""
    return " ".join(dict.fromkeys(filter(None, (each.manifest.content_notice for each in shown))))


def labels_of_sample(sample: Sample) -> str:
    """Return the words that an image carries, each once."""
    labels = (
        *(region.label for region in sample.regions),
        *(label.label for label in sample.labels if label.present),
    )
    return ", ".join(dict.fromkeys(labels))


def decisions_html(shown: Sequence[ImageToReview]) -> str:
    """Return the images and what was decided on each, as HTML without script or style."""
    decided = standing_decisions(shown)
    views = "".join(_view(each, decided.get(each.key, {})) for each in shown)
    return f'<figure class="rk-figure"><div class="rk-views">{views}</div></figure>'


def _view(each: ImageToReview, decided: Mapping[str, str]) -> str:
    sample, verdict = each.sample, decided.get("verdict")
    panel = figures.Panel.from_sample(sample, sample.id, sample.alt or f"The image {sample.id}.")
    notice = escape(sample.notice or each.manifest.content_notice)
    image = f"<details><summary>{notice}</summary>{panel.html}</details>" if notice else panel.html
    told = escape(f"{TOLD[verdict]}. {decided['reason']}" if verdict else "Nobody has decided yet.")
    caption = f"{escape(sample.id)}<br><small>{told}</small>"
    return f'<figure class="rk-view">{image}<figcaption>{caption}</figcaption></figure>'


# -- pages on which images are looked at without a notebook: one offline file, and decisions to download.


FOLDER = Path(__file__).parent
TAKE = "retrain-kit review --take review.jsonl"


def review_page_html(
    shown: Sequence[ImageToReview],
    by: str = "",
    images: Iterable[ImageToReview] | None = None,
    take: str = TAKE,
) -> str:
    """Return the page of these images: one file with its script, its style and its images in it.

    Parameters
    ----------
    shown
        The images, in the order in which they are looked at.
    by
        Who looks: a name of their choice, or nothing.
    images
        The same once more, where somebody wants to watch how they are read.
    take
        The command that takes the decisions in, which the page tells.
    """
    items = [each.wire() for each in (shown if images is None else images)]
    for item in items:
        item["data"] = base64.b64encode(item["data"]).decode()
    state = {"items": items, "decided": standing_decisions(shown), "notice": content_notices(shown), "by": by}
    script = assets.inlined_script(FOLDER / "review_page.js")
    style = assets.page_sheet() + SHEET + (FOLDER / "review_page.css").read_text(encoding="utf-8")
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("review_page.html.j2").render(
        data=Markup(json.dumps(state).replace("<", "\\u003c")),  # noqa: S704 - no < in it
        script=Markup(script),  # noqa: S704 - the kit's own
        style=Markup(style),  # noqa: S704 - the kit's own
        take=take,
        script_digest=assets.policy_digest(script),
        style_digest=assets.policy_digest(style),
        version=__version__,
    )
