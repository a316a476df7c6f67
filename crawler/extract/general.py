"""Locating an article on a page of no known family: title, text between and after, and the small print around them."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.model import Removed, RemovedKind
from archive.text.dates import parse_date
from archive.text.normalise import line
from crawler.extract import attachments, boilerplate
from crawler.extract.blocks import squeeze
from crawler.extract.date_lines import is_date_line
from crawler.extract.density import Weights, heaviest, path_to, weigh
from crawler.extract.located import Located, node_text, some, title_text
from crawler.extract.metadata import Metadata
from crawler.extract.regions import SKIPPED_TAGS, is_outside, marks
from crawler.extract.title import without_site
from crawler.page import Page

_TITLES = "h1, h2, h3, h4, [itemprop=headline], [class*=title i], [class*=tieude i], [class*=tieu-de i], [class*=headline i], [class*=header i] > span, [id*=title i]"
_TITLE_LIMIT = 400
_LINKED_HEADINGS = "h2 a[href], h3 a[href], h4 a[href], h5 a[href]"
_DATE_NAMES = re.compile(r"date|time|publish|created|posted|submitted|ngay|meta|info|byline", re.I)
_DATE_WORDS = re.compile(
    r"(?:ngày\s+)?(?:đăng|cập nhật|xuất bản|viết|tạo|gửi)|post(?:ed)?|published|submitted|created|thứ|chủ nhật|\d{1,2}:\d{2}|effective|ngày",
    re.I,
)
_MODIFIED_WORDS = re.compile(r"cập nhật(?: lần cuối)?|modified|updated|(?:chỉnh )?sửa (?:đổi|lần cuối)", re.I)
_DATE_LIMIT = 140
_BREADCRUMB = '[class*="breadcrumb" i], [id*="breadcrumb" i], [aria-label*="breadcrumb" i], .pathway, [class*="duong-dan" i], [typeof*="BreadcrumbList"], [itemtype*="BreadcrumbList"], #portal-breadcrumbs'
_HOME = re.compile(
    r"(?:trang chủ|trang nhất|home|trang chính|homepage|portal|cổng .*|you are here|bạn (?:đang )?ở đây.*|front ?page)\s*:?",
    re.I,
)
_SECTION_NAMES = 'a[rel~="category"], .cat-links a, [itemprop="articleSection"], [class*="category" i] a, [class*="chuyen-muc" i] a, [class*="chuyenmuc" i] a, [class*="field-section"] a, [class*="field-chuyen"] a, [class*="post-cat" i] a, [class*="cat-name" i], [class*="section-name" i]'
_ACTIVE = "nav .active > a, nav a.active, nav a[aria-current], .menu .active > a, li.current > a, li.selected > a, a.is-active, .active-trail > a, a.active-trail, [class*=menu i] .active > a, [class*=nav i] li.active > a, li.currentNode > a, .current-menu-item > a"
_TAGS = 'a[rel~="tag"], a[href*="/tag/"], a[href*="/tags/"], a[href*="/tu-khoa/"], [class*="tags" i] a, [class*="keyword" i] a, [class*="tu-khoa" i] a, [class*="tukhoa" i] a, #category a, [class*="field-tag" i] a, [class*="tag-list" i] a'
_ACCOUNT = 'a[rel~="author"], [itemprop="author"] [itemprop="name"], [itemprop="author"], [class~="author" i], [class*="author-name" i], [class*="username" i], [class*="documentAuthor" i] a, [class*="post-author" i], [class*="created-by" i]'
_KIND_NAMES: tuple[tuple[re.Pattern[str], RemovedKind], ...] = (
    (re.compile(r"relat|other|lien-?quan|tin-?khac", re.I), "related"),
    (re.compile(r"share|social", re.I), "share"),
    (re.compile(r"rating|vote", re.I), "rating"),
    (re.compile(r"comment|disqus", re.I), "comments"),
    (re.compile(r"print|toolbar|font", re.I), "toolbar"),
    (re.compile(r"advert|banner|quang-?cao|(?:^|[\s_-])ads?(?:$|[\s_-])", re.I), "spam"),
)  # fmt: skip


def by_density(page: Page, metadata: Metadata, way: str = "density") -> Located | None:
    """The article of a page by structure and the weight of its prose; ``None`` for a page without words."""
    root = page.tree.body
    if root is None:
        return None
    title = title_node(page, metadata)
    weights = weigh(page.tree, frozenset(node.mem_id for node in path_to(title)) if title is not None else frozenset())
    body = _body(page, root, weights)
    if weights.of(body) < 60:
        plain = weigh(page.tree, by_name=False)
        other = heaviest(root, plain)
        if plain.of(other) > 5 * weights.of(body) + 100:
            weights, body = plain, other
    located = Located(way)
    located.title = title_text(title)
    region = _Region(title, body, weights)
    located.markup, located.removed = without_outside("\n".join(node.html or "" for node in region.nodes()))
    _small_print(page, located, region, title)
    return located


def title_node(page: Page, metadata: Metadata) -> LexborNode | None:
    """The element that prints the title: the one that says what the markup says, else the first heading of the content."""
    said = [
        squeeze(without_site(text, metadata.site_name))
        for name in ("jsonld", "microdata", "og", "meta", "title")
        if (text := metadata.titles.get(name))
    ]
    whole = [squeeze(text) for text in metadata.titles.values()]
    best: tuple[int, LexborNode] | None = None
    first_h1: LexborNode | None = None
    for node in page.tree.css(_TITLES):
        if node.tag in SKIPPED_TAGS or node.tag in ("body", "a"):
            continue
        text = title_text(node) or ""
        key = squeeze(text)
        if len(key) < 4 or len(text) > _TITLE_LIMIT:
            continue
        heading = node.tag in ("h1", "h2", "h3", "h4")
        score = 0
        if key in said:
            score = 100
        elif any(len(key) >= 12 and other.startswith(key) for other in whole) or any(
            len(other) >= 12 and key.startswith(other.rstrip("…")) for other in said
        ):
            score = 60
        elif len(key) >= 16 and any(key in other for other in whole):
            score = 50
        if not score:
            if node.tag == "h1" and first_h1 is None and not _in_outside(node) and not _names_the_site(node, metadata):
                first_h1 = node
            continue
        score += {"h1": 12, "h2": 8, "h3": 4, "h4": 2}.get(node.tag or "", 0) - (0 if heading else 1)
        score -= 30 if _in_outside(node) else 0
        score -= 15 if _is_link(node) else 0
        if best is None or score > best[0]:
            best = (score, node)
    if best is not None and best[0] >= 30:
        return best[1]
    return first_h1


def without_outside(markup: str) -> tuple[str, list[Removed]]:
    """A fragment without the parts that are no content by their names, unless one holds most of the words."""
    tree = LexborHTMLParser(markup)
    body = tree.body
    if body is None:
        return "", []
    total = len(node_text(body)) or 1
    removed: list[Removed] = []
    doomed: list[LexborNode] = []
    stack = [body]
    while stack:
        node = stack.pop()
        child = node.child
        while child is not None:
            if child.is_element_node and child.tag not in SKIPPED_TAGS:
                if _is_file_list(child):
                    doomed.append(child)
                elif is_outside(child) and len(text := node_text(child)) < 0.4 * total and not _holds_files(child):
                    doomed.append(child)
                    _note(removed, child, text)
                else:
                    stack.append(child)
            child = child.next
    for node in doomed:
        node.decompose()
    return body.inner_html or "", removed


class _Region:
    """What belongs to an article: what stands between its title and its body, the body, and what follows it."""

    def __init__(self, title: LexborNode | None, body: LexborNode, weights: Weights) -> None:
        self.body, self.weights = body, weights
        self.path = path_to(body)
        self.title_path = path_to(title) if title is not None else []
        title_ids = {node.mem_id for node in self.title_path}
        self.before_title = title is None
        common = [node for node in self.path if node.mem_id in title_ids]
        self.top = common[-1] if common else (body.parent or body)
        self.title_inside = title is not None and any(node.mem_id == body.mem_id for node in self.title_path)
        if self.top.tag == "body" and len(self.path) > 4:
            self.top = self.path[-3]

    def nodes(self) -> list[LexborNode]:
        return [*self.before(), self.body, *self.after()]

    def before(self) -> list[LexborNode]:
        """Elements between the title and the body, in page order."""
        if self.title_inside:
            return []
        start = {node.mem_id for node in self.title_path}
        found: list[LexborNode] = []
        for ancestor, step in self._levels():
            level: list[LexborNode] = []
            child = ancestor.child
            seen_title = (
                not any(self._is(child_, start) for child_ in _children(ancestor))
                if ancestor.mem_id == self.top.mem_id
                else True
            )
            if ancestor.mem_id == self.top.mem_id and not self.title_path:
                seen_title = False
            while child is not None and child.mem_id != step.mem_id:
                if self._is(child, start):
                    seen_title = True
                    level = []
                elif seen_title and self._belongs(child):
                    level.append(child)
                child = child.next
            found += level
        return found

    def after(self) -> list[LexborNode]:
        """Elements after the body, from the inner levels outward, up to the first list of other news.

        Once small print begins (counter, tags, share buttons), only files are still taken.
        """
        found: list[LexborNode] = []
        closed = False
        for ancestor, step in reversed(self._levels()):
            child = step.next
            while child is not None:
                if child.is_element_node and child.tag not in SKIPPED_TAGS:
                    text = node_text(child)
                    if boilerplate.opens_with(text) == "related" or self._is_list_of_links(child, text):
                        return found
                    closed = closed or boilerplate.opens_with(text) is not None
                    if _holds_files(child) or (not closed and self._belongs(child) and len(text) < 1500):
                        found.append(child)
                child = child.next
            if ancestor.mem_id == self.top.mem_id:
                break
        return found

    def _levels(self) -> list[tuple[LexborNode, LexborNode]]:
        """Pairs of an ancestor and its child on the way to the body, from ``top`` down."""
        ids = [node.mem_id for node in self.path]
        if self.top.mem_id not in ids or self.top.mem_id == self.body.mem_id:
            return []
        start = ids.index(self.top.mem_id)
        return list(zip(self.path[start:-1], self.path[start + 1 :], strict=True))

    @staticmethod
    def _is(node: LexborNode, ids: set[int]) -> bool:
        return node.mem_id in ids

    def _belongs(self, node: LexborNode) -> bool:
        if not node.is_element_node or node.tag in SKIPPED_TAGS:
            return False
        if is_outside(node):
            return _holds_files(node)
        text = node_text(node)
        links = sum(len(node_text(link)) for link in node.css("a"))
        return (
            _holds_files(node)
            or (node.css_first("img") is not None and links < 0.7 * max(1, len(text)) + 5)
            or (bool(text) and links < 0.6 * len(text))
        )

    @staticmethod
    def _is_list_of_links(node: LexborNode, text: str) -> bool:
        links = [link for link in node.css("a[href]") if len(node_text(link)) > 15]
        return (
            len(links) >= 3 and not _holds_files(node) and sum(len(node_text(link)) for link in links) > 0.5 * len(text)
        )


def _children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.child
    while child is not None:
        children.append(child)
        child = child.next
    return children


def _body(page: Page, root: LexborNode, weights: Weights) -> LexborNode:
    named = [node for node in page.tree.css('[itemprop="articleBody"]') if weights.of(node) > 0]
    if len(named) == 1:
        return named[0]
    return _without_teasers(heaviest(root, weights), weights)


def _without_teasers(node: LexborNode, weights: Weights) -> LexborNode:
    """Down to the heaviest child without headings that are links, where an element holds text and teasers side by side."""
    while len(node.css(_LINKED_HEADINGS)) >= 2:
        plain = [
            child for child in _children(node) if child.is_element_node and child.css_first(_LINKED_HEADINGS) is None
        ]
        best = max(plain, key=weights.of, default=None)
        if best is None or weights.of(best) < 60:
            mixed = [child for child in _children(node) if child.is_element_node and weights.of(child) >= 60]
            if (
                not mixed
                or mixed[0].css_first(_LINKED_HEADINGS) is None
                or len(mixed[0].css(_LINKED_HEADINGS)) == len(node.css(_LINKED_HEADINGS))
            ):
                return node
            node = mixed[0]
            continue
        return heaviest(best, weights)
    return node


def _small_print(page: Page, located: Located, region: _Region, title: LexborNode | None) -> None:
    """Dates, section, account, tags, files and views around an article."""
    scope = _scope(region, title)
    _dates(scope, region, located)
    located.section = _section(page, located.title, scope)
    located.account = next(
        (
            text
            for node in scope.css(_ACCOUNT)
            if 2 < len(text := _unlabelled(node_text(node))) < 60 and not parse_date(text)
        ),
        None,
    )
    tags = [node_text(node) for node in scope.css(_TAGS) if not _in_outside_but_tags(node)]
    located.tags = [tag for tag in dict.fromkeys(tags) if tag and len(tag) < 80]
    for node in scope.css(
        "[class*=attach i] a[href], [class*=download i] a[href], [class*=file i] a[href], [class*=dinh-kem i] a[href], [class*=dinhkem i] a[href]"
    ):
        url = page.resolve(node.attributes.get("href"))
        if url is not None and attachments.is_document(url):
            located.attachments.append(attachments.attachment(url, node_text(node)))
    for node in some(scope.css("span, p, div, li, dd, td, em, small")):
        views = boilerplate.views_in(node_text(node)) if node.css_first("div, p, ul") is None else None
        if views is not None:
            located.views = views
            located.removed.append(Removed("counter", node_text(node)))
            break


def _scope(region: _Region, title: LexborNode | None) -> LexborNode:
    """The element that holds title, body and their small print: one or two above what they have in common."""
    scope = region.top
    for _ in range(2):
        parent = scope.parent
        if (
            parent is None
            or parent.tag in ("body", "html")
            or len(node_text(parent)) > 2.0 * len(node_text(scope)) + 600
        ):
            break
        scope = parent
    return scope


def _is_entry(node: LexborNode, title: str | None) -> bool:
    """Whether a node is, or lies in, an entry of a list of other articles: a titled link with a date beside it."""
    at: LexborNode | None = node
    for _ in range(3):
        if at is None or at.tag in ("body", "html", "table", "ul", "ol") or len(text := node_text(at)) > 250:
            return False
        for link in at.css("a[href]"):
            words = node_text(link)
            if len(words) >= 20 and 3 * len(words) > len(text) and squeeze(words) != squeeze(title or ""):
                return True
        at = at.parent
    return False


def _dates(scope: LexborNode, region: _Region, located: Located) -> None:
    inside = region.body.mem_id
    for node in some(scope.css("time[datetime]")):
        if (any(parent.mem_id == inside for parent in path_to(node)[:-1]) and _long(node)) or _in_outside(node):
            continue
        target = located.modified if _MODIFIED_WORDS.search(node_text(node.parent)[:80]) else located.published
        target.setdefault("time", line(node.attributes.get("datetime") or ""))
        target.setdefault("visible", node_text(node))
    labelled: list[tuple[int, str]] = []
    for node in some(
        scope.css("span, p, div, li, dd, em, i, small, td, time, font, b, label, strong, h4, h5, h6, footer, header")
    ):
        text = node_text(node)
        if not 6 <= len(text) <= _DATE_LIMIT or _in_outside(node) or parse_date(text) is None:
            continue
        if _is_entry(node, located.title):
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
            if _MODIFIED_WORDS.match(text) and "visible" in located.published:
                located.modified.setdefault("visible", text)
                continue
            labelled.append((rank, text))
    if labelled:
        located.published.setdefault("visible", max(labelled, key=lambda item: item[0])[1])


def _long(node: LexborNode) -> bool:
    return len(node_text(node.parent)) > _DATE_LIMIT


def _section(page: Page, title: str | None, scope: LexborNode) -> str | None:
    title_key = squeeze(title or "")
    for crumbs in page.tree.css(_BREADCRUMB):
        names = [text for node in crumbs.css("a") if (text := node_text(node).strip(" »›>/"))]
        names = [name for name in names if not _HOME.fullmatch(name) and squeeze(name) != title_key and len(name) < 80]
        if names:
            return names[-1]
    for node in scope.css(_SECTION_NAMES):
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
        if 2 < len(text) < 60 and squeeze(text) != title_key and not _in_outside(node):
            return text
    for node in some(scope.css("span, p, div, li, dd")):
        text = node_text(node)
        if len(text) < 120 and (section := boilerplate.section_in(text)):
            link = node.css_first("a[href]")
            return node_text(link) if link is not None and len(node_text(link)) > 2 else section
    for node in page.tree.css(_ACTIVE):
        text = node_text(node)
        if 2 < len(text) < 60 and not _HOME.fullmatch(text) and squeeze(text) != title_key:
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
        r"^(?:viết bởi|tác giả|người đăng|đăng bởi|by|author|submitted by|written by|bởi)\s*:?\s+", "", text, flags=re.I
    ).strip()


def _is_link(node: LexborNode) -> bool:
    link = node.css_first("a[href]")
    return link is not None and len(node_text(link)) > 0.8 * len(node_text(node))


def _in_outside(node: LexborNode) -> bool:
    return any(is_outside(parent) for parent in path_to(node))


def _in_outside_but_tags(node: LexborNode) -> bool:
    return any(
        is_outside(parent) and not re.search(r"tag|keyword|khoa|category", marks(parent), re.I)
        for parent in path_to(node)[:-1]
    )


def _names_the_site(node: LexborNode, metadata: Metadata) -> bool:
    text = node_text(node)
    link = node.css_first("a[href]")
    home = link is not None and (link.attributes.get("href") or "").rstrip("/") in ("", "/", ".", "/index.php")
    return (
        home
        or (metadata.site_name is not None and squeeze(text) == squeeze(metadata.site_name))
        or re.search(r"site-?(?:title|name)|logo|brand", marks(node), re.I) is not None
    )


def _holds_files(node: LexborNode) -> bool:
    return any(attachments.is_document(link.attributes.get("href") or "") for link in node.css("a[href]")[:60])


def _is_file_list(node: LexborNode) -> bool:
    """Whether an element is the block of files beside an article: named so, holding links to files and little else."""
    if not re.search(r"attach|download|dinh-?kem|(?:^|[\s_-])files?(?:$|[\s_-])|tai-?ve", marks(node), re.I):
        return False
    links = node.css("a[href]")
    files = [link for link in links if attachments.is_document(link.attributes.get("href") or "")]
    return bool(files) and len(node_text(node)) < sum(len(node_text(link)) for link in links) + 60 * len(files)


def _note(removed: list[Removed], node: LexborNode, text: str) -> None:
    names = marks(node)
    for pattern, kind in _KIND_NAMES:
        if text and pattern.search(names):
            removed.append(Removed(kind, text[:300]))
            return
