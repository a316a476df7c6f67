"""XML as portals send it: labelled wrongly, behind a notice of PHP, with bare ampersands, with HTML's entities.

Strict parsers refuse such feeds and sitemaps, and lxml's recovery drops what follows the fault (``?a=1&b=2`` becomes
``?a=1=2``). So the text is mended first, outside of CDATA, and recovery is left with what nobody foresaw. Nothing in a
document is ever fetched or expanded: its DOCTYPE goes before it is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from lxml import etree

from archive.text.decode import decode

MAX_JUNK = 20_000
"""Characters before the root that may be a notice of PHP, blank lines, comments."""
MAX_TITLE = 20_000

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf|urlset|sitemapindex|opml)\b[^<>]*>", re.I)
_PAGE = re.compile(r"<(?:!doctype html|html|body)\b", re.I)
_AMPERSAND = re.compile(r"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]*)\s", re.I)
_NAMED = ("amp;", "lt;", "gt;", "quot;", "apos;")
_NO_TAG = re.compile(r"<(?![A-Za-z/!?_])")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TITLE = re.compile(r"<((?:[\w.-]+:)?(?:title|description|summary))(?:\s[^<>]*)?(?<!/)>", re.I)
_NAMESPACES = re.compile(r"""\sxmlns:([\w.-]+)\s*=""")
_PREFIXED = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]")
_APART = (("<![CDATA[", "]]>"), ("<!--", "-->"))


def parse_xml(body: bytes, content_type: str | None = None) -> etree._Element | None:
    """The root of a feed or sitemap, mended where it is broken; ``None`` when there is none in ``body``.

    The root is looked for in the first characters alone, and not in a page: one that quotes a feed is no feed.
    """
    text = _text(body, content_type)
    found = _ROOT.search(text[:MAX_JUNK])
    if found is None or _PAGE.search(text[: found.start()]):
        return None
    # what stands before the root goes: with a declaration the label of an encoding, with a DOCTYPE its entities
    text = _mended(_without(_ENTITY.findall(text[: found.start()]), text[found.start() :]))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _text(body: bytes, content_type: str | None) -> str:
    head = body.lstrip()[:4]
    if head[:2] in (b"<\0", b"\0<"):  # UTF-16 that bears no mark
        return body.decode("utf-16-le" if head[:1] == b"<" else "utf-16-be", "replace")
    return decode(body, content_type).text


def _without(entities: list[str], text: str) -> str:
    """The text without references to entities that its DOCTYPE declared: unexpanded, they would be read as addresses."""
    own = [re.escape(name) for name in entities if name + ";" not in html5]
    return re.sub(f"&(?:{'|'.join(own[:100])});", "", text) if own else text


def _mended(text: str) -> str:
    """A document from its root on, as well-formed as can be told."""
    text = _declared(_CONTROLS.sub("", text))
    pieces = [piece if apart else _NO_TAG.sub("&lt;", _AMPERSAND.sub(_entity, piece)) for piece, apart in _pieces(text)]
    return _plain_titles("".join(pieces))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A document cut into its CDATA sections and comments (True), which stay as they are, and what stands between."""
    at = 0
    while (start := text.find("<!", at)) >= 0:
        end = start + 2
        for opening, closing in _APART:
            if text.startswith(opening, start) and (close := text.find(closing, start)) >= 0:
                end = close + len(closing)
                yield text[at:start], False
                yield text[start:end], True
                at = end
                break
        else:
            if text.startswith(tuple(opening for opening, _ in _APART), start):
                break  # it never ends
            yield text[at:end], False
            at = end
    yield text[at:], False


def _plain_titles(text: str) -> str:
    """Titles and summaries as plain text: what looks like markup in them (``<b>``, ``a <b c``) names no address."""
    out, at = [], 0
    while (found := _TITLE.search(text, at)) is not None:
        end = text.find(f"</{found[1]}", found.end())
        if end < 0:
            break
        inner = text[found.end() : end]
        out.append(text[at : found.end()])
        is_plain = len(inner) < MAX_TITLE and "<![CDATA[" not in inner and "<link" not in inner and "<item" not in inner
        out.append(inner.replace("<", "&lt;") if is_plain else inner)
        at = end
    return "".join(out) + text[at:] if out else text


def _entity(found: re.Match[str]) -> str:
    """A reference XML knows, as it is; one of HTML as its character; a bare ampersand escaped."""
    name = found[1]
    if name is None:
        return "&amp;"
    if name in _NAMED:
        return found[0]
    if name[0] == "#":
        code = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
        return found[0] if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""
    return html5.get(name) or f"&amp;{name}"


def _declared(text: str) -> str:
    """Name spaces that are used and never declared are declared on the root: else their elements lose their names."""
    used = {prefix for prefix in _PREFIXED.findall(text) if prefix not in ("xml", "xmlns")}
    missing = used - set(_NAMESPACES.findall(text))
    if not missing:
        return text
    end = text.find(">")
    end -= text[end - 1] == "/"
    return text[:end] + "".join(f' xmlns:{p}="urn:undeclared:{p}"' for p in sorted(missing)[:50]) + text[end:]


def local_name(node: etree._Element) -> str:
    """The element's name without its namespace, in lower case; empty for comments."""
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def text_of(node: etree._Element) -> str:
    """All the text in an element: an address may stand in CDATA, or be broken by markup."""
    return "".join(piece for piece in node.itertext() if isinstance(piece, str)).strip()
