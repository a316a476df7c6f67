"""What a portal's entry in tinhuyen.toml changes in a crawl: selectors of its own theme, seeds, gaps between numbers."""

from __future__ import annotations

import json

import pytest

from tests.conftest import answer

pytestmark = pytest.mark.slow

TEXT = (
    "Ủy ban nhân dân xã tổ chức hội nghị tổng kết công tác năm, bàn phương hướng nhiệm vụ năm tới với nhiều nội dung. "
)


def page(title: str, body: str = TEXT * 4, head: str = "") -> bytes:
    return answer(
        f'<!doctype html><html lang="vi"><head><title>{title}</title><meta property="article:published_time" content="2024-05-02T08:00:00+07:00">{head}</head>'
        f'<body><div class="khung"><div class="qc">Khung quảng bá du lịch xã nhà {TEXT * 6}</div><h1>Cổng xã</h1><div class="tua">{title}</div><div class="noi-dung"><p>{body}</p></div></div></body></html>'
    )


def home(*paths: str, head: str = "") -> bytes:
    links = "".join(f'<p><a href="{path}">{path}</a></p>' for path in paths)
    return answer(
        f"<!doctype html><html><head><title>Cổng thông tin xã</title>{head}</head><body><h1>Cổng thông tin điện tử của xã nhà</h1>{links}</body></html>"
    )


@pytest.fixture
def settings(tinhuyen, loopback, tmp_path):
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private", "--no-probe")

    def write(text: str) -> None:
        config = tmp_path / "kho" / "tinhuyen.toml"
        config.write_text(config.read_text() + text)

    return write


def articles(tinhuyen) -> list[dict]:
    return [json.loads(line) for line in tinhuyen("export").stdout.splitlines()]


def test_a_portals_own_selectors_are_used_in_crawl_and_extract(tinhuyen, loopback, settings):
    path = "/tin/hoi-nghi-tong-ket-cong-tac-nam-cua-xa-12.html"
    loopback.routes = {"/": home(path), path: page("Hội nghị tổng kết công tác năm của xã")}
    settings('selectors = { title = ".tua", content = ".noi-dung" }\n')
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    (article,) = articles(tinhuyen)
    assert article["title"] == "Hội nghị tổng kết công tác năm của xã"
    assert article["extractor"].startswith("general/selectors:own/")
    assert "quảng bá" not in f"{article['lead']} {article['text']}"
    told = json.loads(tinhuyen("extract", loopback.base + path, "--json").stdout)
    assert told["extractor"] == article["extractor"]


def test_a_wrong_entry_is_one_clear_line(tinhuyen, settings):
    settings('selectors = { titel = "h1" }\n')
    done = tinhuyen("status")
    assert done.returncode == 2
    assert "selectors.titel is not known: use one of title" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_sections_and_feeds_of_the_entry_are_read_though_no_page_names_them(tinhuyen, loopback, settings):
    path = "/tin/hoi-nghi-tong-ket-cong-tac-nam-cua-xa-12.html"
    loopback.routes = {"/": home(), "/muc/an": home(path), path: page("Hội nghị tổng kết")}
    settings(f'sections = [{{ name = "Ẩn", url = "{loopback.base}/muc/an" }}]\n')
    tinhuyen("crawl", "--delay", "0")
    assert [article["url"] for article in articles(tinhuyen)] == [loopback.base + path]
    assert "tinhuyen.toml names it" in tinhuyen("why", loopback.base + "/muc/an").stdout


def test_sitemaps_of_the_entry_are_read_though_robots_name_another(tinhuyen, loopback, settings):
    path = "/tin/hoi-nghi-tong-ket-cong-tac-nam-cua-xa-12.html"
    sitemap = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{loopback.base}{path}</loc></url></urlset>"
    loopback.routes = {
        "/": home(),
        "/robots.txt": answer(f"Sitemap: {loopback.base}/khac.xml", kind="text/plain"),
        "/ban-do.xml": answer(sitemap, kind="application/xml"),
        path: page("Hội nghị tổng kết"),
    }
    settings(f'sitemaps = ["{loopback.base}/ban-do.xml"]\n')
    tinhuyen("crawl", "--delay", "0")
    assert [article["url"] for article in articles(tinhuyen)] == [loopback.base + path]


def test_a_crawl_logs_as_lines_of_json(tinhuyen, loopback, settings):
    path = "/tin/hoi-nghi-tong-ket-cong-tac-nam-cua-xa-12.html"
    loopback.routes = {"/": home(path), path: page("Hội nghị tổng kết")}
    done = tinhuyen("crawl", "--delay", "0", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[-1]["event"] == "crawled" and told[-1]["outcome"] == "finished" and told[-1]["articles"] == {"new": 1}
    assert set(told[-1]["verdicts"].values()) == {"complete"} and all("time" in line for line in told)


def test_gaps_between_numbers_are_asked_for_once_nothing_else_waits(tinhuyen, loopback, settings):
    k2 = '<meta name="generator" content="Joomla! - Open Source Content Management"><link rel="stylesheet" href="/media/k2/k2.css">'
    paths = [f"/tin/item/{number}-hoi-nghi-tong-ket-cong-tac" for number in (3, 6)]
    loopback.routes = {"/": home(*paths, head=k2)}
    loopback.routes |= {path: page(f"Hội nghị {path[-40:]}", head=k2) for path in paths}
    loopback.routes["/component/k2/item/4"] = page("Bài không còn danh mục nào nhắc tới", head=k2)
    settings("neighbours = true\n")
    tinhuyen("crawl", "--delay", "0")
    assert loopback.asked("/component/k2/item/4") == 0
    tinhuyen("crawl", "--delay", "0")
    assert (loopback.asked("/component/k2/item/4"), loopback.asked("/component/k2/item/5")) == (1, 1)
    assert "Bài không còn danh mục nào nhắc tới" in {article["title"] for article in articles(tinhuyen)}
    assert "lies between those of known articles" in tinhuyen("why", loopback.base + "/component/k2/item/5").stdout


def test_a_list_that_goes_on_by_a_form_it_does_not_have_is_counted_and_says_so(tinhuyen, loopback, settings):
    grid = "".join(f"""<a href="javascript:__doPostBack('grid','Page${n}')">{n}</a>""" for n in range(2, 8))
    rows = "".join(
        f'<h3><a href="/tin/ban-tin-ngay-thu-{n}-cua-xa-{n}00.html">Bản tin ngày thứ {n} của xã</a></h3>'
        for n in range(1, 6)
    )
    loopback.routes = {
        "/": home("/tin-tuc"),
        "/tin-tuc": answer(
            f"<html><head><title>Tin</title></head><body>{rows}<div class=pager>1 {grid}</div></body></html>"
        ),
    }
    done = tinhuyen("crawl", "--delay", "0")
    assert "1 list that goes on by a form, not captured" in done.stdout
    assert (
        "it goes on by a form that scripts send, which is not captured: the page has no form that a script could send"
        in tinhuyen("why", loopback.base + "/tin-tuc").stdout
    )
