"""A widget in which a person gives back to an image they lived with: words, a file, a refusal, or fire.

Files come from the browser in pieces, which the kernel asks for one by one.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.living_with_images.returns.session import ReturnsSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.exercises.common.session import ItemView
    from retrain_kit.exercises.living_with_images.returns import Returns
    from retrain_kit.studies.manifests import Manifest

INVITATION = (
    "Give back what you wish: words, an image, a sound, a video, a PDF. Or nothing, or a refusal, or burn "
    "it: these are answers too."
)


class GiveBack(ExerciseWidget):
    """Take what people give back to the images of their cards.

    Parameters
    ----------
    returns
        What came back so far, and where it is kept.
    cards
        The images, in the order in which they are shown.
    manifest
        Their study.
    language
        The language that the widget starts in.

    Raises
    ------
    ParameterError
        When there is no card, or no such language.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-returns-widget", Path(__file__).with_suffix(".css"))
    thing = "image"

    def __init__(
        self,
        returns: Returns,
        cards: Sequence[Sample],
        manifest: Manifest,
        language: str = prompts.ORIGINAL_LANGUAGE,
    ) -> None:
        super().__init__(ReturnsSession(returns, cards, manifest, language=language))

    def _plain(self) -> str:
        return INVITATION

    def _html(self) -> str:
        return cards_html(self.session.item_views)


def cards_html(cards: Sequence[ItemView]) -> str:
    """Return the images and what may be given back, without any answer: HTML without script or style."""
    return static_twins.prompt_note(
        ReturnsSession.title, f"<p>{escape(INVITATION)}</p>"
    ) + static_twins.views_side_by_side(map(_view, cards))


def _view(card: ItemView) -> str:
    image, notice = card.panels[0].html, card.widget_data["notice"]
    if notice:
        image = f"<details><summary>{escape(notice)}</summary>{image}</details>"
    return static_twins.image_view(image, card.widget_data["image"], card.widget_data["credit"])
