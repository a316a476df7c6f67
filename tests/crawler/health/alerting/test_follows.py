"""Follows: what is new is told once, what could not be sent waits, silence of a portal is named."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

from archive.model import Article, Capture, Portal
from archive.rows import portal_health
from archive.store import Store
from crawler.cli import main
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.alerting import follows

DAY = 86_400.0


@pytest.fixture
def folder(tmp_path):
    made = ArchiveFolder(tmp_path / "kho")
    made.init(name="Kho thử", contact="a@example.org")
    made.add_portal(Portal("langxa", "https://langxa.gov.vn/", title="Cổng Lãng Xá"))
    with Store.open(made.database) as store:
        store.add_portal(Portal("langxa", "https://langxa.gov.vn/", "Cổng Lãng Xá"))
    save(made, 1, "Hội xuân làng")
    return made


def save(folder, number, title):
    url = f"https://langxa.gov.vn/{number}"
    article = Article(url, url, title=title, text="Thu hồi đất.", family="x", extractor="x/1")
    capture = Capture(
        f"urn:uuid:{number}",
        "a.warc.gz",
        number,
        9,
        url,
        f"2026-01-0{number}T00:00:00Z",
        200,
        f"sha256:{number}",
        "langxa",
    )
    with Store.open(folder.database) as store:
        store.save_article(article, capture, "langxa")


@pytest.fixture
def hook():
    """A webhook on loopback: its address, and what it was told."""
    told: list[dict] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/secret", told
    server.shutdown()
    server.server_close()


def test_only_what_is_new_is_told_and_once(folder, hook):
    address, told = hook
    follows.add(folder, "https://kho.example.org/tim?q=thu+hồi", "webhook", address, "once")
    assert [sent for _, sent, _ in follows.tell_followers(folder)] == [0]
    save(folder, 2, "Bài mới")
    assert [sent for _, sent, _ in follows.tell_followers(folder)] == [1]
    assert [sent for _, sent, _ in follows.tell_followers(folder)] == [0]
    (message,) = told
    assert [event["title"] for event in message["events"]] == ["Bài mới"]
    assert "https://kho.example.org/bai/" in message["text"]


def test_what_could_not_be_sent_waits_and_no_secret_is_told(folder):
    follows.add(folder, "/cong/langxa", "webhook", "http://127.0.0.1:9/secret", "once")
    save(folder, 2, "Bài mới")
    for _ in range(2):
        ((one, sent, error),) = follows.tell_followers(folder)
        assert sent == 0 and error and "secret" not in error and "secret" not in one.shown


def test_a_week_is_waited_for(folder, hook):
    one, _ = follows.add(folder, "/tim?q=thu+hồi", "webhook", hook[0], "week")
    save(folder, 2, "Bài mới")
    assert follows.tell_followers(folder, clock=lambda: one.told_at + 6 * DAY) == []
    assert [sent for _, sent, _ in follows.tell_followers(folder, clock=lambda: one.told_at + 7 * DAY)] == [1]


def test_a_portal_that_does_not_answer_is_named_with_the_day(folder, hook):
    address, told = hook
    follows.add(folder, "/tim?q=thu+hồi", "webhook", address, "once")
    with Store.open(folder.database) as store, store.batch():
        portal_health.save(store.conn, "langxa", "dead name", at="2026-11-24T00:00:00Z", well=False)
    follows.tell_followers(folder)
    follows.tell_followers(folder)
    (message,) = told
    assert "Cổng Lãng Xá" in message["text"] and "24/11/2026" in message["text"]


@pytest.mark.parametrize("address", ["/bai/1", "https://x.example/", "/cong/none"])
def test_what_cannot_be_followed(address, folder):
    with pytest.raises(UserError):
        follows.add(folder, address, "mail", "a@example.org", "day")


@pytest.mark.parametrize(
    ("to", "settings", "told"),
    [
        (("--mail", "a@example.org"), "", True),
        (("--mail", "a@example.org"), 'smtp = "smtps://mail.example.org"', False),
        (("--webhook", "https://x.example/"), "", False),
    ],
)
def test_whose_mail_server_sends_is_said_where_none_is_set(folder, to, settings, told):
    text = folder.config_path.read_text("utf-8")
    folder.config_path.write_text(text.replace("[alerts]", f"[alerts]\n{settings}"), "utf-8")
    done = CliRunner().invoke(main, ["--archive", str(folder.path), "follow", "thu hồi đất", *to])
    assert done.exit_code == 0 and ("No smtp is set under [alerts]" in done.stderr) is told


def test_a_follow_can_be_ended(folder):
    one, before = follows.add(folder, "thu hồi đất", "mail", "a@example.org", "day")
    assert before == 1
    assert [kept.address for kept in follows.follows(folder)] == ["thu hồi đất"]
    assert follows.remove(folder, one.id) and not follows.remove(folder, one.id)
