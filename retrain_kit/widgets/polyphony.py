"""A widget at which several people write about pairs of images, and improve each other's sentences.

The kernel keeps the sentences and decides who reads whose. What people say, and their keys, travel as
messages: neither is in the saved state of a notebook. The static twin shows the pairs and the prompts, and
nothing that anybody has said.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import anywidget
from traitlets import TraitType

from retrain_kit.answers import Author
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises import prompts
from retrain_kit.exercises.circles import EXERCISE
from retrain_kit.exercises.polyphony import CONSENT_VERSION, MOMENTS, MOST_LETTERS, PROMPTS, USES
from retrain_kit.widgets import messages, modules, polyphony_pages
from retrain_kit.widgets.takeaways import takeaway

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.exercises.circles import Turn
    from retrain_kit.exercises.polyphony import Polyphony
    from retrain_kit.figures import Figure

MOST_SEATS = 40
_PAIR = 2


@dataclass(frozen=True)
class Item:
    """A pair to write about: the exercise on it, and its two pictures as a figure of two panels."""

    exercise: Polyphony
    figure: Figure


class RoundTable(anywidget.AnyWidget):
    """Ask the people at one screen, one after the other, to write about pairs of images.

    Parameters
    ----------
    items
        The pairs to go through.
    language
        Which translation stands beside the English prompts; `en` for none.

    Raises
    ------
    ParameterError
        When there is no item, an item has not two panels, or there is no such language.
    """

    _esm = modules.script("polyphony")
    _css = modules.style("polyphony")

    items: TraitType[tuple[Item, ...], Sequence[Item]] = TraitType(()).tag(
        sync=True, to_json=lambda items, _: [_wire(item.figure) for item in items]
    )
    setting: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}).tag(sync=True)

    def __init__(self, items: Sequence[Item], language: str = prompts.ORIGINAL) -> None:
        _check_items(items)
        prompts.check(language)
        self._language = language
        self._keys, self._seat, self._index = [""], 0, 0
        self._turn: Turn | None = None
        super().__init__(items=tuple(items), setting=polyphony_pages.setting(language))
        self.on_msg(self._receive)

    @property
    def _exercise(self) -> Polyphony:
        return self.items[self._index].exercise

    @property
    def _key(self) -> str:
        return self._keys[self._seat]

    def _receive(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """Do what the browser asks for, and send the page that follows from it."""
        self.send(self.answer(content))

    def answer(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the page that follows from what the browser asks for: an act and what belongs to it."""
        more, said = content.get("act") == "more", ""
        try:
            messages.check(content)
            act = messages.text(content, "act")
            if act not in _ACTS:
                raise ParameterError(Fault("act", repr(act), f"one of {', '.join(_ACTS)}"))
            said = _ACTS[act](self, content)
        except KitError as error:
            return {**self._page(more=False), "fault": str(error)}
        return {**self._page(more=more), "said": said, "done": act}

    def _page(self, *, more: bool) -> dict[str, Any]:
        whos = [Author(key).who if key else "" for key in self._keys]
        self._turn = self._exercise.turn(whos[self._seat], more=more)
        return {
            **polyphony_pages.page(self._exercise, self._turn, self._language),
            "index": self._index,
            "seat": self._seat,
            "seats": [[who, polyphony_pages.state(self._exercise, who)] for who in whos],
            "key": self._key,
            "file": takeaway((item.exercise.store for item in self.items), self._keys),
        }

    def _look(self, _: Mapping[str, Any]) -> str:
        return ""

    def _go(self, content: Mapping[str, Any]) -> str:
        self._index = messages.whole(content, "index", len(self.items))
        return f"Pair {self._index + 1} of {len(self.items)}."

    def _sit(self, content: Mapping[str, Any]) -> str:
        self._seat = messages.whole(content, "seat", len(self._keys))
        return f"Person {self._seat + 1} sits here now."

    def _come(self, content: Mapping[str, Any]) -> str:
        key = Author(messages.text(content, "key")).key if content.get("key") else ""
        if key not in self._keys:
            if len(self._keys) >= MOST_SEATS:
                raise ParameterError(
                    Fault("people", f"{len(self._keys)}", f"at most {MOST_SEATS} at a table")
                )
            self._keys.append(key)
        self._seat = self._keys.index(key)
        return f"Person {self._seat + 1} sits here now."

    def _say(self, content: Mapping[str, Any]) -> str:
        if not self._turn or content.get("turn") != self._page(more=self._turn.more)["turn"]:
            do = "What you are asked has changed while you wrote; what you wrote still stands in the field."
            raise ParameterError(Fault("turn", "one that is past", "the one that is open", do))
        text, refusal = messages.text(content, "text"), messages.text(content, "refusal")
        said = self._exercise.answer(
            self._turn,
            "" if refusal else text,
            messages.consent(content, USES, CONSENT_VERSION),
            self._key,
            language=messages.text(content, "language"),
            refusal=refusal,
            once=messages.text(content, "once"),
        )
        self._keys[self._seat] = said.key
        return "Your refusal is kept. It is an answer." if refusal else "Your sentence is kept."

    def _leave(self, _: Mapping[str, Any]) -> str:
        for item in self.items if self._key else ():
            item.exercise.leave(Author(self._key).who)
        left = self._seat + 1
        self._keys.pop(self._seat)
        self._keys = self._keys or [""]
        self._seat = min(self._seat, len(self._keys) - 1)
        return f"Person {left} has left. What they said stays."

    def _withdraw(self, content: Mapping[str, Any]) -> str:
        done = self._exercise.withdraw(messages.text(content, "record"), self._key)
        copies = f" These files may still hold it: {', '.join(map(str, done.copies))}." if done.copies else ""
        return f"Withdrawn. Only that something was withdrawn is left.{copies}"

    def _footnote(self, content: Mapping[str, Any]) -> str:
        text = messages.text(content, "text")
        if len(text) > MOST_LETTERS:
            raise ParameterError(Fault("footnote", f"{len(text)} letters", f"at most {MOST_LETTERS}"))
        name, language = (messages.text(content, field) for field in ("record", "language"))
        self._exercise.amend(name, text, self._key, language=language)
        return "Your footnote is kept; what you said before stays."

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        plain = "\n".join(["Polyphony", *(item.figure.title for item in self.items)])
        return {**data, "text/plain": plain, "text/html": static_html(self.items, self._language)}, metadata


