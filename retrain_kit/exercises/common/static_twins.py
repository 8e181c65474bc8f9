"""Static twins: what exercises ask, and what they ask it of, as HTML without script or style."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from retrain_kit.exercises.common import prompts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.display.figures import Panel
    from retrain_kit.exercises.common.annotating import ImageToAnnotate


def prompt_line(tag: str, english: str, beside: str, language: str) -> str:
    """Return a line in English, with a translation below it where there is one."""
    return f'<{tag}><span lang="en">{escape(english)}</span>{translation_below(beside, language)}</{tag}>'


def translation_below(beside: str, language: str) -> str:
    """Return what stands below a line in another language; nothing where there is none."""
    return f'<br><span lang="{language}">{escape(beside)}</span>' if beside else ""


def unreviewed_note(language: str) -> str:
    """Return a note that translations are not reviewed; nothing where none is shown."""
    note = prompts.unreviewed_note(language)
    return f"<p><small>{escape(note)}</small></p>" if note else ""


def credit_html(words: str) -> str:
    """Return in small print whose words they are."""
    return f'<p><small class="rk-credit">{escape(words)}</small></p>'


def noticed_credit(notice: str, credit: str) -> str:
    """Return whose an image is, after the notice on it where it has one."""
    return f"Notice: {notice.rstrip('.')}. {credit}" if notice else credit


def prompt_note(title: str, body: str) -> str:
    """Return what is asked, under a title."""
    return f'<section class="rk-note"><h3>{escape(title)}</h3>{body}</section>'


def image_view(image: str, name: str, words: str) -> str:
    """Return an image as HTML, with its name and whose it is."""
    caption = f"{escape(name)}<br><small>{escape(words)}</small>"
    return f'<figure class="rk-view">{image}<figcaption>{caption}</figcaption></figure>'


def image_views(seen: Iterable[tuple[Panel, str, str]]) -> str:
    """Return images, each with its name and whose it is."""
    return views_side_by_side(image_view(panel.html, name, words) for panel, name, words in seen)


def images_to_annotate(title: str, lines: Iterable[str], items: Iterable[ImageToAnnotate]) -> str:
    """Return what is asked, line by line, and the images to annotate."""
    asked = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return prompt_note(title, asked) + image_views((item.panel, item.name, item.credit) for item in items)


def views_side_by_side(images: Iterable[str]) -> str:
    """Return images, as `image_view` gives them, side by side."""
    return f'<figure class="rk-figure"><div class="rk-views">{"".join(images)}</div></figure>'
