"""A saved page as it was drawn: its styles put into it, its pictures from our captures, its links to what is held.

Nothing here makes a page safe: the policy of the answer (no origin, no script, no address but that of captured pictures) does, and
`archive.site.inert` for what no policy stops. What this misses is not drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote, urljoin, urlsplit

from archive.site.inert import inert_text

MOST_NEEDED = 400
"""Pictures and styles of a page that are looked for."""
MOST_LINKS = 10_000
"""Links of a page that lead somewhere."""
MOST_STYLE = 1_500_000
"""Characters of styles that are put into a page."""
MOST_IMPORTS = 3
"""How deep a style may bring in another."""

# A value without `<` ends at the next tag, so that a quote never closed costs no more than the text up to there.
_ATTRIBUTES = r"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+"
_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9:]{{0,20}})(?=[\s/>])({_ATTRIBUTES})>")
_ATTRIBUTE = re.compile(r"([^\s=\"'<>/]{1,60})(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_OPEN_LINK = re.compile(r"<(?:a|area)(?=[\s/>])(?! data-kept )", re.IGNORECASE)
_STYLE = re.compile(r"(<style(?=[\s>])[^<>]*+>)([^<]*+(?:<(?!/style)[^<]*+)*+)", re.IGNORECASE)
_URL = re.compile(r"url\(\s*+(?:\"([^\"\n]*+)\"|'([^'\n]*+)'|([^\s\"'()]++))\s*+\)", re.IGNORECASE)
_IMPORT = re.compile(
    r"@import\s++(?:url\(\s*+)?(?:\"([^\"\n]*+)\"|'([^'\n]*+)'|([^\s\"'();]++))\s*+\)?([^;{}]*+);?", re.IGNORECASE
)
_BASE = re.compile(rf"<base(?=[\s/])({_ATTRIBUTES})>", re.IGNORECASE)
_PICTURES = frozenset(("img", "input", "image"))
_LATE = ("data-src", "data-original", "data-lazy-src", "data-lazy", "src")
"""Where pages keep a picture's address, those a script would load first: none runs here."""
_GONE = frozenset(
    ("srcset", "data-srcset", "sizes", "loading", "ping", "target", "xlink:href", "href", "src", "action")
)

NOTHING = "data:,"


