"""Heads are stamped by a real time stamping authority, made with openssl, and a stamp is held against its head."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from archive.model import Capture, Portal
from archive.proof import stamps
from archive.proof.checks.check_log import check_log
from archive.proof.log import Log
from archive.store import Store
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.proving.stamping import stamp_last_head

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here to stamp with")

TSA = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
digests = sha256
default_policy = 1.2.3.4
ess_cert_id_alg = sha256
[req]
distinguished_name = name
[name]
[extension]
extendedKeyUsage = critical,timeStamping
"""


def _openssl(*arguments, data=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=True).stdout


@pytest.fixture
def authority(tmp_path):
    """A function that answers a request as the service does."""
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "tsa.cnf").write_text(TSA.format(folder=folder))
    (folder / "serial").write_text("01")
    _openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=dau thoi gian", "-days", "9", "-config", folder / "tsa.cnf",
        "-extensions", "extension", "-keyout", folder / "tsa.key", "-out", folder / "tsa.pem",
    )  # fmt: skip

    def reply(query: bytes) -> bytes:
        (folder / "q").write_bytes(query)
        _openssl("ts", "-reply", "-config", folder / "tsa.cnf", "-queryfile", folder / "q", "-out", folder / "r")
        return (folder / "r").read_bytes()

    reply.folder = folder
    return reply


@pytest.fixture
def kho(tmp_path, loopback):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    text = folder.config_path.read_text("utf-8")
    folder.config_path.write_text(f'stamp = "{loopback.base}/tsa"\n{text}', "utf-8")
    with Store.open(folder.database) as store:
        store.add_portal(Portal("a", "http://a.vn/"))
        store.save_capture(
            Capture("urn:uuid:1", "x.warc.gz", 0, 9, "http://a.vn/", "2026-05-01T08:00:00Z", 200, "", "a")
        )
        Log(folder.path).append(store.conn, "Kho")
    return folder


def _posted(authority, loopback):
    """The service at an address: its handler reads no body, so the request is made anew from what was sent."""
    import urllib.request

    real = urllib.request.urlopen

    def urlopen(request, timeout):
        assert request.get_header("Content-type") == "application/timestamp-query"
        data = authority(request.data)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {len(data)}\r\n\r\n"
        loopback.routes["/tsa"] = head.encode() + data
        return real(request, timeout=timeout)

    return urlopen


def test_a_head_is_stamped_once_and_openssl_agrees(kho, authority, loopback, monkeypatch, tmp_path):
    monkeypatch.setattr("urllib.request.urlopen", _posted(authority, loopback))
    assert stamp_last_head(kho) is None and stamp_last_head(kho) is None
    log = Log(kho.path)
    (stamp,) = stamps.read_stamps(log.stamps_path)
    (tmp_path / "head.message").write_bytes(log.heads()[0].message())
    (tmp_path / "head.tsr").write_bytes(stamp.response)
    _openssl(
        "ts", "-verify", "-data", tmp_path / "head.message", "-in", tmp_path / "head.tsr",
        "-CAfile", authority.folder / "tsa.pem",
    )  # fmt: skip
    with Store.open(kho.database) as store:
        assert check_log(log, store.conn).faults == []
        log.stamps_path.write_bytes(log.stamps_path.read_bytes().replace(b'"time":"20', b'"time":"19'))
        assert [fault.of for fault in check_log(log, store.conn).faults] == ["head 1"]


@pytest.mark.parametrize("answer", [b"", b"<html>busy</html>", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_stamp_is_told_and_not_kept(kho, loopback, answer):
    loopback.routes["/tsa"] = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer
    assert "was not stamped" in stamp_last_head(kho)
    assert not Log(kho.path).stamps_path.exists()


def test_a_stamp_of_another_head_is_refused(kho, authority):
    head = Log(kho.path).heads()[0]
    asked, nonce = stamps.request(head)
    answer = authority(asked)
    with pytest.raises(stamps.BadStamp, match="another request"):
        stamps.accept(head, "tsa", answer, nonce + 1)
    other = type(head)(**{name: getattr(head, name) for name in head.__slots__} | {"size": 99})
    with pytest.raises(stamps.BadStamp, match="something else"):
        stamps.accept(other, "tsa", answer, None)


def test_a_service_that_cannot_be_reached_is_one_line(kho):
    text = kho.config_path.read_text("utf-8").splitlines()
    kho.config_path.write_text("\n".join(['stamp = "http://127.0.0.1:1/"', *text[1:]]), "utf-8")
    said = stamp_last_head(kho)
    assert said is not None and "127.0.0.1:1" in said and "\n" not in said
