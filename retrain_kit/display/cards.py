"""Cards: questions about an image, their answers, the source of each answer, and what nobody says.

The HTML has no script; the page styles the classes that begin with `rk-`.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Protocol

from retrain_kit.display import assets
from retrain_kit.display.assets import MATHJAX_IGNORE

if TYPE_CHECKING:
    from collections.abc import Iterable


class HasHtml(Protocol):
    """Anything that has its HTML."""

    @property
    def html(self) -> str:
        """The HTML, without style."""
        ...


class _Page:
    """The base of what notebooks and reports show by its `html`."""

    @property
    def html(self) -> str:
        """The HTML, without style."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return assets.lab_style() + self.html


@dataclass(frozen=True)
class Fact:
    """A question, its answer, and the source: which field of which table says it."""

    question: str
    answer: str
    source: str

    @property
    def html(self) -> str:
        """A `dt` and its `dd`; an address becomes a link."""
        answer = escape(self.answer)
        if self.answer.startswith(("https://", "http://")):
            answer = f'<a href="{answer}">{answer}</a>'
        source = f' <small class="rk-said">{escape(self.source)}</small>' if self.source else ""
        return f"<dt>{escape(self.question)}</dt><dd>{answer}{source}</dd>"


@dataclass(frozen=True)
class FactGroup:
    """Facts under one heading, in order."""

    title: str
    facts: tuple[Fact, ...]

    @property
    def html(self) -> str:
        """The heading and a `dl` of the facts."""
        facts = "".join(fact.html for fact in self.facts)
        return f'<p class="rk-group">{escape(self.title)}</p><dl>{facts}</dl>'


@dataclass(frozen=True)
class Card(_Page):
    """Groups of facts about one image, and a list of what is not known of it."""

    title: str
    groups: tuple[FactGroup, ...]
    unknown: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of all groups, in order."""
        return tuple(fact for group in self.groups for fact in group.facts)

    @property
    def body(self) -> str:
        """The card without its title, as HTML."""
        groups = "".join(group.html for group in self.groups if group.facts)
        unknown = "".join(f"<li>{escape(text)}</li>" for text in self.unknown)
        return groups + (f'<p class="rk-group">Not known</p><ul>{unknown}</ul>' if unknown else "")

    @property
    def html(self) -> str:
        """The HTML, without style."""
        title = f'<p class="rk-title"><strong>{escape(self.title)}</strong></p>'
        return f'<section class="rk-card {MATHJAX_IGNORE}">{title}{self.body}</section>'

    def __repr__(self) -> str:
        facts = (f"{fact.question}: {fact.answer} ({fact.source})" for fact in self.facts)
        return "\n".join([self.title, *facts, *(f"not known: {text}" for text in self.unknown)])


@dataclass(frozen=True)
class Cards(_Page):
    """Cards to open one by one; on paper all of them are open."""

    cards: tuple[Card, ...]

    @property
    def html(self) -> str:
        """The HTML, without style."""
        return f'<div class="rk-cards {MATHJAX_IGNORE}">{"".join(map(_folded, self.cards))}</div>'

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.cards))


@dataclass(frozen=True)
class ImageWithCards(_Page):
    """An image, and the cards about it beside or below it."""

    image: HasHtml
    cards: tuple[Card, ...]

    @property
    def html(self) -> str:
        """The HTML, without style."""
        parts: Iterable[HasHtml] = (self.image, *self.cards)
        return f'<div class="rk-spread">{"".join(part.html for part in parts)}</div>'

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, (self.image, *self.cards)))


@dataclass(frozen=True)
class ImagesWithCards(_Page):
    """Images with their cards, one after the other."""

    spreads: tuple[ImageWithCards, ...]

    @property
    def html(self) -> str:
        """The HTML, without style."""
        return "".join(spread.html for spread in self.spreads)

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.spreads))


def _folded(card: Card) -> str:
    counts = f"facts: {len(card.facts)}, not known: {len(card.unknown)}"
    summary = (
        f'<summary><strong>{escape(card.title)}</strong> <span class="rk-said">{counts}</span></summary>'
    )
    return f'<details class="rk-card">{summary}{card.body}</details>'
