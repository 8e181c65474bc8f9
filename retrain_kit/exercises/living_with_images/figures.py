"""Figures of *Living with images*: two descriptions side by side, and the words that stayed, went or came."""

from __future__ import annotations

from html import escape
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.figures import Note
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.figures import PROSE_CELL, HtmlView, stack_views
from retrain_kit.exercises.living_with_images import changes, descriptions
from retrain_kit.exercises.living_with_images.descriptions import (
    DESCRIPTION_NAMES,
    FIRST,
    SECOND,
    TIME_LIMITS_S,
    WHICH,
)
from retrain_kit.storage.languages import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.common.consent import ConsentedAnswers
    from retrain_kit.exercises.living_with_images.changes import WordChange
    from retrain_kit.exercises.living_with_images.descriptions import DescriptionPair, ImageToDescribe

CHANGE_KINDS = (marked("stayed"), marked("dropped"), marked("added"))
TWO_LANGUAGES = "The two are in two languages: word by word there is nothing to compare."
CAPTION = (
    "Marked are the words that were dropped, in the first text, and those that were added, in the second."
)
MISSING_TEXTS = {FIRST: "Nothing from the first class.", SECOND: "Nothing from the second class yet."}


def descriptions_side_by_side(answers: ConsentedAnswers, images: Iterable[ImageToDescribe] = ()) -> HtmlView:
    """Return everybody's two descriptions, beside each other, image by image.

    Parameters
    ----------
    images
        Those that are at hand; they are shown with their credit.
    """
    at_hand = {each.image: each for each in images}
    pairs = descriptions.description_pairs(answers.records)
    by_image = groupby(pairs, key=attrgetter("image"))
    return stack_views([_image(image, list(found), answers, at_hand.get(image)) for image, found in by_image])


def class_changes(answers: ConsentedAnswers) -> HtmlView:
    """Return what became of the words in the whole class, image by image, and by whom."""
    pairs = descriptions.description_pairs(answers.records)
    by_image = groupby(pairs, key=attrgetter("image"))
    return stack_views([_words(image, changes.word_changes(found), answers) for image, found in by_image])


def descriptions_summary(answers: ConsentedAnswers) -> Note:
    """Return how much was written, refused, withdrawn and left aside."""
    pairs = descriptions.description_pairs(answers.records)
    both = sum(bool(pair.first and pair.second) for pair in pairs)
    refused = sum(bool(record.refusal) for record in answers.records)
    return Note(
        answers.credit,
        (
            ("images", f"{len({pair.image for pair in pairs})}"),
            ("people", f"{len({pair.who for pair in pairs})}"),
            ("descriptions", f"{len(answers.records)}, refusals among them: {refused}"),
            ("both of them", f"{both}, each by one person about one image"),
            ("withdrawn", f"{len(answers.withdrawals)} in this store" if answers.withdrawals else ""),
            (
                "not shown",
                f"{answers.withheld}, as their authors agreed to other uses" if answers.withheld else "",
            ),
        ),
    )


def description_html(record: Record | None, which: str, marked: Sequence[str] = ()) -> str:
    """Return a description as HTML with the marked words in it, a refusal, or that nothing is there."""
    if not record:
        return f"<em>{escape(MISSING_TEXTS[which])}</em>"
    text = "".join(
        f"<mark>{escape(part)}</mark>" if chosen else escape(part)
        for part, chosen in changes.highlighted_parts(record, marked)
    )
    words = f'<bdi lang="{escape(record.language)}">{text}</bdi>' if record.text.strip() else ""
    refused = f"<em>({escape(refusals.WORDS_OF_SOMEBODY[record.refusal])})</em> " if record.refusal else ""
    notes = "".join(
        f'<br><small>Footnote: <bdi lang="{escape(note.language)}">{escape(note.text)}</bdi></small>'
        for note in record.footnotes
    )
    return f"{refused}{words}{notes}"


def words_by_change(described: DescriptionPair) -> list[tuple[str, tuple[str, ...]]]:
    """Return kinds of change and the words of each as they were written; nothing where there is no change."""
    change, first, second = changes.text_change(described), described.first, described.second
    if not change or not first or not second:
        return []
    records = {"stayed": second, "dropped": first, "added": second}
    return [(kind, changes.chosen_passages(records[kind], getattr(change, kind))) for kind in CHANGE_KINDS]


