"""What kind of page a page is. Only articles go into the archive as articles; everything else is accounted for as itself.

The order matters: what is no page at all first, then what its software says, then its address, then its structure.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawler.addresses.shapes import is_static_address
from crawler.cms.family import Family, PageKind, Selectors, Verdict
from crawler.cms.themes import has_selectors, merged
from crawler.extract.kinds import outline as structure
from crawler.extract.kinds.outline import Outline
from crawler.page.dom import node_text, some
from crawler.page.metadata import Metadata
from crawler.page.page import Page
from crawler.page.whole_words import in_path, whole_words
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_GATE = re.compile(
    r"document\.cookie\s*=.{0,600}?(?:location\.reload|location\.href|location\s*=|location\.replace)", re.I | re.S
)
_CHALLENGE = re.compile(
    r"just a moment\.\.\.|checking your browser|cf-browser-verification|cf_chl_|attention required! \| cloudflare|ddos protection by|access denied|request unsuccessful\. incapsula|xác (?:minh|thực) bạn (?:không phải là|là) (?:robot|người)|g-recaptcha",
    re.I,
)
_TITLE_PARTS = re.compile(r"(?<!\s)\s++[|–-]\s+")
_SHELL = re.compile(
    r"""<(?:div|app-root|main)[^<>]{0,300}?\bid\s{0,5}=\s{0,5}["']?(?:root|app|__next|__nuxt|q-app|main-app)["']?[^<>]{0,300}>\s{0,500}+"""
    r"""(?:(?><!--.{0,1000}?-->|<noscript>.{0,1000}?</noscript>|<div[^<>]{0,200}class="[^"<>]{0,200}(?:loading|spinner)[^"<>]{0,200}"[^<>]{0,200}>.{0,300}?</div>)\s{0,500}+){0,5}+</"""
    r"""|<app-root""",
    re.I | re.S,
)
_ERROR_TITLE = re.compile(
    r"(?:(?:lỗi|error|http)\s*+)?:?\s*+(?:404|403|500|502|503)(?:\s*+[.!…]*|\s*+[-–—:|.,]?\s*+(?:lỗi|error|không|trang|page|not|forbidden|access|internal|server|bad|service|http|file|oops|xin|truy cập|cấm|ooops)(?![^\W\d_]).{0,60}|\s*[-–—:|]\s+.{0,60})|"
    r".{0,30}(?:không tìm thấy (?:trang|nội dung|đường dẫn|bài viết|dữ liệu|kết quả nào cho)(?![^\W\d_])|trang (?:này |bạn |yêu cầu )?(?:.{0,20}không (?:tồn tại|được tìm thấy|tìm thấy))|page not found|not found|file not found).{0,60}|"
    r"(?:(?:bài viết|nội dung|trang|đường dẫn|liên kết|dữ liệu)(?: này)? )?không tồn tại[.!]?|"
    r"(?:website|cổng(?: thông tin(?: điện tử)?)?|trang(?: web| tin| thông tin)?|hệ thống|site)(?: .{0,40})? (?:đang )?(?:bảo trì|tạm (?:dừng|ngừng)|offline|under maintenance|maintenance).{0,60}|(?:đang )?bảo trì(?: hệ thống| website)?\.?|maintenance(?: mode)?|service unavailable|server error.{0,40}|runtime error|notactive.{0,20}|lỗi|error|thông báo lỗi|lỗi hệ thống|access denied|forbidden",
    re.I,
)
_ERROR_TEXT = re.compile(
    r"trang yêu cầu không được tìm thấy|không tìm thấy trang|trang (?:bạn )?(?:yêu cầu|tìm kiếm|truy cập)[^.]{0,40}không (?:tồn tại|được tìm thấy|tìm thấy)|(?:bài viết|nội dung|trang)(?: này)? (?:không tồn tại|đã bị xóa|không còn)|page (?:you requested )?(?:could not be|cannot be|was not) found|"
    r"(?:website|cổng(?: thông tin)?|trang|hệ thống)[^.]{0,60}đang (?:được )?(?:bảo trì|nâng cấp|tạm dừng)|this site is down for maintenance|site is (?:currently )?offline|vui lòng quay lại sau|internal server error|error establishing a database connection|đường dẫn[^.]{0,30}không (?:tồn tại|hợp lệ|đúng)",
    re.I,
)
_STATIC_NAME = re.compile(
    r"(?:trang )?(?:giới thiệu(?: chung)?|liên hệ|thông tin liên hệ|cơ cấu tổ chức|bộ máy tổ chức|sơ đồ (?:trang|cổng|website|tổ chức|site|cơ cấu(?: tổ chức)?)|chức năng,?(?: -)? nhiệm vụ(?:,? (?:và )?quyền hạn)?|lịch sử hình thành(?: và phát triển)?|"
    r"điều kiện tự nhiên|ban biên tập|điều khoản sử dụng|chính sách (?:bảo mật|riêng tư|quyền riêng tư)|bản đồ hành chính|danh bạ(?: điện thoại| cơ quan)?|tổng quan|site ?map|contact(?: us)?|about(?: us)?|"
    r"thông tin (?:lãnh đạo|chung|giới thiệu)|lãnh đạo (?:ubnd|hđnd|huyện|xã|phường|thị xã|đơn vị)|đội ngũ lãnh đạo|tìm kiếm nâng cao|góp ý|hộp thư góp ý|đường dây nóng)",
    re.I,
)  # fmt: skip
"""Titles that are all of a page's name about the site."""
_STATIC_TITLE = re.compile(
    rf"{_STATIC_NAME.pattern}|(?:sơ đồ cơ cấu|chức năng,?(?: -)? nhiệm vụ|điều kiện tự nhiên|bản đồ hành chính|danh bạ|tổng quan về|đội ngũ lãnh đạo)(?![^\W\d_]).{{0,40}}|"
    r"giới thiệu (?:về |chung về |khái quát )?(?:huyện|xã|phường|thị xã|thành phố|thị trấn|ubnd|địa phương|tỉnh|cổng|đơn vị|trung tâm|phòng|sở)(?![^\W\d_]).{0,60}|lãnh đạo (?:ubnd|hđnd|huyện|xã|phường|thị xã|đơn vị)(?![^\W\d_]).{0,30}",
    re.I,
)  # fmt: skip
"""These, and titles that may be such a page's or news: "Lãnh đạo huyện qua các thời kỳ", "Lãnh đạo huyện chúc Tết"."""
_QA_WORDS = whole_words(
    r"hỏi\s*+[-–/và&,]*+\s*+đáp(?! ứng| lại| án)|giải đáp (?:thắc mắc|kiến nghị)|câu hỏi thường gặp|hỏi và trả lời|q&a|faqs?|công dân hỏi|kiến nghị cử tri trả lời",
    re.I,
)
_QA_PATH = in_path(
    r"hoi-?dap(?!-ung)|giai-dap(?!-ung)(?:-\w++){0,20}|cau-?hoi(?:-thuong-gap)?|faqs?|q-?a|cong-dan-hoi|hoi-va-tra-loi"
)
_LAW_WORDS = whole_words(r"hệ thống văn bản|văn bản (?:pháp quy|pháp luật|chỉ đạo|điều hành|quy phạm)", re.I)
_LAW_PATH = in_path(r"van-?ban|vanban|laws|vbpq|vbqppl|he-thong-van-ban|legal|van-ban-phap-luat|vb|documents?-list")
_LAW_LABELS = whole_words(
    r"số(?:\s*/)?\s*(?:và )?(?:ký hiệu|hiệu)(?:\s*văn bản)?|số văn bản|ngày (?:ban hành|hiệu lực|có hiệu lực|ký)|trích yếu(?: nội dung)?|cơ quan ban hành|đơn vị ban hành|loại văn bản|hình thức văn bản|người ký|lĩnh vực|tên văn bản|tình trạng hiệu lực|tải về",
    re.I,
)
_MEDIA_WORDS = whole_words(r"thư viện (?:ảnh|video|hình ảnh)|album ảnh|video clip|(?<![^ ] )video", re.I)
_MEDIA_PATH = in_path(
    r"video\w{0,60}|clip|media|multimedia|albums?|photos?|gallery|truyen-hinh|phat-thanh|audio|hinh-anh|images|thuvienanh|phong-su-anh|anh|thu-vien-(?:anh|video|hinh-anh)",
    r"video-clip|thu-vien-(?:anh|video|hinh-anh)|phong-su-anh|album-anh|photo-album",
)
_SEARCH_TITLE = re.compile(
    r"kết quả tìm kiếm.{0,60}|tìm kiếm(?: nâng cao| thông tin| văn bản| tin tức| bài viết)?(?:\s*[:\"“(|–-].{0,60})?|search(?: results?)?(?: for)?(?:\s*[:\"“(|–-].{0,60})?|search results? .{0,60}|tìm thấy \d+ kết quả.{0,40}",
    re.I,
)
_TAG_TITLE = re.compile(
    r"(?:tag|thẻ|từ khóa|từ khoá|items? (?:filtered|tagged)|hiển thị các mục theo tag|các bài viết (?:có|theo) (?:thẻ|từ khóa)|tác giả|author|archives?|lưu trữ|chuyên mục|category)\s*[:\"“].{0,80}|.{0,60}(?:'s posts|archives)$",
    re.I,
)


