"""The demo's two weeks, and what its command says before and after."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

from crawler import demo
from crawler.cli import main
from crawler.demo.content import load
from crawler.demo.weeks import changes, portal_in
from tests.crawler.demo.test_demo_server import connect, fetch

NAMES = [portal.name for portal in demo.portals()]


@pytest.mark.parametrize("name", NAMES)
def test_week_one_holds_every_article_and_week_two_all_but_the_removed(name):
    everything = {article.id for article in load(name).articles}
    removed = {change["id"] for change in changes()["removed"] if change["portal"] == name}
    assert {article.id for article in portal_in(name, 1).articles} == everything
    assert {article.id for article in portal_in(name, 2).articles} == everything - removed
    assert portal_in(name, None) == load(name)


@pytest.mark.parametrize("name", NAMES)
def test_only_edited_articles_differ(name):
    edited = {change["id"] for change in changes()["edited"] if change["portal"] == name}
    first, last = portal_in(name, 1).articles, load(name).articles
    assert {a.id for a, b in zip(first, last, strict=True) if a != b} == edited


def test_a_replaced_file_has_other_bytes_at_the_same_address():
    change = changes()["replaced"][0]
    table = demo.site(change["portal"], "http://x")
    article = next(a for a in table.portal.articles if a.id == change["id"])
    bodies = set()
    for week in (1, 2):
        with demo.serve(None, names=[change["portal"]], week=week) as bases:
            connection = connect(bases[change["portal"]])
            bodies.add(fetch(connection, table.file_key(article, 1))[1])
            connection.close()
    assert len(bodies) == 2


def test_a_removed_article_is_not_found_any_more():
    change = changes()["removed"][0]
    table = demo.site(change["portal"], "http://x")
    article = next(a for a in table.portal.articles if a.id == change["id"])
    with demo.serve(None, names=[change["portal"]], week=2) as bases:
        connection = connect(bases[change["portal"]])
        assert fetch(connection, table.article_key(article))[0].status == 404
        connection.close()


@pytest.mark.parametrize(
    ("option", "says"),
    [("--port", "choose another with --port"), ("--portals-port", "choose other ports with  --portals-port")],
)
def test_a_port_that_is_taken_is_found_before_anything_is_crawled(tmp_path, option, says):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        args = ["demo", "--dir", str(tmp_path / "kho"), option, str(taken.getsockname()[1])]
        args += ["--port", "0"] if option != "--port" else []
        done = CliRunner().invoke(main, args)
    assert done.exit_code == 2 and says in done.output
    assert not (tmp_path / "kho").exists()
