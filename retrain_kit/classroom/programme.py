"""Programmes: what a class does, on which images, over which store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from retrain_kit.errors import Fault, ParameterError, advise_names
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.conversation import activity as conversation_activity
from retrain_kit.exercises.conversation import subjects
from retrain_kit.exercises.conversation.session import ConversationSession
from retrain_kit.exercises.living_with_images import descriptions
from retrain_kit.exercises.living_with_images.in_class import activity as living_with_images_activity
from retrain_kit.exercises.polyphony import activity as polyphony_activity
from retrain_kit.exercises.polyphony import pairs
from retrain_kit.exercises.polyphony.session import PolyphonySession
from retrain_kit.exercises.recoding_art import activity as recoding_art_activity
from retrain_kit.exercises.recoding_art.session import RecodingArtSession
from retrain_kit.exercises.surfaces import activity as surfaces_activity
from retrain_kit.exercises.surfaces.session import SurfacesSession
from retrain_kit.exercises.what_if import activity as what_if_activity
from retrain_kit.exercises.what_if import areas, asked_images, start_lists
from retrain_kit.exercises.what_if.session import WhatIfSession
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.storage.languages import chosen_language, gettext
from retrain_kit.studies import sampling as studies_sampling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.written import CreditedLine
    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.display.figures import Panel
    from retrain_kit.exercises.common.activity import Activity
    from retrain_kit.exercises.polyphony.pairs import Study
    from retrain_kit.exercises.what_if.asked_images import AskedImages
    from retrain_kit.studies.manifests import Manifest

OF_ANY_IMAGES = (WhatIfSession.name, PolyphonySession.name, SurfacesSession.name)
"""What a class does where nobody says what: these ask of any images."""
WITHOUT_CARDS = (*OF_ANY_IMAGES, RecodingArtSession.name, ConversationSession.name)
"""The exercises for which nobody needs anything in their hand; *Recoding Art* asks of a museum's works."""
EXERCISES = (*WITHOUT_CARDS, descriptions.EXERCISE)
"""All that a class can do; the last has several parts, each opened and closed for itself."""
CHOOSABLE = {
    WhatIfSession.name: 1,
    PolyphonySession.name: 2,
    SurfacesSession.name: 1,
    RecodingArtSession.name: 1,
    ConversationSession.name: 1,
}
"""The exercises whose images can be chosen by name, and how many make one item."""
LinesOf: TypeAlias = "Callable[[Sequence[Sample]], Mapping[str, Sequence[CreditedLine]]]"
_VERSION_DIGITS = 16
MAX_CHOSEN = 40
"""So many images of an exercise, at most."""


