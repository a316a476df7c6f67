"""``takedown``: what the person at the terminal and the reader of the site are told, and what a crawl meanwhile brings."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.ids import url_key
from archive.model import Article, Capture, Portal
from archive.site import datasette_for
from archive.store import Store
from archive.text.vietnam_time import in_vietnam
from crawler.cli import main
from crawler.crawl.records.storing import store_visit
from crawler.crawl.records.visit import Tally, Visit
from crawler.crawl.visits.outcomes import Look, article
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger import suspended
from crawler.ledger.frontier import Ledger
from crawler.ledger.rows import Found, Page

URL = "http://a.vn/tin/bai-mot"
TITLE = "Cầu treo bị sập"


def capture(number, **changes):
    values = {
        "record_id": f"urn:uuid:{number:08d}", "file": "a.warc.gz", "offset": number, "length": 9, "url": URL,
        "fetched_at": f"2026-01-{number:02d}T00:00:00Z", "status": 200, "digest": f"sha256:{number:0>52}", "portal": "a",
    }  # fmt: skip
    return Capture(**{**values, **changes})


def article_of(text):
    return Article(URL, URL, TITLE, text=text, family="general", extractor="general/1")


@pytest.fixture
def archive(tmp_path):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    with Store.open(folder.database) as store:
        store.add_portal(Portal("a", "http://a.vn/"))
        identifier = store.save_article(article_of("Một."), capture(1), "a").id
    ledger = Ledger(folder.ledger)
    ledger.add([Found(URL, url_key(URL), "a", "article", "link")])
    ledger.conn.execute("UPDATE page SET state = 'stored', article_id = ?, etag = 'a', due = NULL", (identifier,))
    ledger.close()

    def run(*args):
        return CliRunner().invoke(main, ["--archive", str(folder.path), *map(str, args)])

    run.folder, run.id = folder, str(identifier)
    return run


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param([], "give one of --reason TEXT, --undo and --list", id="nothing"),
        pytest.param(["--undo"], "ARTICLE", id="no article"),
        pytest.param(["1", "--undo", "--reason", "x"], "give one of", id="two at once"),
        pytest.param(["1", "--reason", "x"], "no article 1 is kept here", id="unknown id"),
        pytest.param(
            ["http://b.vn/x", "--reason", "x"], "no article of the address http://b.vn/x", id="unknown address"
        ),
        pytest.param(["một bài", "--reason", "x"], "no article một bài is kept here", id="no id at all"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(archive, args, told):
    done = archive("takedown", *args)
    assert done.exit_code == 2
    assert told in done.output and done.output.count("\n") == 1


def test_an_empty_reason_is_refused(archive):
    done = archive("takedown", archive.id, "--reason", " ")
    assert done.exit_code == 2 and "give a reason" in done.output


@pytest.mark.parametrize(
    "given", ["{}", "/en/bai/{}", "https://kho.example.org/bai/{}?v=1", URL, f"{URL}?utm_source=x"]
)
def test_an_article_is_named_by_its_id_or_an_address(archive, given):
    done = archive("takedown", given.format(archive.id), "--reason", "Theo lệnh")
    assert done.output.startswith(f"{archive.id} is suspended")
    assert archive("takedown", given.format(archive.id), "--undo").output.startswith(f"{archive.id} is back as it was")


def test_the_list_has_day_and_reason_and_a_second_takedown_changes_nothing(archive):
    assert archive("takedown", "--list").output == "No article is suspended.\n"
    archive("takedown", archive.id, "--reason", "Theo\nlệnh")
    before = archive("takedown", "--list").output
    with Store.open(archive.folder.database) as store:
        at = store.conn.execute("SELECT at FROM suspended").fetchone()[0]
    assert before == f"{archive.id}  {in_vietnam(at)}  Theo lệnh\n"

    again = archive("takedown", archive.id, "--reason", "khác")

    assert again.exit_code == 0 and "has been suspended since" in again.output
    assert archive("takedown", "--list").output == before


async def test_readers_find_the_reason_in_its_place_and_nothing_else(archive):
    archive("takedown", archive.id, "--reason", "<b>Theo lệnh</b>")
    datasette = datasette_for(archive.folder.path)
    await datasette.invoke_startup()

    paths = [
        f"/bai/{archive.id}",
        f"/en/bai/{archive.id}?v=1",
        f"/bai/{archive.id}.json",
        "/-/capture/urn:uuid:00000001",
    ]
    answers = [await datasette.client.get(path) for path in paths]
    assert [one.status_code for one in answers] == [451] * 4
    assert all("Theo lệnh" in one.text and TITLE not in one.text for one in answers)
    assert "&lt;b&gt;Theo" in answers[0].text
    assert answers[2].json()["error"] == "suspended"
    for path in ("/", "/tim?q=cau+treo", "/cong/a", "/archive/article.json", "/archive/capture.json"):
        assert TITLE not in (await datasette.client.get(path)).text
    archive("takedown", archive.id, "--undo")
    assert TITLE in (await datasette.client.get(f"/bai/{archive.id}")).text


def test_nothing_of_its_text_is_left_in_the_file(archive):
    archive("takedown", archive.id, "--reason", "Theo lệnh")
    held = b"".join(path.read_bytes() for path in archive.folder.path.glob("archive.db*"))
    assert TITLE.encode() not in held


def test_what_a_crawl_brings_meanwhile_is_kept_aside_and_looked_for_again_after(archive):
    archive("takedown", archive.id, "--reason", "Theo lệnh")
    ledger = Ledger(archive.folder.ledger)
    page = Page(url_key(URL), URL, "a", "article", 1, 0, "stored", article_id=int(archive.id))
    visit = Visit(page, 1, article(Look(page, 0.0), None), capture(2), article_of("Hai."))
    with Store.open(archive.folder.database) as store:
        stored = store_visit(store, Tally(), visit)
        assert store.capture(capture(2).record_id) is None
    assert (stored.outcomes, stored.withheld) == ([], int(archive.id))
    suspended.hold(ledger, stored.withheld, visit.capture)
    suspended.hold(ledger, stored.withheld, visit.capture)  # delivered twice
    ledger.conn.execute("UPDATE page SET state = 'stored', due = NULL, etag = 'b'")
    ledger.close()

    archive("takedown", archive.id, "--undo")

    with Store.open(archive.folder.database) as store:
        assert store.capture(capture(2).record_id) == capture(2)
        assert store.load(int(archive.id)).text == "Một."
    ledger = Ledger(archive.folder.ledger)
    row = ledger.conn.execute("SELECT etag, due IS NOT NULL FROM page").fetchone()
    assert tuple(row) == (None, 1)
    assert ledger.conn.execute("SELECT count(*) FROM suspended_capture").fetchone()[0] == 0


def test_an_archive_put_back_without_its_private_file_says_what_is_missing(archive):
    archive("takedown", archive.id, "--reason", "Theo lệnh")
    archive.folder.ledger.unlink()
    done = archive("takedown", archive.id, "--undo")
    assert done.exit_code == 2 and "crawl.db" in done.output and "holds no copy" in done.output


def test_followers_are_told(archive):
    archive("takedown", archive.id, "--reason", "Theo lệnh")
    archive("takedown", archive.id, "--undo")
    [line] = archive("export", "--changes").output.splitlines()
    assert (json.loads(line)["change"], json.loads(line)["article"]["title"]) == ("restored", TITLE)


@pytest.mark.parametrize("logged", [True, False], ids=["in the log before", "taken down before it was logged"])
def test_the_log_of_captures_holds_before_during_and_after(archive, logged):
    with Store.open(archive.folder.database) as store:  # rows behind it, which the log goes on with
        store.save_capture(capture(3, url="http://a.vn/"))
    if logged:
        assert archive("verify", "--log").exit_code == 0
    archive("takedown", archive.id, "--reason", "Theo lệnh")
    during = archive("verify", "--log")
    assert during.exit_code == 0, during.output

    archive("takedown", archive.id, "--undo")

    after = archive("verify", "--log")
    assert after.exit_code == 0, after.output
    assert "4 entries" in after.output  # both captures, and the WARC files with the redo records of takedown and return


def test_no_evidence_is_given_of_a_suspended_article(archive, tmp_path):
    archive("takedown", archive.id, "--reason", "Theo lệnh")
    done = archive("evidence", archive.id, "-o", tmp_path / "x.zip")
    assert done.exit_code == 2 and "is suspended" in done.output
    assert not (tmp_path / "x.zip").exists()
