"""The page: voices as one HTML file without network or script, deleted when one of them is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.answers import deriving
from retrain_kit.display import assets, figures
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.living_with_images.returns.exhibition import image_provenance
from retrain_kit.exercises.living_with_images.returns.page import MAX_INLINE_BYTES
from retrain_kit.exercises.voices import words
from retrain_kit.exercises.voices.terms import USES
from retrain_kit.exercises.voices.worker_facts import worker_facts
from retrain_kit.reports import templating
from retrain_kit.storage.files import size_in_words
from retrain_kit.storage.texts import NamesAlike

if TYPE_CHECKING:
    from retrain_kit.exercises.voices.shown import ShownVoice, ShownVoices
    from retrain_kit.exercises.voices.voices import Voices
    from retrain_kit.studies.manifests import Manifest

FOLDER = Path(__file__).parent
MAX_IMAGE_PX = 800


@dataclass(frozen=True)
class WorkedImage:
    """An image that somebody speaks of: its id, and the image with its credit where the study has it."""

    id: str
    panel: figures.Panel | None = None
    credit: str = ""
    notice: str = ""


def write_page(shown: ShownVoices, voices: Voices, target: Path, manifest: Manifest | None = None) -> Path:
    """Write the page, and note it in the store, so that a withdrawal deletes it.

    Parameters
    ----------
    manifest
        The study whose images the voices speak of; None without one.

    Raises
    ------
    ParameterError
        When files are too large for one page; all of them together.
    DataError
        When it cannot be written.
    """
    _check(shown)
    html = page_html(shown, manifest).encode("utf-8", "replace")
    with deriving.writing_noted(voices.store, target, shown.record_ids) as temporary:
        temporary.write_bytes(html)
    return target


def page_html(shown: ShownVoices, manifest: Manifest | None = None) -> str:
    """Return the page; what people said is text and no markup."""
    style = assets.page_sheet(FOLDER / "page.css")
    return (
        templating.html_environment(FOLDER)
        .get_template("page.html.j2")
        .render(
            shown=shown,
            style=Markup(style),  # noqa: S704 - the kit's own
            style_digest=assets.policy_digest(style),
            images=WorkedImages(manifest).of,
            image=lambda each: Markup(each.panel.html),  # noqa: S704 - escaped by the panel
            words=words,
            facts=worker_facts(),
            use=USES[shown.use],
            version=__version__,
        )
    )


class WorkedImages:
    """The images that voices speak of, found in a study once for all of them.

    Parameters
    ----------
    manifest
        The study; None without one.
    """

    def __init__(self, manifest: Manifest | None) -> None:
        self._manifest = manifest
        self._rows = {image.id: image for image in manifest.images} if manifest else {}
        self._ids = NamesAlike(self._rows)

    def of(self, voice: ShownVoice, longest_px: int = MAX_IMAGE_PX) -> list[WorkedImage]:
        """Return the images that a voice speaks of; one that the study has not is an id alone."""
        manifest, found = self._manifest, []
        for stated in voice.images:
            name = manifest.shown_id(stated) if manifest else stated
            row = self._rows.get(self._ids.find(name))
            if not manifest or row is None:
                found.append(WorkedImage(name))
                continue
            sample = manifest.sample(row)
            panel = figures.Panel.from_sample(sample, name, sample.alt or f"The image {name}.", longest_px)
            found.append(WorkedImage(name, panel, image_provenance(sample, manifest), sample.notice))
        return found


def _all(shown: ShownVoices) -> tuple[ShownVoice, ...]:
    return (*shown.testimonies, *shown.workplaces)


def _check(shown: ShownVoices) -> None:
    most, do = size_in_words(MAX_INLINE_BYTES), "Bring it in parts, or as MP3."
    faults = [
        Fault(f"a file by {each.who}", size_in_words(len(each.media.data)), f"at most {most} a file", do)
        for each in _all(shown)
        if each.media and len(each.media.data) > MAX_INLINE_BYTES
    ]
    if faults:
        raise ParameterError(*faults)
