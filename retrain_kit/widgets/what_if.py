"""A widget in which a person adds an option to the growing list of a blank area.

The kernel keeps, checks and counts; the browser draws and sends what the person does. Words that people say
travel as text, and a person's key by message alone, so that no saved notebook holds it. The static twin shows
pictures, prompts and the original's list, and nothing that anybody has said.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from traitlets import TraitType

from retrain_kit.answers import Author
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises import prompts, what_if
from retrain_kit.widgets import messages, modules, what_if_acts
from retrain_kit.widgets.scenes import scene, setting
from retrain_kit.widgets.takeaways import takeaway

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.exercises.areas import Area
    from retrain_kit.exercises.ranges import Place
    from retrain_kit.exercises.what_if import WhatIf


class BlankAreasError(ParameterError, traitlets.TraitError):
    """A wrong value; traitlets knows it and takes it back."""


class BlankAreas(anywidget.AnyWidget):
    """Ask people what might exist in the blank areas of pictures.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is said.
    items
        The blank areas to go through.
    language
        Which translation stands beside the English prompts; `en` for none.

    Attributes
    ----------
    index : int
        Which item is shown, from 0.
    scene : dict
        What the browser draws of the list, made anew whenever something is said.

    Raises
    ------
    ParameterError
        When there is no item, or no such language or index.
    """

    _esm = modules.script("what_if")
    _css = modules.style("what_if")

    items: TraitType[tuple[Area, ...], Sequence[Area]] = TraitType((), read_only=True).tag(
        sync=True, to_json=lambda items, _: _wire(items)
    )
    index: TraitType[int, int] = TraitType(0).tag(sync=True)
    setting: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}, read_only=True).tag(sync=True)
    scene: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}, read_only=True).tag(sync=True)

    def __init__(self, exercise: WhatIf, items: Sequence[Area], language: str = prompts.ORIGINAL) -> None:
        if not items:
            raise BlankAreasError(Fault("BlankAreas, items", "none", "at least one blank area"))
        self._exercise = exercise
        self._key = ""
        self._language = language
        stays = setting(language)
        super().__init__()
        self.set_trait("items", tuple(items))
        self.set_trait("setting", stays)
        self.on_msg(self._receive)
        self._refresh()

    @property
    def place(self) -> Place:
        """The place that is shown."""
        return self.items[self.index].place

    @traitlets.validate("index")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        value, most = proposal["value"], len(self.items) - 1
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise BlankAreasError(Fault("BlankAreas, index", repr(value), f"a whole number from 0 to {most}"))
        return value

    @traitlets.observe("index")
    def _follow(self, _: dict[str, Any]) -> None:
        self._refresh()

    def _refresh(self) -> None:
        who = Author(self._key).who if self._key else ""
        self.set_trait("scene", scene(self._exercise, self.place, who, self._language))

    def _receive(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """Do what the browser asks for, and tell it what came of it."""
        try:
            done = self._do(content)
            self.send({**done, "file": takeaway([self._exercise.store], [self._key])})
        except KitError as error:
            self.send({"fault": str(error)})
        self._refresh()

    def _do(self, content: Mapping[str, Any]) -> dict[str, Any]:
        messages.check(content)
        act = messages.text(content, "act")
        if act in _OWN:
            return _OWN[act](self, content)
        told = what_if_acts.do(self._exercise, self.place, content, self._key, self._language)
        self._key = told.get("key", self._key)
        return told

    def _look(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"key": self._key}

    def _return(self, content: Mapping[str, Any]) -> dict[str, Any]:
        author = Author(messages.text(content, "key"))
        self._key = author.key
        return {"told": f"You are {author.who} again.", "key": author.key}

    def _leave(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self._key = ""
        return {"told": "Somebody else answers now.", "key": ""}

    def _withdraw(self, content: Mapping[str, Any]) -> dict[str, Any]:
        done = self._exercise.store.withdraw(messages.text(content, "record"), self._key)
        copies = f" These files may still hold it: {', '.join(map(str, done.copies))}." if done.copies else ""
        return {"told": f"Withdrawn.{copies}"}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        lines = ["What If…?", *(english for english, _ in self.setting["asked"])]
        twins = {"text/plain": "\n".join(lines), "text/html": static_html(self.items, self._language)}
        return {**data, **twins}, metadata


def static_html(items: Sequence[Area], language: str = prompts.ORIGINAL) -> str:
    """Return prompts, the original's list and the pictures as HTML without script or style."""
    asked = "".join(_line("p", english, beside, language) for english, beside in what_if.asked_in(language))
    listed = "".join(
        _line("li", prompt.text, prompt.beside(language), language)
        for prompt in prompts.of("what-if-options").values()
    )
    unreviewed = f"<p><small>{prompts.UNREVIEWED}</small></p>" if language != prompts.ORIGINAL else ""
    views = "".join(
        f'<figure class="rk-view">{item.panel.html}<figcaption>{escape(item.name)}<br>'
        f"<small>{escape(item.credit)}</small></figcaption></figure>"
        for item in items
    )
    return (
        f'<section class="rk-note"><h3>What If…?</h3>{asked}<ul>{listed}</ul>{unreviewed}'
        f'<p><small class="rk-credit">{escape(prompts.credit())}</small></p></section>'
        f'<figure class="rk-figure"><div class="rk-views">{views}</div></figure>'
    )


_OWN: dict[str, Callable[[BlankAreas, Mapping[str, Any]], dict[str, Any]]] = {
    "look": BlankAreas._look,  # noqa: SLF001 - of this module
    "return": BlankAreas._return,  # noqa: SLF001 - of this module
    "somebody-else": BlankAreas._leave,  # noqa: SLF001 - of this module
    "withdraw": BlankAreas._withdraw,  # noqa: SLF001 - of this module
}


def _wire(items: Sequence[Area]) -> list[dict[str, Any]]:
    """Return the items as the browser reads them; the bytes travel as binary buffers."""
    return [
        {
            "title": item.name,
            "place": str(item.place),
            "credit": item.credit,
            "alt": item.panel.alt,
            "data": item.panel.data,
            "media_type": item.panel.media_type,
            "width": item.panel.size[0],
            "height": item.panel.size[1],
        }
        for item in items
    ]


def _line(tag: str, english: str, beside: str, language: str) -> str:
    there = f'<br><span lang="{language}">{escape(beside)}</span>' if beside else ""
    return f'<{tag}><span lang="en">{escape(english)}</span>{there}</{tag}>'
