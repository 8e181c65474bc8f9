"""A widget in which a person tags and describes pictures while the way of their pointer is recorded.

The browser records, and replays; the kernel checks and keeps what a person chooses to keep. What they say,
their tracks and their keys travel as messages: none of it is in the saved state of a notebook. The static
twin shows pictures and what is asked, and nothing that anybody has said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
from traitlets import TraitType

from retrain_kit.answers import Author
from retrain_kit.errors import DataError, Fault, KitError, ParameterError
from retrain_kit.exercises import what_if
from retrain_kit.exercises.informational_surfaces import ASKED, CONSENT_VERSION, USES
from retrain_kit.exercises.what_if import Voice
from retrain_kit.traces import narratives, received
from retrain_kit.widgets import messages, modules, surface_pages
from retrain_kit.widgets.takeaways import takeaway

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.exercises.informational_pictures import Picture
    from retrain_kit.exercises.informational_surfaces import Surfaces
    from retrain_kit.traces.recordings import Recording


class Desk(anywidget.AnyWidget):
    """Ask people to tag and describe pictures, and record their pointer while they do.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is recorded.
    items
        The pictures to go through.

    Raises
    ------
    ParameterError
        When there is no picture.
    """

    _esm = modules.script("surfaces")
    _css = modules.style("surfaces")

    items: TraitType[tuple[Picture, ...], Sequence[Picture]] = TraitType(()).tag(
        sync=True, to_json=lambda items, _: [surface_pages.wire(item) for item in items]
    )
    setting: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}).tag(sync=True)

    def __init__(self, exercise: Surfaces, items: Sequence[Picture]) -> None:
        if not items:
            raise ParameterError(Fault("Desk, items", "none", "at least one picture"))
        self._exercise = exercise
        self._key = ""
        super().__init__(items=tuple(items), setting=surface_pages.setting(exercise))
        self.on_msg(self._receive)

    def _receive(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """Do what the browser asks for, and tell it what came of it."""
        self.send(self.answer(content))

    def answer(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what follows from what the browser asks for: an act and what belongs to it."""
        try:
            messages.check({name: value for name, value in content.items() if name != "recording"})
            act = messages.text(content, "act")
            if act == "draw":
                return {"views": surface_pages.views(self._recording(content))}
            if act not in _ACTS:
                raise ParameterError(Fault("act", repr(act), f"one of draw, {', '.join(_ACTS)}"))
            said = _ACTS[act](self, content)
        except KitError as error:
            return {**self._page(content), "fault": str(error)}
        return {**self._page(content), "said": said, "done": act}

    def _page(self, content: Mapping[str, Any]) -> dict[str, Any]:
        who = Author(self._key).who if self._key else ""
        index = content.get("index")
        image = self.items[index].image if type(index) is int and 0 <= index < len(self.items) else ""
        own = self._exercise.records(who) if who else []
        return {
            "who": who,
            "number": narratives.number(who),
            "key": self._key,
            "file": takeaway([self._exercise.store], [self._key]),
            "mine": [surface_pages.own(record) for record in own if record.asked.images == (image,)],
        }

    def _look(self, _: Mapping[str, Any]) -> str:
        return ""

    def _keep(self, content: Mapping[str, Any]) -> str:
        voice = self._voice(content)
        self._key = self._exercise.keep(self._recording(content), voice).key
        if "class" not in voice.consent.agreed:
            return "Your recording is kept, and shown to nobody else: you have not agreed to it."
        return "Your recording is kept."

    def _refuse(self, content: Mapping[str, Any]) -> str:
        image = self._picture(content).image
        self._key = self._exercise.refuse(image, messages.text(content, "refusal"), self._voice(content)).key
        return "Your refusal is kept. It is an answer."

    def _return(self, content: Mapping[str, Any]) -> str:
        self._key = Author(messages.text(content, "key")).key
        return f"You are {Author(self._key).who} again."

    def _leave(self, _: Mapping[str, Any]) -> str:
        self._key = ""
        return "Somebody else answers now."

    def _withdraw(self, content: Mapping[str, Any]) -> str:
        done = self._exercise.store.withdraw(messages.text(content, "record"), self._key)
        copies = f" These files may still hold it: {', '.join(map(str, done.copies))}." if done.copies else ""
        return f"Withdrawn, track and all.{copies}"

    def _footnote(self, content: Mapping[str, Any]) -> str:
        text, once = what_if.short(messages.text(content, "text")), messages.text(content, "once")
        self._exercise.store.amend(messages.text(content, "record"), text, self._key, once=once)
        return "Your footnote is kept; what you said before stays."

    def _picture(self, content: Mapping[str, Any]) -> Picture:
        return self.items[messages.whole(content, "index", len(self.items))]

    def _recording(self, content: Mapping[str, Any]) -> Recording:
        picture, sent = self._picture(content), content.get("recording")
        if not isinstance(sent, dict):
            raise ParameterError(Fault("recording", "none", "an object"))
        details = {**sent, "size": list(picture.size)}
        try:
            return received.recording(picture.image, messages.text(sent, "text"), details)
        except DataError as error:
            raise ParameterError(*error.faults) from None

    def _voice(self, content: Mapping[str, Any]) -> Voice:
        consent = messages.consent(content, USES, CONSENT_VERSION)
        language, once = messages.text(content, "language"), messages.text(content, "once")
        return Voice(consent, self._key, language, once)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {
            **data,
            "text/plain": "\n".join([surface_pages.TITLE, *ASKED]),
            "text/html": surface_pages.static_html(self.items),
        }, metadata


_ACTS: dict[str, Callable[[Desk, Mapping[str, Any]], str]] = {
    "look": Desk._look,  # noqa: SLF001 - of this module
    "keep": Desk._keep,  # noqa: SLF001 - of this module
    "refuse": Desk._refuse,  # noqa: SLF001 - of this module
    "return": Desk._return,  # noqa: SLF001 - of this module
    "leave": Desk._leave,  # noqa: SLF001 - of this module
    "withdraw": Desk._withdraw,  # noqa: SLF001 - of this module
    "footnote": Desk._footnote,  # noqa: SLF001 - of this module
}
