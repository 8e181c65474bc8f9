"""Pages of descriptions: what one person sees of an image and of their own texts, as plain values.

Nobody sees what others wrote, nor their own first text before the second is there.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import REFUSALS
from retrain_kit.exercises import change_figures, changes, descriptions, prompts
from retrain_kit.exercises.descriptions import DIFFERENCE, FIRST, NAMES, SECOND, SECONDS, WHICH
from retrain_kit.exercises.living_with_images import MOST_LETTERS, USES
from retrain_kit.exercises.sentences import REFUSED
from retrain_kit.widgets.polyphony_pages import REFUSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.descriptions import Described
    from retrain_kit.exercises.seen import Seen

TIMES = {1: "as asked", 2: "twice as much", 10: "ten times as much", 0: "no limit"}
"""How much of the exercise's time a person may take; 0 for all they want."""


def setting(which: str, language: str, times: int) -> dict[str, Any]:
    """Return what stays the same while the widget is shown."""
    asked = descriptions.prompts()
    seconds = SECONDS[which]
    return {
        "which": which,
        "name": NAMES[which],
        "asked": [asked[which].text, asked[which].translations.get(language, "")],
        "difference": [asked[DIFFERENCE].text, asked[DIFFERENCE].translations.get(language, "")],
        "seconds": seconds,
        "times": [[each, _time(each, seconds)] for each in TIMES],
        "chosen": times,
        "language": language,
        "languages": list(prompts.languages().items()),
        "unreviewed": prompts.UNREVIEWED if language != prompts.ORIGINAL else "",
        "credit": descriptions.credit(),
        "uses": list(USES.items()),
        "refusals": [[name, REFUSE[name]] for name in REFUSALS],
        "most": MOST_LETTERS,
    }


def page(described: Described, which: str) -> dict[str, Any]:
    """Return what a person has said of an image; the texts only where they may be read by now."""
    hidden = which == SECOND and not described.second
    change = changes.of(described) or changes.Change()
    marked = {FIRST: change.dropped, SECOND: change.added}
    own = {
        each: _own(record, each, () if hidden else marked[each], hidden=hidden and each == FIRST)
        for each in WHICH
        if (record := described[each])
    }
    return {"own": own, "changes": change_figures.listed(described) if len(own) == len(WHICH) else []}


def item(seen: Seen) -> dict[str, Any]:
    """Return an image as the browser reads it; the bytes travel as a binary buffer."""
    panel = seen.panel
    return {
        "title": seen.name,
        "credit": seen.credit,
        "notice": seen.notice,
        "alt": panel.alt,
        "data": panel.data,
        "media_type": panel.media_type,
        "width": panel.size[0],
        "height": panel.size[1],
    }


def static_html(items: Sequence[Seen], which: str, language: str) -> str:
    """Return what is asked, the images and an example as HTML without script or style; nobody's own words."""
    told = setting(which, language, 1)
    beside = f'<br><span lang="{language}">{escape(told["asked"][1])}</span>' if told["asked"][1] else ""
    unreviewed = f"<p><small>{told['unreviewed']}</small></p>" if told["unreviewed"] else ""
    views = "".join(
        f'<figure class="rk-view">{seen.panel.html}<figcaption>{escape(seen.name)}<br>'
        f"<small>{escape(_credit(seen))}</small></figcaption></figure>"
        for seen in items
    )
    demonstration = descriptions.demonstration()
    pair = descriptions.pair_up(demonstration.records)[0]
    both = tuple(record for record in (pair.first, pair.second) if record)
    example = change_figures.beside(replace(demonstration, records=both)).html
    return (
        f'<section class="rk-note"><h3>Living with images, {escape(NAMES[which])}</h3>'
        f'<p><span lang="en">{escape(told["asked"][0])}</span>{beside}</p>{unreviewed}'
        f'<p><small class="rk-credit">{escape(told["credit"])}</small></p></section>'
        f'<figure class="rk-figure"><div class="rk-views">{views}</div></figure>'
        f"<h4>Two descriptions beside each other, made for demonstration</h4>{example}"
    )


def _time(times: int, seconds: int) -> str:
    return f"{seconds * times} seconds, {TIMES[times]}" if times else TIMES[times]


def _credit(seen: Seen) -> str:
    return f"Notice: {seen.notice.rstrip('.')}. {seen.credit}" if seen.notice else seen.credit


def _own(record: Record, which: str, marked: Sequence[str], *, hidden: bool) -> dict[str, Any]:
    return {
        "record": record.id,
        "name": NAMES[which],
        "when": record.when[:10],
        "hidden": hidden,
        "parts": [] if hidden else changes.parts(record, marked),
        "refused": "" if hidden else REFUSED.get(record.refusal, ""),
        "language": record.language,
        "footnotes": [] if hidden else [note.text for note in record.footnotes],
    }
