"""``tinhuyen certificate`` counts what a portal lists, and says of each address that is not held why."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.ids import url_key
from archive.model import Article, Capture, Portal
from archive.proof.log_entries import canonical
from archive.proof.signing import is_signed
from archive.store import Store
from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Found

HELD, WAITING, GONE = ("http://a.vn/tin/1.html", "http://a.vn/tin/2.html", "http://a.vn/tin/3.html")


@pytest.fixture
def certify(tmp_path):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    portal = Portal("a", "http://a.vn/")
    folder.add_portals([portal])
    seen = "2026-05-01T08:00:00.000000Z"
    with Store.open(folder.database) as store:
        store.add_portal(portal)
        capture = Capture("urn:uuid:1", "x.warc.gz", 0, 9, HELD, seen, 200, "sha256:AA", "a")
        identifier = store.save_article(Article(HELD, HELD, title="Tin", text="Nước."), capture, "a").id
    ledger = Ledger(folder.ledger)
    ledger.add([Found("http://a.vn/tin/", url_key("http://a.vn/tin/"), "a", "listing", "link")])
    ledger.add([Found(url, url_key(url), "a", "article", "link") for url in (HELD, WAITING, GONE)])
    change = "UPDATE page SET state = ?, visited_at = 1777622400, article_id = ?, reason_code = ?, reason_facts = ?, reason = ? WHERE url = ?"  # fmt: skip
    ledger.conn.execute(change, ("listed", None, None, None, None, "http://a.vn/tin/"))
    ledger.conn.execute(change, ("stored", identifier, None, None, None, HELD))
    ledger.conn.execute(change, ("skipped", None, "dead-link", '{"status": 404}', "dead link (404)", GONE))
    ledger.close()

    def run(*args):
        return CliRunner().invoke(main, ["--archive", str(folder.path), "certificate", "a", *args])

    return run


def test_each_address_that_is_not_held_is_named_with_its_reason(certify):
    done = certify()
    assert done.exit_code == 0, done.output
    assert "names 3 articles" in done.output and "held                  1" in done.output
    assert WAITING in done.output and GONE in done.output and "head 1 of 1 entries" in done.output


def test_as_json_it_is_signed_by_the_key_of_the_head(certify):
    made = json.loads(certify("--json").output)
    signature = made.pop("signature")
    assert (made["listed"], made["held"], [one["state"] for one in made["not_held"]]) == (
        3,
        1,
        ["missing", "gone before us"],
    )
    assert is_signed(made["head"]["key"], signature, canonical(made))
    assert not is_signed(made["head"]["key"], signature, canonical({**made, "held": 3}))


def test_a_portal_that_is_not_there_is_one_line(certify):
    done = CliRunner().invoke(main, ["certificate", "b"])
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1
