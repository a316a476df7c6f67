"""A host whose TLS changes between crawls, or breaks off once: what its captures say of it, and what a person is told."""

from __future__ import annotations

import threading

import pytest

from crawler.probe.asker import Asker
from tests.crawler.crawl.test_tls import Crawled, TlsServer, serving
from tests.crawler.fetch.certificates import Authority

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("tls")]


class FickleServer(TlsServer):
    """A TLS server that breaks the first ``drops`` connections off."""

    drops = 0

    def finish_request(self, request, client_address):
        if self.drops > 0:
            self.drops -= 1
            request.recv(100)
            return
        super().finish_request(request, client_address)


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.root))
    return made


@pytest.fixture
def server(authority):
    with FickleServer(serving(authority.issue("good"))) as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def archive(server, tmp_path):
    made = Crawled(tmp_path / "kho")
    made.ports = {"xa": server.server_address[1]}
    assert made.run("init").returncode == 0
    with (made.folder / "tinhuyen.toml").open("a") as config:
        config.write(f'[portals.xa]\nurl = "{made.origin("xa")}/"\nallow_private = true\n')
    return made


def crawl(archive) -> tuple[str, str]:
    """Crawl all of it; how the last capture is labelled, and what was told."""
    told = archive.run("crawl", "--delay", "0", "--full")
    ((label,),) = archive.rows("archive.db", "SELECT secure FROM capture ORDER BY fetched_at DESC, rowid DESC LIMIT 1")
    return label, told.stdout + told.stderr


def test_a_handshake_that_breaks_off_once_leaves_the_certificate_judged(archive, server):
    server.drops = 1
    assert crawl(archive)[0] == "verified" and server.drops == 0


def test_one_that_broke_off_too_often_is_verified_again_by_the_next_crawl(archive, server):
    server.drops = 2
    assert crawl(archive)[0] == "legacy"
    assert crawl(archive)[0] == "verified"


def test_a_certificate_turned_bad_is_labelled_and_told_and_a_mended_one_noticed(archive, server, authority, tmp_path):
    good = server.context
    assert crawl(archive)[0] == "verified"
    server.context = serving(Authority(tmp_path / "stranger").root_with_key())
    label, told = crawl(archive)
    assert label == "unverified" and "TLS       xa: its TLS certificate was valid on" in told
    assert "TLS:        xa: its TLS certificate was valid on" in archive.run("status").stdout
    server.context = good
    label, told = crawl(archive)
    assert label == "verified" and "not trusted any more" not in told
    assert "not trusted any more" not in archive.run("status").stdout


def test_a_look_outside_of_a_crawl_is_tried_again_too(server):
    server.drops = 1
    ask = Asker(delay=0.0, timeout=5.0, allow_private=True, sleep=lambda seconds: None)
    url = f"https://127.0.0.1:{server.server_address[1]}"
    assert ask.get(url + "/").status == 200 and ask.tls == {url: "verified"}
