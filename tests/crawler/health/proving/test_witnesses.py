"""Heads are mailed to witnesses once, and what they kept is held against the log: a log made anew contradicts it."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from archive.model import Capture, Portal
from archive.proof.log import Log
from archive.store import Store
from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.proving.witnesses import mail_last_head
from tests.crawler.health.alerting.test_alert_messages import mailbox  # noqa: F401


def _captured(kho: ArchiveFolder, number: int) -> None:
    with Store.open(kho.database) as store:
        store.add_portal(Portal("a", "http://a.vn/"))
        store.save_capture(
            Capture(
                f"urn:uuid:{number}",
                "x.warc.gz",
                number,
                9,
                f"http://a.vn/{number}",
                "2026-05-01T08:00:00Z",
                200,
                "",
                "a",
            )
        )
        Log(kho.path).append(store.conn, "Kho")


@pytest.fixture
def kho(tmp_path, request):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    port = request.getfixturevalue("mailbox").port if "mailbox" in request.fixturenames else 9
    text = folder.config_path.read_text("utf-8")
    settings = f'[alerts]\nsmtp = "smtp://127.0.0.1:{port}"\nfrom = "kho@example.org"'
    text = 'witnesses = ["thu@example.org", "vien@example.net"]\n' + text.replace("[alerts]", settings)
    folder.config_path.write_text(text, "utf-8")
    _captured(folder, 1)
    return folder


def _verify(kho: ArchiveFolder, *arguments: object):
    return CliRunner().invoke(main, ["--archive", str(kho.path), "verify", "--log", *map(str, arguments)])


def test_each_witness_gets_a_head_once_and_the_next_head_again(kho, mailbox):  # noqa: F811
    assert mail_last_head(kho) == [] and mail_last_head(kho) == []
    assert [mail["To"] for mail in mailbox.mails] == ["thu@example.org", "vien@example.net"]
    _captured(kho, 2)
    assert mail_last_head(kho) == []
    (attached,) = mailbox.mails[-1].iter_attachments()
    assert json.loads(attached.get_payload(decode=True)) == json.loads(Log(kho.path).heads()[-1].line())
    assert len(mailbox.mails) == 4


def test_a_mail_server_that_is_away_is_told_and_the_mail_sent_later(kho, free_port):
    first = mail_last_head(kho)
    assert len(first) == 2 and first[0].startswith("the head of the log was not mailed to thu@example.org: ")
    assert mail_last_head(kho) == first  # not told as sent


def test_a_log_agrees_with_the_heads_a_witness_kept_and_one_made_anew_does_not(kho, tmp_path):
    kept = tmp_path / "head-1.json"
    kept.write_bytes(Log(kho.path).heads()[0].line())
    _captured(kho, 2)
    assert _verify(kho, "--head", kept).exit_code == 0
    shutil.rmtree(kho.path / "proof")
    with Store.open(kho.database) as store:  # all evidence that there was another log is gone with it
        store.conn.execute("DELETE FROM capture WHERE record_id = 'urn:uuid:1'")
        Log(kho.path).append(store.conn, "Kho")
    made_anew = _verify(kho, "--head", kept)
    assert made_anew.exit_code == 1 and "head 1 is not the one that was signed: it was replaced" in made_anew.output


def test_a_head_of_another_key_is_told_as_what_it_may_be(kho, tmp_path):
    other = ArchiveFolder(tmp_path / "khác")
    other.init(contact="luutru@example.org")
    _captured(other, 1)
    kept = tmp_path / "head-1.json"
    kept.write_bytes(Log(other.path).heads()[0].line())
    told = _verify(kho, "--head", kept)
    assert told.exit_code == 1
    assert (
        "signed by a key that signed no head here: it is of another archive, or this log was made anew" in told.output
    )


def test_a_head_that_was_changed_proves_nothing(kho, tmp_path):
    kept = tmp_path / "head-1.json"
    kept.write_bytes(Log(kho.path).heads()[0].line().replace(b'"size":1', b'"size":2'))
    refused = _verify(kho, "--head", kept)
    assert refused.exit_code == 2 and "the head is not what its key signed" in refused.output
    kept.write_bytes(b"[]")
    assert "is no head of a log" in _verify(kho, "--head", kept).output
