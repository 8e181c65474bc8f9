"""A widget in which a person adds an option to the growing list of a blank area.

The kernel keeps, checks and counts; the browser draws and sends what the person does. Words that people say
travel as text, and a person's key by message alone, so that no saved notebook holds it. The static twin shows
pictures, prompts and the original's list, and nothing that anybody has said.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets
from traitlets import TraitType

from retrain_kit.answers import Author, Consent
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises import prompts, what_if
from retrain_kit.exercises.what_if import CONSENT_VERSION, USES, Voice
from retrain_kit.widgets.scenes import scene, setting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.answers import Said
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

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")

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
            self.send(self._do(content))
        except KitError as error:
            self.send({"fault": str(error)})
        self._refresh()

    def _do(self, content: Mapping[str, Any]) -> dict[str, Any]:
        act = _text(content, "act")
        if act in _OWN:
            return _OWN[act](self, content)
        if act not in _SAY:
            raise ParameterError(Fault("act", repr(act), f"one of {', '.join((*_SAY, *_OWN))}"))
        voice = self._voice(content)
        said = _SAY[act](self._exercise, self.place, content, voice)
        self._key = said.key
        told = _TOLD.get(act, "Your answer is kept.") if "class" in voice.consent.agreed else _UNSHOWN
        return {"told": told, "key": said.key, "done": act}

    def _return(self, content: Mapping[str, Any]) -> dict[str, Any]:
        author = Author(_text(content, "key"))
        self._key = author.key
        return {"told": f"You are {author.who} again.", "key": author.key}

    def _leave(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self._key = ""
        return {"told": "Somebody else answers now.", "key": ""}

    def _voice(self, content: Mapping[str, Any]) -> Voice:
        uses = content.get("uses")
        agreed = tuple(use for use in USES if isinstance(uses, list) and use in uses)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        consent = Consent(agreed, CONSENT_VERSION, now)
        return Voice(consent, self._key, self._language, _text(content, "once"))

    def _withdraw(self, content: Mapping[str, Any]) -> dict[str, Any]:
        done = self._exercise.store.withdraw(_text(content, "record"), self._key)
        copies = f" These files may still hold it: {', '.join(map(str, done.copies))}." if done.copies else ""
        return {"told": f"Withdrawn.{copies}"}

    def _footnote(self, content: Mapping[str, Any]) -> dict[str, Any]:
        text = what_if.short(_text(content, "text"))
        self._exercise.store.amend(_text(content, "record"), text, self._key, language=self._language)
        return {"told": "Your footnote is kept; what you said before stays."}

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


_SAY: dict[str, Callable[[WhatIf, Place, Mapping[str, Any], Voice], Said]] = {
    "add": lambda exercise, place, sent, voice: exercise.add(
        place, _text(sent, "text"), sent.get("likely", ""), voice
    ),
    "place": lambda exercise, place, sent, voice: exercise.place(
        place, _text(sent, "ref"), sent.get("likely", ""), voice
    ),
    "elephant": lambda exercise, place, sent, voice: exercise.let_elephant_in(
        place, sent.get("likely", ""), voice, _text(sent, "text")
    ),
    "same": lambda exercise, place, sent, voice: exercise.call_same(
        place, (_text(sent, "one"), _text(sent, "other")), voice
    ),
    "apart": lambda exercise, place, sent, voice: exercise.take_apart(place, _text(sent, "record"), voice),
    "refuse": lambda exercise, place, sent, voice: exercise.refuse(
        place, _text(sent, "refusal"), voice, _text(sent, "text")
    ),
}
_OWN: dict[str, Callable[[BlankAreas, Mapping[str, Any]], dict[str, Any]]] = {
    "return": BlankAreas._return,  # noqa: SLF001 - of this module
    "somebody-else": BlankAreas._leave,  # noqa: SLF001 - of this module
    "withdraw": BlankAreas._withdraw,  # noqa: SLF001 - of this module
    "footnote": BlankAreas._footnote,  # noqa: SLF001 - of this module
}
_UNSHOWN = "Your answer is kept, and shown to nobody else: you have not agreed to it."
_TOLD = {
    "elephant": "The elephant is in the range. The log says who let it in.",
    "same": "They are one option now; both wordings stay. The log says who said so.",
    "apart": "They are two options again. The log says who took them apart.",
    "refuse": "Your refusal is kept. It is an answer.",
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


def _text(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise ParameterError(Fault(name, f"an object of type {type(value).__name__}", "a text"))
    return value


def _line(tag: str, english: str, beside: str, language: str) -> str:
    there = f'<br><span lang="{language}">{escape(beside)}</span>' if beside else ""
    return f'<{tag}><span lang="en">{escape(english)}</span>{there}</{tag}>'
