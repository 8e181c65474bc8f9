"""`retrain-kit class`: the exercises for a class at once, on phones and laptops."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.answers import strike_withdrawn, tell_about
from retrain_kit.cli.conversation import question_option
from retrain_kit.cli.group import kit
from retrain_kit.cli.machine_lines import guest_option, lines_options, lines_when_asked
from retrain_kit.cli.naming import study_argument, study_option
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import check_exercise_options
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from retrain_kit.classroom.classroom import Classroom
    from retrain_kit.classroom.door import Door
    from retrain_kit.classroom.endpoint import ClassEndpoint
    from retrain_kit.classroom.entry import ClassEntry

_EXERCISES = (
    "what-if",
    "polyphony",
    "informational-surfaces",
    "recoding-art",
    "conversation",
    "living-with-images",
)


@kit.command(name="class")
@study_argument
@click.option(
    "--exercise",
    "exercises",
    multiple=True,
    type=click.Choice(_EXERCISES),
    help="Only this; repeatable. recoding-art asks of a museum's works; for living-with-images everybody has"
    " a card.  [default: what-if, polyphony, informational-surfaces]",
)
@study_option("--second-study", help="Take the other image of each pair from this study.")
@click.option(
    "--images",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="How many images, and pairs, for each exercise.",
)
@click.option(
    "--image",
    "named",
    multiple=True,
    metavar="NAME",
    help="Let What If…? ask about this image, by its id or its file; repeatable.  [default: drawn]",
)
@click.option(
    "--most-blank",
    type=click.FloatRange(1, 100),
    default=80,
    show_default=True,
    metavar="PERCENT",
    help="What If…? asks about no image of which more is blank.",
)
@question_option
@click.option("--seed", type=int, default=7, show_default=True, help="Another seed draws other images.")
@guest_option
@lines_options("beside what people say in recoding-art")
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="TAG",
    help="en, pt, es or fr; sw or zh for the prompts alone: the wall's, and phones' that ask for none.",
)
@click.option(
    "--answers",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="answers",
    show_default=True,
    help="The store of the answers, as in the notebooks; the class goes on where it was.",
)
@click.option(
    "--new-code", is_flag=True, help="Make a new join code and new links; pages have to join again."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 is all of IPv4, :: is all of both kinds.",
)
@click.option(
    "--address",
    help="Of several, the address for link and wall, or its interface.  [default: the one others reach]",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option(
    "--public-url",
    help="Where a reverse proxy or a tunnel gives the class to others, as https://class.example.org/sub/.",
)
@click.option(
    "--trusted-proxy",
    "trusted",
    multiple=True,
    help="A proxy, or a network of them, that is believed when it says for whom it asks; repeatable.",
)
@click.option("--let-others-in", is_flag=True, help="Let other machines reach the class without asking.")
@strict_option
def class_(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    exercises: tuple[str, ...],
    second_study: str | None,
    images: int,
    named: tuple[str, ...],
    most_blank: float,
    questions: tuple[str, ...],
    seed: int,
    captions: Path | None,
    model: str,
    guests: tuple[str, ...],
    language: str,
    folder: Path,
    new_code: bool,
    host: str,
    port: int,
    address: str | None,
    public_url: str | None,
    trusted: tuple[str, ...],
    let_others_in: bool,
) -> None:
    """Do the exercises on STUDY with a class: pages for phones, for the projector, for the teacher.

    Only this machine can reach it. With --host others can too: then everything is encrypted, and the command
    first says who can reach it. docs/classroom.md says how people get in, and what to do when nothing works.
    Answers go to the same store as those of the notebooks. Ctrl-C ends it.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.answers.cached import CachedStore  # noqa: PLC0415 - the same
    from retrain_kit.classroom import endpoint as endpoints  # noqa: PLC0415 - the same
    from retrain_kit.classroom import lesson, programme, server  # noqa: PLC0415 - the same
    from retrain_kit.classroom.classroom import Classroom  # noqa: PLC0415 - the same
    from retrain_kit.classroom.entry import ClassEntry  # noqa: PLC0415 - the same
    from retrain_kit.classroom.proxies import Proxies  # noqa: PLC0415 - the same
    from retrain_kit.classroom.study_images import StudyImages  # noqa: PLC0415 - the same

    every = exercises or programme.OF_ANY_IMAGES
    check_exercise_options(every)
    proxies = Proxies.stated(public_url, trusted)
    endpoint = _shown(endpoints.open_endpoint(host, port, folder, proxies), address, ask=not let_others_in)
    _confirm(endpoint, let_others_in=let_others_in)
    kept = lesson.read_lesson(folder)
    loaded = [naming.load_study(name) for name in (study, second_study) if name]
    studies = [(manifest, datasets.read(manifest)) for manifest in loaded]
    chosen = StudyImages(studies).known(kept.chosen)
    if named:
        ids = tuple(f"{loaded[0].name}/{name}" for name in loaded[0].meant_ids(named))
        chosen = {**chosen, _EXERCISES[0]: ids}
    lines_of = lines_when_asked(loaded[0], captions, model, guests)
    plan = programme.ClassPlan(every, images, seed, language, most_blank, chosen, lines_of, questions)
    programme.check_plan(studies, plan)
    with CachedStore(folder) as store:
        tell_about(store)
        entry = ClassEntry.for_folder(folder, anew=new_code)
        classroom = Classroom(
            programme.build_programme(studies, store, plan), entry, lambda told: click.echo(told, err=True)
        )
        if classroom.programme.left_out:
            click.echo(classroom.programme.left_out, err=True)
        words_veil.current().say()
        _welcome(endpoint, entry, classroom.programme.title)
        _hear(classroom.door)
        with suppress(KeyboardInterrupt):
            server.serve_class(classroom, endpoint, lambda: _goodbye(classroom))
        strike_withdrawn(store)


