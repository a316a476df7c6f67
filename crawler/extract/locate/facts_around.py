"""The particulars around an article on software we do not know: dates, section, account, tags, files, views."""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborNode

from archive.model import Removed
from archive.text.dates import parse_date, parse_iso
from archive.text.normalise import line
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean import attachments
from crawler.extract.clean.blocks import Link, squeeze
from crawler.extract.clean.entries import is_entry
from crawler.extract.dates.clock import OwnDates
from crawler.extract.dates.date_lines import is_date_line, stands_in_a_sentence
from crawler.extract.dates.labelled_dates import DateRole, labelled_dates, printed_for, role_of, role_of_label
from crawler.extract.locate.bare_facts import HOME, section_of_trail, views_behind_eye
from crawler.extract.locate.extent import Region
from crawler.extract.locate.located import Located
from crawler.page.dom import LinksIn, node_text, some
from crawler.page.outside import is_outside, lies_outside, marks, path_to
from crawler.page.page import Page
from crawler.words.tables import WithWords

_DATE_NAMES = re.compile(r"date|time|publish|created|posted|submitted|ngay|meta|info|byline", re.I)
_DATE_WORDS = WithWords(r"{date_words}|\d{1,2}:\d{2}", "text")
_DATE_LIMIT = 140
_PARTS = re.compile(r"(?<!\s)\s++[|/•·–—-]\s++|(?:(?<!\s)\s++)?[|•·;]\s*+")
WRAPPERS = 40
"""Elements that print the same date, one within the other, that are looked at; broken pages nest a thousand."""
BREADCRUMB = '[class*="breadcrumb" i], [id*="breadcrumb" i], [aria-label*="breadcrumb" i], .pathway, [class*="duong-dan" i], [typeof*="BreadcrumbList"], [itemtype*="BreadcrumbList"], #portal-breadcrumbs'
_SECTION_NAMES = LinksIn(
    holders=".cat-links, [class*=category i], [class*=chuyen-muc i], [class*=chuyenmuc i], [class*=field-section], [class*=field-chuyen], [class*=post-cat i]",
    others='a[rel~="category"], [itemprop="articleSection"], [class*="cat-name" i], [class*="section-name" i]',
)
_ACTIVE = "nav .active > a, nav a.active, nav a[aria-current], .menu .active > a, li.current > a, li.selected > a, a.is-active, .active-trail > a, a.active-trail, [class*=menu i] .active > a, [class*=nav i] li.active > a, li.currentNode > a, .current-menu-item > a"
_TAGS = LinksIn(
    holders="[class*=tags i], [class*=keyword i], [class*=tu-khoa i], [class*=tukhoa i], #category, [class*=field-tag i], [class*=tag-list i]",
    others='a[rel~="tag"], a[href*="/tag/"], a[href*="/tags/"], a[href*="/tu-khoa/"]',
)
_FILES = LinksIn(
    holders="[class*=attach i], [class*=download i], [class*=file i], [class*=dinh-kem i], [class*=dinhkem i], [class*=tep- i], [class*=taive i], [class*=tai-ve i]",
    links="a[href]",
)
_ACCOUNT = 'a[rel~="author"], a[href*="/tac-gia/"], a[href*="/author/"], [itemprop="author"] [itemprop="name"], [itemprop="author"], [class~="author" i], [class*="author-name" i], [class*="username" i], [class*="documentAuthor" i] a, [class*="post-author" i], [class*="created-by" i]'


