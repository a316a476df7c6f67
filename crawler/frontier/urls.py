"""URLs: one form to fetch, one canonical form to tell two addresses of the same page from two pages.

What is fetched is what the portal links, percent-encoded where it must be: ``+`` and the portal's own encoding survive.
The canonical form is only compared, never fetched.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_KEEP = "/:@!$&'()*+,;=~-._%"

SESSION_KEYS = re.compile(
    r"^(jsessionid|phpsessid|aspsessionid\w*|sid|sessionid|session_id|cfid|cftoken|utm_\w+|fbclid|gclid|zarsrc)$", re.I
)
"""Query keys that name a visit, not a page."""

_SITE_COLLECTION = re.compile(r"/sites/(?!(?:default|all)(?:/|$))([a-z0-9._-]+)(?:/|$)", re.I)

_PATH_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)


def absolute(base: str, href: str) -> str | None:
    """``href`` as an http(s) URL fit to be fetched, without fragment; ``None`` for anything else (mail, script, …)."""
    href = href.strip().replace("\n", "").replace("\r", "").replace("\t", "")
    if not href or href[0] == "#":
        return None
    try:
        parts = urlsplit(urljoin(base, href))
        if parts.scheme not in _PORTS or not parts.hostname:
            return None
        host, port = parts.hostname.lower(), parts.port
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except (ValueError, UnicodeError):
        return None
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = quote(_without_dots(parts.path) or "/", safe=_KEEP)
    return urlunsplit((parts.scheme, netloc, path, quote(parts.query, safe=_KEEP + "?[]|"), ""))


def canonical(url: str) -> str:
    """The form in which two addresses of one page are equal, as far as any server's addresses are.

    Session ids and campaign marks go, query keys are sorted, percent-encoding is made uniform, ``index.php`` or
    ``index.html`` at the end of the path goes. Case of the path stays: many servers tell it apart.
    """
    parts = urlsplit(url)
    path = quote(unquote(_PATH_SESSION.sub("", parts.path)), safe="/:@!$&'()*+,;=~-._")
    path = re.sub(r"/{2,}", "/", path)
    path = re.sub(r"/index\.(?:php|html?|aspx?)$", "/", path) or "/"
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not SESSION_KEYS.match(k)]
    netloc = parts.netloc.lower().rpartition("@")[2]
    return urlunsplit((parts.scheme.lower(), netloc, path, urlencode(sorted(dict.fromkeys(pairs))), ""))


def origin(url: str) -> str:
    """Scheme, host and port of ``url``: the unit robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def host_port(url: str) -> tuple[str, int]:
    """Host name and port ``url`` is fetched from."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)


def same_site(url: str, portal_url: str) -> bool:
    """Whether ``url`` belongs to the portal at ``portal_url``: the same host, ``www.`` or not, http or https.

    A portal on a port of its own is that port alone. A portal that is a site collection (``/sites/unit/``) is that path.
    """
    return same_host(url, portal_url) and site_collection(portal_url) in (None, site_collection(url))


def same_host(url: str, portal_url: str) -> bool:
    """Whether ``url`` lies on the portal's host and port, wherever there."""
    one, two = urlsplit(url), urlsplit(portal_url)
    if _bare(one.hostname) != _bare(two.hostname):
        return False
    ports = {one.port or _PORTS.get(one.scheme), two.port or _PORTS.get(two.scheme)}
    return len(ports) == 1 or ports == {80, 443}


def portal_name(url: str) -> str:
    """A portal's name: its host without ``www.`` and ``.gov.vn``, else host-port where the port is its own.

    One of several site collections on a host bears its name too: ``w3.lamdong-ductrong``.
    """
    host, port = host_port(url)
    name = _bare(host).removesuffix(".gov.vn")
    parts = [name, None if port in (80, 443) else str(port), site_collection(url)]
    return "-".join(part for part in parts if part)


def site_collection(url: str) -> str | None:
    """The unit of a SharePoint site collection, ``ductrong`` of ``/sites/ductrong/…``: one of many portals of a host.

    Drupal keeps files, and no portal, under ``/sites/default`` and ``/sites/all``.
    """
    match = _SITE_COLLECTION.match(urlsplit(url).path)
    return match[1].lower() if match else None


def _bare(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.")


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)
