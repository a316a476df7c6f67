"""Alerts by apprise: sent once like any other, and of the address nothing but its scheme is ever printed."""

from __future__ import annotations

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli import main
from crawler.errors import ConfigInvalid
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.alerting import notify
from crawler.health.alerting.alert_messages import tell
from crawler.ledger.frontier import Ledger

NOW = 1_795_000_000.0
TOKEN = "ma-rat-bi-mat"


@pytest.fixture
def service():
    """A service that takes JSON, and answers ``server.status``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.got, server.status = [], 200
        server.address = f"json://nguoi:{TOKEN}@127.0.0.1:{server.server_address[1]}/{TOKEN}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def archive(tmp_path):
    """An archive with one portal that is dead, its alerts sent to the addresses given."""

    def make(*addresses: str) -> ArchiveFolder:
        folder = ArchiveFolder(tmp_path / "kho")
        folder.init(name="Kho Thái Bình")
        text = folder.config_path.read_text().replace("[alerts]", f"[alerts]\nnotify = {json.dumps(addresses)}")
        folder.config_path.write_text(text)
        ledger = Ledger(folder.ledger, clock=lambda: NOW)
        ledger.conn.execute(
            "INSERT INTO portal_run (run, portal, ended_at, verdict, why, advice, counts)"
            " VALUES (1, 'xahoa', ?, 'dead name', '<b>its name</b> is gone', 'Look for a successor.', '{}')",
            (NOW,),
        )
        ledger.close()
        return folder

    return make


def test_an_alert_is_sent_as_plain_text_and_once(archive, service):
    folder = archive(service.address)
    assert [tell(folder, clock=lambda: NOW) for _ in range(2)] == [[], []]
    (message,) = service.got
    assert message["title"] == "[Kho Thái Bình] xahoa: dead name"
    assert "xahoa: dead name. <b>its name</b> is gone. Look for a successor." in message["message"]


def test_what_a_service_did_not_take_is_sent_again_and_the_others_have_it_once(archive, service, free_port):
    folder = archive(service.address, f"json://127.0.0.1:{free_port}/{TOKEN}")
    for _ in range(2):
        (said,) = tell(folder, clock=lambda: NOW)
        assert "json" in said and TOKEN not in said
    assert len(service.got) == 1


def test_why_a_service_refused_is_told_and_its_address_is_not(archive, service, caplog, capfd):
    service.status = 403
    (said,) = tell(archive(service.address), clock=lambda: NOW)
    printed = said + caplog.text + "".join(capfd.readouterr())
    assert "403" in said
    assert TOKEN not in printed and "127.0.0.1" not in printed


def test_the_ledger_remembers_a_service_without_its_secrets(archive, service):
    folder = archive(service.address)
    tell(folder, clock=lambda: NOW)
    ledger = Ledger(folder.ledger)
    (channel,) = [row[0] for row in ledger.conn.execute("SELECT channel FROM alert")]
    ledger.close()
    assert channel.startswith("json ") and TOKEN not in channel


def test_the_command_says_what_became_of_each(archive, service):
    folder = archive(service.address, f"khong-co://{TOKEN}")
    done = CliRunner().invoke(main, ["--archive", str(folder.path), "alerts", "test"])
    assert done.exit_code == 1
    sent, unknown = done.output.splitlines()
    assert sent.startswith("json ") and sent.endswith("the test alert was sent")
    assert "apprise knows no such address of khong-co://" in unknown
    assert TOKEN not in done.output


@pytest.mark.parametrize(
    "line", ['notify = "tgram"', "notify = 3", f'notify = ["ok://a", "{TOKEN}"]', 'notify = "http://a b"']
)
def test_a_setting_that_is_no_address_is_refused_unquoted(tmp_path, line):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init()
    folder.config_path.write_text(folder.config_path.read_text().replace("[alerts]", f"[alerts]\n{line}"))
    with pytest.raises(ConfigInvalid, match=r"alerts\.notify") as refused:
        folder.config()
    assert TOKEN not in str(refused.value)


@given(st.text("abcXYZ019-_ạ%", min_size=3, max_size=20), st.text(max_size=20), st.booleans())
def test_no_part_of_an_address_is_left_in_a_text(secret, around, encoded):
    address = f"tgram://{quote(secret) if encoded else secret}/chat"
    shown = notify.without_secrets(f"{around} {secret} {quote(secret)} {secret.upper()}", address)
    assert secret not in shown.replace("…", "")


def test_the_log_of_apprise_is_left_as_it_was(service):
    before = (notify.logger.propagate, list(notify.logger.handlers))
    notify.send(service.address, "một", "hai")
    assert (notify.logger.propagate, notify.logger.handlers) == before
    assert isinstance(notify.logger, logging.Logger)
