"""``trial``: a few articles of each portal beside the portal's own words, on one page that asks nothing of anybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from archive.model import Article, PrintedDate
from crawler.page.page import Page
from crawler.trial.beside import beside, own_words
from crawler.trial.likely_faults import FAULTS, find_faults
from crawler.trial.one_portal import Tried
from crawler.trial.trial_page import trial_page
from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

TEXT = "\n\n".join(
    f"Ngày hội thứ {n} của xã diễn ra trong không khí vui tươi, có nhiều trò chơi dân gian." for n in range(4)
)
AT = "2026-03-01T20:00:00Z"  # 3 a.m. of the next day in Vietnam


def read(number=1, title="Ngày hội xã Tân Lễ", day="2026-03-01", text=TEXT, own="Ngày hội xã Tân Lễ - Cổng xã"):
    url = f"http://a.vn/{number}"
    published = PrintedDate(day, "day", "visible", day) if day else None
    words = own_words(Page.parse(f"<title>{own}</title><h1>x</h1>".encode(), url)) if own is not None else None
    return beside(number, Article(url, url, title, text=text.format(n=number), published=published), AT, words)


@pytest.mark.parametrize(
    ("article", "faults"),
    [
        pytest.param(read(), [], id="nothing to look at"),
        pytest.param(read(title=None), ["no title"], id="no title"),
        pytest.param(read(day=None), ["no date"], id="no date"),
        pytest.param(read(day="2026-03-02"), [], id="the day of the crawl in Vietnam"),
        pytest.param(read(day="2026-03-03"), ["later"], id="the day after"),
        pytest.param(read(day="2026-03"), [], id="a month"),
        pytest.param(read(text="Ngắn."), ["short"], id="short"),
        pytest.param(read(text=f"{TEXT}\n\n{TEXT}"), ["twice"], id="twice"),
        pytest.param(read(own="Một trang khác hẳn"), ["other title"], id="a title of somewhere else"),
        pytest.param(read(own=None), ["no page"], id="no page"),
    ],
)
def test_likely_faults_of_one_article(article, faults):
    assert find_faults([article])[0].faults == faults


def test_what_several_articles_share_is_told_of_each_and_the_gravest_come_first():
    lines = "Bản quyền thuộc về Ủy ban nhân dân xã, ghi rõ nguồn khi dùng lại."
    many = [read(n, text=f"{TEXT.replace('Ngày', f'Ngày {n}')}\n\n{lines}") for n in (1, 2, 3)]
    found = find_faults([*many, read(4, title="Ngày hội", day=None)])
    assert [one.identifier for one in found] == [4, 1, 2, 3]
    assert all(one.faults == ["same title", "shared line"] for one in found[1:])


def test_the_pages_own_words_are_as_they_stand_there():
    page = Page.parse(
        '<title>Tin | Cổng</title><meta property="og:title" content="Tin"><script>1/1/2001</script><h1>Tin mới</h1>'
        f"<p>x</p><p>Đăng ngày 14/10/2026 08:30</p><p>{TEXT.splitlines()[0]}</p>".encode(), "http://a.vn/"
    )  # fmt: skip
    own = own_words(page)
    assert (own.title_tag, own.og_title, own.headings) == ("Tin | Cổng", "Tin", ["Tin mới"])
    assert own.dates == ["14/10/2026 08:30"] and own.paragraph == TEXT.splitlines()[0]


class _Asks(HTMLParser):
    """What a browser would ask for, or run, by itself."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "object", "embed", "form", "base") or "src" in given:
            self.found.append(tag)
        self.found += [name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript")]


def test_whatever_portals_write_the_page_asks_for_nothing_and_runs_nothing():
    bad = "<script>alert(1)</script><img src=http://b.vn/x onerror=y>\u202e"
    one = read(title=bad, text=bad, own=None)
    one.url = "javascript:alert(1)"
    asks = _Asks()
    page = trial_page(
        [Tried(bad, why_not=bad), Tried("javascript:1", name=bad, articles=find_faults([one]))], AT, "1", None
    )
    asks.feed(page)
    assert asks.found == [] and "url(" not in page and "\u202e" not in page
    assert all(said in page for name in one.faults for said in FAULTS[name])


@pytest.mark.slow
def test_a_list_is_tried_line_by_line_and_what_cannot_be_tried_is_told(loopback, tinhuyen, tmp_path, kho):
    pages = {f"/tin/bai-viet-{n}.html": answer(article(f"Bài viết số {n}")) for n in range(1, 6)}
    loopback.routes = {"/": answer(links(*pages)), **pages}
    listed, out = tmp_path / "portals.txt", tmp_path / "trial.html"
    listed.write_text(f"# cổng\n{loopback.base}\nhttp://127.0.0.1:1/ # closed\nkhông có tên\nhungha.thaibin\n", "utf-8")
    keep = tmp_path / "kept"
    asked = ("trial", str(listed), "-o", str(out), "--articles", "3", "--delay", "0", "--allow-private")
    done = tinhuyen(*asked, "--keep", str(keep))
    assert done.returncode == 1 and "4 portals tried, articles were read of 1." in done.stdout
    assert (
        done.stdout.count(": not tried: ") == 3 and "did you mean hungha.thaibinh" in done.stdout and not kho.exists()
    )
    page = out.read_text("utf-8")
    assert len(re.findall(r"<h3>Bài viết số \d</h3>", page)) == 3
    assert page.index("không có tên") < page.index("<h3>")
    identifier = re.search(r" report (\d+) ", page)[1]
    assert (
        tinhuyen(
            "--archive", str(keep), "report", identifier, "--fix", "title=Khác", "-o", str(tmp_path / "x.zip")
        ).returncode
        == 0
    )
    again = tinhuyen(*asked, "--keep", str(keep))
    assert (
        again.returncode == 2 and "is not empty" in again.stderr and "name another folder with --keep" in again.stderr
    )
    assert "--no-probe" not in done.stdout + page  # what another command takes helps nobody here


@pytest.mark.parametrize(("text", "told"), [("# nichts\n\n", "names no portal"), (None, "No such file")])
def test_a_list_of_nothing_is_told(tinhuyen, tmp_path, text, told):
    path = tmp_path / "x.txt"
    if text is not None:
        path.write_text(text)
    done = tinhuyen("trial", str(path), "-o", str(tmp_path / "x.html"))
    assert done.returncode == 2 and told in done.stderr and done.stderr.count("\n") == 1
