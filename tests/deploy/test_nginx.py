"""The real nginx before the real site: pages come through, are kept for seconds, and stand under a path where one is set."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from archive.model import Article, Capture, Portal
from archive.snapshot import snapshot as take_snapshot
from archive.store import Store
from crawler.folder.archive_folder import ArchiveFolder
from tests.nginx_before import nginx_before

NGINX = shutil.which("nginx")
pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = ArchiveFolder(tmp_path_factory.mktemp("kho"))
    archive.init(contact="luutru@example.org")
    folder = archive.path
    with Store.open(folder / "archive.db") as store:
        store.add_portal(Portal("xa.vn", "http://xa.vn/"))
        capture = Capture("urn:uuid:1", "f", 0, 1, "http://xa.vn/1", "2026-01-01T00:00:00Z", 200, "sha256:1", "xa.vn")
        store.save_article(
            Article("http://xa.vn/1", "http://xa.vn/1", title="Đắp đê", text="Xã đắp đê."), capture, "xa.vn"
        )
    return folder


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


@contextmanager
def site(folder: Path, own: str, port: int, *what: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the site that readers find at ``own``."""
    command = [sys.executable, "-m", "crawler", "--archive", str(folder), "serve", "--public", *what]
    with subprocess.Popen([*command, "--port", str(port), "--url", own], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("http"), "the site says where it listens"
            yield server
        finally:
            server.terminate()


@contextmanager
def behind_nginx(folder: Path, work: Path, path: str = "/") -> Iterator[str]:
    """The address of an nginx with the shipped configuration before a site of ``folder`` that stands under ``path``."""
    port, front = free_ports()
    own = f"http://127.0.0.1:{front}{path}"
    with site(folder, own, port), nginx_before([port], front, work, path):
        yield own


def test_pages_come_through_and_are_kept_for_seconds(folder: Path, tmp_path: Path) -> None:
    with behind_nginx(folder, tmp_path) as own, httpx.Client(base_url=own) as reader:
        first, again = reader.get("/tim", params={"q": "dap de"}), reader.get("/tim", params={"q": "dap de"})
        assert (first.status_code, again.status_code) == (200, 200)
        assert (first.headers["x-cache"], again.headers["x-cache"]) == ("MISS", "HIT")
        assert "Đắp đê" in re.sub("<[^>]*>", "", again.text)
        assert "default-src 'none'" in again.headers["content-security-policy"]
        assert reader.get("/en/tim", params={"q": "dap de"}).headers["x-cache"] == "MISS", (
            "a page of another language is another"
        )
        assert reader.post("/tim", content=b"x" * 100_000).status_code == 413


def test_the_site_stands_under_a_path(folder: Path, tmp_path: Path) -> None:
    with behind_nginx(folder, tmp_path, "/kho/") as own, httpx.Client() as reader:
        home = reader.get(own)
        links = re.findall(r'(?:href|action|src)="(/[^"]*)"', home.text)
        assert home.status_code == 200
        assert links
        assert [link for link in links if not link.startswith("/kho")] == []
        root = own.removesuffix("/kho/")
        answers = {
            link: reader.get(root + link.replace("&amp;", "&"), follow_redirects=True).status_code
            for link in set(links)
        }
        assert set(answers.values()) == {200}, answers
        article = next(link for link in links if re.fullmatch(r"/kho/bai/\d+", link))
        assert f"{root}{article}" in reader.get(root + article).text, "its permalink is the one readers find it by"


def test_replicas_of_a_snapshot_answer_together_and_for_one_that_ended(folder: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "kho.db"
    take_snapshot(folder / "archive.db", snapshot)
    (one, front), (other, _) = free_ports(), free_ports()
    own = f"http://127.0.0.1:{front}/"
    what = ("--snapshot", str(snapshot))
    with (
        site(folder, own, one, *what) as first,
        site(folder, own, other, *what),
        nginx_before([one, other], front, tmp_path),
        httpx.Client(base_url=own) as reader,
    ):
        answers = [reader.get("/tim", params={"q": "dap de"}) for _ in range(3)]
        assert [answer.headers["x-cache"] for answer in answers] == ["MISS", "HIT", "HIT"]
        assert "Đắp đê" in re.sub("<[^>]*>", "", answers[0].text)
        first.terminate()
        first.wait(20)
        # no reader is told that a process ended while another answers
        assert {reader.get("/tim", params={"q": f"dap de {n}"}).status_code for n in range(6)} == {200}