def fill_particulars(
    page: Page, located: Located, region: Region, title: LexborNode | None, *, foreign: bool = False
) -> None:
    """Dates, section, account, tags, files and views around an article; what is told by
    Vietnamese words is not looked for on a ``foreign`` page."""
    scope = _scope(region, title)
    own = OwnDates(title, region.body, page.fetched_at) if not foreign else None
    _marked_times(scope, region, located, own)
    if own is not None:
        _printed_dates(scope, region, located, own)
        located.section = (
            _section(page, located.title, scope)
            or section_of_trail(title, located.title)
            or _active_entry(page, located.title)
        )
    located.account = next(
        (
            text
            for node in scope.css(_ACCOUNT)
            if 2 < len(text := _unlabelled(node_text(node))) < 60 and not parse_date(text)
        ),
        None,
    )
    tags = [node_text(node) for node in _TAGS.of(scope) if not _in_outside_but_tags(node)]
    located.tags = [tag for tag in dict.fromkeys(tags) if tag and len(tag) < 80]
    for node in _FILES.of(scope):
        url = attachments.behind_viewer(page.resolve(node.attributes.get("href")))
        marked = "download" in node.attributes
        if url is not None and attachments.is_file_link(Link(url, node_text(node), download=marked)):
            located.attachments.append(attachments.attachment(url, node_text(node)))
    for node in some(scope.css("span, p, div, li, dd, td, em, small")) if not foreign else ():
        if node.css_first("div, p, ul") is not None or len(node.text(deep=True)) > _DATE_LIMIT:
            continue
        views = next(
            (n for part in _PARTS.split(node_text(node)) if (n := boilerplate.views_in(part)) is not None), None
        )
        if views is not None and not lies_outside(node):
            located.views = views
            located.removed.append(Removed("counter", node_text(node)))
            break
    if not foreign and located.views is None and (behind_eye := views_behind_eye(scope)) is not None:
        located.views = behind_eye[0]
        located.removed.append(Removed("counter", behind_eye[1]))


def _scope(region: Region, title: LexborNode | None) -> LexborNode:
    """The element that holds title, body and their small print: one or two above what they have in common."""
    scope = region.top
    length: int | None = None
    for _ in range(2):
        parent = scope.parent
        if parent is None or parent.tag in ("body", "html"):
            break
        length = length if length is not None else len(node_text(scope))
        if (longer := len(node_text(parent))) > 2.0 * length + 600:
            break
        scope, length = parent, longer
    return scope


def _marked_times(scope: LexborNode, region: Region, located: Located, own: OwnDates | None) -> None:
    inside = region.body.mem_id
    for node in some(scope.css("time[datetime]")):
        if (any(parent.mem_id == inside for parent in path_to(node)[:-1]) and _long(node)) or lies_outside(node):
            continue
        printed = line(node.attributes.get("datetime") or "") or node_text(node)
        if own is not None and not own.has(node, printed, lambda text: parse_iso(text) or parse_date(text)):
            continue
        target = located.modified if _label_before(node) == "modified" else located.published
        target.setdefault("time", line(node.attributes.get("datetime") or ""))
        if text := node_text(node):
            target.setdefault("visible", text)


def _label_before(node: LexborNode) -> DateRole:
    """The role a ``time`` element gets from the words between it and the one before it, in its line."""
    words, sibling = "", node.prev
    while sibling is not None and sibling.tag != "time":
        words = f"{node_text(sibling) if sibling.is_element_node else sibling.text_content or ''} {words}"
        sibling = sibling.prev
    around = node.parent
    if not words.strip() and around is not None and around.prev is not None and node.prev is None:
        words = node_text(around.prev) if around.prev.is_element_node else around.prev.text_content or ""
    return role_of_label(line(f"{words} {node_text(node)}").lower()[-120:]) if len(words) < 200 else ""


def _printed_dates(scope: LexborNode, region: Region, located: Located, own: OwnDates) -> None:
    inside = region.body.mem_id
    dates: dict[DateRole, list[tuple[int, str]]] = {"published": [], "modified": []}
    seen: Counter[str] = Counter()
    for node in some(
        scope.css("span, p, div, li, dd, em, i, small, td, time, font, b, label, strong, h4, h5, h6, footer, header")
    ):
        if len(node.text(deep=True)) > 3 * _DATE_LIMIT:
            continue
        text = node_text(node)
        if not 6 <= len(text) <= _DATE_LIMIT or seen[text] > WRAPPERS:
            continue
        moment = parse_date(text)
        if moment is None or stands_in_a_sentence(text, moment):
            continue
        seen[text] += 1
        if lies_outside(node) or is_entry(node, located.title) or not own.has(node, text):
            continue
        if any(parent.mem_id == inside for parent in path_to(node)) and not (
            _DATE_NAMES.search(marks(node)) or is_date_line(text)
        ):
            continue
        rank = (
            (2 if _DATE_NAMES.search(marks(node)) else 0)
            + (1 if _DATE_WORDS.search(text) else 0)
            + (2 if is_date_line(text) else 0)
        )
        if rank:
            _take_by_role(node, text, rank, dates)
    _choose_by_role(dates, located)


