"""A village's portal, served on loopback: a home page, a list of five articles a page, articles of a day each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.conftest import Seen, answer
from tests.crawler.crawl.farm import Host

ARTICLES, ON_A_PAGE = 20, 5
PAGES = ARTICLES // ON_A_PAGE
HEAD = '<meta charset="utf-8"><meta name="generator" content="WordPress 6.1">'


@dataclass
class Village:
    """``host`` answers with a sound portal from the start; a fault changes its routes or its ``fallback``."""

    host: Host
    newest: datetime
    articles: int = ARTICLES

    def __post_init__(self) -> None:
        self.serve()

    def serve(self, page: Callable[[int], str] | None = None) -> None:
        """Serve the portal, its articles made by ``page``."""
        self.host.fallback = None
        self.host.routes = {
            "/": self.list_page(1, home=True),
            "/robots.txt": answer("User-agent: *\nDisallow: /wp-admin/\n", kind="text/plain"),
            **{self.list_path(n): self.list_page(n) for n in range(1, self.pages + 1)},
            **{self.path(n): answer((page or self.article)(n)) for n in range(self.articles)},
        }

    @property
    def pages(self) -> int:
        return -(-self.articles // ON_A_PAGE)

    def path(self, n: int) -> str:
        return f"/2026/03/bai-viet-cua-xa-so-{n}/"

    def list_path(self, n: int) -> str:
        return "/category/tin-tuc/" if n == 1 else f"/category/tin-tuc/page/{n}/"

    def list_page(self, nth: int, *, home: bool = False) -> bytes:
        # the newest article stands first
        numbers = range(self.articles - 1 - (nth - 1) * ON_A_PAGE, self.articles - 1 - nth * ON_A_PAGE, -1)
        teasers = "".join(
            f'<article><h2><a href="{self.path(n)}">{title(n)}</a></h2><time>{self.day(n):%d/%m/%Y}</time></article>'
            for n in numbers
            if n >= 0
        )
        pager = "".join(f'<a href="{self.list_path(n)}">{n}</a> ' for n in range(1, self.pages + 1))
        menu = '<nav><a href="/category/tin-tuc/">Tin tức</a></nav>'
        kind = "home blog" if home else "archive category"
        name = "Xã Hòa An" if home else f"Tin tức, trang {nth}"
        return answer(
            f"<!doctype html><html><head><title>{name}</title>{HEAD}</head><body class='{kind}'>{menu}<main>{teasers}"
            f"</main><div class='nav-links'>{pager}</div></body></html>"
        )

    def day(self, n: int) -> datetime:
        return self.newest - timedelta(days=self.articles - 1 - n)

    def article(self, n: int) -> str:
        return self.markup(n)

    def markup(
        self,
        n: int,
        *,
        heading: str = 'h1 class="entry-title"',
        body: str = 'div class="entry-content"',
        time: bool = True,
        paragraphs: int = 5,
        byline: bool = True,
    ) -> str:
        """An article's page; the parts that drift are named."""
        day = self.day(n)
        printed = f'<time class="entry-date published" datetime="{day:%Y-%m-%dT08:00:00+07:00}">{day:%d/%m/%Y}</time>'
        text = "".join(f"<p>{sentence(n, k)}</p>" for k in range(paragraphs))
        signed = '<p style="text-align:right"><strong>Nguyễn Văn Bình</strong></p>' if byline else ""
        return (
            f"<!doctype html><html><head><title>{title(n)} - Xã Hòa An</title>{HEAD}</head><body class='single-post'>"
            f"<nav><a href='/category/tin-tuc/'>Tin tức</a></nav><article class='post'><{heading}>{title(n)}"
            f"</{heading.split()[0]}><div class='entry-meta'>{printed if time else ''}</div><{body}>{text}{signed}"
            f"</{body.split()[0]}></article></body></html>"
        )

    def after(self, requests: int, act: bytes) -> None:
        """From the ``requests``-th page on, answer everything with ``act``."""
        routes, count = dict(self.host.routes), 0

        def route(seen: Seen) -> bytes:
            nonlocal count
            count += 1
            given = routes.get(seen.path) or answer("không có", "404 Not Found")
            return act if count > requests else given(seen) if callable(given) else given

        self.host.routes, self.host.fallback = {"/robots.txt": routes["/robots.txt"]}, route

    def everything(self, act: bytes, *, robots: bool = False) -> None:
        """Answer every page with ``act``, with ``robots`` robots.txt as well."""
        kept = {} if robots else {"/robots.txt": self.host.routes["/robots.txt"]}
        self.host.routes, self.host.fallback = kept, lambda seen: act


def title(n: int) -> str:
    what = ("thu chi ngân sách", "sửa đường liên thôn", "phòng chống bão lụt", "xây dựng nông thôn mới", "tiêm vắc xin")
    return f"Xã Hòa An họp bàn việc {what[n % 5]} lần thứ {n + 1}"


def sentence(n: int, k: int) -> str:
    return (
        f"Ngày {n % 28 + 1} tháng {k % 12 + 1}, Ủy ban nhân dân xã Hòa An họp bàn việc thứ {n} và {k}: thu chi ngân sách, "
        "sửa đường thôn, chuẩn bị phòng chống bão lụt trong mùa mưa sắp tới của địa phương và giao việc cho các ban."
    )


def yesterday() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)
