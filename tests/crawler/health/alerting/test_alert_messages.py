"""Alerts over real servers: one message for what is new, each cause once a day, nothing lost when a server is away."""

from __future__ import annotations

import json
import threading
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from crawler.errors import ConfigInvalid
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.alerting.alert_messages import PASSWORD, tell
from crawler.ledger.frontier import Ledger
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

NOW, DAY = 1_795_000_000.0, 86400.0


class Mailbox:
    def __init__(self) -> None:
        self.mails: list = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox(free_port):
    box = Mailbox()
    box.port = free_port
    controller = Controller(box, hostname="127.0.0.1", port=free_port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def hook():
    got: list = []

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self):
            data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if type(self).status == 200:
                got.append(data)
            self.send_response(type(self).status)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.got, server.handler = got, Handler
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


class Kept:
    """An archive whose runs are written down by hand; the clock stands until it is moved."""

    def __init__(self, path, alerts: str) -> None:
        self.folder = ArchiveFolder(path)
        self.folder.init(name="Kho Thái Bình")
        config = self.folder.config_path
        config.write_text(config.read_text().replace("[alerts]", f"[alerts]\n{alerts}"))
        self.now, self.run = NOW, 0
        self.frontier = Ledger(self.folder.ledger, clock=lambda: self.now)

    def found(self, **verdicts: str) -> None:
        self.run += 1
        for portal, verdict in verdicts.items():
            self.frontier.conn.execute(
                "INSERT INTO portal_run (run, portal, ended_at, verdict, why, advice, counts) VALUES (?, ?, ?, ?, ?, ?, '{}')",
                (self.run, portal, self.now, verdict, f"the reason of {portal}", "Do this next."),
            )

    def tell(self) -> list[str]:
        return tell(self.folder, clock=lambda: self.now)


@pytest.fixture
def kept(tmp_path, mailbox, hook):
    alerts = (
        f'mail = ["luutru@example.org"]\nsmtp = "smtp://127.0.0.1:{mailbox.port}"\n'
        f'webhook = "http://127.0.0.1:{hook.server_address[1]}/hook"\n'
    )
    kept = Kept(tmp_path / "kho", alerts)
    yield kept
    kept.frontier.conn.close()


def test_one_message_tells_all_that_is_new_in_plain_words_on_both_channels(kept, mailbox, hook):
    kept.found(hungha="dead name", tienhai="layout drift", kienxuong="complete", dongha="interrupted")
    assert kept.tell() == []
    (mail,) = mailbox.mails
    assert mail["To"] == "luutru@example.org" and "2 things need attention" in mail["Subject"]
    text = mail.get_content()
    assert "hungha: dead name. The reason of hungha. Do this next." in text and "tienhai: layout drift" in text
    assert "kienxuong" not in text and "dongha" not in text
    (posted,) = hook.got
    assert posted["archive"] == "Kho Thái Bình"
    assert [one["cause"] for one in posted["alerts"]] == ["hungha: dead name", "tienhai: layout drift"]


def test_the_same_cause_is_told_once_a_day_and_another_at_once(kept, mailbox):
    for hours in range(0, 48, 6):
        kept.now = NOW + hours * 3600
        kept.found(hungha="dead name")
        kept.tell()
    assert len(mailbox.mails) == 2
    kept.now += 60
    kept.found(hungha="moved")
    kept.tell()
    kept.tell()
    assert len(mailbox.mails) == 3 and "hungha: moved" in mailbox.mails[-1]["Subject"]


def test_what_could_not_be_told_is_told_the_next_time_and_only_where_it_was_not(kept, mailbox, hook):
    hook.handler.status = 500
    kept.found(hungha="dead name")
    (said,) = kept.tell()
    assert "webhook" in said and "500" in said
    hook.handler.status = 200
    kept.now += 600
    assert kept.tell() == []
    assert len(hook.got) == 1 and len(mailbox.mails) == 1


def test_a_mail_server_that_is_away_is_no_error_of_the_crawl(tmp_path, free_port):
    kept = Kept(tmp_path / "kho", f'mail = "a@example.org"\nsmtp = "smtp://127.0.0.1:{free_port}"\n')
    kept.found(hungha="dead name")
    (said,) = kept.tell()
    assert "mail" in said and "refused" in said
    kept.frontier.conn.close()


def test_when_almost_all_fail_alike_our_own_connection_is_named_once(kept, mailbox):
    kept.found(**{f"xa{n}": "dead name" for n in range(20)}, hungha="layout drift")
    kept.tell()
    text = mailbox.mails[0].get_content()
    assert "20 of 21 portals could not be reached" in text and "xa7" not in text and "hungha" in text


def test_occurrences_that_did_not_come_about_are_told(kept, mailbox):
    rows = [
        ("skipped", Reason(Code.NO_ROOM, said="only 3 MB are free")),
        ("missed", Reason(Code.MISSED, occurrences=11)),
        ("skipped", Reason(Code.PAUSED, portal="hungha")),
        ("skipped", Reason(Code.RUN_STILL_CRAWLS, since="2026-11-25 10:00")),
        ("lost", Reason(Code.PROCESS_DIED)),
        ("lost", Reason(Code.DIED_IN_A_ROW, times=4)),
    ]
    for state, reason in rows:
        kept.frontier.conn.execute(
            "INSERT INTO run_due (portal, occurrence, at, state, reason, reason_code, reason_facts)"
            " VALUES ('hungha', ?, ?, ?, ?, ?, ?)",
            (NOW, NOW, state, *reason.columns),
        )
    kept.tell()
    text = mailbox.mails[0].get_content()
    assert "Only 3 MB are free" in text and "were missed" in text and "4 times in a row" in text
    assert "paused" not in text and "overlapping" not in text and text.count("died") == 1


def test_the_password_of_the_mail_server_comes_from_the_environment(tmp_path, monkeypatch, free_port):
    asked, box = [], Mailbox()

    def authenticate(server, session, envelope, mechanism, data):
        asked.append((data.login, data.password))
        return AuthResult(success=True)

    controller = Controller(
        box, hostname="127.0.0.1", port=free_port, authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    monkeypatch.setenv(PASSWORD, "bi-mat")
    kept = Kept(tmp_path / "kho", f'mail = "a@example.org"\nsmtp = "smtp://ban@127.0.0.1:{free_port}"\n')
    kept.found(hungha="dead name")
    assert kept.tell() == []
    controller.stop()
    kept.frontier.conn.close()
    assert asked == [(b"ban", b"bi-mat")] and len(box.mails) == 1


@pytest.mark.parametrize(
    "line", ['mail = "nobody"', "mail = 3", 'smtp = "mail.example.org"', 'webhook = "ftp://x.vn"', "webhook = true"]
)
def test_settings_that_make_no_sense_say_so(tmp_path, line):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init()
    folder.config_path.write_text(folder.config_path.read_text().replace("[alerts]", f"[alerts]\n{line}"))
    with pytest.raises(ConfigInvalid, match=r"alerts\."):
        folder.config()


def test_a_crawl_that_found_no_network_is_told_once_as_the_connection(kept, mailbox):
    kept.found(hungha="complete")
    kept.frontier.conn.execute(
        "INSERT INTO run (started_at, finished_at, outcome, portals, settings, software, worker)"
        " VALUES (?, ?, 'offline', '[]', '{}', '', 'x')",
        (kept.now - 60, kept.now - 50),
    )
    kept.tell()
    kept.tell()
    (mail,) = mailbox.mails
    assert "the archive: connection" in mail["Subject"] and "found no network" in mail.get_content()