def _take_by_role(node: LexborNode, text: str, rank: int, dates: dict[DateRole, list[tuple[int, str]]]) -> None:
    """Note the dates of a line under their roles; the label of a bare date may stand beside it, in the element around it."""
    published, modified = printed_for(text)
    if published is None and modified is None:  # "2 giờ trước"
        published = text
    if published is not None and modified is None and not role_of(text) and _is_labelled_modified(node, text):
        published, modified = None, text
    if published is not None:
        dates["published"].append((rank + (role_of(published) == "published"), published))
    if modified is not None:
        dates["modified"].append((rank, modified))


def _is_labelled_modified(node: LexborNode, text: str) -> bool:
    around = node.parent
    for _ in range(2):
        if around is None or len(around.text(deep=True)) > _DATE_LIMIT:
            return False
        for date in labelled_dates(node_text(around)):
            if date.role == "modified" and date.text.lower().endswith(text.lower()):
                return True
        around = around.parent
    return False


def _choose_by_role(dates: dict[DateRole, list[tuple[int, str]]], located: Located) -> None:
    """The best of the dates of publication; where a page prints a modification alone, that one."""
    best = {role: max(found, key=lambda item: item[0])[1] for role, found in dates.items() if found}
    published = best.get("published") or best.get("modified")
    if published is not None and ("visible" not in located.published or best.get("published")):
        located.published.setdefault("visible", published)
    if "modified" in best and ("published" in best or "visible" in located.published):
        located.modified.setdefault("visible", best["modified"])


def _long(node: LexborNode) -> bool:
    return len(node_text(node.parent)) > _DATE_LIMIT


def _section(page: Page, title: str | None, scope: LexborNode) -> str | None:
    title_key = squeeze(title or "")
    for crumbs in page.tree.css(BREADCRUMB):
        names = [text for node in crumbs.css("a") if (text := node_text(node).strip(" »›>/"))]
        names = [name for name in names if not HOME.fullmatch(name) and squeeze(name) != title_key and len(name) < 80]
        if names:
            return names[-1]
    for node in _SECTION_NAMES.of(scope):
        if (
            re.search(r"author|byline|tag|date|posted-(?:by|on)", marks(node) + " " + marks(node.parent), re.I)
            if node.parent is not None
            else False
        ):
            continue
        if not _in_small(node, "categor|chuyen-?muc|section|field|cat-|genre") and "category" not in (
            node.attributes.get("rel") or ""
        ):
            continue
        text = boilerplate.section_in(node_text(node)) or node_text(node)
        if 2 < len(text) < 60 and squeeze(text) != title_key and not lies_outside(node):
            return text
    for node in some(scope.css("span, p, div, li, dd")):
        text = node_text(node)
        if len(text) < 120 and (section := boilerplate.section_in(text)):
            link = node.css_first("a[href]")
            return node_text(link) if link is not None and len(node_text(link)) > 2 else section
    return None


def _active_entry(page: Page, title: str | None) -> str | None:
    """The entry of the menu that is shown as the one under which the page stands."""
    title_key = squeeze(title or "")
    for node in page.tree.css(_ACTIVE):
        text = node_text(node)
        if 2 < len(text) < 60 and not HOME.fullmatch(text) and squeeze(text) != title_key:
            return text
    return None


def _in_small(node: LexborNode, names: str) -> bool:
    """Whether a small element around a node bears one of the names: the category line, not the body classed by category."""
    current: LexborNode | None = node
    for _ in range(4):
        if current is None or len(current.text(deep=True)) > 200:
            return False
        if re.search(names, marks(current), re.I):
            return True
        current = current.parent
    return False


def _unlabelled(text: str) -> str:
    return re.sub(
        r"^(?:viết bởi|tác giả|người đăng|theo|đăng bởi|by|author|submitted by|written by|bởi)\s*:?\s+",
        "",
        text,
        flags=re.I,
    ).strip()


def _in_outside_but_tags(node: LexborNode) -> bool:
    return any(
        is_outside(parent) and not re.search(r"tag|keyword|khoa|category", marks(parent), re.I)
        for parent in path_to(node)[:-1]
    )
