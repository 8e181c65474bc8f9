"""Unencrypted: what a browser finds that asks in the open, as where somebody types the bare address.

It is a page that says what the browser will say next, and what to tap; a link leads on. Nothing is asked for,
and no code and no secret is there: whoever is between may read and change it all.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from retrain_kit.classroom.app import static_file
from retrain_kit.classroom.certificates import warnings_for
from retrain_kit.classroom.limits import RequestGuard, RequestRefusedError
from retrain_kit.classroom.networks import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from retrain_kit.classroom.certificates import BrowserWarning, Certificate
    from retrain_kit.classroom.classroom import Classroom
    from retrain_kit.classroom.endpoint import ClassEndpoint

_PAGE = Path(__file__).with_name("static") / "unencrypted.html"
WORDS = {
    "title": "Before you join the class",
    "next": "Your browser will warn you now. That is expected here.",
    "why": (
        "This class runs on a machine in the room. No company vouches for it, so the browser asks whether "
        "you trust it. Everything you say there travels encrypted."
    ),
    "how": "What your browser says, and what to tap",
    "others": "Other browsers",
    "taps": "Tap {taps}.",
    "then": "then",
    "go": "Go on to the class",
    "sure": "To be quite sure",
    "compare": (
        "The wall shows the fingerprint of the certificate (SHA-256). Browsers on computers show it too, "
        "with the certificate that the warning speaks of. If they are the same, you are in the right place. If "
        "they are not, do not go on, and tell whoever runs the class. It should be:"
    ),
}


def warning_page(browser: str, link: str, certificate: Certificate) -> str:
    """Return the page: what the browser that names itself so will say, then what the others say."""
    own, *others = map(_told, warnings_for(browser))
    page = Template(_PAGE.read_text("utf-8"))
    words = {name: escape(told) for name, told in WORDS.items()}
    return page.substitute(
        words, link=escape(link), own=own, rest="".join(others), groups=_groups(certificate.groups)
    )


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
    return RequestGuard(inner, endpoint.hosts, origins)


def _visit(classroom: Classroom, request: Request) -> None:
    classroom.visits.take(place_of(request.client.host) if request.client else "")


def _told(warning: BrowserWarning) -> str:
    then = f"</strong>, {escape(WORDS['then'])} <strong>"
    taps = escape(WORDS["taps"]).format(taps=f"<strong>{then.join(map(escape, warning.taps))}</strong>")
    return f"<li><h3>{escape(warning.browser)}</h3><p>“{escape(warning.says)}”</p><p>{taps}</p></li>"


def _groups(groups: Iterable[str]) -> str:
    return " ".join(f"<code>{group}</code>" for group in groups)


async def _refused(_: Request, error: RequestRefusedError) -> Response:
    return JSONResponse({"fault": error.message}, error.status)
