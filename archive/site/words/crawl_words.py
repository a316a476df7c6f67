"""Crawl verdicts and reasons for skipping pages, in Vietnamese and English, by the codes the crawler keeps them under."""

from __future__ import annotations

VERDICTS: dict[str, tuple[str, str]] = {
    "complete": ("Đã thu thập đủ", "Complete"),
    "idle": ("Lâu không có tin mới", "No new articles for a long time"),
    "empty": ("Không tìm thấy bài nào", "No articles found"),
    "incomplete: lists": ("Chưa đủ: danh sách tin bị đứt quãng", "Incomplete: article lists broken off"),
    "incomplete: pages": ("Chưa đủ: nhiều trang lỗi", "Incomplete: many pages failed"),
    "layout drift": (
        "Cổng đổi giao diện, bài đọc kém hơn trước",
        "Layout changed: articles are read less well than before",
    ),
    "limited": ("Mới thu thập một phần, theo yêu cầu", "Partial, as requested"),
    "stopped": ("Đã dừng theo yêu cầu", "Stopped on request"),
    "interrupted": ("Bị ngắt, sẽ làm tiếp", "Interrupted, will continue"),
    "lost": ("Bị ngắt đột ngột, sẽ làm tiếp", "Cut off, will continue"),
    "quota reached": ("Kho lưu đã đầy hạn mức", "Archive quota reached"),
    "disk full": ("Kho lưu hết dung lượng đĩa", "Archive disk full"),
    "paused": ("Tạm dừng", "Paused"),
    "not begun": ("Chưa đến lượt", "Not started yet"),
    "dead name": ("Không tìm thấy tên miền (DNS)", "Host name not found (DNS)"),
    "DNS failure": ("Máy chủ tên miền (DNS) không trả lời", "Name servers do not answer (DNS)"),
    "dead server": ("Máy chủ từ chối kết nối", "Server refuses connections"),
    "no answer": ("Máy chủ không trả lời", "Server does not respond"),
    "TLS broken": ("Lỗi kết nối bảo mật (TLS)", "TLS connection fails"),
    "proxy": ("Lỗi máy chủ proxy", "Proxy error"),
    "robots unreachable": ("Không đọc được robots.txt", "robots.txt unreachable"),
    "robots forbids": ("robots.txt không cho thu thập", "Disallowed by robots.txt"),
    "moved": ("Đã chuyển sang địa chỉ khác", "Moved to another address"),
    "challenge": ("Chặn bằng trang xác minh trình duyệt", "Blocked by a browser check"),
    "blocked": ("Cổng từ chối truy cập", "Access denied"),
    "rate limited": ("Bị giới hạn tốc độ truy cập", "Rate limited"),
    "server errors": ("Máy chủ báo lỗi", "Server errors"),
    "not found": ("Không thấy trang đầu (404)", "Home page not found (404)"),
    "broken answers": ("Phản hồi HTTP hỏng", "Broken HTTP responses"),
    "taken over": ("Địa chỉ nay dùng cho nội dung khác", "Now serves unrelated content"),
    "switched off": ("Cổng báo đóng hoặc bảo trì", "Closed or under maintenance, says the portal"),
    "login": ("Yêu cầu đăng nhập", "Login required"),
    "needs JavaScript": ("Cần JavaScript để hiển thị", "Requires JavaScript"),
    "private address": ("Địa chỉ mạng nội bộ", "Private network address"),
    "other": ("Không thu thập được, vì lý do khác", "Could not be crawled, for another reason"),
    "finished": ("Đã xong", "Finished"),
    "killed": ("Bị ngắt đột ngột", "Cut off"),
}

