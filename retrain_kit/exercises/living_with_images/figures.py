"""Change figures: two descriptions beside each other, and the words that stayed, were dropped or added."""

from __future__ import annotations

from html import escape
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from retrain_kit.display.figures import Note
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.figures import PROSE, Shown, together
from retrain_kit.exercises.living_with_images import changes, descriptions
from retrain_kit.exercises.living_with_images.descriptions import FIRST, NAMES, SECOND, SECONDS, WHICH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.common.consented import Heard
    from retrain_kit.exercises.living_with_images.changes import Word
    from retrain_kit.exercises.living_with_images.descriptions import Described, Seen

KINDS = ("stayed", "dropped", "added")
TWO_LANGUAGES = "The two are in two languages: word by word there is nothing to compare."
MARKED = (
    "Marked are the words that were dropped, in the first text, and those that were added, in the second."
)
MISSING = {FIRST: "Nothing from the first class.", SECOND: "Nothing from the second class yet."}


def beside(heard: Heard, images: Iterable[Seen] = ()) -> Shown:
    """Return everybody's two descriptions, beside each other, image by image.

    Parameters
    ----------
    images
        Those that are at hand; they are shown with their credit.
    """
    at_hand = {each.image: each for each in images}
    pairs = descriptions.pair_up(heard.records)
    by_image = groupby(pairs, key=attrgetter("image"))
    return together([_image(image, list(found), heard, at_hand.get(image)) for image, found in by_image])


def of_class(heard: Heard) -> Shown:
    """Return what became of the words in the whole class, image by image, and by whom."""
    pairs = descriptions.pair_up(heard.records)
    by_image = groupby(pairs, key=attrgetter("image"))
    return together([_words(image, changes.of_class(found), heard) for image, found in by_image])


def summary(heard: Heard) -> Note:
    """Return how much was written, refused, withdrawn and left aside."""
    pairs = descriptions.pair_up(heard.records)
    both = sum(bool(pair.first and pair.second) for pair in pairs)
    refused = sum(bool(record.refusal) for record in heard.records)
    return Note(
        heard.credit,
        (
            ("images", f"{len({pair.image for pair in pairs})}"),
            ("people", f"{len({pair.who for pair in pairs})}"),
            ("descriptions", f"{len(heard.records)}, refusals among them: {refused}"),
            ("both of them", f"{both}, each by one person about one image"),
            ("withdrawn", f"{len(heard.withdrawals)} in this store" if heard.withdrawals else ""),
            ("not shown", f"{heard.aside}, as their authors agreed to other uses" if heard.aside else ""),
        ),
    )


def said(record: Record | None, which: str, marked: Sequence[str] = ()) -> str:
    """Return a description as HTML with the marked words in it, a refusal, or that nothing is there."""
    if not record:
        return f"<em>{escape(MISSING[which])}</em>"
    text = "".join(
        f"<mark>{escape(part)}</mark>" if chosen else escape(part)
        for part, chosen in changes.parts(record, marked)
    )
    words = f'<bdi lang="{escape(record.language)}">{text}</bdi>' if record.text.strip() else ""
    refused = f"<em>({escape(refusals.TOLD[record.refusal])})</em> " if record.refusal else ""
    notes = "".join(
        f'<br><small>Footnote: <bdi lang="{escape(note.language)}">{escape(note.text)}</bdi></small>'
        for note in record.footnotes
    )
    return f"{refused}{words}{notes}"


def listed(described: Described) -> list[tuple[str, tuple[str, ...]]]:
    """Return kinds of change and the words of each as they were written; nothing where there is no change."""
    change, first, second = changes.of(described), described.first, described.second
    if not change or not first or not second:
        return []
    records = {"stayed": second, "dropped": first, "added": second}
    return [(kind, changes.passages(records[kind], getattr(change, kind))) for kind in KINDS]


