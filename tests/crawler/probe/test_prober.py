"""``probe`` and the glance of ``add``: real commands against loopback portals made of the families' saved pages."""

from __future__ import annotations

import json
import tomllib
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.folder.portal_settings import KEYS
from tests.conftest import answer
from tests.crawler.cms.saved import PAGES, load

FEED = '<rss version="2.0"><channel><item><title>x</title><link>{}</link></item></channel></rss>'


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TINHUYEN_ARCHIVE", raising=False)
    return lambda *args: CliRunner().invoke(main, list(args))


@pytest.fixture
def portal(loopback):
    """The saved pages of a family, served under their own paths; every section shows the list page."""

    def serve(family: str) -> str:
        known, article = load(family, "portal"), load(family, "article")
        old = known["home"].split("/", 3)
        root = "/".join(old[:3])

        def page(name: str) -> bytes:
            return answer((PAGES / family / f"{name}.html").read_text().replace(root, loopback.base))

        paths = {url.removeprefix(root): page("list") for url in known["sections"].values()}
        loopback.routes |= {**paths, known["home"].removeprefix(root): page("home")}
        where = article["url"].removeprefix(root)
        loopback.routes[where] = page("article")
        for feed in known["feeds"]:
            loopback.routes[feed.removeprefix(root)] = answer(
                FEED.format(loopback.base + where).replace("&", "&amp;"), kind="application/rss+xml"
            )
        return known["home"].replace(root, loopback.base)

    return serve


@pytest.mark.parametrize("family", ["nukeviet", "drupal", "plone"])
def test_a_probe_tells_the_portal_as_toml(run, portal, loopback, family):
    address, known, article = portal(family), load(family, "portal"), load(family, "article")
    done = run("probe", address, "--delay", "0")
    assert done.exit_code == 0, done.output
    (entry,) = tomllib.loads(done.stdout)["portals"].values()
    assert (entry["family"], entry["pagination"]) == (family, known["pagination"])
    assert [section["name"] for section in entry["sections"]] == list(known["sections"])
    assert {section.get("pages") for section in entry["sections"]} == {known["list_pages"]}
    assert len(entry["feeds"]) == len(known["feeds"])
    (sample,) = entry["samples"]
    assert (sample["title"], sample["published"][:16], sample["byline"]) == (
        article["title"],
        article["published"],
        article["byline"],
    )
    assert entry["robots"] == "no robots.txt (404)"
    assert loopback.seen[0].path == "/robots.txt"
    assert all("TinHuyen" in seen.headers["user-agent"] for seen in loopback.seen)


def test_a_list_that_goes_on_by_a_form_says_that_a_crawl_posts_it(run, portal):
    told = json.loads(run("probe", portal("sharepoint"), "--delay", "0", "--json").stdout)
    assert (told["family"], told["pagination"]) == ("sharepoint", "postback")
    assert all("which a crawl posts for each of them" in section["note"] for section in told["sections"])
    assert [(row["name"], row["kind"]) for row in told["not_captured"]] == [("Văn bản", "law_list")]


def test_a_portal_that_cannot_be_reached_is_one_line_and_exit_code_1(run, free_port):
    done = run("probe", f"http://127.0.0.1:{free_port}/", "--delay", "0")
    assert done.exit_code == 1
    assert "refuses the connection" in done.stderr
    assert tomllib.loads(done.stdout)["portals"][f"127.0.0.1-{free_port}"]["url"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<script>document.cookie="D1N=0123456789abcdef"+"; path=/";window.location.reload(true);</script>', "a script sets a cookie"),
        ('<html><body><div id="root"></div><script src="/a.js"></script><script src="/b.js"></script></body></html>', "filled by scripts"),
    ],
    ids=["gate", "single-page-application"],
)  # fmt: skip
def test_a_portal_that_shows_nothing_says_why(run, loopback, body, says):
    loopback.routes["/"] = answer(body)
    assert says in run("probe", loopback.base, "--delay", "0").output


def test_add_takes_two_requests_and_writes_what_they_tell(run, portal, loopback, tmp_path):
    address = portal("nukeviet")
    run("init", "kho")
    config = tmp_path / "kho" / "tinhuyen.toml"
    config.write_text(config.read_text().replace("delay = 1.0", "delay = 0.0"))
    done = run("--archive", "kho", "add", address, "--allow-private")
    name = f"127.0.0.1-{loopback.port}"
    assert (done.exit_code, done.stdout) == (0, f"{name}\n")
    assert [seen.path for seen in loopback.seen] == ["/robots.txt", "/"]
    entry = tomllib.loads(config.read_text())["portals"][name]
    assert entry["family"] == "nukeviet"
    assert entry["title"] == "Cổng thông tin điện tử thị xã An Lạc"
    known = load("nukeviet", "portal")["sections"]
    paths = [urlsplit(url).path for url in known.values()]
    assert [urlsplit(url).path for url in entry["sections"]] == paths
    assert all(f"# {name}" in config.read_text() for name in known)
    assert "# meta generator" in config.read_text()
    assert set(entry) <= set(KEYS)  # what nothing reads is not written


def test_add_without_a_probe_asks_nothing(run, portal, loopback):
    run("init", "kho")
    assert run("--archive", "kho", "add", portal("nukeviet"), "--allow-private", "--no-probe").exit_code == 0
    assert loopback.seen == []


@pytest.mark.parametrize(
    "sign_post",
    [
        answer('<html><head><meta http-equiv="refresh" content="0; url=/trang-chu"></head></html>'),
        answer("<html><body></body></html>", Refresh="0; url=/trang-chu"),
        answer("<html><script>window.location = '/trang-chu'</script></html>"),
        answer('<html><frameset><frame src="/dau.html"><frame src="/trang-chu"></frameset></html>'),
    ],
    ids=["meta", "header", "script", "frames"],
)
def test_adding_a_portal_whose_home_page_only_leads_on_says_where(run, loopback, sign_post):
    links = "".join(f'<p><a href="/tin/{n}.html">Xã Hòa An họp bàn việc số {n}</a></p>' for n in range(9))
    loopback.routes = {
        "/": sign_post, "/dau.html": answer("<html><body>Xã Hòa An</body></html>"),
        "/trang-chu": answer(f"<html><head><title>Cổng thông tin xã Hòa An</title></head><body>{links}</body></html>"),
    }  # fmt: skip
    assert run("--archive", "kho", "init").exit_code == 0
    done = run("--archive", "kho", "add", loopback.base, "--allow-private")
    assert f"only leads on to {loopback.base}/trang-chu" in done.output


def test_a_robots_txt_that_moved_within_the_host_is_read_there(run, loopback):
    loopback.routes = {
        "/robots.txt": answer("", "301 Moved Permanently", Location="/may/robots.txt"),
        "/may/robots.txt": answer("User-agent: *\nDisallow: /\n", kind="text/plain"),
    }
    done = run("probe", loopback.base, "--allow-private", "--delay", "0")
    assert "robots.txt forbids it" in done.output
    assert loopback.asked("/") == 0
