"""The application: which address answers what. All but the pages themselves ask for a seat or a secret."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from retrain_kit.classroom import readers
from retrain_kit.classroom.certificates import WARNINGS
from retrain_kit.classroom.classroom import LOOKS
from retrain_kit.classroom.limits import (
    RequestGuard,
    RequestRefusedError,
    read_body,
    read_json,
    stated_length,
)
from retrain_kit.classroom.moderation import ALL
from retrain_kit.classroom.networks import place_of
from retrain_kit.classroom.programme import CHOOSABLE
from retrain_kit.classroom.teaching import Teaching
from retrain_kit.errors import KitError
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.living_with_images.returns import uploads
from retrain_kit.exercises.polyphony.session import PolyphonySession
from retrain_kit.storage.languages import chosen_language, error_in_words, gettext

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from retrain_kit.classroom.certificates import Certificate
    from retrain_kit.classroom.classroom import Classroom
    from retrain_kit.classroom.endpoint import ClassEndpoint
    from retrain_kit.classroom.programme import Programme
    from retrain_kit.exercises.common.activity import Activity


def projector_setup(
    programme: Programme, link: str, code: str, certificate: Certificate | None = None
) -> dict[str, Any]:
    """Return how to join, what browsers will say before, and what can be shown."""
    return {
        "certificate": certificate and warned(certificate),
        "title": programme.title,
        "language": programme.language,
        "link": link,
        "code": code,
        "image": segno.make(f"{link}#{code}", error="m").svg_data_uri(scale=4, border=2),
        "activities": [
            {
                "name": activity.name,
                "title": gettext(activity.session.title),
                "wall": activity.wall,
                "items": [view.widget_data["title"] for view in activity.session.item_views],
            }
            for activity in programme.activities
        ],
    }


def teacher_setup(classroom: Classroom, link: str) -> dict[str, Any]:
    """Return what a teacher can open, lead to and choose, and how to join."""
    programme = classroom.programme
    return {
        "title": programme.title,
        "link": link,
        "code": classroom.entry.code,
        "activities": [
            {
                "name": activity.name,
                "title": gettext(activity.session.title),
                "items": [
                    {
                        "title": view.widget_data["title"],
                        "images": [programme.panel_number(panel) for panel in view.panels],
                    }
                    for view in activity.session.item_views
                ],
                "of_item": CHOOSABLE.get(activity.name, 0),
                "chosen": programme.images_of(activity),
            }
            for activity in programme.activities
        ],
    }


def warned(certificate: Certificate) -> dict[str, Any]:
    """Return what browsers say about a certificate, what to tap, and by what it is known."""
    return {
        "fingerprint": certificate.groups,
        "browsers": [
            {
                "browser": gettext(each.browser),
                "says": gettext(each.says),
                "taps": [gettext(words) for words in each.taps],
            }
            for each in WARNINGS
        ],
    }


def uses_asked(programme: Programme) -> list[tuple[str, str]]:
    """Return what people are asked to agree to: the uses of these exercises, those that most have first."""
    every = [activity.session.uses for activity in programme.activities]
    asked = {use: words for uses in every for use, words in uses.items()}
    common = {use: words for use, words in consent.USES.items() if use in asked}
    return [(use, gettext(words)) for use, words in {**common, **(asked | common)}.items()]


def live_counts(programme: Programme, present: int) -> dict[str, Any]:
    """Return how many people are here, and how many answers; refusals are answers."""
    said = {activity.name: activity.session.tally for activity in programme.activities}
    return {
        "present": present,
        "answers": sum(answers for answers, _ in said.values()),
        "refusals": sum(refusals for _, refusals in said.values()),
        "each": {name: answers for name, (answers, _) in said.items()},
    }


MAX_REFUSALS = 12
"""So many refusals of an item go to the wall in words, the latest ones; all are counted."""


def projected_item(classroom: Classroom, activity: Activity, index: int, page: int = 0) -> dict[str, Any]:
    """Return what is shown of an item, a page of it where there are several, without what is withheld."""
    found, programme = activity.project(index, classroom.moderation.withheld_on_wall()), classroom.programme
    return {
        "title": found.title,
        "prompts": [{"text": text, "beside": beside} for text, beside in found.prompts],
        "pages": found.pages.count,
        "page": found.pages.page(page),
        "empty": found.pages.empty,
        "panels": [
            {"image": programme.panel_number(panel), "name": panel.name, "alt": panel.alt}
            for panel in found.panels
        ],
        "notes": found.notes,
        "refusals": found.refusals[-MAX_REFUSALS:],
        "refused": len(found.refusals),
        "credit": found.credit,
    }


PACKAGE = Path(__file__).parents[1]
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
_SENT = {".js", ".css"}
STATIC_FILES: Mapping[str, Path] = {
    **{
        name: Path(__file__).with_name("static") / name
        for name in ("class.html", "projector.html", "teacher.html")
    },
    **{
        path.relative_to(PACKAGE).as_posix(): path
        for folder in ("classroom", "display", "exercises", "widgets")
        for path in sorted((PACKAGE / folder).rglob("*"))
        if path.suffix in _SENT
    },
}
"""The pages by name; scripts and style sheets by their place in the package, as scripts import each other."""


def static_file(name: str) -> Response:
    """Return a file of `STATIC_FILES`; a `RequestRefusedError` where there is none of this name."""
    path = STATIC_FILES.get(name)
    if not path:
        raise RequestRefusedError(404, gettext("There is no such page."))
    return Response(_read_once(path), media_type=_TYPES[path.suffix])


@cache
def _read_once(path: Path) -> bytes:
    return path.read_bytes()


PAGE_PAUSE_S, PROJECTOR_PAUSE_S = 1.5, 0.3
"""How long pages wait between two looks, at least."""
PAUSE_PER_PAGE_S = 0.025
"""So many seconds for each page that is open, in a large class: all looks together stay bounded."""
PING_S = 5
"""So often something is sent without news too: a page that hears nothing knows that the class is away."""
MAX_ACT_BYTES = 4_900_000
"""Of a recording, with its points, or of many signatures; other answers are checked for much less."""
MAX_PIECE_BYTES = uploads.MAX_PIECE_BYTES
"""Of a file that somebody gives, which comes in pieces."""
MAX_SHORT_BYTES = 2_000
"""Of a code, or a key."""
MAX_STREAMS_OF_SEAT = 4
SHARE_OF_VISIT = 0.1
"""What a page or a file counts behind a proxy that does not say who asks: the class has one limit there."""
_MAX_DIGITS = 9
STREAM_TIMEOUT_S = 20
"""How long whoever hears news may take none."""


@dataclass(frozen=True)
class RequestHandlers:
    """The answers of a class; `link` is the address of its page, `certificate` what browsers warn of."""

    classroom: Classroom
    link: str
    teaching: Teaching
    certificate: Certificate | None = None

    async def page(self, request: Request) -> Response:
        """Return the page for phones and laptops."""
        self._visit(request)
        return static_file("class.html")

    async def projector_page(self, request: Request) -> Response:
        """Return the page for the projector, which is empty without the secret."""
        self._visit(request)
        return static_file("projector.html")

    async def file(self, request: Request) -> Response:
        """Return a script or a style sheet."""
        self._visit(request)
        return static_file(request.path_params["name"])

    async def words(self, request: Request) -> Response:
        """Return the words of pages in the language that is asked for; those outside may ask for them too."""
        self._visit(request)
        return JSONResponse(readers.page_speech(chosen_language()))

    async def join(self, request: Request) -> Response:
        """Give a seat to whoever has the code."""
        address, door = _address(request), self.classroom.door
        door.check(address)
        sent = await read_json(request, MAX_SHORT_BYTES)
        seat = door.enter(sent.get("code"), address, sent.get("page"))
        self._seated(request, seat)
        return JSONResponse({"seat": seat})

    async def person(self, request: Request) -> Response:
        """Return a new key, or know one again."""
        number = self._number(request)
        self.classroom.acts.take(number)
        return JSONResponse(self.classroom.person((await read_json(request, MAX_SHORT_BYTES)).get("key")))

    async def about(self, request: Request) -> Response:
        """Return what the class does."""
        self.classroom.looks.take(self._number(request))
        programme = self.classroom.programme
        about = {"uses": uses_asked(programme), "activities": programme.page_data()}
        return JSONResponse({"title": programme.title, **about})

    async def act(self, request: Request) -> Response:
        """Do what a person asks for in an exercise."""
        return await self._done(request, self.classroom.act)

    async def piece(self, request: Request) -> Response:
        """Take a piece of a file that somebody gives: its bytes, and in the address which piece of which."""
        number, length, asked = self._number(request), stated_length(request), request.query_params
        with self.classroom.taking(number, MAX_PIECE_BYTES if length is None else length):
            data = await read_body(request, MAX_PIECE_BYTES)
            at = asked.get("at", "")
            message = {
                "act": "piece",
                "upload": asked.get("upload", ""),
                "at": int(at) if _is_number(at) else -1,
                "data": data,
            }
            return JSONResponse(await self.classroom.piece(number, asked.get("exercise"), message))

    async def mine(self, request: Request) -> Response:
        """Return what was said with a key, to take along."""
        return await self._done(request, self.classroom.own_answers)

    async def withdraw_all(self, request: Request) -> Response:
        """Delete everything that was said with a key."""
        return await self._done(request, self.classroom.withdraw_all)

    async def image(self, request: Request) -> Response:
        """Return one of the images drawn for the class, by its number."""
        secret = _bearer(request)
        if not (
            self.classroom.entry.secret_is_right(secret) or self.classroom.entry.teacher_is_right(secret)
        ):
            self.classroom.looks.take(self._number(request))
        asked, panels = request.path_params["number"], self.classroom.programme.panels
        number = int(asked) if _is_number(asked) else len(panels)
        if number >= len(panels):
            raise RequestRefusedError(404, gettext(gettext("There is no such image.")))
        return Response(panels[number].data, media_type=panels[number].media_type)

    async def events(self, request: Request) -> Response:
        """Tell a page whenever something is new, and know that it is there."""
        number = self._seated(request, request.query_params.get("seat", ""))
        self.classroom.looks.take(number)
        if self.classroom.presence.streams(number) >= MAX_STREAMS_OF_SEAT:
            raise RequestRefusedError(429, gettext("This page is open too often."))
        return self._stream(number, PAGE_PAUSE_S)

    async def projector_about(self, request: Request) -> Response:
        """Return how to join, and what can be shown."""
        self._secret(_bearer(request))
        return JSONResponse(
            projector_setup(self.classroom.programme, self.link, self.classroom.entry.code, self.certificate)
        )

    async def projector_shown(self, request: Request) -> Response:
        """Return what is shown of an item."""
        self._secret(_bearer(request))
        asked = request.query_params
        index, page = asked.get("index", ""), asked.get("page", "")
        activity, at = self.classroom.programme.activity(
            asked.get("exercise"), int(index) if _is_number(index) else -1
        )
        turn = int(page) if _is_number(page) else 0
        return JSONResponse(
            await self.classroom.run_in_thread(projected_item, self.classroom, activity, at, turn, lane=LOOKS)
        )

    async def projector_events(self, request: Request) -> Response:
        """Tell the projector's page how many are here, and whenever something is new."""
        self._secret(request.query_params.get("secret", ""))
        return self._stream("", PROJECTOR_PAUSE_S)

    async def projector_door(self, request: Request) -> Response:
        """Open the door again, where too many wrong codes have shut it."""
        self._secret(_bearer(request))
        self.classroom.door.open()
        self.classroom.presence.notify()
        return JSONResponse(self.classroom.strain)

    def _visit(self, request: Request) -> None:
        address = _address(request)
        self.classroom.visits.take(address, 1 if address else SHARE_OF_VISIT)

    # -- the teacher's page --------------------------------------------------------------------------

    async def teacher_page(self, request: Request) -> Response:
        """Return the teacher's page, which is empty without the secret."""
        self._visit(request)
        return static_file("teacher.html")

    async def teacher_about(self, request: Request) -> Response:
        """Return what the class does, how to join, and which images it has."""
        self._teacher(_bearer(request))
        return JSONResponse(
            await self.classroom.run_in_thread(teacher_setup, self.classroom, self.link, lane=LOOKS)
        )

    async def teacher_events(self, request: Request) -> Response:
        """Tell the teacher's page what is new."""
        self._teacher(request.query_params.get("secret", ""))
        return self._stream("", PROJECTOR_PAUSE_S, teacher=True)

    async def teacher_said(self, request: Request) -> Response:
        """Return what was said in an exercise, the newest first."""
        self._teacher(_bearer(request))
        asked = request.query_params
        activity, _ = self.classroom.programme.activity(asked.get("exercise"), 0)
        before = asked.get("before", "")
        listed = self.classroom.moderation.listed
        end = int(before) if _is_number(before) else None
        return JSONResponse(
            await self.classroom.run_in_thread(
                listed, activity.name, asked.get("which", ALL), end, lane=LOOKS
            )
        )

    async def teacher_images(self, request: Request) -> Response:
        """Return the names of images that an exercise can show, and what share of each is blank."""
        self._teacher(_bearer(request))
        asked, page = request.query_params, self.teaching.images.page
        start = int(asked["from"]) if _is_number(asked.get("from", "")) else 0
        alone = asked.get("exercise") != PolyphonySession.name
        return JSONResponse(
            await self.classroom.run_in_thread(lambda: page(start, first_study_alone=alone), lane=LOOKS)
        )

    async def teacher_thumbnail(self, request: Request) -> Response:
        """Return a small image of the study, by its number."""
        self._teacher(_bearer(request))
        asked, images = request.path_params["number"], self.teaching.images
        if not _is_number(asked) or int(asked) >= len(images):
            raise RequestRefusedError(404, gettext("There is no such image."))
        panel = await self.classroom.run_in_thread(images.thumbnail, int(asked), lane=LOOKS)
        return Response(panel.data, media_type=panel.media_type)

    async def teacher_do(self, request: Request) -> Response:
        """Do what the teacher asks for."""
        self._teacher(_bearer(request))
        await self.teaching.do(await read_json(request))
        return JSONResponse({"lesson": self.classroom.moderation.news()})

    async def teacher_answers(self, request: Request) -> Response:
        """Return all answers, as a file that `retrain-kit merge` takes."""
        self._teacher(_bearer(request))
        data = await self.classroom.run_in_thread(self.teaching.export)
        headers = {"Content-Disposition": 'attachment; filename="answers.jsonl"'}
        return Response(data, media_type="application/x-ndjson", headers=headers)

    def _teacher(self, secret: str) -> None:
        """Refuse whoever has not the teacher's secret; whoever has it may ask for so much."""
        if not self.classroom.entry.teacher_is_right(secret):
            raise RequestRefusedError(401, gettext("This page opens with the link that the terminal shows."))
        self.teaching.asking.take("")

    def _stream(self, number: str, pause_s: float, *, teacher: bool = False) -> Response:
        return EventSourceResponse(
            self._news(number, pause_s, teacher=teacher),
            ping=PING_S,
            ping_message_factory=lambda: ServerSentEvent(event="ping", data=""),
            send_timeout=STREAM_TIMEOUT_S,
        )

    async def _news(
        self, number: str, pause_s: float, *, teacher: bool = False
    ) -> AsyncIterator[dict[str, str]]:
        """Yield what is new for a page: `about` is another number when it has to ask anew what there is."""
        presence = self.classroom.presence
        with presence.present_at(number) if number else nullcontext():
            async for versions in presence.changes(pause_s, PAUSE_PER_PAGE_S if number else 0):
                told: dict[str, Any] = {
                    "versions": versions,
                    "present": presence.count,
                    "about": self.classroom.about_version,
                    "lesson": self.classroom.moderation.news(),
                }
                if not number:
                    told |= await self.classroom.run_in_thread(
                        live_counts, self.classroom.programme, presence.count, lane=LOOKS
                    )
                    told["strain"] = self.classroom.strain
                if teacher:
                    told |= await self.classroom.run_in_thread(
                        self.classroom.moderation.teacher_news, lane=LOOKS
                    )
                    told["strain"] = {**told["strain"], "shut": len(told["strain"]["shut"])}
                yield {"event": "news", "data": json.dumps(told)}

    async def _done(self, request: Request, do: Callable[..., Awaitable[dict[str, Any]]]) -> Response:
        """Return what follows from what a person asks for; whether they may is known before it is read."""
        number, length = self._number(request), stated_length(request)
        with self.classroom.taking(number, MAX_ACT_BYTES if length is None else length):
            data = await read_body(request, MAX_ACT_BYTES)
            return JSONResponse(await do(number, _host(request), data))

    def _number(self, request: Request) -> str:
        return self._seated(request, _bearer(request))

    def _seated(self, request: Request, seat: str) -> str:
        """Return the number of a seat that somebody asks from; the connection is theirs from then on."""
        number = self.classroom.seat_number(seat)
        client = (request.client.host, request.client.port) if request.client else None
        if not self.classroom.connections.note_seat(client, number):
            raise RequestRefusedError(429, gettext("This page has too many connections open."))
        return number

    def _secret(self, secret: str) -> None:
        if not self.classroom.entry.secret_is_right(secret):
            raise RequestRefusedError(
                401, gettext(gettext("This page opens with the link that the terminal shows."))
            )


