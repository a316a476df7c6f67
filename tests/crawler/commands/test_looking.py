"""``status``, ``why`` and ``alerts test`` on an archive made by hand."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.ids import url_key
from archive.model import Article, Capture, Portal
from archive.store import Store
from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Found

LONG = "mot-xa-co-ten-rat-dai-nhu-the-nay.huyen-nao-do.tinh"
PAGES = ("tin/ho-chua-nuoc", "tin/ho-chua-moi", "lien-he", "tin/cầu-treo")


@pytest.fixture
def archive(tmp_path):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    Store.open(folder.database).close()
    folder.add_portals([Portal("a", "http://a.vn/"), Portal(LONG, "http://b.vn/")])
    frontier = Ledger(folder.ledger)
    urls = [f"http://a.vn/{path}" for path in PAGES]
    frontier.add([Found(url, url_key(url), "a", "page", "link") for url in urls])
    frontier.conn.execute(
        "INSERT INTO portal_run (run, portal, ended_at, verdict, why, advice, counts) VALUES (1, 'a', 1.8e9,"
        " 'incomplete: pages', ?, ?, '{}')",
        (
            "12 of 14 pages failed: the server answers 503 to http://a.vn/tin/mot-bai-co-dia-chi-dai and others",
            "Try again, and see what each of them answers; then write to the portal about what you have seen there.",
        ),
    )
    frontier.close()

    def run(*args):
        return CliRunner().invoke(main, ["--archive", str(folder.path), *args])

    run.folder = folder
    return run


def test_status_fits_eighty_columns_whatever_the_names(archive):
    lines = archive("status").output.splitlines()
    assert max(map(len, lines)) <= 80
    assert LONG in lines and any(line.startswith("a ") and "incomplete: pages" in line for line in lines)


def test_status_without_failures_says_so(archive):
    done = archive("status", "--failed")
    assert (done.exit_code, done.output) == (0, "No page has failed.\n")


def test_status_says_in_words_where_the_usual_way_would_read_otherwise(archive, tmp_path):
    with Store.open(tmp_path / "kho" / "archive.db") as store:
        store.save_check(
            "a", at="2026-01-01T00:00:00Z", family="joomla_k2", compared=12, differs={"title": 12, "lead": 3}
        )
    said = " ".join(archive("status").output.split())
    assert "compared on 12 articles, the usual way to read Joomla K2 sites would give another title 12, lead 3" in said
    assert "joomla_k2" not in said


@pytest.mark.parametrize(
    ("part", "finds"),
    [
        pytest.param("ho-chua", ["/tin/ho-chua-nuoc", "/tin/ho-chua-moi"], id="several"),
        pytest.param("LIEN-HE", ["/lien-he\n  found"], id="one is told whole"),
        pytest.param("cầu-treo", ["/tin/c"], id="with accents"),
        pytest.param("a.vn/lien-he", ["/lien-he\n  found"], id="without the scheme"),
    ],
)
def test_why_finds_pages_by_a_part_of_their_address(archive, part, finds):
    done = archive("why", part)
    assert done.exit_code == 0
    assert all(text in done.output for text in finds)


def test_why_of_what_is_in_no_address_says_so(archive):
    done = archive("why", "hồ-sơ-mật")
    assert done.exit_code == 2 and "was never discovered" in done.output


def test_why_tells_how_many_versions_are_kept(archive):
    url = f"http://a.vn/{PAGES[0]}"
    with Store.open(archive.folder.database) as store, store.batch():
        store.add_portal(Portal("a", "http://a.vn/"))
        for n, text in enumerate(("Hồ chứa 4 triệu khối.", "Hồ chứa 5 triệu khối.")):
            capture = Capture(
                f"urn:uuid:{n}", "x.warc.gz", n, 9, url, f"2026-11-2{n}T11:48:00Z", 200, f"sha256:{n}", "a"
            )
            saved = store.save_article(Article(url, url, title="Hồ chứa", text=text), capture, "a")
    frontier = Ledger(archive.folder.ledger)
    frontier.conn.execute("UPDATE page SET state = 'stored', article_id = ? WHERE url = ?", (saved.id, url))
    frontier.close()
    line = next(line for line in archive("why", url).output.splitlines() if line.startswith("  state"))
    assert line == f"  state     Kept as an article, 2 versions (changed 2026-11-21 18:48): /bai/{saved.id}"


def test_alerts_test_tries_each_channel_and_says_what_happened(archive, loopback, free_port):
    config = archive.folder.config_path
    assert archive("alerts", "test").exit_code == 2
    loopback.routes["/hook"] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    alerts = f'[alerts]\nwebhook = "{loopback.base}/hook"\n'
    config.write_text(config.read_text().replace("[alerts]\n", alerts))
    done = archive("alerts", "test")
    assert done.exit_code == 0 and f"webhook  {loopback.base}/hook: the test alert was sent" in done.output
    more = f'[alerts]\nmail = "a@example.org"\nsmtp = "smtp://me@127.0.0.1:{free_port}"\n'
    config.write_text(config.read_text().replace("[alerts]\n", more))
    done = archive("alerts", "test")
    assert done.exit_code == 1 and "refused" in done.output
    assert f"a@example.org: could not be sent by smtp://127.0.0.1:{free_port}" in done.output
    assert json.loads(archive("status", "--json").output)["portals"].keys() == {"a", LONG}
