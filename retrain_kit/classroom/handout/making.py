"""Making a handout: exercises, images and scripts become one page that asks nobody for anything."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass, is_dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.classroom import programme, readers
from retrain_kit.classroom.moderation import Moderation
from retrain_kit.display import assets
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.living_with_images import descriptions
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.returns.returns import Returns
from retrain_kit.exercises.living_with_images.returns.session import ReturnsSession
from retrain_kit.exercises.living_with_images.session import DescriptionsSession
from retrain_kit.storage.languages import gettext, speaking
from retrain_kit.studies import sampling
from retrain_kit.widgets import catalogues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.classroom.programme import ClassPlan
    from retrain_kit.display.figures import Panel
    from retrain_kit.exercises.common.session import Session
    from retrain_kit.exercises.polyphony.pairs import Study

FOLDER = Path(__file__).parent
FIRST_TEXT, SECOND_TEXT, GIVING_BACK = "first-text", "second-text", "giving-back"
TEXTS = {FIRST_TEXT: FIRST, SECOND_TEXT: SECOND}
EXERCISES = (*programme.WITHOUT_CARDS, FIRST_TEXT, SECOND_TEXT, GIVING_BACK)
"""What a page can hold; the last three are *Living with images*."""
_PLACE = re.compile(r"\[\[([a-z0-9-]+)\]\]")
_SHEETS = (
    "what_if",
    "polyphony",
    "surfaces",
    "recoding_art",
    "conversation",
    "living_with_images",
    "living_with_images/returns",
)


@dataclass(frozen=True)
class Handout:
    """A page that needs no server.

    Parameters
    ----------
    title
        The study's.
    study
        Its name, as answers state it.
    sessions
        The exercises, as they would be in a class.
    keeper
        To whom people turn who want to withdraw what they handed in; empty for whoever gave them the page.
    language
        The language of whoever has chosen none that the kit has.
    left_out
        As `programme.Programme.left_out`.
    """

    title: str
    study: str
    sessions: tuple[Session[Any], ...]
    keeper: str = ""
    language: str = prompts.ORIGINAL_LANGUAGE
    left_out: str = ""

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The images in it, each once."""
        views = (view for session in self.sessions for view in session.item_views)
        return tuple({panel.data: panel for view in views for panel in view.panels}.values())

    @cached_property
    def longest_px(self) -> int:
        """The longest side of an image in it."""
        return max(max(panel.size) for panel in self.panels)

    @property
    def read_ids(self) -> set[str]:
        """The ids of what others said and is in it: words that somebody is given to read."""
        return {name for session in self.sessions for name in session.carried_ids}

    @property
    def data(self) -> dict[str, Any]:
        """All that the page's script needs: images once, and the exercises in each language."""
        return {
            "study": self.study,
            "keeper": self.keeper,
            "again": bool(self.read_ids),
            "language": self.language,
            "images": [
                {"data": base64.b64encode(panel.data).decode("ascii"), "media_type": panel.media_type}
                for panel in self.panels
            ],
            "spoken": {language: self._spoken(language) for language in prompts.languages()},
        }

    def _spoken(self, language: str) -> dict[str, Any]:
        """Return words and exercises in a language."""
        numbers = {panel.data: number for number, panel in enumerate(self.panels)}
        with speaking(catalogues.speech(language)):
            exercises = [
                {
                    "name": session.name,
                    "title": _title(session),
                    "setting": session.setting | {"alone": True},
                    "carried": session.carried,
                    "items": [
                        {**view.widget_data, "images": [numbers[panel.data] for panel in view.panels]}
                        for view in session.item_views
                    ],
                }
                for session in self.sessions
            ]
        return {"speech": readers.page_speech(language), "exercises": exercises}

    @property
    def html(self) -> str:
        """The page. Its script and its style are the only ones that it runs."""
        script = assets.bundled_script(FOLDER / "page.js").replace("</script", r"<\/script")
        parts = {
            "style": _style(),
            "script": script,
            "data": as_json(self.data),
        }
        parts |= {f"{name}-digest": assets.policy_digest(parts[name]) for name in ("style", "script")}
        page = (FOLDER / "page.html").read_text(encoding="utf-8")
        page = page.replace("{title}", escape(self.title))
        return _PLACE.sub(lambda found: parts[found[1]], page)


def build_handout(studies: Sequence[Study], store: CachedStore, plan: ClassPlan, keeper: str = "") -> Handout:
    """Return the page of exercises on studies: the first one's images, and pairs of all.

    Parameters
    ----------
    store
        Where answers of earlier rounds are: *Polyphony* gives people each other's sentences to read, a
        conversation what others wrote. Nothing else of it comes into the page.

    Raises
    ------
    ParameterError
        As `programme.build_programme`.
    """
    manifest = studies[0][0]
    made = {name: _session(name, studies, store, plan) for name in dict.fromkeys(plan.exercises)}
    empty = [name for name, (session, _) in made.items() if not session.items]
    if empty:
        raise ParameterError(
            Fault(manifest.name, f"no image for {', '.join(empty)}", "a study that has some")
        )
    sessions, told = zip(*made.values(), strict=True)
    left_out = " ".join(filter(None, told))
    return Handout(manifest.title, manifest.name, sessions, keeper, plan.language, left_out)


def _session(
    name: str, studies: Sequence[Study], store: CachedStore, plan: ClassPlan
) -> tuple[Session[Any], str]:
    """Return an exercise, and which images it does not ask about."""
    manifest, every = studies[0]
    if name in programme.WITHOUT_CARDS:
        alone = replace(plan, exercises=(name,))
        made = programme.build_programme(studies, store, alone)
        session = made.activities[0].session
        session.withheld = Moderation(store, made.activities).withheld()
        return session, made.left_out
    drawn = sampling.draw_samples(every, plan.images, plan.seed)
    if name == GIVING_BACK:
        returns = Returns(store.folder, manifest.name)
        return ReturnsSession(returns, drawn, manifest, language=plan.language), ""
    images = descriptions.images_to_describe(drawn, manifest)
    told = LivingWithImages(store, manifest.name)
    return DescriptionsSession(told, images, TEXTS[name], plan.language), ""


def _title(session: Session[Any]) -> str:
    """Return an exercise's name; that of a description says which."""
    if isinstance(session, DescriptionsSession):
        which = gettext(descriptions.DESCRIPTION_NAMES[session.which])
        return f"{gettext(session.title)}, {which}"
    return gettext(session.title)


def _style() -> str:
    folder = FOLDER.parents[1]
    own = [folder / "exercises" / name / "widget.css" for name in _SHEETS]
    pages = (FOLDER.parent / "static" / "class.css", FOLDER / "page.css")
    return assets.page_sheet(folder / "display" / "widget.css", *own, *pages)


def as_json(value: object) -> str:
    """Return a value as JSON in which nothing ends a script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.replace("<", r"\u003c")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(type(value).__name__)


def size_in_words(handout: Handout, html: str) -> str:
    """Return how large a page is, and its images."""
    count = len(handout.panels)
    images = f"{count} image{'' if count == 1 else 's'}, at most {handout.longest_px} px"
    return f"{len(html.encode()) / 1e6:.1f} MB, {images}"
