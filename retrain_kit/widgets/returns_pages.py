"""What a person sees of their cards and of what they gave back, as plain values; and the static twin."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from retrain_kit import codes, figures, pictures
from retrain_kit.returns import USES, exhibition, kinds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.manifests import Manifest
    from retrain_kit.samples import Sample

MOST_LETTERS = 15_000
INVITATION = (
    "Give back what you wish: words, a picture, a sound, a video, a PDF. Or nothing, or a refusal, or burn "
    "it: these are answers too."
)


def setting() -> dict[str, Any]:
    """Return what stays the same: the uses to agree to, and how much there may be."""
    return {"uses": list(USES.items()), "bytes": kinds.MOST_BYTES, "letters": MOST_LETTERS}


def wire(sample: Sample, manifest: Manifest) -> dict[str, Any]:
    """Return a card as the browser reads it; its bytes travel as a binary buffer."""
    alt = sample.alt or f"The picture {sample.id}."
    panel = figures.Panel.of(pictures.load_sample(sample), sample.id, alt)
    return {
        "image": sample.id,
        "title": f"{sample.id}, card {codes.of_card(manifest.name, sample.id)}",
        "alt": alt,
        "notice": sample.notice,
        "credit": exhibition.credit(sample, manifest),
        "data": panel.data,
        "media_type": panel.media_type,
        "width": panel.size[0],
        "height": panel.size[1],
    }


def own(record: Record) -> dict[str, str]:
    """Return a record as its author sees it."""
    stated = record.details.get("file")
    kind = _file(stated) if isinstance(stated, dict) else ""
    words = record.text if not kind or record.details.get("words") else ""
    refused = exhibition.REFUSED.get(record.refusal, "")
    text = " ".join(filter(None, (refused, words, kind and f"[{kind}]")))
    return {"record": record.id, "text": text, "image": "".join(record.asked.images[:1])}


def _file(stated: Mapping[str, Any]) -> str:
    """Return what is known of a file in words."""
    kind = next((each.kind for each in kinds.KNOWN.values() if each.type == stated.get("type")), "file")
    size = stated.get("size")
    return f"a {kind}, {max(1, round(size / 1000)):,} kB" if isinstance(size, int) else f"a {kind}"


def static_html(cards: Sequence[Sample], manifest: Manifest) -> str:
    """Return the images and what may be given back, without any answer: HTML without script or style."""
    views = "".join(_view(sample, manifest) for sample in cards)
    note = f'<section class="rk-note"><h3>What comes back</h3><p>{escape(INVITATION)}</p></section>'
    return f'{note}<figure class="rk-figure"><div class="rk-views">{views}</div></figure>'


def _view(sample: Sample, manifest: Manifest) -> str:
    alt = sample.alt or f"The picture {sample.id}."
    picture = figures.Panel.of(pictures.load_sample(sample), sample.id, alt).html
    if sample.notice:
        picture = f"<details><summary>{escape(sample.notice)}</summary>{picture}</details>"
    credit = escape(exhibition.credit(sample, manifest))
    caption = f"{escape(sample.id)}<br><small>{credit}</small>"
    return f'<figure class="rk-view">{picture}<figcaption>{caption}</figcaption></figure>'
