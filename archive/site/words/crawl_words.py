"""Crawl verdicts and skip reasons in Vietnamese and English."""

from __future__ import annotations

import re

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
    "finished": ("Đã xong", "Finished"),
    "killed": ("Bị ngắt đột ngột", "Cut off"),
}

SKIP_REASONS: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"^(?:tag list|tag or author list)|list under a tag", ("trang thẻ", "tag pages")),
    (r"^author (?:list|or account)", ("trang tác giả", "author pages")),
    (r"^print(?: view|, save or send)", ("bản in", "print views")),
    (r"^trap: a calendar|^calendar", ("lịch vô tận", "endless calendars")),
    (r"^trap: the numbered pages", ("danh sách lặp lại, không có gì mới", "list pages that bring nothing new")),
    (r"^trap: ", ("bẫy thu thập: địa chỉ sinh ra vô tận", "crawler traps: endless addresses")),
    (r"^lies on a host outside|^redirects out of", ("ngoài cổng", "outside the portal")),
    (r"^no sitemap", ("không có sơ đồ trang", "no sitemap")),
    (r"^no feed", ("không có nguồn tin RSS/Atom", "no feed")),
    (r"^dead link", ("liên kết hỏng", "dead links")),
    (r"^robots\.txt forbids", ("robots.txt không cho thu thập", "disallowed by robots.txt")),
    (
        r"^(?:not among what|excluded by) the portal's settings",
        ("loại ra theo cấu hình của kho", "excluded by settings"),
    ),
    (r"^static page", ("trang giới thiệu, liên hệ", "static pages")),
    (r"^question and answer", ("trang hỏi đáp", "question and answer pages")),
    (r"^list of legal documents", ("danh mục văn bản", "lists of legal documents")),
    (r"^(?:video or photo page|(?:the )?page of a picture)", ("trang ảnh, video", "photo and video pages")),
    (r"^search page", ("trang tìm kiếm", "search pages")),
    (r"^(?:log-?in|a password is asked)", ("trang đăng nhập, đăng ký", "login or registration pages")),
    (r"^error page", ("trang báo lỗi", "error pages")),
    (r"^spam page", ("trang spam", "spam pages")),
    (r"^empty page", ("trang trống", "empty pages")),
    (r"^broken page", ("trang hỏng", "broken pages")),
    (r"^blocked", ("bị chặn bằng trang xác minh trình duyệt", "blocked by a browser check")),
    (r"^needs JavaScript", ("cần JavaScript để hiển thị", "require JavaScript")),
    (
        r"^(?:a )?feed\b|^(?:feed or other format|\w+ view$)",
        ("nguồn tin hoặc định dạng khác", "feeds and other formats"),
    ),
    (r"^another language", ("ngôn ngữ khác", "other languages")),
    (
        r"^(?:another (?:look|state) of|the same list in another order|a view of a page|saved copy of a page)",
        ("dạng hiển thị khác của cùng một trang", "other views of the same page"),
    ),
    (
        r"^(?:form|a form or|machinery|service of|no page for readers|log-in or editing)",
        ("biểu mẫu, dịch vụ của cổng", "forms and services"),
    ),
    (r"^redirects", ("chuyển hướng", "redirects")),
    (r"^the server answers (\d+)", ("máy chủ trả mã {0}", "the server answers {0}")),
    (
        r"^a page came where a picture",
        ("có trang thay cho ảnh hoặc tệp định kiểu", "pages in place of pictures or styles"),
    ),
    (r"^a file came where the article", ("có tệp thay cho bài viết", "files in place of articles")),
    (r"^the address is malformed", ("địa chỉ sai dạng", "malformed addresses")),
)
"""Reasons for which a crawl skips pages, by how the reason begins in the ledger; the first that fits counts."""

_PATTERNS = [(re.compile(pattern), words) for pattern, words in SKIP_REASONS]


def group_of(reason: str) -> tuple[str, str] | None:
    """The group a skip reason belongs to, in Vietnamese and English; ``None`` when it is in none."""
    for pattern, (vi, en) in _PATTERNS:
        if match := pattern.search(reason):
            return vi.format(*match.groups()), en.format(*match.groups())
    return None
