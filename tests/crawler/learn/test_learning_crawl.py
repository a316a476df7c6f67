"""A crawl teaches itself its portal, and pages held are read again: no request, no revision, ids stay."""

from __future__ import annotations

import json

import pytest

from tests.conftest import answer
from tests.crawler.learn import invented
from tests.crawler.learn.invented import Piece, Portal, pieces, plain

pytestmark = pytest.mark.slow


def undecided(piece: Piece, portal: Portal) -> str:
    """A theme of an unknown CMS whose logo is the only heading, with a day that is no article's beside the text."""
    more = '<p class="v8"><a href="/chuyen/muc-1">Kinh tế và đời sống</a></p>'
    return more + plain(piece, portal).replace("<h2>", '<div class="h8">').replace("</h2>", "</div>")


def teasers(portal: Portal) -> bytes:
    """A list that passes for an article: a title, a day, and a table for each article with much of its text."""
    entries = "".join(
        f'<table><tr><td><a href="{portal.address(one)}">{one.title}</a></td></tr>'
        f"<tr><td>{one.lead} {one.paragraphs[0]}</td></tr></table>"
        for one in portal.pieces[:6]
    )
    return invented.frame(f'<div class="n1"><h2>Kinh tế và đời sống</h2><span>04/03/2025</span>{entries}</div>', None)


@pytest.fixture
def held(loopback, tinhuyen, tmp_path, monkeypatch):
    """A portal of 14 articles, crawled once."""
    monkeypatch.setattr(invented, "HOST", loopback.base)
    portal = Portal(
        pieces(14), undecided, address=lambda piece: f"{loopback.base}/tin/{piece.slug}-{piece.number}.html"
    )
    loopback.routes = {page.url.removeprefix(loopback.base): answer(page.body) for page in portal.pages()}
    loopback.routes["/chuyen/muc-1"] = answer(teasers(portal))
    assert tinhuyen("init").returncode == 0
    settings = tmp_path / "kho" / "tinhuyen.toml"
    settings.write_text(settings.read_text("utf-8").removeprefix("learn = false\n"), "utf-8")
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    done = tinhuyen("crawl", "--delay", "0")
    assert "Traceback" not in done.stderr, done.stderr
    return portal


def exported(tinhuyen) -> dict[str, dict]:
    lines = tinhuyen("export", "--format", "jsonl").stdout.splitlines()
    return {found["url"]: found for found in map(json.loads, lines)}


def test_all_articles_are_read_by_what_the_crawl_learnt(held, tinhuyen, tmp_path) -> None:
    found = exported(tinhuyen)

    assert {piece.title for piece in held.pieces} == {article["title"] for article in found.values()}
    for piece in held.pieces:
        article = found[held.address(piece)]
        assert (article["published"], article["lead"]) == (piece.day.isoformat(), piece.lead)
        assert "/learnt-" in article["extractor"] and article["revisions"] == 0
    assert len(list((tmp_path / "kho" / "themes").glob("*.toml"))) == 1


def test_a_list_taken_for_an_article_before_the_portal_was_learnt_is_none_after_it(held, tinhuyen, loopback) -> None:
    assert len(exported(tinhuyen)) == 14
    told = tinhuyen("why", f"{loopback.base}/chuyen/muc-1").stdout
    assert "Read for its links" in told and "bears no theme of the portal's articles" in told


def test_an_edited_theme_has_its_pages_read_again_without_a_request(held, tinhuyen, tmp_path, loopback) -> None:
    [path] = (tmp_path / "kho" / "themes").glob("*.toml")
    name, before, asked = path.stem, exported(tinhuyen), len(loopback.seen)
    path.write_text(path.read_text().replace('body = ["', 'drop = [["p:first-child", "other"]]\nbody = ["'))

    looked = tinhuyen("reread", name, "--dry-run")
    assert "14 would be read otherwise" in looked.stdout and exported(tinhuyen) == before
    assert tinhuyen("reread", name).returncode == 0

    after = exported(tinhuyen)
    assert len(loopback.seen) == asked
    assert {url: article["id"] for url, article in after.items()} == {
        url: article["id"] for url, article in before.items()
    }
    assert all(article["revisions"] == 0 and article["lead"] != before[url]["lead"] for url, article in after.items())


def test_learn_tells_field_by_field_and_keeps_what_was_edited(held, tinhuyen, tmp_path) -> None:
    [path] = (tmp_path / "kho" / "themes").glob("*.toml")
    told = tinhuyen("learn", path.stem)
    assert told.returncode == 0 and "as other pages say 14 of 14" in told.stdout

    path.write_text(path.read_text() + "# tôi đã xem\n")
    refused = tinhuyen("learn", path.stem, "--apply")
    assert refused.returncode == 2 and "was edited" in refused.stderr
    assert tinhuyen("learn", path.stem, "--forget").returncode == 2 and path.exists()
