"""Proxies: a class behind a reverse proxy or a tunnel, under an address that others know.

There everybody comes from one address, that of the proxy. Who they are is known only where the proxy says so
and is trusted; else limits go by seat and by page alone, and the proxy itself is never shut out.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, unquote, urlsplit

from starlette.responses import RedirectResponse
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

_PORTS = {"http": 80, "https": 443}
_KEPT = "https://class.example.org/sub/"


def origin(scheme: str, host: str, port: int | None) -> str:
    """Return an address without a path, as browsers write it: the usual port is left out."""
    shown = "" if port in {None, _PORTS[scheme]} else f":{port}"
    return f"{scheme}://{host}{shown}"


@dataclass(frozen=True)
class PublicUrl:
    """The address under which others know the class.

    Parameters
    ----------
    origin
        As `https://class.example.org`.
    path
        Where the class lies there, as `/sub`; empty at the root.
    """

    origin: str
    path: str

    @classmethod
    def parse(cls, stated: str) -> Self:
        """Return an address that was typed.

        Raises
        ------
        ParameterError
            When it is none, or what people say would travel unencrypted.
        """
        try:
            parts = urlsplit(stated.strip())
            host = (parts.hostname or "").encode("idna").decode("ascii")
            port = parts.port
        except ValueError:
            host = ""
        if not host or parts.scheme not in _PORTS or parts.query or parts.fragment or parts.username:
            raise ParameterError(Fault("public-url", repr(stated), f"an address, as {_KEPT}"))
        if parts.scheme == "http" and not _is_here(host):
            do = "Browsers sign nothing, and everybody between reads along, without encryption."
            raise ParameterError(Fault("public-url", repr(stated), f"https, as {_KEPT}", do))
        shown = f"[{host}]" if ":" in host else host
        return cls(origin(parts.scheme, shown, port), quote(unquote(parts.path.rstrip("/"))))

    @property
    def link(self) -> str:
        """The address of the class's page."""
        return f"{self.origin}{self.path}/"


@dataclass(frozen=True)
class Proxies:
    """Who stands between people and the class.

    Parameters
    ----------
    public
        The address under which others know the class; None where nobody stands between.
    trusted
        The networks of the proxies that are believed when they say for whom they ask.
    """

    public: PublicUrl | None = None
    trusted: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def stated(cls, public: str | None, trusted: Iterable[str] = ()) -> Self:
        """Return what was typed.

        Raises
        ------
        ParameterError
            When it is no address, or no network; or somebody is trusted who stands nowhere.
        """
        networks = []
        for each in trusted:
            try:
                networks.append(ipaddress.ip_network(each, strict=False))
            except ValueError:
                expected = "an address or a network, as 10.0.0.7 or 10.0.0.0/24"
                raise ParameterError(Fault("trusted-proxy", repr(each), expected)) from None
        if networks and not public:
            do = "State with --public-url where the proxy gives the class to others."
            raise ParameterError(Fault("trusted-proxy", "no --public-url", "both", do))
        return cls(PublicUrl.parse(public) if public else None, tuple(networks))

    def __contains__(self, ip: object) -> bool:
        """Whether an address is a proxy's: with a public address, also this machine's own."""
        if not self.public:
            return False
        try:
            address = ipaddress.ip_address(str(ip))
        except ValueError:
            return False
        return address.is_loopback or any(address in network for network in self.trusted)

    def over(self, app: ASGIApp) -> ASGIApp:
        """Return an application as it is behind them."""
        if not self.public:
            return app
        known = [str(network) for network in self.trusted]
        return ProxyHeadersMiddleware(_Proxied(app, self, self.public.path), known)  # type: ignore[arg-type, return-value] # of the same shape


@dataclass(frozen=True)
class _Proxied:
    """An application at a path, for people of whom only the proxy is known where it does not say more."""

    app: ASGIApp
    proxies: Proxies
    path: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["client"] and scope["client"][0] in self.proxies:
            scope["client"] = None
        path = unquote(self.path)
        if path and scope["path"] == path:
            await RedirectResponse(f"{self.path}/", 308)(scope, receive, send)
            return
        if path and scope["path"].startswith(f"{path}/"):
            scope["root_path"] = path
        await self.app(scope, receive, send)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