def judge(page: Page, family: Family, metadata: Metadata, own: Selectors | None = None) -> Verdict:
    """The kind of an HTML page with the reason. ``page.problem`` and bare text are the caller's."""
    if page.is_feed:
        return Verdict("feed", Reason(Code.IS_XML_LIST))
    outline = Outline(page, metadata)
    if has_selectors(own, family) and not page.is_cut_off:
        plain = _plain_article(page, family, metadata, own) or _plain_list(page, family, metadata)
        if plain is not None:
            return plain
    nothing = _no_page(page, metadata, outline)
    if nothing is not None:
        return nothing
    if page.is_cut_off:
        return Verdict("broken", Reason(Code.MARKUP_CUT_OFF))
    return _by_address(page, family) or _by_nature(page, family, metadata, outline)


def _plain_article(page: Page, family: Family, metadata: Metadata, own: Selectors | None) -> Verdict | None:
    """The short way for most articles of a known family: marked as one, dated, long enough, and nothing hints at more."""
    marked = family.verdict(page)
    if marked is None or marked.kind != "article":
        return None
    selectors = merged(own, family.selectors)
    if not (metadata.published or _has(page, selectors.published)):
        return None
    title = _text(page, selectors.title)
    if not title or _STATIC_NAME.fullmatch(title) or is_static_address(page.url):
        return None
    if not _is_long(page, selectors.body) or _by_address(page, family) is not None:
        return None
    path, crumbs = unquote(urlsplit(page.url).path), _crumbs(page, title)
    if any(words.search(path) for words in (_QA_PATH, _LAW_PATH, _MEDIA_PATH)):
        return None
    return None if any(words.search(crumbs) for words in (_QA_WORDS, _LAW_WORDS, _MEDIA_WORDS)) else marked