def application(classroom: Classroom, endpoint: ClassEndpoint) -> ASGIApp:
    """Return the guarded application of a class."""
    answers = RequestHandlers(
        classroom,
        endpoint.link,
        Teaching(classroom),
        None if endpoint.proxies.public else endpoint.certificate,
    )
    routes = [
        Route("/", answers.page),
        Route("/projector", answers.projector_page),
        Route("/files/{name:path}", answers.file),
        Route("/words", answers.words),
        Route("/join", answers.join, methods=["POST"]),
        Route("/person", answers.person, methods=["POST"]),
        Route("/about", answers.about),
        Route("/act", answers.act, methods=["POST"]),
        Route("/piece", answers.piece, methods=["POST"]),
        Route("/mine", answers.mine, methods=["POST"]),
        Route("/withdraw-all", answers.withdraw_all, methods=["POST"]),
        Route("/images/{number}", answers.image),
        Route("/events", answers.events),
        Route("/projector/about", answers.projector_about),
        Route("/projector/shown", answers.projector_shown),
        Route("/projector/events", answers.projector_events),
        Route("/projector/door", answers.projector_door, methods=["POST"]),
        Route("/teacher", answers.teacher_page),
        Route("/teacher/about", answers.teacher_about),
        Route("/teacher/events", answers.teacher_events),
        Route("/teacher/said", answers.teacher_said),
        Route("/teacher/images", answers.teacher_images),
        Route("/teacher/thumbnails/{number}", answers.teacher_thumbnail),
        Route("/teacher/do", answers.teacher_do, methods=["POST"]),
        Route("/teacher/answers", answers.teacher_answers),
    ]

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(classroom.watch())
        with classroom.notices.over_logs():
            yield
        watching.cancel()

    handlers = {RequestRefusedError: _refused, KitError: _fault}
    inner = Starlette(routes=routes, exception_handlers=handlers, lifespan=living)  # type: ignore[arg-type] # by class
    inner.router.redirect_slashes = False  # It would lead to what a proxy calls this server.
    guard = RequestGuard(inner, endpoint.hosts, endpoint.origins)
    return endpoint.proxies.over(readers.Interpreter(guard, classroom.programme.language))


def _is_number(text: str) -> bool:
    return len(text) <= _MAX_DIGITS and text.isascii() and text.isdigit()


def _bearer(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _address(request: Request) -> str:
    """Return where somebody asks from; empty where only a proxy is known."""
    return place_of(request.client.host) if request.client else ""


def _host(request: Request) -> str:
    """Return the name and port by which a page has reached this server; the guard knows them all.

    A proxy may call it by another name than the page does, which says its own with all that it sends.
    """
    own = request.headers.get("origin", "").partition("://")[2]
    return (own or request.headers["host"]).lower()


async def _refused(_: Request, error: RequestRefusedError) -> Response:
    return JSONResponse({"fault": error.message}, error.status)


async def _fault(_: Request, error: KitError) -> Response:
    return JSONResponse({"fault": error_in_words(error)}, 400)
