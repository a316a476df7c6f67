"""Where a date is looked for when neither structured data nor the small print around the text gives one.

In order: what the page as a whole is dated, what its scripts call the publication, what the document's title says, what
stands beside the printed one, what the address says. Each is a whole day that is printed somewhere, never one made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from archive.text.dates import Moment
from archive.text.normalise import line
from crawler.extract.clean.entries import is_entry
from crawler.extract.dates.clock import OwnDates, is_clock
from crawler.extract.dates.date_lines import stands_in_a_sentence
from crawler.extract.dates.labelled_dates import printed_for
from crawler.page.dom import node_text, tag_selector, title_text
from crawler.page.metadata import Metadata
from crawler.page.outside import marks
from crawler.page.page import Page

_IN_SCRIPT = re.compile(
    r"""\\?["'](?:datePublished|publishedDate|published_?[aA]t|published_time|publishDate|firstPublished\w*|publishedFirst|publicationDate|first-publication|article_published_at|publishedTime|datecreated|dateCreated)\\?["']\s*:\s*\\?["'](?P<date>[^"'\\]{8,40})\\?["']"""
)
_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<gap>[/_-]?)(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})(?!\d)"
)
_BACKWARD_IN_ADDRESS = re.compile(r"(?<!\d)(?P<day>\d{2})[-_](?P<month>\d{2})[-_](?P<year>(?:19|20)\d{2})(?!\d)")
# A day with a sign behind it, bare or behind the word for a press release: "On 5 May 2021 – a Wednesday – …" is none.
_DATELINE = re.compile(
    r"""(?:(?:presse-?(?:mitteilung|meldung|information)|medienmitteilung|mitteilung|meldung|(?:press|news|media) release|communiqué(?: de presse)?|comunicado(?: de prensa)?|comunicato(?: stampa)?|nota de prensa|persbericht)(?: (?:vom|of|from|du|de|del|van))?[ ,:]+)?"""
    r"""(?P<date>\d{1,2}\. ?\d{1,2}\. ?(?:19|20)\d\d|\d{1,2}/\d{1,2}/(?:19|20)\d\d|\d{1,2}\.? (?:de )?[^\W\d_]{3,12}\.? (?:de )?(?:19|20)\d\d|[^\W\d_]{3,9}\.? \d{1,2}, (?:19|20)\d\d) ?(?:[|–—:„“"«»]|- |--)""",
    re.I,
)
_ATTRIBUTES = (
    "datetime",
    "data-pubdate",
    "publishdate",
    "data-published",
    "data-date",
    "data-datetime",
    "data-timestamp",
    "title",
    "content",
)
_NAMES = re.compile(
    r"date|datum|fecha|data\b|time|publi|posted|created|meta|info|byline|submitted|stand|dateline", re.I
)
_MODIFIED = re.compile(
    r"updated|modified|actuali[sz]|aktuali|mis[e]? à jour|aggiornat|cập nhật|last changed|edited", re.I
)
_PUBLISHED = re.compile(r"\b(?:published|posted|written|veröffentlicht|publié|publicado|pubblicato)\b", re.I)
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:relate[ds]?\w*|recommend\w*|comments?|teasers|promos?|popular|trending|calendar|copyright|navbar|menu|latest|archives?|most-?read)(?:$|[\s_-])",
    re.I,
)
_NAMED = 'time, [class*="date" i] > span, abbr[title], [class*="date" i], [class*="datum" i], [class*="publi" i], [class*="posted" i], [class*="time" i], [property*="date" i], [property*="created" i], [data-pubdate], [publishdate]'
_NEAR = 'time, abbr[title], [class*="date" i], [class*="datum" i], [class*="time" i], [class*="publi" i], [class*="meta" i], [class*="info" i], [class*="posted" i], [class*="stand" i], [data-pubdate], [publishdate], [property*="date" i], [itemprop*="date" i], span, p, small, li, div, td, em, b, strong, h3, h4, h5, h6'
LIMIT = 160
_LABEL_LIMIT = 40
REACH = 150
"""Elements before and after the title among which its date is looked for."""