@dataclass(frozen=True)
class ClassPlan:
    """What is drawn of a study.

    Parameters
    ----------
    exercises
        Which of `EXERCISES`, in the order in which the page shows them.
    images
        How many images for an exercise, and how many pairs.
    seed
        Another seed draws others.
    language
        The language of whoever asks for none that the kit has.
    most_blank_percent
        *What If…?* asks about no image of which more is blank.
    chosen
        By exercise, images in the place of a draw, as `PairedImage.name` has it; of pairs, two by two.
    lines_of
        Returns what machines say of works, by the ids of images, for *Recoding Art*.
    questions
        What a conversation is about beside the images, in the place of the source's question.
    """

    exercises: tuple[str, ...] = OF_ANY_IMAGES
    images: int = 4
    seed: int = 7
    language: str = prompts.ORIGINAL_LANGUAGE
    most_blank_percent: float = asked_images.MOST_BLANK_PERCENT
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines_of: LinesOf = lambda _: {}
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Programme:
    """What a class does.

    Parameters
    ----------
    title
        The study's.
    activities
        The exercises.
    store
        Where answers are kept.
    studies, plan
        What it was made of.
    earlier
        Images of before others were chosen: pages that show them still may ask for them.
    language
        That of whoever asks for none that the kit has.
    left_out
        Which images *What If…?* does not ask about, or that it asks about none, and why, in words; empty
        where it asks about all drawn.
    """

    title: str
    activities: tuple[Activity, ...]
    store: CachedStore
    language: str = prompts.ORIGINAL_LANGUAGE
    left_out: str = ""
    studies: Sequence[Study] = ()
    plan: ClassPlan = ClassPlan()
    earlier: tuple[Panel, ...] = ()
    _page_data: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def version_of(self, activity: Activity) -> str:
        """Return what changes when others of the study's images are chosen for an exercise."""
        return hashlib.sha256("\n".join(activity.session.images).encode()).hexdigest()[:_VERSION_DIGITS]

    def images_of(self, activity: Activity) -> list[str]:
        """Return the names of the images of an exercise, as `ClassPlan.chosen` has them."""
        study = self.studies[0][0].name if self.studies else ""
        return [image if "/" in image else f"{study}/{image}" for image in activity.session.images]

    def with_images(self, exercise: str, names: Sequence[str]) -> Programme:
        """Return the programme with chosen images in an exercise; all else, and all answers, stay.

        Raises
        ------
        ParameterError
            When images of this exercise cannot be chosen, or not these.
        """
        _check_chosen(exercise, names)
        chosen = {**self.plan.chosen, exercise: tuple(names)}
        plan = replace(self.plan, chosen=chosen, exercises=(exercise,))
        (new,) = build_programme(self.studies, self.store, plan).activities
        activities = tuple(new if old.name == exercise else old for old in self.activities)
        return replace(
            self,
            activities=activities,
            plan=replace(self.plan, chosen=chosen),
            earlier=self.panels,
            _page_data={},
        )

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """All images that are served, by number; no other file is."""
        views = (view for activity in self.activities for view in activity.session.item_views)
        every = (*self.earlier, *(panel for view in views for panel in view.panels))
        return tuple({panel.data: panel for panel in every}.values())

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        return {panel.data: number for number, panel in enumerate(self.panels)}

    def panel_number(self, panel: Panel) -> int:
        """Return the number of an image, whatever it is called in the language that is spoken now."""
        return self._numbers[panel.data]

    def page_data(self) -> list[dict[str, Any]]:
        """Return what a page needs to know of each exercise, in the language that is spoken now."""
        language = chosen_language()
        if language not in self._page_data:
            self._page_data[language] = self._made_page_data()
        return self._page_data[language]

    def _made_page_data(self) -> list[dict[str, Any]]:
        return [
            {
                "name": activity.name,
                "title": gettext(activity.session.title),
                "script": activity.session.script,
                "setting": activity.session.setting,
                "version": self.version_of(activity),
                "items": [
                    {**view.widget_data, "images": [self.panel_number(panel) for panel in view.panels]}
                    for view in activity.session.item_views
                ],
            }
            for activity in self.activities
        ]

    def forget(self) -> None:
        """Let go of what was read and drawn, as when something was withdrawn."""
        self.store.forget()
        for activity in self.activities:
            activity.session.forget()

    def activity(self, name: object, index: object) -> tuple[Activity, int]:
        """Return an exercise, and which of its items is meant.

        Raises
        ------
        ParameterError
            When there is none.
        """
        found = next((activity for activity in self.activities if activity.name == name), None)
        if not found:
            names = ", ".join(activity.name for activity in self.activities)
            raise ParameterError(Fault("exercise", "another", f"one of {names}"))
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(found.session.items):
            raise ParameterError(Fault("index", "another", f"from 0 to {len(found.session.items) - 1}"))
        return found, index


def check_plan(studies: Sequence[Study], plan: ClassPlan) -> None:
    """Raise a `ParameterError` unless the language, the images and the questions of a plan can be had."""
    prompts.check_language(plan.language)
    subjects.check_questions(plan.questions)
    for exercise in plan.chosen:
        _chosen(studies, plan, exercise)