def _hear(door: Door) -> None:
    """Do what is typed while a class is held: `open` opens the door. Nothing is read where nobody types."""
    if not (sys.stdin and sys.stdin.isatty()):
        return
    with suppress(AttributeError, ValueError):  # In the background it reads nothing, and is not stopped.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)

    def hear() -> None:
        # A file of its own: what waits in it at the end stops nobody from closing the other.
        with suppress(OSError), open(sys.stdin.fileno(), closefd=False) as lines:
            for line in lines:
                if line.strip().lower() == "open":
                    door.open()
                    click.echo("The door is open: everybody may try again.", err=True)

    threading.Thread(target=hear, daemon=True).start()


def _shown(endpoint: ClassEndpoint, address: str | None, *, ask: bool) -> ClassEndpoint:
    """Return where the class is, with the address in front that others are to type."""
    if address:
        return endpoint.shown_at(address)
    reached = [each for each in endpoint.addresses if not each.is_local]
    if endpoint.proxies.public or len(reached) < 2 or not (ask and sys.stdin.isatty()):  # noqa: PLR2004 - a choice
        return endpoint
    click.echo("This machine has several addresses:")
    for number, each in enumerate(reached, start=1):
        click.echo(f"  {number}  {each}")
    chosen = click.prompt(
        "Which one is for the link and the wall?", default=1, type=click.IntRange(1, len(reached))
    )
    return endpoint.shown_at(reached[chosen - 1].ip)


def _confirm(endpoint: ClassEndpoint, *, let_others_in: bool) -> None:
    """Say who can reach the class, and ask whether they may, unless it is this machine alone."""
    public = endpoint.proxies.public
    if not (endpoint.certificate or public):
        return
    click.echo("This class can be reached under")
    if public:
        click.echo(f"  {public.link}: everybody whom your proxy or tunnel lets in")
    for address in endpoint.addresses:
        click.echo(f"  {address}")
    if let_others_in:
        return
    if not sys.stdin.isatty():
        do = "Add --let-others-in if they may."
        where = "public-url" if public else "host"
        raise ParameterError(Fault(where, "an address that others reach", "this machine alone", do))
    click.confirm("May they?", abort=True)


def _welcome(endpoint: ClassEndpoint, entry: ClassEntry, title: str) -> None:
    click.echo(f"{title}\n")
    click.echo(f"  join       {endpoint.link}")
    click.echo(f"  code       {entry.code}")
    click.echo(f"  projector  {endpoint.link}projector#{entry.projector_secret}")
    click.echo(f"  teacher    {endpoint.link}teacher#{entry.teacher_secret}\n")
    if endpoint.proxies.public:
        click.echo(f"Your proxy or tunnel asks here: {endpoint.own_link}\n")
    elif endpoint.certificate:
        click.echo("Browsers warn, since nobody else vouches for this machine. The certificate's SHA-256 is")
        click.echo(f"  {endpoint.certificate.fingerprint}\n")
    click.echo("Ctrl-C ends the class.")


def _goodbye(classroom: Classroom) -> None:
    """Say how many answers there are, and where; a class that its teacher ended begins anew next time."""
    from retrain_kit.classroom.teaching import EXPORT_FILE  # noqa: PLC0415 - see the package's docstring

    folder, records = classroom.programme.store.folder, classroom.programme.store.records()
    refusals = sum(bool(record.refusal) for record in records)
    said = f"{len(records)} {'answer' if len(records) == 1 else 'answers'}"
    refused = "a refusal" if refusals == 1 else "refusals"
    click.echo(f"\nThe class has ended. {said}, {refusals} of them {refused}: {folder}")
    handed_out = folder / EXPORT_FILE
    if classroom.moderation.lesson.over and handed_out.is_file():
        click.echo(f"What was handed out, for retrain-kit merge: {handed_out}")
    classroom.moderation.finish()