def _image(
    image: str, pairs: Sequence[DescriptionPair], answers: ConsentedAnswers, seen: ImageToDescribe | None
) -> HtmlView:
    head = "".join(
        f'<th scope="col">{DESCRIPTION_NAMES[which]}, asked in {TIME_LIMITS_S[which]} s</th>'
        for which in WHICH
    )
    body = "".join(map(_rows, pairs))
    shown = image_html(seen) if seen else ""
    caption = f"Image {image}. {CAPTION} {answers.credit}"
    html = (
        f"{shown}<table><caption>{escape(caption)}</caption><thead><tr>"
        f'<th scope="col">who</th>{head}</tr></thead><tbody>{body}</tbody></table>'
        f'<p><small class="rk-credit">{escape(descriptions.exercise_credit())}</small></p>'
    )
    return HtmlView(html, "\n".join([caption, *(line for pair in pairs for line in _plain(pair))]))


def image_html(seen: ImageToDescribe) -> str:
    """Return an image with its notice and its credit, as HTML."""
    notice = f"Notice: {seen.notice.rstrip('.')}. " if seen.notice else ""
    credit = f'<small class="rk-credit">{escape(seen.credit)}</small>'
    under = f"<figcaption>{escape(notice)}{credit}</figcaption>"
    return f'<figure class="rk-figure">{seen.panel.html}{under}</figure>'


def _rows(pair: DescriptionPair) -> str:
    change = changes.text_change(pair) or changes.TextChange()
    marked = {FIRST: change.dropped, SECOND: change.added}
    cells = "".join(
        f"{PROSE_CELL}{description_html(pair[which], which, marked[which])}</td>" for which in WHICH
    )
    return (
        f'<tr><th scope="rowgroup" rowspan="2">{escape(pair.who)}</th>{cells}</tr>'
        f'<tr><td colspan="2" style="text-align: start"><small>{_change(pair)}</small></td></tr>'
    )


def _change(pair: DescriptionPair) -> str:
    return "<br>".join(
        f"{kind}: {', '.join(f'<bdi>{escape(word)}</bdi>' for word in words) or 'no word'}"
        for kind, words in words_by_change(pair)
    ) or escape(_why(pair))


def _why(pair: DescriptionPair) -> str:
    first, second = pair.first, pair.second
    in_words = first and second and not first.refusal and not second.refusal
    return TWO_LANGUAGES if in_words else "There are not two texts to compare."


def description_text(record: Record | None, which: str) -> str:
    """Return a description as text, as `description_html` does."""
    if not record:
        return MISSING_TEXTS[which]
    refused = f"({refusals.WORDS_OF_SOMEBODY[record.refusal]})" if record.refusal else ""
    return " ".join(filter(None, (refused, record.text, *(f"[{note.text}]" for note in record.footnotes))))


def _plain(pair: DescriptionPair) -> list[str]:
    lines = [
        f"{pair.who}, {DESCRIPTION_NAMES[which]}: {description_text(pair[which], which)}" for which in WHICH
    ]
    return [*lines, *(f"  {kind}: {', '.join(words) or 'no word'}" for kind, words in words_by_change(pair))]


def _words(image: str, found: Sequence[WordChange], answers: ConsentedAnswers) -> HtmlView:
    caption = f"Image {image}. {answers.credit}"
    if not found:
        told = f"{caption} Nobody has written both texts yet."
        return HtmlView(f'<p class="rk-note">{escape(told)}</p>', told)
    shared, own = ([word for word in found if (len(word.people) > 1) == several] for several in (True, False))
    folded = (
        f"<details><summary>Words of one person: {len(own)}</summary>{_table(own)}</details>" if own else ""
    )
    together_said = (
        _table(shared) if shared else "<p>Of words that two people have in common there are none.</p>"
    )
    told = f"<h3>{escape(caption)}</h3>{together_said}{folded}"
    html = f'<section class="rk-note {MATHJAX_IGNORE}">{told}</section>'
    return HtmlView(html, "\n".join([caption, *(f"{word.text}: {_whose(word)}" for word in found)]))


def _table(found: Sequence[WordChange]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("word", "kept by", "dropped by", "added by"))
    rows = "".join(
        f'<tr><th scope="row"><bdi>{escape(word.text)}</bdi></th>'
        + "".join(f"{PROSE_CELL}{escape(', '.join(getattr(word, kind)))}</td>" for kind in CHANGE_KINDS)
        for word in found
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _whose(word: WordChange) -> str:
    people = ((kind, getattr(word, kind)) for kind in CHANGE_KINDS)
    return "; ".join(f"{kind} by {', '.join(whos)}" for kind, whos in people if whos).replace(
        "stayed", "kept"
    )
