"""Cards: questions about an image, their answers, the source of each answer, and what nobody says.

The HTML has no script; the page styles the classes that begin with `rk-`.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Protocol

from retrain_kit.display import assets
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.figures import NOTHING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


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
    """Groups of facts about one image, and a list of what is not known of it.

    Parameters
    ----------
    title
        What it is about.
    groups
        The facts.
    unknown
        What is not known, in sentences.
    drawing
        What shows some of its figures, where that says more than numbers.
    """

    title: str
    groups: tuple[FactGroup, ...]
    unknown: tuple[str, ...] = ()
    drawing: HasHtml | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of all groups, in order."""
        return tuple(fact for group in self.groups for fact in group.facts)

    @property
    def counts(self) -> str:
        """How many facts it has, and how much is not known."""
        return f"facts: {len(self.facts)}, not known: {len(self.unknown)}"

    def body(self, said: Collection[str] = ()) -> str:
        """Return the card without its title, as HTML; what is `said` already to be not known is left out."""
        return self._facts + self._unknown(said)

    def folded(self, said: Collection[str] = ()) -> str:
        """Return the card with its facts folded, as HTML; what is not known and not yet `said` stays open."""
        drawing = self.drawing.html if self.drawing else ""
        facts = f"<details><summary>{self.counts}</summary>{self._facts}</details>"
        return self._section(drawing + self._unknown(said) + facts)

    @property
    def html(self) -> str:
        """The HTML, without style."""
        return self._section((self.drawing.html if self.drawing else "") + self.body())

    def __repr__(self) -> str:
        facts = (f"{fact.question}: {fact.answer} ({fact.source})" for fact in self.facts)
        return "\n".join([self.title, *facts, *(f"not known: {text}" for text in self.unknown)])

    @property
    def _facts(self) -> str:
        return "".join(group.html for group in self.groups if group.facts)

    def _unknown(self, said: Collection[str]) -> str:
        return _list_of("Not known", [text for text in self.unknown if text not in said])

    def _section(self, body: str) -> str:
        title = f'<p class="rk-title"><strong>{escape(self.title)}</strong></p>'
        return f'<section class="rk-card {MATHJAX_IGNORE}">{title}{body}</section>'


@dataclass(frozen=True)
class Cards(_Page):
    """Cards to open one by one; on paper all of them are open. What none of them knows is said once."""

    cards: tuple[Card, ...]

    @property
    def html(self) -> str:
        """The HTML, without style."""
        if not self.cards:
            return NOTHING._repr_html_()
        said = unknown_to_all(self.cards)
        folded = "".join(_folded(card, said) for card in self.cards)
        return f'{_said_once(said, len(self.cards))}<div class="rk-cards {MATHJAX_IGNORE}">{folded}</div>'

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.cards))


@dataclass(frozen=True)
class ImageWithCards(_Page):
    """An image, and the cards about it beside or below it.

    Parameters
    ----------
    image, cards
        They.
    folds
        Whether the facts of the cards are folded until somebody opens them.
    """

    image: HasHtml
    cards: tuple[Card, ...]
    folds: bool = True

    @property
    def html(self) -> str:
        """The HTML, without style."""
        return self.folded()

    def folded(self, said: Collection[str] = ()) -> str:
        """Return the HTML, cards folded; what is `said` already to be not known is left out."""
        cards = (card.folded(said) if self.folds else card.html for card in self.cards)
        parts = (self.image.html, *cards)
        return f'<div class="rk-spread">{"".join(parts)}</div>'

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, (self.image, *self.cards)))


@dataclass(frozen=True)
class ImagesWithCards(_Page):
    """Images with their cards, one after the other. What is not known of any of them is said once."""

    spreads: tuple[ImageWithCards, ...]

    @property
    def html(self) -> str:
        """The HTML, without style."""
        if not self.spreads:
            return NOTHING._repr_html_()
        kinds = zip(*(spread.cards for spread in self.spreads), strict=False)
        said = tuple(text for cards in kinds for text in unknown_to_all(cards))
        spreads = "".join(spread.folded(said) for spread in self.spreads)
        return _said_once(said, len(self.spreads)) + spreads

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.spreads))


def unknown_to_all(cards: Sequence[Card]) -> tuple[str, ...]:
    """Return what none of several cards knows, in the order of the first; nothing of a single one."""
    if len(cards) <= 1:
        return ()
    return tuple(text for text in cards[0].unknown if all(text in card.unknown for card in cards[1:]))


def _said_once(said: Collection[str], images: int) -> str:
    body = _list_of(f"Not known of any of these {images:,} images", said)
    return f'<section class="rk-card rk-shared {MATHJAX_IGNORE}">{body}</section>' if said else ""


def _list_of(title: str, texts: Collection[str]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<p class="rk-group">{escape(title)}</p><ul>{items}</ul>' if texts else ""


def _folded(card: Card, said: Collection[str]) -> str:
    summary = (
        f'<summary><strong>{escape(card.title)}</strong> <span class="rk-said">{card.counts}</span></summary>'
    )
    return f'<details class="rk-card">{summary}{card.body(said)}</details>'
