"""Pages a second of one live process, and of replicas of a snapshot behind the shipped nginx, without and with its micro-cache.

python benchmarks/replicas.py [--articles 3000] [--seconds 8] [--replicas 2]

All in one run on one machine, the asking clients included. Two kinds of readers: those who open what everybody opens (fifty
pages: a link that is shared), and those who each open another article, for whom no cache helps. The limit of requests
that one address may ask is lifted in nginx, since all come from this one; else its configuration is the shipped one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from generated_articles import fill
from site_speed import QUERIES

from archive.store import Store
from crawler.folder.archive_folder import ArchiveFolder

sys.path.append(str(Path(__file__).parents[1]))
from tests.nginx_before import nginx_before

RATIO, POPULAR, CLIENTS, A_CONNECTION = 5, 50, 16, 500
"""What is promised of pages everybody opens; how many such pages there are; connections that ask at once; and
pages that one of them asks for."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def make(folder: Path, number: int) -> list[int]:
    """An archive of generated articles; their ids."""
    archive = ArchiveFolder(folder)
    archive.init(contact="benchmark@example.org")
    fill(archive.database, number)
    with Store.open_reading(archive.database) as store:
        return [identifier for (identifier,) in store.conn.execute("SELECT id FROM article ORDER BY id DESC")]


@contextmanager
def process(command: list[str], *, says: bool = True) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        try:
            if says:
                assert started.stdout is not None and started.stdout.readline().startswith("http")
            yield
        finally:
            started.terminate()


@contextmanager
def site(what: list[str], folder: Path) -> Iterator[int]:
    """A process of the site; the port it listens at."""
    port = free_port()
    command = [sys.executable, "-m", "crawler", "--archive", str(folder), "serve", *what, "--public"]
    with process([*command, "--url", "https://kho.example.org/", "--port", str(port)]):
        yield port


@contextmanager
def nginx(work: Path, ports: list[int], *, cached: bool) -> Iterator[int]:
    """nginx with the shipped configuration, but for the limit of requests, before sites at ``ports``."""
    front = free_port()
    work.mkdir()

    def changed(text: str) -> str:
        text = "\n".join(
            line for line in text.splitlines() if "limit_req " not in line and "limit_req_status" not in line
        )
        return text if cached else text.replace("proxy_cache tinhuyen;", "proxy_cache off;")

    with nginx_before(ports, front, work, workers=2, changed=changed):
        yield front


def ask(connection: socket.socket, path: str) -> tuple[int, int]:
    """Ask for one page by a kept connection; its status and the bytes of its body."""
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: kho.example.org\r\n\r\n".encode())
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(1 << 16) or closed()
    head, _, body = got.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if b"content-length" in fields:
        length = int(fields[b"content-length"])
        while len(body) < length:
            body += connection.recv(1 << 16) or closed()
    else:
        while not body.endswith(b"\r\n0\r\n\r\n"):
            body += connection.recv(1 << 16) or closed()
    if b"</html>" not in body[-100:]:
        raise ValueError(f"{path} is answered without its end")
    return int(head.split(b" ", 2)[1]), len(body)


def closed() -> bytes:
    raise ConnectionError("the connection was closed within an answer")


def client(port: int, paths: list[str], seconds: float, counts: list[tuple[int, int]], wrong: list[int]) -> None:
    """Ask for pages of ``paths``, one after the other, for some seconds; nginx ends a connection after a thousand."""
    end, walk, done = time.perf_counter() + seconds, itertools.cycle(paths), 0
    size = 0
    while time.perf_counter() < end:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            for path in itertools.islice(walk, A_CONNECTION):
                status, length = ask(connection, path)
                done, size = done + (status == 200), size + length
                if status != 200:
                    wrong.append(status)
                if time.perf_counter() >= end:
                    break
    counts.append((done, size))


def half(port: int, shares: list[list[str]], seconds: float, answer: multiprocessing.SimpleQueue) -> None:
    counts: list[tuple[int, int]] = []
    wrong: list[int] = []
    threads = [threading.Thread(target=client, args=(port, share, seconds, counts, wrong)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer.put((sum(done for done, _ in counts), sum(size for _, size in counts), wrong[:5]))


def pages_a_second(port: int, paths: list[str], seconds: float) -> float:
    """What all clients were answered with 200, in two processes: one would be what is measured."""
    shares = [paths[at::CLIENTS] for at in range(CLIENTS)]
    answer: multiprocessing.SimpleQueue = multiprocessing.SimpleQueue()
    began = time.perf_counter()
    halves = [multiprocessing.Process(target=half, args=(port, shares[at::2], seconds, answer)) for at in range(2)]
    for one in halves:
        one.start()
    told = [answer.get() for _ in halves]
    for one in halves:
        one.join()
    if any(wrong for *_, wrong in told):
        print("  answers that were not 200:", [wrong for *_, wrong in told], file=sys.stderr)
    spent, pages = time.perf_counter() - began, sum(count for count, *_ in told)
    print(
        f"  {pages:,} pages of {sum(size for _, size, _ in told) / max(pages, 1) / 1000:.1f} KB in {spent:.1f} s",
        file=sys.stderr,
    )
    return pages / spent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=3000)
    options.add_argument("--seconds", type=float, default=8)
    options.add_argument("--replicas", type=int, default=2)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        work = Path(name)
        ids = make(work / "kho", chosen.articles)
        snapshot = work / "kho.db"
        command = [sys.executable, "-m", "crawler", "--archive", str(work / "kho"), "snapshot", str(snapshot)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        searches = [f"/tim?q={quote(query)}" for query in QUERIES if query]
        popular = ["/", *searches[:9], *(f"/bai/{one}" for one in ids[: POPULAR - 10])]
        apart = [f"/bai/{one}" for one in ids[POPULAR:]]
        replicas = [
            stack.enter_context(site(["--snapshot", str(snapshot)], work / "kho")) for _ in range(chosen.replicas)
        ]
        ways = {
            "one live process": stack.enter_context(site([], work / "kho")),
            f"{chosen.replicas} replicas, nginx without cache": stack.enter_context(
                nginx(work / "plain", replicas, cached=False)
            ),
            f"{chosen.replicas} replicas, nginx with micro-cache": stack.enter_context(
                nginx(work / "micro", replicas, cached=True)
            ),
        }
        found: dict[str, dict[str, float]] = {"pages everybody opens": {}, "each another page": {}}
        for turn, (way, port) in enumerate(ways.items()):
            found["pages everybody opens"][way] = round(pages_a_second(port, popular, chosen.seconds), 1)
            # other pages than the way before: the processes keep pages, too
            found["each another page"][way] = round(pages_a_second(port, apart[turn :: len(ways)], chosen.seconds), 1)
    print(json.dumps(found, indent=2, ensure_ascii=False))
    live, _, cached = found["pages everybody opens"].values()
    print(f"{cached / live:.1f} x the pages of one live process, of pages everybody opens (promised: {RATIO})")
    sys.exit(0 if cached >= RATIO * live else 1)


if __name__ == "__main__":
    main()
