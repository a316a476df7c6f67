"""The site's texts in Vietnamese and English, and how each language formats numbers, sizes and times."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Literal

from archive.model import Observation
from archive.site.words.crawl_words import VERDICTS, group_of
from archive.text.vietnam_time import VIETNAM

Language = Literal["vi", "en"]


WORDS: dict[str, tuple[str, str]] = {
    "name": ("Tin Huyện", "Tin Huyện"),
    "tagline": (
        "Kho lưu tin của các cổng thông tin chính quyền địa phương",
        "An archive of the news of Vietnam’s local governments",
    ),
    "archive_notice": (
        "Đây là bản lưu, không phải trang của cơ quan nhà nước",
        "An archived copy, not a government page",
    ),
    "skip": ("Đến nội dung", "Skip to content"),
    "nav": ("Mục chính", "Main"),
    "language": ("Ngôn ngữ", "Language"),
    "search": ("Tìm", "Search"),
    "portals": ("Cổng", "Portals"),
    "data": ("Dữ liệu", "Data"),
    "home": ("Trang đầu", "Home"),
    "query": ("Tìm trong kho lưu", "Search the archive"),
    "query_portal": ("Tìm trong cổng này", "Search this portal"),
    "placeholder": ("chủ đề, người, địa phương, số văn bản", "topic, person, place, document number"),
    "hint": (
        "Gõ không dấu cũng được. Dùng “…” để tìm đúng cụm.",
        "Accents optional. Use “…” for an exact phrase.",
    ),
    "exact": ("Đúng dấu như đã gõ", "Accents exactly as typed"),
    "exact_base": (
        "Đúng dấu: chỉ xét 2.000 bài khớp mới nhất",
        "Exact accents: the newest 2,000 candidates were checked",
    ),
    "capped": ("Hơn {n} bài", "More than {n} articles"),
    "articles": ("{n} bài", "{n} articles"),
    "articles_one": ("1 bài", "1 article"),
    "newest_first": ("mới nhất trước", "newest first"),
    "facet_base": ("Tính trên 10.000 bài mới nhất", "Counted over the newest 10,000"),
    "none": ("Không có bài nào khớp.", "No article matches."),
    "none_of_portal": ("Chưa lưu bài nào của cổng này.", "Nothing saved from this portal yet."),
    "none_without": ("Thử bỏ bộ lọc «{x}» ({n}).", "Try without “{x}” ({n})."),
    "none_hint": (
        "Thử ít từ hơn, hoặc bỏ dấu ngoặc kép.",
        "Try fewer words, or remove the quotation marks.",
    ),
    "slow": (
        "Tìm quá lâu nên đã dừng. Thu hẹp theo năm hoặc tỉnh.",
        "Stopped: too slow. Narrow by year or province.",
    ),
    "part_n": ("Phần {n} trên {all} của bài dài này.", "Part {n} of {all} of this long article."),
    "part_before": ("Phần trước", "Previous part"),
    "part_after": ("Phần sau", "Next part"),
    "fault_400": ("Không hiểu yêu cầu này", "This request makes no sense here"),
    "fault_403": ("Không được phép", "Not allowed"),
    "fault_500": ("Có lỗi ở phía chúng tôi", "Something went wrong on our side"),
    "fault_503": (
        "Đang quá tải hoặc quá lâu nên đã dừng. Hãy thử lại sau ít phút.",
        "Too busy, or too slow and stopped. Try again in a few minutes.",
    ),
    "filters": ("Bộ lọc", "Filters"),
    "filters_on": ("Đang lọc", "Filters in use"),
    "clear": ("Xóa hết bộ lọc", "Clear all filters"),
    "remove_filter": ("Bỏ bộ lọc", "Remove filter"),
    "apply": ("Áp dụng", "Apply"),
    "portal": ("Cổng", "Portal"),
    "any": ("tất cả", "any"),
    "section": ("Chuyên mục", "Section"),
    "year": ("Năm đăng", "Year published"),
    "since": ("Từ ngày", "From"),
    "until": ("Đến ngày", "Until"),
    "date_basis": (
        "Theo ngày đăng; bài không in ngày thì theo ngày lưu lần đầu.",
        "By publication date; undated articles by when we first saw them.",
    ),
    "bad_date": ("Ngày phải có dạng năm-tháng-ngày (2024-03-12).", "Dates are written year-month-day (2024-03-12)."),
    "undated": ("không rõ ngày", "undated"),
    "by_year": ("Số bài theo năm đăng", "Articles by year of publication"),
    "page": ("trang {n}", "page {n}"),
    "previous": ("Trang trước", "Previous page"),
    "next": ("Trang sau", "Next page"),
    "pages": ("Các trang", "Pages"),
    "results": ("Kết quả", "Results"),
    "untitled": ("(không có tiêu đề)", "(no title)"),
    "newest": ("Bài mới nhất", "Newest articles"),
    "all_articles": ("Xem tất cả bài", "All articles"),
    "all_portals": ("Tất cả các cổng", "All portals"),
    "complete": ("Kho lưu đầy đủ đến đâu", "How complete this archive is"),
    "complete_line": (
        "{articles} từ {portals}, {years}; {captures}, giữ nguyên từng byte.",
        "{articles} from {portals}, {years}; {captures}, kept byte for byte.",
    ),
    "portals_n": ("{n} cổng", "{n} portals"),
    "portals_n_one": ("1 cổng", "1 portal"),
    "captures_n": ("{n} bản chụp gốc", "{n} captures"),
    "captures_n_one": ("1 bản chụp gốc", "1 capture"),
    "years_range": ("đăng từ {a} đến {b}", "published {a} to {b}"),
    "years_none": ("chưa rõ năm đăng", "years unknown"),
    "undated_line": ("{n} bài không in ngày đăng.", "{n} articles print no publication date."),
    "undated_line_one": ("1 bài không in ngày đăng.", "1 article prints no publication date."),
    "gone_line_one": ("1 bài: cổng trả lời mã 404.", "1 article answers 404 on its portal."),
    "last_capture": ("Lần lưu gần nhất", "Last capture"),
    "gone_line": ("{n} bài: cổng trả lời mã 404.", "{n} articles answer 404 on their portal."),
    "empty": (
        "Kho lưu chưa có bài nào. Thêm một cổng bằng “tinhuyen add”, rồi chạy “tinhuyen crawl”.",
        "Nothing saved yet. Add a portal with “tinhuyen add”, then run “tinhuyen crawl”.",
    ),
    "published": ("Đăng", "Published"),
    "modified": ("Sửa (theo cổng)", "Modified (says the portal)"),
    "event": ("Sự kiện diễn ra", "Event"),
    "first_seen": ("Lưu lần đầu", "First saved"),
    "last_seen": ("Thấy gần nhất", "Last seen"),
    "not_printed": ("trang không in ngày đăng", "no publication date on the page"),
    "printed_as": ("in là “{x}”", "printed as “{x}”"),
    "from_source": ("theo {x}", "from {x}"),
    "byline": ("Ký tên", "Byline"),
    "author": ("Tác giả", "Author"),
    "source": ("Nguồn", "Source"),
    "views": ("Lượt đọc", "Views"),
    "views_value": ("{n} (cổng tự đếm)", "{n} (the portal’s own count)"),
    "tags": ("Từ khóa", "Tags"),
    "documents": ("Văn bản được nhắc", "Documents cited"),
    "images": ("Hình ảnh", "Images"),
    "image_missing": ("Chưa lưu được hình này", "This image was not captured"),
    "attachments": ("Tệp đính kèm", "Attachments"),
    "not_captured": ("Chưa lưu được phần này", "Not captured"),
    "download": ("Tải bản lưu", "Download our copy"),
    "removed_parts": ("Phần đã tách khỏi bài", "Removed from the text"),
    "removed_hint": (
        "Có trên trang gốc nhưng không thuộc bài viết. Giữ ở đây để đối chiếu.",
        "On the original page but not part of the article. Kept here for comparison.",
    ),
    "link_to": ("liên kết tới (không mở được ở đây)", "linked to (link disabled here)"),
    "versions": ("Các bản", "Versions"),
    "version_n": ("Bản {n}", "Version {n}"),
    "current": ("bản hiện tại", "current"),
    "older_notice": ("Đây là bản {n} trên {all}, {seen}.", "This is version {n} of {all}, {seen}."),
    "see_current": ("Xem bản hiện tại", "See the current version"),
    "seen_from": ("thấy từ {a} đến {b}", "seen from {a} to {b}"),
    "seen_at": ("thấy lúc {a}", "seen {a}"),
    "file_replaced": ("tệp đính kèm được thay", "attachment replaced"),
    "text_changed": ("trang được sửa", "page changed"),
    "state": ("Tình trạng", "State"),
    "seen_last": ("Thấy trên cổng lần cuối: {d}", "Last seen on the portal: {d}"),
    "checked_not_seen": (
        "Lần kiểm tra gần nhất ({d}): {x}; chưa kết luận là đã gỡ",
        "Last check ({d}): {x}; not yet counted as removed",
    ),
    "checked_last": ("Lần kiểm tra gần nhất ({d}): {x}", "Last check ({d}): {x}"),
    "missing_since": ("Mã {code} từ {d}; kiểm tra gần nhất {d2}", "{code} since {d}; last checked {d2}"),
    "counted_gone": (
        "Kho coi là không còn trên cổng từ ngày {d}, sau hai tuần chỉ nhận mã 404",
        "Counted as gone on {d}, after two weeks of nothing but 404",
    ),
    "gone_decided": ("Kho kết luận ngày", "Counted as gone on"),
    "last_checked": ("Kiểm tra gần nhất", "Last checked"),
    "not_seen": ("Các lần kiểm tra không thấy bài", "Looks that did not find it"),
    "not_seen_hint": (
        "Ghi lại đúng những gì cổng trả lời; không lần nào tự nó chứng tỏ bài đã bị gỡ.",
        "What the portal answered, as it was; none of them proves by itself that the article was removed.",
    ),
    "file_not_seen": (
        "Lần kiểm tra gần nhất ({d}): {x}; bản lưu vẫn còn",
        "Last check ({d}): {x}; our copy stays",
    ),
    "file_unsteady": (
        "Cổng tạo lại tệp này cho mỗi lần tải: các bản sau vẫn được lưu, không tính là bản mới của bài.",
        "The portal makes this file anew for each request: later copies are kept, and are no new version of the article.",
    ),
    "saved_at": ("lưu {d}", "saved {d}"),
    "captures_of_version": ("Các bản chụp của bản này", "Captures of this version"),
    "changed_short": ("Đã sửa {n} lần từ khi chúng tôi lưu", "Changed {n} times since we first saved it"),
    "changed_short_one": ("Đã sửa 1 lần từ khi chúng tôi lưu", "Changed once since we first saved it"),
    "changed": (
        "Đã sửa {n} lần từ khi chúng tôi lưu, gần nhất {d}",
        "Changed {n} times since we first saved it, last {d}",
    ),
    "changed_one": ("Đã sửa 1 lần từ khi chúng tôi lưu, {d}", "Changed once since we first saved it, {d}"),
    "removed_short": ("không thấy trên cổng (404)", "not found on the portal (404)"),
    "insecure": (
        "Lưu qua kết nối không bảo mật: nội dung có thể bị sửa trên đường truyền",
        "Saved over an insecure connection: it could have been altered in transit",
    ),
    "provenance": ("Nguồn gốc bản lưu", "Where this copy comes from"),
    "original": ("Địa chỉ gốc", "Original address"),
    "opens_outside": ("mở trang ngoài", "opens the live site"),
    "capture_read": ("Bản chụp đã đọc", "Capture that was read"),
    "status": ("Mã trạng thái", "HTTP status"),
    "connection": ("Kết nối", "Connection"),
    "secure_verified": ("HTTPS, chứng thư hợp lệ", "HTTPS, certificate verified"),
    "secure_unverified": ("HTTPS, chứng thư không kiểm chứng được", "HTTPS, certificate not verified"),
    "secure_legacy": ("HTTPS kiểu cũ (TLS 1.0/1.1)", "Legacy HTTPS (TLS 1.0/1.1)"),
    "secure_none": ("HTTP, không mã hóa", "HTTP, not encrypted"),
    "sha256": ("SHA-256 của nội dung nhận được", "SHA-256 of the payload received"),
    "warc_file": ("Tệp WARC", "WARC file"),
    "warc_place": ("Vị trí, độ dài", "Offset, length"),
    "record_id": ("Mã bản ghi", "Record ID"),
    "bytes_n": ("{n} byte", "{n} bytes"),
    "truncated": ("Bị cắt", "Truncated"),
    "view_capture": ("Xem trang lúc đó (không chạy mã)", "See the page as saved (no scripts)"),
    "raw_capture": ("Tải bản chụp gốc", "Download the raw capture"),
    "extractor": ("Cách đọc trang", "Extractor"),
    "notes": ("Ghi chú", "Notes"),
    "cite": ("Trích dẫn", "Cite"),
    "cite_thesis": ("Luận văn", "Thesis (Vietnamese)"),
    "permalink": ("Địa chỉ lâu dài", "Permalink"),
    "other_articles": ("Bài khác của cổng này", "Other articles of this portal"),
    "older": ("Bài cũ hơn", "Older"),
    "newer": ("Bài mới hơn", "Newer"),
    "portal_line": ("Đã lưu {n}, {years}", "{n} saved, {years}"),
    "visit": ("Địa chỉ cổng", "Portal address"),
    "family": ("Phần mềm của cổng", "Portal software"),
    "unit": ("Đơn vị", "Unit"),
    "went_on": ("Cổng kế tiếp", "Successor"),
    "came_from": ("Cổng trước đó", "Predecessor"),
    "added": ("Đưa vào kho từ", "In this archive since"),
    "sections": ("Chuyên mục", "Sections"),
    "no_section": ("không có chuyên mục", "no section"),
    "months": ("Số bài theo tháng đăng", "Articles by month of publication"),
    "months_hint": (
        "Ô trống: không có bài nào được lưu cho tháng đó; không có nghĩa là cổng không đăng.",
        "An empty cell: nothing saved for that month; the portal may still have published.",
    ),
    "runs": ("Các lần thu thập", "Crawls"),
    "run_started": ("Bắt đầu", "Started"),
    "run_verdict": ("Kết quả", "Verdict"),
    "run_pages": ("Trang", "Pages"),
    "run_new": ("Mới", "New"),
    "run_revised": ("Sửa", "Revised"),
    "run_skipped": ("Bỏ qua", "Skipped"),
    "run_failed": ("Lỗi", "Failed"),
    "no_runs": ("Chưa có lần thu thập nào được ghi.", "No crawl recorded yet."),
    "number_of": ("Số bài", "Articles"),
    "total": ("Cả năm", "Year"),
    "not_found": ("Không có trang này", "No such page"),
    "not_found_hint": (
        "Địa chỉ có thể gõ nhầm, hoặc bài chưa từng được lưu. Thử tìm:",
        "The address may be mistyped, or the article was never saved. Try a search:",
    ),
    "capture_unreadable": ("Không đọc được bản chụp này: {x}", "This capture cannot be read: {x}"),
    "licence_note": (
        "Kho chỉ khẳng định đã nhận đúng những byte ấy, từ máy chủ và vào lúc ghi ở mỗi bài.",
        "All we claim: we received these bytes, from the server and at the time given with each article.",
    ),
    "health": ("Tình trạng các cổng", "Health of the portals"),
    "health_short": ("Tình trạng", "Health"),
    "health_line": (
        "{well} trên {all} cổng hoạt động bình thường ở lần thu thập gần nhất.",
        "{well} of {all} portals worked at their last crawl.",
    ),
    "health_hint": (
        "Không truy cập được không có nghĩa là đã gỡ. Những gì đã lưu vẫn còn nguyên.",
        "Unreachable does not mean removed. What was saved stays.",
    ),
    "health_certificate": ("Chứng chỉ TLS hết hạn {day}", "Its TLS certificate ends on {day}"),
    "health_unjudged": (
        "{n} cổng đã được phiên bản trước thu thập, khi tình trạng chưa được ghi: lần thu thập tới sẽ ghi.",
        "{n} portals were crawled by an earlier version, which recorded no status: the next crawl will.",
    ),
    "health_unjudged_one": (
        "1 cổng đã được phiên bản trước thu thập, khi tình trạng chưa được ghi: lần thu thập tới sẽ ghi.",
        "1 portal was crawled by an earlier version, which recorded no status: the next crawl will.",
    ),
    "health_none": ("Chưa có lần thu thập nào.", "No crawl yet."),
    "health_looks": ("Cần kiểm tra", "Needs attention"),
    "health_well": ("Hoạt động bình thường", "Working"),
    "health_since": ("từ", "since"),
    "health_checked": ("Kiểm tra gần nhất", "Last checked"),
    "health_well_at": ("Bình thường lần cuối", "Last working"),
    "health_not_seen": (
        "{n} bài không thấy ở lần kiểm tra gần nhất, chưa kết luận là đã gỡ",
        "{n} articles not found at their last check, not yet counted as removed",
    ),
    "health_not_seen_one": (
        "1 bài không thấy ở lần kiểm tra gần nhất, chưa kết luận là đã gỡ",
        "1 article not found at its last check, not yet counted as removed",
    ),
    "health_gone": (
        "{n} bài trả lời mã 404 ở mọi lần kiểm tra trong hai tuần",
        "{n} articles answered 404 on every check over two weeks",
    ),
    "health_gone_one": (
        "1 bài trả lời mã 404 ở mọi lần kiểm tra trong hai tuần",
        "1 article answered 404 on every check over two weeks",
    ),
    "health_next": ("Lần tới", "Next"),
    "health_waiting": ("Đang chờ", "Waiting"),
    "about_data": ("Tra bằng SQL", "Query with SQL"),
}

_SOURCES: dict[str, tuple[str, str]] = {
    "jsonld": ("dữ liệu JSON-LD của trang", "the page’s JSON-LD data"),
    "microdata": ("dữ liệu đánh dấu của trang", "the page’s microdata"),
    "meta": ("thẻ meta của trang", "the page’s meta tags"),
    "opengraph": ("thẻ Open Graph của trang", "the page’s Open Graph tags"),
    "visible": ("ngày in trên trang", "the date printed on the page"),
    "time": ("thẻ thời gian trên trang", "the page’s time element"),
    "feed": ("nguồn tin RSS/Atom của cổng", "the portal’s feed"),
    "sitemap": ("sơ đồ trang của cổng", "the portal’s sitemap"),
    "listing": ("trang danh sách của cổng", "the portal’s list page"),
    "url": ("địa chỉ trang", "the page’s address"),
    "header": ("tiêu đề HTTP", "an HTTP header"),
}

_FOUND: dict[str, tuple[str, str]] = {
    "missing": ("mã {code}", "{code}"),
    "error page": ("một trang báo lỗi (mã {code})", "an error page (status {code})"),
    "home page": ("chuyển về trang chủ (mã {code})", "a redirect to the home page ({code})"),
    "moved": ("chuyển sang địa chỉ khác (mã {code})", "a redirect to another address ({code})"),
    "other page": ("một trang khác, không phải bài này (mã {code})", "another page, not the article (status {code})"),
    "refused": ("máy chủ từ chối (mã {code})", "the server refused it ({code})"),
    "server error": ("máy chủ báo lỗi (mã {code})", "a server error ({code})"),
}

_REMOVED: dict[str, tuple[str, str]] = {
    "counter": ("lượt đọc", "view counter"),
    "rating": ("đánh giá", "rating"),
    "section": ("dòng chuyên mục", "section line"),
    "ad_label": ("nhãn quảng cáo", "advertising label"),
    "spam": ("quảng cáo lạ bị chèn (spam)", "injected advert (spam)"),
    "toolbar": ("thanh công cụ", "toolbar"),
    "related": ("tin liên quan", "related news"),
    "share": ("nút chia sẻ", "share buttons"),
    "comments": ("bình luận", "comments"),
    "navigation": ("điều hướng", "navigation"),
    "other": ("khác", "other"),
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Speaker:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._column = 0 if language == "vi" else 1

    def __call__(self, key: str, **values: object) -> str:
        """The text for a key, numbers formatted for the language. Raises `KeyError` for an unknown key."""
        written = {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}
        return WORDS[key][self._column].format(**written)

    def count(self, key: str, n: int) -> str:
        """The text for a key and a number, in the singular where there is one."""
        return self(f"{key}_one") if n == 1 and f"{key}_one" in WORDS else self(key, n=n)

    def number(self, value: int) -> str:
        grouped = f"{value:,}"
        return grouped.replace(",", ".") if self.language == "vi" else grouped

    def size(self, value: int) -> str:
        """Bytes as a reader takes them in: ``512 byte``, ``1,2 MB``."""
        if value < 1000:
            return self("bytes_n", n=value)
        amount, unit = (value / 1000, "kB") if value < 1_000_000 else (value / 1_000_000, "MB")
        return f"{amount:.1f} {unit}".replace(".", "," if self.language == "vi" else ".")

    def when(self, value: str | None) -> str:
        """A stored time (minute, day or month; UTC or local) as the language writes it, in Vietnam's time."""
        if not value:
            return ""
        if len(value) == 7:
            year, month = value.split("-")
            return f"{month}/{year}" if self.language == "vi" else f"{_MONTHS[int(month) - 1]} {year}"
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(VIETNAM)
        day = (
            f"{moment:%d/%m/%Y}" if self.language == "vi" else f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
        )
        if len(value) == 10:
            return day
        return f"{day}{'' if self.language == 'vi' else ','} {moment:%H:%M} (GMT+7)"

    def day(self, value: str | None) -> str:
        """Only the day of a stored time."""
        return self.when(value if not value or len(value) <= 10 else _local_day(value))

    def look(self, look: Observation) -> str:
        """What a look found that did not find the article."""
        return _FOUND[look.found][self._column].format(code=look.status)

    def change(self, change: str) -> str:
        """What made a version another than the one before."""
        parts = [("text", "text_changed"), ("attachment", "file_replaced")]
        return ", ".join(self(key) for word, key in parts if word in change)

    def seen(self, first: str, last: str) -> str:
        """When a version was seen: at one moment, or from one to another."""
        a, b = self.when(first), self.when(last)
        return self("seen_at", a=a) if a == b else self("seen_from", a=a, b=b)

    def date_source(self, source: str) -> str:
        """Where a date was read, in words; a source without words of its own by its name."""
        name = source.split(":")[0]
        return _SOURCES[name][self._column] if name in _SOURCES else source

    def verdict(self, name: str | None) -> str:
        """How a portal was found, in words; a verdict without words of its own by its name."""
        return VERDICTS[name][self._column] if name in VERDICTS else name or ""

    def skipped_why(self, reasons: dict[str, int]) -> list[tuple[str, int]]:
        """Why pages were skipped, in a few groups, most frequent first; what is no code known here by its own words."""
        groups: Counter[str] = Counter()
        for reason, n in reasons.items():
            group = group_of(reason)
            groups[group[self._column] if group else reason] += n
        return groups.most_common()

    def removed_kind(self, kind: str) -> str:
        return _REMOVED[kind][self._column] if kind in _REMOVED else kind


def _local_day(value: str) -> str:
    moment = datetime.fromisoformat(value)
    return (moment.astimezone(VIETNAM) if moment.tzinfo else moment).date().isoformat()
