"""The base of the exercises' widgets: a session at one screen, in a notebook.

Items and setting are in the state that notebooks save. What people say, and their keys, travel as messages:
neither is in it. The static twin shows what is asked, and nothing that anybody has said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
from traitlets import TraitError, TraitType

from retrain_kit.answers import messages
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.session import Screen
from retrain_kit.storage.languages import error_in_words, speaking
from retrain_kit.widgets import catalogues

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.exercises.common.session import Session


class ExerciseError(ParameterError, TraitError):
    """A wrong value; traitlets knows it and takes it back."""


class ExerciseWidget(anywidget.AnyWidget):
    """An exercise in a notebook.

    Parameters
    ----------
    session
        What people may ask of it.

    Attributes
    ----------
    thing
        What there must be one of, at least.
    language
        The language that the person at the screen is spoken to in; they may choose another.

    Raises
    ------
    ParameterError
        When there is no item.
    """

    thing: ClassVar[str]

    items: TraitType[tuple[Any, ...], Sequence[Any]] = TraitType((), read_only=True).tag(
        sync=True, to_json=lambda _, widget: [view.wire for view in widget.session.item_views]
    )
    setting: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}, read_only=True).tag(sync=True)

    def __init__(self, session: Session[Any]) -> None:
        if not session.items:
            raise ExerciseError(Fault(f"{type(self).__name__}, items", "none", f"at least one {self.thing}"))
        self.session, self.screen, self.language = session, Screen(keeper=True), session.beside
        super().__init__()
        self.set_trait("items", session.items)
        self.set_trait("setting", self._spoken_setting())
        self.on_msg(self._receive)

    def answer(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what follows from what the browser asks for: an act and what belongs to it.

        Where no page can be had, as of a store that is gone, it is what went wrong, and that alone.
        """
        with speaking(catalogues.speech(self.language)):
            try:
                page = self._answered(content)
                file = {"file": takeaway(self.session.stores, self.screen.keys)} if "index" in page else {}
            except KitError as error:
                return {"fault": error_in_words(error)}
        return {**page, **file}

    def _answered(self, content: Mapping[str, Any]) -> dict[str, Any]:
        try:
            if content.get("act") == "speak":
                self._speak(messages.text_field(content, "language"))
                return self.session.page(self.screen)
            return self.session.answer(self.screen, content)
        except KitError as error:
            return self.session.page(self.screen, fault=error_in_words(error))

    def _speak(self, language: str) -> None:
        """Speak a language from now on; items and setting are sent anew, in it."""
        prompts.check_language(language)
        self.language = language
        with speaking(catalogues.speech(language)):
            self.send_state("items")
            self.set_trait("setting", self._spoken_setting())

    def _spoken_setting(self) -> dict[str, Any]:
        """Return the setting with the words of scripts, and the languages to choose from."""
        with speaking(catalogues.speech(self.language)):
            setting = self.session.setting
        spoken = {**catalogues.script_speech(self.language), "languages": list(prompts.languages().items())}
        return {**setting, "speech": spoken}

    def _receive(self, _: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Send the browser what follows from what it asks for."""
        data = {"data": b"".join(map(bytes, buffers))} if buffers else {}
        self.send(self.answer({**content, **data}))

    def _plain(self) -> str:
        """Return what is asked as lines of text."""
        raise NotImplementedError

    def _html(self) -> str:
        """Return what is asked as HTML without script or style."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**data, "text/plain": self._plain(), "text/html": self._html()}, metadata
