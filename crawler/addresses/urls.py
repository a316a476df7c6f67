"""URLs: one form to fetch, one canonical form to tell two addresses of the same page from two pages.

What is fetched is what the portal links, percent-encoded where it must be: ``+`` and the portal's own encoding survive.
The canonical form is only compared, never fetched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from archive.database.percent_encoding import percent_encoded

DEFAULT_PORTS = {"http": 80, "https": 443}


_INVISIBLE = "".join(map(chr, range(33))) + "\x7f\xa0\u200b\u200e\u200f\u2060\ufeff"


_LINE_ENDS = str.maketrans("", "", "\t\n\r")


_MISWRITTEN = re.compile(r"(?:https?:?/*)*(https?)(?::/*|//+)", re.I)


_WELL_WRITTEN = re.compile(r"https?://[^/:]+(?::\d+)?(?:[/?#]|$)", re.I)


_AS_FETCHED = re.compile(
    r"https?://[a-z0-9-]++(?:\.[a-z0-9-]++)*+\.[a-z]++/(?:[\w~-][\w.~-]*+/)*+(?:[\w~-][\w.~-]*+)?+", re.ASCII
)
"""An address of plain letters, without port, dots for folders or a query: nothing in it needs mending."""


_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org|gov|edu|info)(?::\d+)?$", re.I)


CAMPAIGN_KEYS = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|gclsrc|gad_source|gad_campaignid|gbraid|wbraid|dclid|srsltid|msclkid|yclid|ysclid|twclid|"
    r"ttclid|rdt_cid|li_fat_id|igshid|igsh|mibextid|zarsrc|zalo_\w+|mc_[ce]id|_gl|_ga|_gac|_hsenc|_hsmi|hsctatracking|"
    r"fb_(?:action_ids|action_types|source|ref|comment_id)|__cft__\S*|__tn__|_openstat|vero_id|oly_(?:anon|enc)_id|mkt_tok|"
    r"aspxautodetectcookiesupport)$",
    re.I,
)
"""Query keys that tell by which way a visitor came, and nothing of the page. Only names nobody gives a page's number."""


SESSION_KEYS = re.compile(r"^(?:jsessionid|phpsessid|aspsessionid\w*|cftoken|cfid|oscsid|zenid)$", re.I)
"""Query keys that name a visit, whatever their value."""


_MAY_BE_SESSION = re.compile(r"^(?:s|sid|ssid|sess(?:ion)?(?:_?id)?|sessid|xid|token)$", re.I)
"""Query keys that name a visit on one site and an article on another: their value tells."""


_SESSION_VALUE = re.compile(
    r"(?=.*[a-f])(?=.*\d)[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=(?:\D*\d){3})(?=.*[a-z])[0-9a-z,]{22,}|\d{20,}",
    re.I,
)
"""What session ids look like: long and of hexadecimal digits, or a long mixture of letters and digits. Short numbers and
words with hyphens name pages."""


_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.I)


_ASPNET_SESSION = re.compile(r"/\((?:(?:[A-Z]\([^()/]*\))+|[a-z0-5]{24})\)(?=/|$)", re.I)
"""ASP.NET's cookieless session, ``/(S(lit3py55t21z5v55vlm25s55))/``, ``/(X(1)F(…)S(…))/`` and, of version 1, the bare token."""


def absolute(base: str, href: str | None) -> str | None:
    """``href`` as an http(s) URL fit to be fetched, without fragment; ``None`` for anything else (mail, script, …).

    As browsers do (WHATWG URL): line ends and tabs go, a backslash before the query is a slash. Beyond them, a scheme
    written twice or with too few slashes is mended where a host follows, and a host without a scheme is taken as one.
    """
    if href is None:
        return None
    href = href.strip(_INVISIBLE).translate(_LINE_ENDS)
    if not href or href[0] == "#":
        return None
    if _AS_FETCHED.fullmatch(href):  # most links of most pages
        return href
    if "\\" in href:
        path = re.split(r"[?#]", href, maxsplit=1)[0]
        href = path.replace("\\", "/") + href[len(path) :]
    if href[:4].lower() in ("http", "www.") or href.startswith(_netloc(base)):
        href = _with_scheme(base, href)
    try:
        parts = urlsplit(urljoin(base, href))
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            return None
        host, port = parts.hostname.lower(), parts.port
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except (ValueError, UnicodeError):
        return None
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    return percent_encoded(urlunsplit((parts.scheme, netloc, _without_dots(parts.path) or "/", parts.query, "")))