@dataclass(slots=True)
class Replay:
    """What a page is drawn with. The functions are asked for whole addresses; ``told`` names what is not held."""

    address: str
    picture: Callable[[str], str | None]
    """The address of our copy of a picture."""
    style: Callable[[str], str | None]
    """The text of our copy of a style sheet."""
    link: Callable[[str], str]
    """Where a link leads here."""
    not_saved: str
    """What stands in the place of a picture that is not held."""
    missing: list[str] = field(default_factory=list)
    _asked: int = 0
    _links: int = 0
    _styled: int = 0
    _made: set[str] = field(default_factory=set)
    """Addresses of our own that stand in the page already: what a style imports was rewritten before."""

    def drawn(self, html: str) -> str:
        """The page ready to be drawn in a sandbox."""
        base = _BASE.search(html, 0, 100_000)
        if base is not None:
            self.address = _absolute(self.address, _attributes(base[1]).get("href") or "") or self.address
        html = _STYLE.sub(lambda found: found[1] + _in_style(self._css(found[2], self.address, 0)), html)
        html = _TAG.sub(self._tag, html)
        return inert_text(_OPEN_LINK.sub("<wbr ", html))

    def _tag(self, found: re.Match[str]) -> str:
        name, printed = found[1].lower(), found[2]
        if name == "link":
            return self._sheet(_attributes(printed)) or found[0]
        if name in ("a", "area"):
            return self._link(name, _attributes(printed))
        if name in _PICTURES:
            return self._picture(found[1], _attributes(printed))
        if name == "source":
            return "<wbr>"  # the picture beside it is drawn
        lowered = printed.lower()
        if "style" in lowered or "background" in lowered:
            return self._styled_tag(found[1], _attributes(printed))
        return found[0]

    def _link(self, name: str, attributes: dict[str, str]) -> str:
        self._links += 1
        printed = attributes.get("href", "").strip() if self._links <= MOST_LINKS else ""
        kept = {key: value for key, value in attributes.items() if key not in _GONE and not key.startswith("on")}
        if printed.startswith("#") and name == "a":
            return _written(f"{name} data-kept", {**kept, "href": printed})
        address = _absolute(self.address, printed) if printed else None
        if address is None:
            return _written(f"{name} data-kept", kept)
        return _written(f"{name} data-kept", {**kept, "href": self.link(address), "target": "_top"})

    def _picture(self, name: str, attributes: dict[str, str]) -> str:
        if name.lower() == "input" and attributes.get("type", "").lower() != "image":
            return _written(name, {key: value for key, value in attributes.items() if not key.startswith("on")})
        looked_for = _LATE if self._asked < MOST_NEEDED else ()
        addresses = [found for key in looked_for if (found := _absolute(self.address, attributes.get(key, "")))]
        kept = {key: value for key, value in attributes.items() if key not in _GONE and not key.startswith("on")}
        if "style" in kept:
            kept["style"] = self._css(kept["style"], self.address, 0)
        own = next((held for address in dict.fromkeys(addresses) if (held := self._held(address))), None)
        if own is None and attributes.get("src", "").startswith("data:image/"):
            own = attributes["src"]
        if own is None and addresses:
            self.missing.append(addresses[-1])
        return _written(name, {**kept, "src": own or (_box(self.not_saved) if looked_for else NOTHING)})

    def _styled_tag(self, name: str, attributes: dict[str, str]) -> str:
        kept = {key: value for key, value in attributes.items() if not key.startswith("on")}
        if "style" in kept:
            kept["style"] = self._css(kept["style"], self.address, 0)
        if "background" in kept:
            address = _absolute(self.address, kept["background"])
            kept["background"] = (address and self._held(address)) or NOTHING
        return _written(name, kept)

    def _sheet(self, attributes: dict[str, str]) -> str | None:
        if "stylesheet" not in attributes.get("rel", "").lower().split():
            return None
        address = _absolute(self.address, attributes.get("href", ""))
        text = self._style_at(address, 0) if address else None
        if text is None:
            return ""
        media = attributes.get("media", "")
        return f"<style{f' media={_quoted(media)}' if media else ''}>{_in_style(text)}</style>"

    def _style_at(self, address: str, depth: int) -> str | None:
        self._asked += 1
        text = self.style(address) if self._asked <= MOST_NEEDED and self._styled < MOST_STYLE else None
        if text is None:
            self.missing.append(address)
            return None
        self._styled += len(text)
        return self._css(text[:MOST_STYLE], address, depth)

    def _css(self, text: str, address: str, depth: int) -> str:
        """A style with its pictures from our captures and the styles it imports put in their place."""

        def imported(found: re.Match[str]) -> str:
            wanted = _absolute(address, found[1] or found[2] or found[3] or "")
            inner = self._style_at(wanted, depth + 1) if wanted and depth < MOST_IMPORTS else None
            media = found[4].strip()
            return "" if inner is None else f"@media {media} {{ {inner} }}" if media else inner

        def picture(found: re.Match[str]) -> str:
            printed = (found[1] or found[2] or found[3] or "").strip()
            if printed.startswith(("data:image/", "#")) or printed in self._made:
                return found[0]
            wanted = _absolute(address, printed)
            own = self._held(wanted) if wanted else None
            return f'url("{own or NOTHING}")'

        return _URL.sub(picture, _IMPORT.sub(imported, text))

    def _held(self, address: str) -> str | None:
        self._asked += 1
        own = self.picture(address) if self._asked <= MOST_NEEDED else None
        if own is not None:
            self._made.add(own)
        return own


def _attributes(printed: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case, the first of each, entities resolved."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(printed):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return found


def _written(name: str, attributes: dict[str, str]) -> str:
    return f"<{name} {' '.join(f'{key}={_quoted(value)}' for key, value in attributes.items())}>"


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'


def _absolute(base: str, printed: str) -> str | None:
    """An address as a whole, without its fragment; ``None`` for what is no web address."""
    try:
        whole = urljoin(base, printed.strip())
        parts = urlsplit(whole)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc or not printed.strip():
        return None
    whole = whole.partition("#")[0]
    return "".join(c if "!" <= c <= "~" else quote(c) for c in whole)


def _in_style(text: str) -> str:
    """A style that cannot end the element it stands in."""
    return re.sub(r"<(?=[/!a-zA-Z])", r"\\3c ", text)


@lru_cache(maxsize=8)
def _box(words: str) -> str:
    """A grey box with words, as the address of a picture."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60"><rect width="240" height="60" fill="#eeeeec" stroke="#76817c"/>'
        f'<text x="120" y="35" font-family="sans-serif" font-size="14" text-anchor="middle" fill="#444">{escape(words)}</text></svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"