def build_programme(studies: Sequence[Study], store: CachedStore, plan: ClassPlan) -> Programme:
    """Return the programme of a class on studies: the first one's images, and pairs of all.

    Raises
    ------
    ParameterError
        As `check_plan`, and when there is nothing to look at.
    DataError
        When what the study has for lists to begin with is faulty.
    """
    check_plan(studies, plan)
    manifest, every = studies[0]
    asked = _asked(studies, plan)
    drawn = asked.samples
    tagged = [sample for _, sample in _chosen(studies[:1], plan, SurfacesSession.name)]
    talked = [sample for _, sample in _chosen(studies[:1], plan, ConversationSession.name)]
    facing = plan.chosen.get(PolyphonySession.name, ())
    make: Mapping[str, Callable[[], tuple[Activity, ...]]] = {
        WhatIfSession.name: lambda: (
            what_if_activity.what_if_activity(
                WhatIf(store, manifest.name, start_lists.study_lists(manifest)),
                areas.blank_areas(drawn, manifest),
                plan.language,
            ),
        ),
        PolyphonySession.name: lambda: (
            polyphony_activity.polyphony_activity(
                store,
                pairs.named_pair_figures(studies, facing)
                if facing
                else pairs.draw_pair_figures(_paired(studies, drawn, plan), plan.images, plan.seed),
                plan.language,
            ),
        ),
        SurfacesSession.name: lambda: (
            surfaces_activity.surfaces_activity(store, manifest, tagged or _images(every, drawn, plan)),
        ),
        RecodingArtSession.name: lambda: (_recoding_art(studies, drawn, store, plan),),
        ConversationSession.name: lambda: (
            conversation_activity.conversation_activity(
                store,
                manifest.name,
                subjects.subjects_of(talked or _images(every, (), plan), manifest, plan.questions),
                plan.language,
            ),
        ),
        descriptions.EXERCISE: lambda: living_with_images_activity.living_with_images_activities(
            store, manifest, every, plan.language
        ),
    }
    activities = [activity for name in dict.fromkeys(plan.exercises) for activity in make[name]()]
    full = tuple(activity for activity in activities if activity.session.items)
    if not full:
        raise ParameterError(Fault(manifest.name, "no image with a blank area", "a study that has some"))
    told = str(asked) if WhatIfSession.name in plan.exercises else ""
    for activity in activities:
        if not activity.session.items:
            told = f"{activity.session.title} is left out: no image of {manifest.name} has a blank area."
    return Programme(manifest.title, full, store, plan.language, told, studies, plan)


def _asked(studies: Sequence[Study], plan: ClassPlan) -> AskedImages:
    """Return the images that *What If…?* asks about: those that were chosen for it, or drawn."""
    if chosen := _chosen(studies[:1], plan, WhatIfSession.name):
        samples = [sample for _, sample in chosen]
        return asked_images.choose_asked(samples, [each.id for each in samples], plan.most_blank_percent)
    return asked_images.draw_asked(studies[0][1], plan.images, plan.seed, plan.most_blank_percent)


def _check_chosen(exercise: str, names: Sequence[str]) -> None:
    """Raise a `ParameterError` unless so many images can be chosen for an exercise."""
    if exercise not in CHOOSABLE:
        raise ParameterError(Fault("exercise", exercise, f"one of {', '.join(CHOOSABLE)}"))
    of_item, count = CHOOSABLE[exercise], len(names)
    if not 0 < count <= MAX_CHOSEN or count % of_item or len(set(names)) < count:
        expected = f"from {of_item} to {MAX_CHOSEN}, each once" + (", two by two" if of_item > 1 else "")
        raise ParameterError(Fault("images", str(count), expected))


def _chosen(studies: Sequence[Study], plan: ClassPlan, exercise: str) -> list[tuple[Manifest, Sample]]:
    """Return the images that were chosen for an exercise; none where they are to be drawn."""
    names = plan.chosen.get(exercise, ())
    if not names:
        return []
    known = {f"{manifest.name}/{each.id}": (manifest, each) for manifest, every in studies for each in every}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ParameterError(
            *(Fault("image", name, "an image of the study", advise_names(name, known)) for name in unknown)
        )
    return [known[name] for name in names]


def _paired(studies: Sequence[Study], drawn: Sequence[Sample], plan: ClassPlan) -> Sequence[Study]:
    """Return the studies to make pairs of: where enough is left, without what is blank in *What If…?*."""
    blank = {sample.id for sample in drawn}
    manifest, every = studies[0]
    others = [(manifest, [sample for sample in every if sample.id not in blank]), *studies[1:]]
    return others if sum(len(samples) for _, samples in others) >= 2 * plan.images else studies


def _images(every: Sequence[Sample], drawn: Sequence[Sample], plan: ClassPlan) -> Sequence[Sample]:
    """Return the images to tag: where there are others, none that has a blank area in *What If…?*."""
    blank = {sample.id for sample in drawn}
    others = [sample for sample in every if sample.id not in blank]
    return studies_sampling.draw_samples(others or every, plan.images, plan.seed)


def _recoding_art(
    studies: Sequence[Study], drawn: Sequence[Sample], store: CachedStore, plan: ClassPlan
) -> Activity:
    """Return the exercise on works: those that were chosen, or drawn from what is not blank elsewhere."""
    manifest, every = studies[0]
    blank = drawn if WhatIfSession.name in plan.exercises else ()
    chosen = [sample for _, sample in _chosen(studies[:1], plan, RecodingArtSession.name)]
    works = chosen or _images(every, blank, plan)
    return recoding_art_activity.recoding_art_activity(
        store, manifest, works, plan.language, plan.lines_of(works)
    )