def last_dates(
    page: Page,
    metadata: Metadata,
    title: LexborNode | None,
    read: Callable[[str], Moment | None],
    own: OwnDates | None = None,
) -> dict[str, str]:
    """Printed dates by the name of their source, in order of trust; ``read`` says whether a text is a date.

    ``own`` says which of them may be the article's; without it (pages that are not Vietnam's) each may.
    """
    found = dict(metadata.page_published)
    script = _IN_SCRIPT.search(page.text)
    if script is not None and read(script["date"]) is not None:
        found.setdefault("script", script["date"])
    named = metadata.titles.get("title") or ""
    if read(named) is not None:
        found["title"] = named
    beside = _beside_title(page, title, read, own)
    if beside is not None:
        found["visible"] = beside
    address = date_in_address(page.url)
    if address is not None:
        found["address"] = address
    return found


def date_of_dateline(text: str, read: Callable[[str], Moment | None]) -> str | None:
    """The day a text begins with, as agencies and press offices set it: "29.11.2022 – …", "Press release of 5 May 2021 | …"."""
    found = _DATELINE.match(text[:LIMIT])
    moment = read(found["date"]) if found is not None else None
    return found["date"] if found is not None and moment is not None and moment.precision != "month" else None


def date_in_address(url: str) -> str | None:
    """The day an address names (``/2020/04/26/…``, ``/2023-2-6/…``) as ``YYYY-MM-DD``; eight digits in a row count too."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return None
    backward = _BACKWARD_IN_ADDRESS.search(path)
    if backward is not None and int(backward["month"]) <= 12 and 1 <= int(backward["day"]) <= 31:
        return f"{backward['year']}-{backward['month']}-{backward['day']}"
    for match in _IN_ADDRESS.finditer(path):
        month, day = int(match["month"]), int(match["day"])
        if match["gap"] == "" and (len(match["month"]), len(match["day"])) != (2, 2):
            continue
        if 1 <= month <= 12 and 1 <= day <= 31:
            return f"{match['year']}-{month:02}-{day:02}"
    return None


def _beside_title(
    page: Page, title: LexborNode | None, read: Callable[[str], Moment | None], own: OwnDates | None
) -> str | None:
    """The date printed nearest the title, one that a class or its own line calls a date before one in passing."""
    if title is None:
        return _first_named(page, read, _NAMED, own) or _first_named(page, read, _NEAR, own)
    best: tuple[float, str] | None = None
    bare = _bare_line_below(title, read)
    if bare is not None:
        return bare
    for distance, node in _around(page, title):
        for text in _texts(node):
            moment = read(text)
            if moment is None or moment.precision == "month":
                continue
            if own is None and is_clock(node, text):
                continue
            if own is not None and stands_in_a_sentence(text, moment):
                continue
            if own is not None and (not own.has(node, text, read) or is_entry(node, title_text(title))):
                continue
            published, modified = printed_for(text) if own is not None else (text, None)
            rank = _rank(node, published or text, moment) - distance / 20 - (3 if published is None and modified else 0)
            if best is None or rank > best[0]:
                best = (rank, published or text)
            break
    if best is not None:
        return best[1]
    return _first_named(page, read, _NAMED, own) or _first_named(page, read, _NEAR, own)


def _rank(node: LexborNode, text: str, moment: Moment) -> float:
    """How much a printed date looks like one of publication."""
    rank = 2.0 if node.tag == "time" or _NAMES.search(marks(node)) else 0.0
    rank += 2 if moment.end - moment.start > 0.4 * len(text) else 0
    label = text[: moment.start] if moment.start > 2 else _label_beside(node)
    # "updated" as a class says nothing: hAtom themes bear it on the day of publication
    rank += 2 if _PUBLISHED.search(label) else 0
    return rank - (3 if _MODIFIED.search(label) or "modified" in marks(node).lower() else 0)


def _label_beside(node: LexborNode) -> str:
    """The words of the element right before one that prints a bare date: "Last updated on:"."""
    before = node.prev
    while before is not None and not before.is_element_node and not (before.text_content or "").strip():
        before = before.prev
    words = "" if before is None else node_text(before) if before.is_element_node else before.text_content or ""
    return words if len(words) <= _LABEL_LIMIT else ""


def _bare_line_below(title: LexborNode, read: Callable[[str], Moment | None]) -> str | None:
    """The date that stands right below a title as text of no element of its own, and is all the line says."""
    after, looked = title.next, 0
    while after is not None and looked < 4:
        text = line("" if after.is_element_node else after.text_content or "")
        if text:
            moment = read(text) if len(text) <= _LABEL_LIMIT + 20 else None
            whole = moment is not None and moment.end - moment.start > 0.6 * len(text)
            return text if whole and moment is not None and moment.precision != "month" else None
        if after.is_element_node and after.tag not in ("br", "hr"):
            return None
        after, looked = after.next, looked + 1
    return None


def _first_named(page: Page, read: Callable[[str], Moment | None], selector: str, own: OwnDates | None) -> str | None:
    """The first date a page prints in an element made or named for dates, or that prints little else."""
    for node in page.tree.css(selector)[:400]:
        if len(node.text(deep=True)) > LIMIT or _is_elsewhere(node):
            continue
        for text in _texts(node):
            moment = read(text)
            if moment is None or moment.precision == "month" or _rank(node, text, moment) <= 1:
                continue
            if own.has(node, text, read) if own is not None else not is_clock(node, text):
                return text
    return None


def _around(page: Page, title: LexborNode) -> list[tuple[float, LexborNode]]:
    """Small elements near the title with their distance, counted in such elements; those before it count as farther."""
    nodes = page.tree.css(f"{tag_selector(title)}, {_NEAR}")
    at = next((at for at in range(len(nodes) - 1, -1, -1) if nodes[at].mem_id == title.mem_id), 0)
    before = [node for node in nodes[:at] if node.mem_id != title.mem_id]
    after = [node for node in nodes[at:] if node.mem_id != title.mem_id]
    above = [(1.5 * distance, node) for distance, node in enumerate(_small(reversed(before)), 1)]
    below = [(1.0 * distance, node) for distance, node in enumerate(_small(after))]
    return above[::-1] + below


def _small(nodes: Iterable[LexborNode]) -> Iterator[LexborNode]:
    """The first of the nodes, in the order they are given, that hold little and are of the article."""
    return islice((node for node in nodes if _holds_little(node) and not _is_elsewhere(node)), REACH)


def _holds_little(node: LexborNode) -> bool:
    """Whether an element is short enough for a line that tells a date; blanks of the markup count, save in small print."""
    length = len(node.text(deep=True))
    return length <= LIMIT * 2 or (node.tag == "small" and length <= LIMIT * 20 and len(node_text(node)) <= LIMIT)


def _texts(node: LexborNode) -> list[str]:
    """What may hold a node's date: its machine-written attributes, then its words."""
    attributes = node.attributes
    said = [line(value) for name in _ATTRIBUTES if (value := attributes.get(name)) and any(map(str.isdigit, value))]
    text = node_text(node)
    return [*said, text] if 6 <= len(text) <= LIMIT else said


def _is_elsewhere(node: LexborNode) -> bool:
    in_footer = False
    for parent in islice(_upwards(node), 4):
        names = marks(parent)
        if parent.tag == "nav" or _name_elsewhere(names):
            return True
        in_footer = in_footer or parent.tag == "footer" or "footer" in names.lower()
    # asked last: the way up to the root is long where a page forgot to close its tags
    return in_footer and not any(parent.tag == "article" for parent in _upwards(node))


@lru_cache(maxsize=4096)  # a theme gives few names to many elements
def _name_elsewhere(names: str) -> bool:
    return _ELSEWHERE.search(names) is not None


def _upwards(node: LexborNode) -> Iterator[LexborNode]:
    """A node, then its ancestors below the root element."""
    current: LexborNode | None = node
    while current is not None and current.tag not in ("html", "-document"):
        yield current
        current = current.parent