def _plain_list(page: Page, family: Family, metadata: Metadata) -> Verdict | None:
    """The short way for most lists of a known family: marked as one, and its title is no error's."""
    own, said = family.verdict(page), _by_address(page, family)
    if own is None or own.kind != "listing" or (said is not None and said.kind != "listing"):
        return None
    title = metadata.titles.get("title") or ""
    if not title or _ERROR_TITLE.fullmatch(_TITLE_PARTS.split(title)[0].strip()):
        return None
    return said or own


def _has(page: Page, choice: tuple[str, ...]) -> bool:
    return any(page.tree.css_first(selector) is not None for selector in choice)


def _text(page: Page, choice: tuple[str, ...]) -> str:
    return next((text for selector in choice for node in page.tree.css(selector)[:2] if (text := node_text(node))), "")


def _is_long(page: Page, choice: tuple[str, ...]) -> bool:
    nodes = next((nodes for selector in choice if (nodes := page.tree.css(selector)[:3])), [])
    return sum(_letters(node, 200) for node in nodes) >= 200


def _letters(node: LexborNode, enough: int) -> int:
    """How many characters of text an element holds, counted piece by piece until there are enough."""
    found, child = 0, node.child
    while child is not None and found < enough:
        found += len(child.text(deep=True) if child.is_element_node else child.text_content or "")
        child = child.next
    return found


def _crumbs(page: Page, title: str) -> str:
    return structure.crumb(page, title) or ""


def _no_page(page: Page, metadata: Metadata, outline: Outline) -> Verdict | None:
    """Gates, shells and errors that come with status 200."""
    words = outline.words
    if words < 40 and len(page.text) < 30_000:
        if _GATE.search(page.text):
            return Verdict("blocked", Reason(Code.COOKIE_GATE))
        if _CHALLENGE.search(page.text):
            return Verdict("blocked", Reason(Code.HUMAN_CHALLENGE))
    title = outline.title or metadata.titles.get("title") or ""
    if words < 400 and not outline.is_plainly_article:
        for text in (title, metadata.titles.get("title") or "", outline.first_heading or ""):
            if text and len(text) < 120 and _ERROR_TITLE.fullmatch(_TITLE_PARTS.split(text)[0].strip()):
                return _error_page(text)
    if words < 120 or outline.prose < 300:
        found = _ERROR_TEXT.search(outline.text)
        if found and not (outline.counts.dated and outline.title_matches and outline.prose > 200):
            return _error_page(found.group())
        if "notactive" in page.url.lower():
            return Verdict("error", Reason(Code.SITE_SWITCHED_OFF))
    if words < 25 and outline.counts.images == 0 and not outline.counts.files:
        if _SHELL.search(page.text) or (words < 12 and len(re.findall(r"<script", page.text, re.I)) >= 2):
            return Verdict("javascript", Reason(Code.EMPTY_SHELL))
        if re.search(r"""http-equiv\s*=\s*["']?refresh""", page.text, re.I):
            return Verdict("empty", Reason(Code.ONLY_A_REDIRECT))
        if re.search(r"<frameset", page.text, re.I):
            return Verdict("empty", Reason(Code.ONLY_FRAMES))
        if words < 4:
            return Verdict("empty", Reason(Code.NO_WORDS))
    return None