_GROUPS: tuple[tuple[tuple[str, str], tuple[str, ...]], ...] = (
    (("trang thẻ", "tag pages"), ("tag-list", "tag-or-author-list")),
    (("trang tác giả", "author pages"), ("author-list", "author-or-account")),
    (("bản in", "print views"), ("print-view", "print-save-or-send")),
    (("lịch vô tận", "endless calendars"), ("trap-calendar", "calendar")),
    (("danh sách lặp lại, không có gì mới", "list pages that bring nothing new"), ("trap-series",)),
    (
        ("bẫy thu thập: địa chỉ sinh ra vô tận", "crawler traps: endless addresses"),
        (
            *("trap-long-address", "trap-deep-path", "trap-languages", "trap-path-repeats", "trap-query-repeats"),
            *("trap-many-keys", "trap-branch", "trap-made-up", "trap-form-barren", "trap-form-again"),
        ),
    ),
    (("ngoài cổng", "outside the portal"), ("outside-host", "redirects-out")),
    (("không có sơ đồ trang", "no sitemap"), ("no-sitemap-there", "no-sitemap")),
    (("không có nguồn tin RSS/Atom", "no feed"), ("no-feed-there", "no-feed", "no-feed-empty")),
    (("liên kết hỏng", "dead links"), ("dead-link",)),
    (("robots.txt không cho thu thập", "disallowed by robots.txt"), ("robots-forbids",)),
    (("đã xóa khỏi kho, không lấy lại", "erased from this archive"), ("erased",)),
    (("loại ra theo cấu hình của kho", "excluded by settings"), ("not-included", "excluded")),
    (("trang giới thiệu, liên hệ", "static pages"), ("static-page",)),
    (("trang hỏi đáp", "question and answer pages"), ("questions-page",)),
    (("danh mục văn bản", "lists of legal documents"), ("law-list",)),
    (("trang ảnh, video", "photo and video pages"), ("media-page", "the-picture-page", "picture-page")),
    (("trang tìm kiếm", "search pages"), ("search", "search-page")),
    (("trang đăng nhập, đăng ký", "login or registration pages"), ("log-in", "log-in-or-editing", "login-page")),
    (("trang báo lỗi", "error pages"), ("error-page",)),
    (("trang spam", "spam pages"), ("spam-page",)),
    (("trang trống", "empty pages"), ("empty-page",)),
    (("trang hỏng", "broken pages"), ("broken-page",)),
    (
        ("bị chặn bằng trang xác minh trình duyệt", "blocked by a browser check"),
        ("blocked-page", "blocked-by-status"),
    ),
    (("cần JavaScript để hiển thị", "require JavaScript"), ("needs-javascript",)),
    (
        ("nguồn tin hoặc định dạng khác", "feeds and other formats"),
        ("feed-view", "feed-page", "other-format", "format-view"),
    ),
    (("ngôn ngữ khác", "other languages"), ("another-language", "site-language")),
    (
        ("dạng hiển thị khác của cùng một trang", "other views of the same page"),
        ("another-look", "another-state", "another-order", "a-view", "saved-copy"),
    ),
    (
        ("biểu mẫu, dịch vụ của cổng", "forms and services"),
        ("send-form", "answer-form", "service-form", "service", "machinery", "portlet", "not-for-readers"),
    ),
    (("chuyển hướng", "redirects"), ("redirects", "redirects-nowhere", "redirects-home")),
    (("máy chủ trả mã {0}", "the server answers {0}"), ("server-answers",)),
    (("có trang thay cho ảnh hoặc tệp định kiểu", "pages in place of pictures or styles"), ("page-for-picture",)),
    (("có tệp thay cho bài viết", "files in place of articles"), ("file-for-article",)),
    (("có danh sách thay cho bài viết", "lists in place of articles"), ("listing-page",)),
    (("địa chỉ sai dạng", "malformed addresses"), ("malformed",)),
    (("danh sách chờ biểu mẫu mới", "list pages that wait for a new form"), ("form-gone",)),
    (("danh sách mà biểu mẫu không mở tiếp được", "list pages whose form leads no further"), ("form-refused",)),
    (("lý do khác", "other reasons"), ("other", "not-said")),
)
"""Groups of reasons for which a crawl skips pages: their words, and the reason codes of each."""

SKIP_REASONS = {code: words for words, codes in _GROUPS for code in codes}


def group_of(key: str) -> tuple[str, str] | None:
    """The group of a reason code (``server-answers:415`` with its status), in Vietnamese and English; ``None`` for what is
    no code known here."""
    code, _, status = key.partition(":")
    if code not in SKIP_REASONS:
        return None
    vi, en = SKIP_REASONS[code]
    return vi.format(status), en.format(status)
