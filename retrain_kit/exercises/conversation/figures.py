"""Conversations for notebooks: each thread with its footnotes below what they stand beside."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.consent import withheld_in_words
from retrain_kit.exercises.common.figures import HtmlView, stack_views
from retrain_kit.exercises.conversation import threads
from retrain_kit.exercises.conversation.session import gone_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.common.consent import ConsentedAnswers
    from retrain_kit.exercises.conversation.threads import Message, Note


def conversations_view(heard: ConsentedAnswers) -> HtmlView:
    """Return what was written, by subject and thread; how much is not shown stands below."""
    by_subject: dict[tuple[str, str], list[Record]] = {}
    for record in heard.records:
        subject = "".join(record.asked.images[:1]) or record.asked.prompt
        by_subject.setdefault((record.asked.study, subject), []).append(record)
    views = [_subject(said, heard) for said in by_subject.values()]
    told = " ".join(filter(None, (heard.credit, withheld_in_words(heard.withheld))))
    return stack_views([*views, HtmlView(f"<p><small>{escape(told)}</small></p>", told)])


def _subject(said: Sequence[Record], heard: ConsentedAnswers) -> HtmlView:
    image, question = "".join(said[0].asked.images[:1]), said[0].asked.prompt
    found = threads.threads_of(said, heard.withdrawals)
    head = f"{image}: {question}" if image else question
    body = "<hr>".join("".join(map(_message, thread.messages)) for thread in found)
    lines = [line for thread in found for message in thread.messages for line in _lines(message)]
    html = f'<section class="rk-note {assets.MATHJAX_IGNORE}"><h3>{escape(head)}</h3>{body}</section>'
    return HtmlView(html, "\n".join([head, *lines]))


def _message(message: Message) -> str:
    record = message.record
    notes = "".join(map(_note, message.notes))
    listed = f"<ol>{notes}</ol>" if notes else ""
    if not record:
        return f"<p><em>{escape(gone_in_words(message))}</em></p>{listed}"
    words = f'<blockquote dir="auto"{_language(record.language)}>{escape(_words(record))}</blockquote>'
    whose = f"<p><small><bdi>{escape(record.who)}</bdi>, {record.when[: threads.DAY]}</small></p>"
    return f"{words}{whose}{listed}"


def _note(note: Note) -> str:
    words = f'<span dir="auto"{_language(note.language)}>{escape(note.text)}</span>'
    kind = f"<em>{note.kind or 'adds'}</em>"
    return f"<li>{kind} {words} <small><bdi>{escape(note.who)}</bdi>, {note.day}</small></li>"


def _lines(message: Message) -> list[str]:
    record = message.record
    told = f"{record.who}: {_words(record)}" if record else gone_in_words(message)
    return [told, *(f"  {note.who} {note.kind or 'adds'}: {note.text}" for note in message.notes)]


def _words(record: Record) -> str:
    refused = refusals.of_somebody(record)
    return f"({refused}) {record.text}".strip() if refused else record.text


def _language(tag: str) -> str:
    return f' lang="{escape(tag)}"' if tag else ""