_SERVER_ERROR = re.compile(r"\b50[0-4]\b|(?:server|runtime) error|database connection|service unavailable", re.I)


def _error_page(says: str) -> Verdict:
    """An error page by what it says. Which error it is, is a code: nothing is read out of the quotation later."""
    code = Code.SAYS_SERVER_ERROR if _SERVER_ERROR.search(says) else Code.SAYS_ERROR
    return Verdict("error", Reason(code, text=says[:80]))


_REFUSAL = "access denied"
"""What a plain refusal says as well: on a page of status 403 it is no challenge."""


def challenge_in(body: bytes) -> Reason | None:
    """Which gate for browsers the page of a refusal (403) is; ``None`` for a plain refusal."""
    text = body[:100_000].decode("utf-8", "replace")
    if _GATE.search(text):
        return Reason(Code.COOKIE_GATE)
    if any(match.group().lower() != _REFUSAL for match in _CHALLENGE.finditer(text)):
        return Reason(Code.HUMAN_CHALLENGE)
    return None


def _by_address(page: Page, family: Family) -> Verdict | None:
    """What the address alone settles: the home page, tag and author lists, searches, log-in."""
    parts = urlsplit(page.url)
    path = unquote(parts.path)
    if (
        path
        in (
            "",
            "/",
            "/index.php",
            "/index.html",
            "/index.aspx",
            "/default.aspx",
            "/Default.aspx",
            "/home",
            "/trang-chu",
            "/vi",
            "/vi/",
        )
        and not parts.query
    ):
        return Verdict("listing", Reason(Code.HOME))
    kind = family.link_kind(page.url) if not page.lifted else None
    if kind is None:
        return None
    if kind.kind == "skip":
        said = _SKIPPED_KINDS.get(kind.reason.code)
        return Verdict(said, Reason(Code.BY_ADDRESS, promise=kind.reason)) if said is not None else None
    if kind.kind == "listing" and kind.reason.code in _SURE_LISTS:
        return Verdict("listing", kind.reason)
    return None


_SKIPPED_KINDS: dict[Code, PageKind] = {
    Code.SEARCH: "search",
    Code.LOG_IN: "login",
    Code.LOG_IN_OR_EDITING: "login",
    Code.TAG_LIST: "listing",
    Code.AUTHOR_LIST: "listing",
    Code.CALENDAR: "listing",
    Code.TAG_OR_AUTHOR_LIST: "listing",
    Code.AUTHOR_OR_ACCOUNT: "listing",
}
"""What a page is that was read although its address is not worth fetching, where that address settles it."""
_SURE_LISTS = (Code.LIST_NUMBERED, Code.LIST_OF_POSTS, Code.LIST_OF_COMPONENT)


def _by_nature(page: Page, family: Family, metadata: Metadata, outline: Outline) -> Verdict:
    own = family.verdict(page)
    if own is not None and own.kind not in ("article", "static"):
        return own
    sure = own if own is not None and own.kind == "article" else None
    for check in (_is_login, _is_search, _is_law_list, _is_questions, _is_media, _is_static):
        verdict = check(page, outline, sure)
        if verdict is not None:
            return verdict
    if own is not None:
        return own
    return structure.article_or_list(page, family, metadata, outline)


