"""Unencrypted: what a browser finds that asks in the open, as where somebody types the bare address.

It is a page that says what the browser will say next, and what to tap; a link leads on. Nothing is asked for,
and no code and no secret is there: whoever is between may read and change it all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from retrain_kit.classroom import readers
from retrain_kit.classroom.app import static_file
from retrain_kit.classroom.certificates import WARNINGS, own_warning
from retrain_kit.classroom.limits import RequestGuard, RequestRefusedError
from retrain_kit.classroom.networks import place_of
from retrain_kit.storage.languages import gettext, interface_language, unreviewed_words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from retrain_kit.classroom.certificates import Certificate
    from retrain_kit.classroom.classroom import Classroom
    from retrain_kit.classroom.endpoint import ClassEndpoint


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).with_name("static"))
    page = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    page.globals["gettext"] = gettext
    return page.get_template("unencrypted.html.j2")


def warning_page(browser: str, link: str, certificate: Certificate) -> str:
    """Return the page: what the browser that names itself so will say, then what the others say."""
    found = own_warning(browser)
    own = [found] if found else WARNINGS
    others = [each for each in WARNINGS if each not in own]
    spoken = {"language": interface_language(), "unreviewed": unreviewed_words()}
    return _template().render(own=own, others=others, link=link, groups=certificate.groups, **spoken)


def unencrypted_application(classroom: Classroom, endpoint: ClassEndpoint) -> ASGIApp:
    """Return what answers on a class's port where nothing is encrypted yet."""
    certificate = endpoint.certificate
    if not certificate:
        raise ValueError("the class is not encrypted")

    def leads_to(request: Request) -> str:
        return f"https://{request.headers['host'].lower()}{request.url.path}"

    async def page(request: Request) -> Response:
        _visit(classroom, request)
        html = warning_page(request.headers.get("user-agent", ""), leads_to(request), certificate)
        return Response(html, media_type="text/html")

    async def style(request: Request) -> Response:
        _visit(classroom, request)
        name = request.path_params["name"]
        return static_file(name if name.endswith(".css") else "")

    async def elsewhere(request: Request) -> Response:
        """Lead on whoever knows where to go, as the teacher, whose secret stays in the browser on the way."""
        _visit(classroom, request)
        return RedirectResponse(leads_to(request), 307)

    routes = [
        Route("/", page),
        Route("/files/{name:path}", style),
        Route("/{path:path}", elsewhere),
    ]
    inner = Starlette(routes=routes, exception_handlers={RequestRefusedError: _refused})  # type: ignore[dict-item] # by class
    origins = {f"http://{host}" for host in endpoint.hosts}
    guard = RequestGuard(inner, endpoint.hosts, origins)
    return readers.Interpreter(guard, classroom.programme.language)


def _visit(classroom: Classroom, request: Request) -> None:
    classroom.visits.take(place_of(request.client.host) if request.client else "")


async def _refused(_: Request, error: RequestRefusedError) -> Response:
    return JSONResponse({"fault": error.message}, error.status)