def _image(image: str, pairs: Sequence[Described], heard: Heard, seen: Seen | None) -> Shown:
    head = "".join(f'<th scope="col">{NAMES[which]}, asked in {SECONDS[which]} s</th>' for which in WHICH)
    body = "".join(map(_rows, pairs))
    shown = picture(seen) if seen else ""
    caption = f"Image {image}. {MARKED} {heard.credit}"
    html = (
        f"{shown}<table><caption>{escape(caption)}</caption><thead><tr>"
        f'<th scope="col">who</th>{head}</tr></thead><tbody>{body}</tbody></table>'
        f'<p><small class="rk-credit">{escape(descriptions.credit())}</small></p>'
    )
    return Shown(html, "\n".join([caption, *(line for pair in pairs for line in _plain(pair))]))


def picture(seen: Seen) -> str:
    """Return an image with its notice and its credit, as HTML."""
    notice = f"Notice: {seen.notice.rstrip('.')}. " if seen.notice else ""
    credit = f'<small class="rk-credit">{escape(seen.credit)}</small>'
    under = f"<figcaption>{escape(notice)}{credit}</figcaption>"
    return f'<figure class="rk-figure">{seen.panel.html}{under}</figure>'


def _rows(pair: Described) -> str:
    change = changes.of(pair) or changes.Change()
    marked = {FIRST: change.dropped, SECOND: change.added}
    cells = "".join(f"{PROSE}{said(pair[which], which, marked[which])}</td>" for which in WHICH)
    return (
        f'<tr><th scope="rowgroup" rowspan="2">{escape(pair.who)}</th>{cells}</tr>'
        f'<tr><td colspan="2" style="text-align: start"><small>{_change(pair)}</small></td></tr>'
    )


def _change(pair: Described) -> str:
    return "<br>".join(
        f"{kind}: {', '.join(f'<bdi>{escape(word)}</bdi>' for word in words) or 'no word'}"
        for kind, words in listed(pair)
    ) or escape(_why(pair))


def _why(pair: Described) -> str:
    first, second = pair.first, pair.second
    in_words = first and second and not first.refusal and not second.refusal
    return TWO_LANGUAGES if in_words else "There are not two texts to compare."


def plain(record: Record | None, which: str) -> str:
    """Return a description as text, as `said` does."""
    if not record:
        return MISSING[which]
    refused = f"({refusals.TOLD[record.refusal]})" if record.refusal else ""
    return " ".join(filter(None, (refused, record.text, *(f"[{note.text}]" for note in record.footnotes))))


def _plain(pair: Described) -> list[str]:
    lines = [f"{pair.who}, {NAMES[which]}: {plain(pair[which], which)}" for which in WHICH]
    return [*lines, *(f"  {kind}: {', '.join(words) or 'no word'}" for kind, words in listed(pair))]


def _words(image: str, found: Sequence[Word], heard: Heard) -> Shown:
    caption = f"Image {image}. {heard.credit}"
    if not found:
        told = f"{caption} Nobody has written both texts yet."
        return Shown(f'<p class="rk-note">{escape(told)}</p>', told)
    shared, own = ([word for word in found if (len(word.people) > 1) == several] for several in (True, False))
    folded = (
        f"<details><summary>Words of one person: {len(own)}</summary>{_table(own)}</details>" if own else ""
    )
    together_said = (
        _table(shared) if shared else "<p>Of words that two people have in common there are none.</p>"
    )
    html = f'<section class="rk-note"><h3>{escape(caption)}</h3>{together_said}{folded}</section>'
    return Shown(html, "\n".join([caption, *(f"{word.text}: {_whose(word)}" for word in found)]))


def _table(found: Sequence[Word]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("word", "kept by", "dropped by", "added by"))
    rows = "".join(
        f'<tr><th scope="row"><bdi>{escape(word.text)}</bdi></th>'
        + "".join(f"{PROSE}{escape(', '.join(getattr(word, kind)))}</td>" for kind in KINDS)
        for word in found
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _whose(word: Word) -> str:
    people = ((kind, getattr(word, kind)) for kind in KINDS)
    return "; ".join(f"{kind} by {', '.join(whos)}" for kind, whos in people if whos).replace(
        "stayed", "kept"
    )
