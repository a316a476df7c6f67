"""The real nginx before the real site: pages come through, are kept for seconds, and stand under a path where one is set."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2 as httpx
import pytest

from archive.model import Article, Capture, Portal
from archive.store import Store
from crawler.folder.archive_folder import ArchiveFolder

CONF = Path(__file__).parents[2] / "deploy" / "nginx" / "tinhuyen.conf"
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
def behind_nginx(folder: Path, work: Path, path: str = "/") -> Iterator[str]:
    """The address of an nginx with the shipped configuration before a site of ``folder`` that stands under ``path``."""
    site, front = free_ports()
    as_root = "user root;\n" if os.getuid() == 0 else ""  # else its worker may not enter the folder of a test
    text = (
        CONF.read_text("utf-8")
        .replace("127.0.0.1:8001;", f"127.0.0.1:{site};")
        .replace("listen 80;", f"listen 127.0.0.1:{front};")
    )
    text = text.replace("/var/cache/nginx/tinhuyen", str(work / "cache")).replace("location / {", f"location {path} {{")
    scratch = "".join(
        f"{kind}_temp_path {work}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (work / "nginx.conf").write_text(
        f"{as_root}daemon off;\npid {work}/pid;\nerror_log {work}/error.log;\nworker_processes 1;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{scratch}{text}}}\n",
        "utf-8",
    )
    own = f"http://127.0.0.1:{front}{path}"
    command = [
        sys.executable,
        "-m",
        "crawler",
        "--archive",
        str(folder),
        "serve",
        "--public",
        "--port",
        str(site),
        "--url",
        own,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("http"), "the site says where it listens"
        with subprocess.Popen(
            [str(NGINX), "-p", str(work), "-c", str(work / "nginx.conf")], stderr=subprocess.PIPE
        ) as nginx:
            try:
                answering(own, nginx)
                yield own
            finally:
                nginx.send_signal(signal.SIGQUIT)
                server.terminate()


def answering(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until nginx listens; fail with its own words if it ends instead."""
    for _ in range(200):
        assert process.poll() is None, process.stderr and process.stderr.read()
        with suppress(httpx.TransportError):
            httpx.get(address, timeout=20)
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


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
