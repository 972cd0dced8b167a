"""Which proxy leads to an address, by the environment: all usual forms of its variables.

    HTTPS_PROXY=http://proxy.example:3128     for https addresses; HTTP_PROXY for http ones
    ALL_PROXY=socks5://127.0.0.1:1080         for both, where the others are not set
    NO_PROXY=localhost,.example.org,10.0.0.0/8,fd00::/8,[::1]:8080

Small letters come first, as with curl. A proxy never leads to this machine itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import quote, unquote, urlsplit

from digest.model.errors import ConfigError, Problem

#: What desktops and tools write, and what it stands for.
_SCHEMES = {
    "http": "http",
    "https": "https",
    "socks": "socks5h",
    "socks5": "socks5",
    "socks5h": "socks5h",
}
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_ALLOWED = "a proxy such as http://127.0.0.1:3128 or socks5://127.0.0.1:1080, or empty"

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and the variable that names it; `url` has the login, percent-encoded."""

    url: str
    variable: str

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS 5, and not HTTP."""
        return self.url.startswith("socks")

    def __str__(self) -> str:
        """Without its login."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]} ({self.variable})"


def proxy_of(url: str, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy that leads to an address; None for a direct way.

    Raises ConfigError, naming the variable, if what it says is not a proxy.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_here(host) or _is_excepted(host, parts.port or _PORTS[parts.scheme], environ):
        return None
    for name in (f"{parts.scheme}_proxy", "all_proxy"):
        variable, text = _found(name, environ)
        if text:
            return Proxy(_read(text, variable), variable)
    return None


def unreadable_exceptions(environ: Mapping[str, str]) -> list[str]:
    """What stands in NO_PROXY and is not a name, an address or a range of addresses."""
    return [entry for entry in _exceptions(environ) if "/" in entry and not _is_range(entry)]


def _found(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """A variable as it is spelled in the environment, and what it says; empty if it is not set."""
    for spelled in (name, name.upper()):
        if spelled in environ:
            return spelled, environ[spelled].strip()
    return name, ""


def _read(text: str, variable: str) -> str:
    """A proxy's address in one form. Raises ConfigError."""
    whole = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(whole)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        raise _problem(variable, "not a valid proxy address", _ALLOWED) from None
    if scheme in {"socks4", "socks4a"}:
        raise _problem(variable, "SOCKS 4 is not supported", "use SOCKS 5: socks5://HOST:PORT")
    if scheme not in _SCHEMES:
        raise _problem(variable, f"unknown kind of proxy {scheme + '://'!r}", _ALLOWED)
    if not (_HOST.fullmatch(host) or isinstance(_address(host), IPv6Address)) or port == 0:
        raise _problem(variable, "not a valid proxy address", _ALLOWED)
    scheme = _SCHEMES[scheme]
    login, at, _ = parts.netloc.rpartition("@")
    encoded = ":".join(quote(unquote(part), safe="") for part in login.split(":", 1))
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{encoded}{at}{shown}:{port or _PORTS[scheme]}"


def _problem(variable: str, what: str, allowed: str) -> ConfigError:
    # What it says is not shown: a login may be in it.
    return ConfigError(
        [Problem(variable, None, "", what, allowed)],
        hint=f"correct the environment variable {variable}, or unset it",
    )


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    address = _address(host)
    if address is not None:
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def _is_excepted(host: str, port: int, environ: Mapping[str, str]) -> bool:
    return any(_excepts(entry, host, port) for entry in _exceptions(environ))


def _exceptions(environ: Mapping[str, str]) -> Iterator[str]:
    return filter(None, re.split(r"[,;\s]+", _found("no_proxy", environ)[1].lower()))


def _excepts(entry: str, host: str, port: int) -> bool:
    """Whether an entry of NO_PROXY names a host."""
    if "/" in entry:
        address = _address(host)
        return address is not None and _is_range(entry) and address in _range(entry)
    if entry.count(":") == 1 or "]:" in entry:
        entry, _, wanted = entry.rpartition(":")
        if wanted not in {"", str(port)}:
            return False
    return _is_named(entry.strip("[]"), host.rstrip(".").lower())


def _is_named(name: str, host: str) -> bool:
    """A name stands for what ends with it, too; an address for itself; `*` for anything."""
    if "*" in name:
        return fnmatchcase(host, name) or host == name.removeprefix("*.")
    if _address(name) or _address(host):
        return _address(name) == _address(host)
    name = name.strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _is_range(entry: str) -> bool:
    try:
        _range(entry)
    except ValueError:
        return False
    return True


def _range(entry: str) -> IPv4Network | IPv6Network:
    return ip_network(entry.translate({ord("["): None, ord("]"): None}), strict=False)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