def static_html(items: Sequence[Item], language: str = prompts.ORIGINAL) -> str:
    """Return pairs and prompts as HTML without script or style: the widget's static twin."""
    asked = "".join(
        f"<dt>Moment {moment}</dt><dd>{''.join(_line(key, language) for key in PROMPTS[step])}</dd>"
        for step, moment in MOMENTS.items()
    )
    unreviewed = f"<p><small>{prompts.UNREVIEWED}</small></p>" if language != prompts.ORIGINAL else ""
    note = (
        f'<section class="rk-note"><h3>Polyphony</h3><dl>{asked}</dl>{unreviewed}'
        f'<p><small class="rk-credit">{escape(prompts.credit())}</small></p></section>'
    )
    return "\n".join([*(item.figure.html for item in items), note])


_ACTS: dict[str, Callable[[RoundTable, Mapping[str, Any]], str]] = {
    "look": RoundTable._look,  # noqa: SLF001 - of this module
    "more": RoundTable._look,  # noqa: SLF001 - of this module
    "go": RoundTable._go,  # noqa: SLF001 - of this module
    "sit": RoundTable._sit,  # noqa: SLF001 - of this module
    "come": RoundTable._come,  # noqa: SLF001 - of this module
    "say": RoundTable._say,  # noqa: SLF001 - of this module
    "leave": RoundTable._leave,  # noqa: SLF001 - of this module
    "withdraw": RoundTable._withdraw,  # noqa: SLF001 - of this module
    "footnote": RoundTable._footnote,  # noqa: SLF001 - of this module
}


def _check_items(items: Sequence[Item]) -> None:
    if not items:
        raise ParameterError(Fault("RoundTable, items", "none", "at least one pair of images"))
    faults = [
        Fault(f"RoundTable, item {number}", f"{len(item.figure.panels)} panel(s)", "two")
        for number, item in enumerate(items, 1)
        if len(item.figure.panels) != _PAIR
    ]
    if faults:
        raise ParameterError(*faults)


def _wire(figure: Figure) -> dict[str, Any]:
    """Return a pair as the browser reads it; the bytes travel as binary buffers."""
    panels = [
        {"name": panel.name, "alt": panel.alt, "data": panel.data, "media_type": panel.media_type}
        for panel in figure.panels
    ]
    return {"title": figure.title, "caption": figure.caption, "credit": figure.credit, "panels": panels}


def _line(key: str, language: str) -> str:
    prompt = prompts.of(EXERCISE)[key]
    beside = prompt.beside(language)
    there = f'<br><span lang="{language}">{escape(beside)}</span>' if beside else ""
    return f'<p><span lang="en">{escape(prompt.text)}</span>{there}</p>'