def _is_login(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    lists = outline.counts.teasers >= 3 or outline.counts.linked_entries >= 5  # the log-in is a window of every page
    if own is None and outline.asks_password and outline.prose < 300 and not outline.counts.dated and not lists:
        return Verdict("login", Reason(Code.ASKS_PASSWORD))
    return None


def _is_search(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    if own is not None or outline.is_plainly_article:
        return None
    if outline.title and _SEARCH_TITLE.fullmatch(outline.title):
        return Verdict("search", Reason(Code.TITLED_SEARCH))
    if outline.title and _TAG_TITLE.fullmatch(outline.title) and outline.counts.teasers:
        return Verdict("listing", Reason(Code.TITLED_TAG))
    return None


def _is_law_list(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    if own is not None and outline.prose > 500:
        return None
    best = 0
    for table in page.tree.css("table"):
        row = table.css_first("tr")
        labels = {match.lower() for match in _LAW_LABELS.findall(node_text(row))} if row is not None else set()
        best = max(best, len(labels))
        if len(labels) >= 3 and not outline.long_paragraphs:
            return Verdict("law_list", Reason(Code.LAW_TABLE))
    if outline.long_paragraphs > 2:
        return None
    labels = {
        node_text(node).rstrip(" :").lower()
        for node in some(page.tree.css("th, td, dt, label, strong, b, span, .field__label, .label"))
        if len(node.text()) < 40
    }
    named = sum(1 for label in labels if _LAW_LABELS.fullmatch(label) and label != "tải về" and label != "lĩnh vực")
    hinted = (
        _LAW_PATH.search(unquote(urlsplit(page.url).path))
        or _LAW_WORDS.search(outline.section or "")
        or _LAW_WORDS.search(outline.title or "")
    )
    if named >= 4 or (hinted and (named >= 2 or best >= 2)):
        return Verdict("law_list", Reason(Code.LAW_LABELS))
    return None


def _is_questions(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    hinted = bool(
        _QA_PATH.search(unquote(urlsplit(page.url).path))
        or _QA_WORDS.search(outline.section or "")
        or _QA_WORDS.fullmatch((outline.title or "").strip())
    )
    questions = len(
        re.findall(
            r"(?:^|\n)[^\S\n]*+(?:nội dung )?(?:câu hỏi|hỏi)(?: \d+)?\s*(?:của (?:ông|bà|bạn)[^:\n]{0,40})?(?::|\n)",
            outline.lined_text,
            re.I,
        )
    )
    answers = len(
        re.findall(
            r"(?:^|\n)[^\S\n]*+(?:nội dung )?(?:trả lời|đáp|câu trả lời|giải đáp)(?: \d+)?\s*(?::|\n|bởi)",
            outline.lined_text,
            re.I,
        )
    )
    if outline.types & {"QAPage", "FAQPage", "microdata:QAPage", "microdata:FAQPage"}:
        return Verdict("qa", Reason(Code.MARKED_QUESTIONS))
    if hinted and (questions or answers or own is None):
        return Verdict("qa", Reason(Code.QUESTIONS_SECTION))
    if (questions >= 2 and answers >= 2) or (
        questions and answers and own is None and questions + answers >= 2 and outline.has_qa_names
    ):
        return Verdict("qa", Reason(Code.QUESTIONS_COUNTED, questions=questions, answers=answers))
    return None


def _is_media(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    hinted = bool(
        _MEDIA_PATH.search(unquote(urlsplit(page.url).path))
        or _MEDIA_WORDS.search(outline.section or "")
        or (_MEDIA_WORDS.search(outline.title or "") and outline.prose < 300)
    )
    if (
        hinted
        and outline.prose < 500
        and not outline.counts.files
        and (outline.counts.players or outline.counts.images >= 3 or own is None)
    ):
        return Verdict("media", Reason(Code.MEDIA_SECTION))
    if outline.counts.players and outline.prose < 120 and not outline.counts.files and outline.long_paragraphs == 0:
        return Verdict("media", Reason(Code.MEDIA_PLAYER))
    return None


def _is_static(page: Page, outline: Outline, own: Verdict | None) -> Verdict | None:
    title = (outline.title or "").strip()
    if title and _STATIC_TITLE.fullmatch(title) and not _is_news_in_spite(title, outline, own):
        return Verdict("static", Reason(Code.STATIC_TITLE, text=title[:60]))
    if is_static_address(page.url) and not outline.counts.dated:
        return Verdict("static", Reason(Code.STATIC_ADDRESS))
    if (
        outline.menu[0]
        and not outline.counts.dated
        and not outline.counts.teasers
        and outline.prose > 0
        and not outline.counts.files
    ):
        if own is not None and (own.typed or outline.is_marked_article):
            return None
        return Verdict("static", Reason(Code.STATIC_MENU))
    if outline.contact_form and outline.prose < 600 and not outline.counts.dated and own is None:
        return Verdict("static", Reason(Code.STATIC_FORM))
    return None


def _is_news_in_spite(title: str, outline: Outline, own: Verdict | None) -> bool:
    """Whether a page titled like one about the site is an article: dated, in paragraphs or marked by its software, and
    neither named so entirely nor led to by a menu."""
    if _STATIC_NAME.fullmatch(title) or outline.menu[0]:
        return False
    return outline.is_plainly_article or (own is not None and (outline.counts.dated or outline.is_marked_article))
