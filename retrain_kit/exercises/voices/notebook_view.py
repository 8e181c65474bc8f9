"""The notebook's views: voices, places of work, the archive and facts, without script, and as text.

Where no folder of voices is given there is what the makers of the kit wrote about their own work; each view
says so. A sound is named, with its transcript: it is heard on the page of `retrain-kit voices`.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.figures import Figure, Note, Panel
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common.figures import HtmlView, stack_views
from retrain_kit.exercises.voices import folder as folders
from retrain_kit.exercises.voices import intake, page, words
from retrain_kit.exercises.voices.shown import build_shown
from retrain_kit.exercises.voices.terms import USES
from retrain_kit.exercises.voices.voices import Voices
from retrain_kit.exercises.voices.worker_facts import worker_facts
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.exercises.common.figures import Showable
    from retrain_kit.exercises.voices.shown import ShownVoice, ShownVoices, Situation
    from retrain_kit.studies.manifests import Manifest

_BESIDE_PX, _SMALL_PX = 640, 320
EXAMPLE_FOLDER = Path(__file__).with_name("demonstration")
"""A study of voices that the makers of the kit wrote about their own work."""


def shown_voices(voices_folder: str, store_folder: str, use: str) -> ShownVoices:
    """Return what may be shown of a study of voices; of the kit's own where no folder is named.

    Parameters
    ----------
    voices_folder
        The folder with `voices.toml`.
    store_folder
        The store in which `retrain-kit voices` keeps them.

    Raises
    ------
    ParameterError
        When one of the folders is named without the other, or there is no such use.
    DataError
        When one of them cannot be read.
    """
    if bool(voices_folder) != bool(store_folder):
        do = "What is withdrawn from the store takes this report with it: so both are asked for."
        raise ParameterError(Fault("voices_folder, store_folder", "one of them", "both, or neither", do))
    if voices_folder:
        study = folders.read_folder(Path(voices_folder)).study
        with Voices(store_folder, study.name, demonstration=study.demonstration) as kept:
            return build_shown(kept, study, use)
    brought = folders.read_folder(EXAMPLE_FOLDER)
    with (
        TemporaryDirectory(prefix="retrain-kit-") as aside,
        Voices(Path(aside, "answers"), brought.study.name, demonstration=True) as kept,
    ):
        intake.take_in(brought, kept, Path(aside, intake.KEYS_FILE))
        return build_shown(kept, brought.study, use)


def study_note(shown: ShownVoices) -> Note:
    """Return what a reader should know of the voices, and how many are not shown, and why."""
    lines = (
        ("why", shown.study.why),
        ("keys and store are held by", shown.study.keeper),
        ("shown for", f"{shown.use}: {USES[shown.use]}"),
        ("until", shown.ends or "their authors withdraw them"),
        *(("not shown", f"{count}: {why}") for why, count in shown.withheld.items()),
        ("withdrawn so far", str(shown.withdrawn)),
        ("who said it", words.made_up(shown)),
    )
    return Note(shown.study.title, lines)


def testimonies_view(shown: ShownVoices, manifest: Manifest | None) -> HtmlView:
    """Return each testimony with its terms, and the images that it speaks of."""
    return _voices("No testimony whose terms allow it here.", shown.testimonies, shown, manifest)


def workplaces_view(shown: ShownVoices, manifest: Manifest | None) -> HtmlView:
    """Return where people work, beside the images that they worked on."""
    return _voices("No place of work whose terms allow it here.", shown.workplaces, shown, manifest)


def archive_view(shown: ShownVoices) -> HtmlView:
    """Return the small strategies by what they answer; nothing leads to who uses them."""
    made_up = words.made_up(shown)
    return stack_views(_situation(each, made_up) for each in shown.situations)


def facts_table() -> DataTable:
    """Return what has been published about workers, each with its date and source."""
    return DataTable.from_rows(worker_facts(), "facts-about-workers")


def _voices(
    none: str, voices: Iterable[ShownVoice], shown: ShownVoices, manifest: Manifest | None
) -> HtmlView:
    parts: list[Showable] = []
    images = page.WorkedImages(manifest)
    for voice in voices:
        parts += [*_pictures(voice, shown, images), _voice(voice, shown)]
    return stack_views(parts or [Note(none, (("who said it", words.made_up(shown)),))])


def _pictures(voice: ShownVoice, shown: ShownVoices, images: page.WorkedImages) -> Iterator[Figure]:
    """Yield the place where somebody works and the images worked on, side by side."""
    panels, credits_, notices = list[Panel](), list[str](), list[str]()
    if voice.media and not voice.is_sound:
        panels.append(Panel("a place of work", words.place_alt(voice), *_encoded(voice)))
        credits_.append(f"{words.place_caption(voice)} {words.made_up(shown)}".strip())
    for each in images.of(voice, _BESIDE_PX if panels else _SMALL_PX):
        if each.panel:
            panels.append(each.panel)
            notices += [each.notice] if each.notice else []
        credits_.append(f"{each.id}: {each.credit or words.NOT_IN_STUDY}")
    if panels:
        yield Figure(tuple(panels), " ".join(notices), " ".join(credits_))


def _encoded(voice: ShownVoice) -> tuple[bytes, str]:
    return (voice.media.data, voice.media.kind.media_type) if voice.media else (b"", "")


def _voice(voice: ShownVoice, shown: ShownVoices) -> HtmlView:
    said = ["A sound: it is heard on the page of retrain-kit voices."] if voice.is_sound else []
    said += ["Transcript:" if voice.text else "No transcript."] if voice.is_sound else []
    said += [voice.missing] if voice.missing else []
    who = words.who(voice, shown)
    terms = [("client, under a code name", voice.client)] if voice.client else []
    terms += voice.terms.lines()
    body = "".join(f"<p><small>{escape(line)}</small></p>" for line in said)
    body += _paragraph(voice.text, voice.language) if voice.text else ""
    for note in voice.notes:
        body += _paragraph(f"Footnote, {note.day}: {note.text}", note.language)
    body += "".join(
        f'<dt>{escape(name)}</dt><dd dir="auto">{escape(text)}</dd>' for name, text in terms
    ).join(("<dl>", "</dl>"))
    text = [who, *said, voice.text, *(f"{note.day}: {note.text}" for note in voice.notes)]
    text += [f"{name}: {told}" for name, told in terms]
    return _section(who, body, text, words.made_up(shown))


def _situation(situation: Situation, made_up: str) -> HtmlView:
    title = situation.meaning or situation.word
    body, text = "", [title]
    for strategy in situation.strategies:
        body += _paragraph(strategy.text, strategy.language)
        text.append(strategy.text)
        for note, language in strategy.notes:
            body += _paragraph(f"Added later: {note}", language)
            text.append(note)
    body = body or "<p><small>None here.</small></p>"
    return _section(title, body, text, made_up)


def _section(title: str, body: str, text: Iterable[str], made_up: str) -> HtmlView:
    foot = f'<p><small class="rk-credit">{escape(made_up)}</small></p>' if made_up else ""
    head = f'<h3 dir="auto">{escape(title)}</h3>'
    html = f'<section class="rk-note {MATHJAX_IGNORE}">{head}{body}{foot}</section>'
    return HtmlView(html, "\n".join(filter(None, (*text, made_up))))


def _paragraph(text: str, language: str) -> str:
    """Return what somebody wrote as paragraphs that keep its lines and its direction."""
    stated = f' lang="{escape(language)}"' if language else ""
    lines = "<br>".join(escape(text).splitlines())
    return f'<p dir="auto"{stated}>{lines}</p>'
