"""A widget in which a person describes an image in a given time: at first sight, and after living with it.

The browser measures the time and locks the text; the kernel keeps and compares. The static twin shows, beside
images and what is asked, two descriptions made for demonstration.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.display import assets
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import prompts, static_twins
from retrain_kit.exercises.common.widget import ExerciseWidget
from retrain_kit.exercises.living_with_images import descriptions, figures
from retrain_kit.exercises.living_with_images.descriptions import DESCRIPTION_NAMES, FIRST
from retrain_kit.exercises.living_with_images.session import DescriptionsSession, setting_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.living_with_images.descriptions import ImageToDescribe
    from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages


class Descriptions(ExerciseWidget):
    """Ask people to describe images in a given time.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is written.
    items
        The images to go through.
    which
        `first` in the first class, `second` in the second.
    language
        Which translation stands beside the English prompts; `en` for none.
    times
        How much of the exercise's time everybody has to begin with, 1, 2 or 10 times; 0 for no limit. A
        person can choose another, and take more while writing.

    Raises
    ------
    ParameterError
        When there is no item, or no such description, language or time; all faults together.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-descriptions-widget", Path(__file__).with_suffix(".css"))
    thing = "image"

    def __init__(
        self,
        exercise: LivingWithImages,
        items: Sequence[ImageToDescribe],
        which: str = FIRST,
        language: str = prompts.ORIGINAL_LANGUAGE,
        times: int = 1,
    ) -> None:
        faults = [] if items else [Fault("Descriptions, items", "none", "at least one image")]
        faults += setting_faults(which, language, times)
        if faults:
            raise ParameterError(*faults)
        super().__init__(DescriptionsSession(exercise, items, which, language, times))

    def _plain(self) -> str:
        return "\n".join([self.setting["asked"][0], *(seen.name for seen in self.items)])

    def _html(self) -> str:
        return images_to_describe_html(self.items, self.setting["which"], self.setting["language"])


def images_to_describe_html(items: Sequence[ImageToDescribe], which: str, language: str) -> str:
    """Return what is asked, the images and an example as HTML without script or style; nobody's own words."""
    asked = descriptions.description_prompts()[which]
    line = static_twins.prompt_line("p", asked.text, asked.translations.get(language, ""), language)
    credit = static_twins.credit_html(descriptions.exercise_credit())
    body = f"{line}{static_twins.unreviewed_note(language)}{credit}"
    views = static_twins.image_views(
        (seen.panel, seen.name, static_twins.noticed_credit(seen.notice, seen.credit)) for seen in items
    )
    return (
        static_twins.prompt_note(f"Living with images, {DESCRIPTION_NAMES[which]}", body)
        + views
        + f"<h4>Two descriptions beside each other, made for demonstration</h4>{_example()}"
    )


def _example() -> str:
    demonstration = descriptions.example_descriptions()
    pair = descriptions.description_pairs(demonstration.records)[0]
    both = tuple(record for record in (pair.first, pair.second) if record)
    return figures.descriptions_side_by_side(replace(demonstration, records=both)).html