def _with_scheme(base: str, href: str) -> str:
    """An address whose scheme is missing or miswritten, mended; any other as it is."""
    if _WELL_WRITTEN.match(href):
        return href
    rest = href
    scheme = None
    if href[:4].lower() == "http" and (found := _MISWRITTEN.match(href)):
        scheme, rest = found[1].lower(), href[found.end() :]
    first = re.split(r"[/?#]", rest, maxsplit=1)[0].lower()
    own = _netloc(base)
    is_host = first and (first.removeprefix("www.") == own or bool(_HOST.match(first)))
    if scheme is not None:
        return f"{scheme}://{rest}" if is_host or href[len(scheme) :].startswith("://") else href
    # without any scheme only what nobody would call a file of his own: the portal's own host, or www
    return f"//{href}" if is_host and (first.startswith("www.") or first.removeprefix("www.") == own) else href


@lru_cache(maxsize=64)
def _netloc(base: str) -> str:
    """Host and port of ``base`` without ``www.``."""
    at = base.find("//") + 2
    return re.split(r"[/?#]", base[at:], maxsplit=1)[0].lower().rpartition("@")[2].removeprefix("www.")


def without_visit(url: str) -> str:
    """``url`` without what names the visit and not the page: session ids and campaign marks. All else stays as written."""
    url = without_visit_in_path(url)
    bare, mark, query = url.partition("?")
    if not mark:
        return url
    fields = query.split("&")
    kept = [field for field in fields if not names_visit(*map(unquote, field.partition("=")[::2]))]
    if len(kept) == len(fields):
        return url
    return bare + ("?" + "&".join(kept) if kept else "")


def without_visit_in_path(url: str) -> str:
    """As :func:`without_visit`, the query left alone."""
    if "(" not in url and ";" not in url:
        return url
    parts = urlsplit(url)
    path = _ASPNET_SESSION.sub("", _PATH_SESSION.sub("", parts.path)) or "/"
    return urlunsplit(parts._replace(path=path)) if path != parts.path else url


def names_visit(key: str, value: str) -> bool:
    """Whether a field of a query names the visit (a session, a campaign) and not the page."""
    if SESSION_KEYS.match(key) or CAMPAIGN_KEYS.match(key):
        return True
    return _MAY_BE_SESSION.match(key) is not None and _SESSION_VALUE.fullmatch(value) is not None


def canonical(url: str) -> str:
    """The form in which two addresses of one page are equal, as far as any server's addresses are.

    Session ids and campaign marks go, query keys are sorted, percent-encoding is made uniform, ``index.php`` or
    ``index.html`` at the end of the path goes. Case of the path stays: many servers tell it apart.
    """
    parts = urlsplit(url)
    bare = parts.path
    if ";" in bare or "(" in bare:
        bare = _ASPNET_SESSION.sub("", _PATH_SESSION.sub("", bare))
    path = quote(unquote(bare), safe="/:@!$&'()*+,;=~-._")
    path = re.sub(r"/{2,}", "/", path)
    path = re.sub(r"/index\.(?:php|html?|aspx?)$", "/", path) or "/"
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not names_visit(k, v)]
    netloc = parts.netloc.lower().rpartition("@")[2]
    return urlunsplit((parts.scheme.lower(), netloc, path, urlencode(sorted(dict.fromkeys(pairs))), ""))


def origin(url: str) -> str:
    """Scheme, host and port of ``url``: the unit robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def host_port(url: str) -> tuple[str, int]:
    """Host name and port ``url`` is fetched from."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme, 80)


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
