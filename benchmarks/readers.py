"""Two hundred readers for a minute on the site of generated articles, as `tinhuyen serve` serves it: faults, and how long answers take.

python benchmarks/readers.py [--articles 30000] [--folder DIR] [--readers 200] [--seconds 60]

Each reader opens a page, reads it for two to eight seconds and asks for the next, on a connection of its own: half of them
articles, a quarter searches, the rest all other kinds of page that `site_pages.py` knows. A folder that is there already is used again.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from generated_articles import Made
from report import Report, arguments
from site_pages import kinds, made_once, p95

SECONDS_MOST, PAUSE = 1.0, (2.0, 8.0)
READERS, MINUTE = 200, 60
TIMEOUT = 30


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=30_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--seconds", type=int, default=MINUTE)
    asked = parser.parse_args()
    report = Report("readers")
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        made = made_once(folder, asked.articles)
        command = [sys.executable, "-m", "crawler", "serve", "--archive", str(folder), "--port", "0"]
        (folder / "tinhuyen.toml").touch()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                port = int(server.stdout.readline().rsplit(":", 1)[1].split("/")[0])
                answers = asyncio.run(read(port, made, asked.readers, asked.seconds))
            finally:
                server.terminate()
    tell(report, answers, asked.seconds)
    return report.end(asked.json)


async def read(port: int, made: Made, readers: int, seconds: int) -> list[tuple[str, int, float]]:
    """Let readers read; answers kind, status (0 for none) and seconds of each page."""
    pages = kinds(made)
    chosen = random.Random(3)
    others = [kind for kind in pages if not kind.startswith(("article", "search", "table", "view", "row", "canned"))]
    until = time.monotonic() + seconds
    found: list[tuple[str, int, float]] = []

    async def reader(choose: random.Random) -> None:
        await asyncio.sleep(choose.uniform(0, PAUSE[1]))
        while time.monotonic() < until:
            kind = choose.choices(("article", "search by relevance", choose.choice(others)), (50, 25, 25))[0]
            address = f"/bai/{choose.choice(made.plain)}" if kind == "article" else choose.choice(pages[kind])
            began = time.monotonic()
            status = await status_of(port, address)
            found.append((kind, status, time.monotonic() - began))
            await asyncio.sleep(choose.uniform(*PAUSE))

    await asyncio.gather(*(reader(random.Random(chosen.random())) for _ in range(readers)))
    return found


async def status_of(port: int, address: str) -> int:
    """The status of a page that is read to its end; 0 where the connection broke or nothing came."""
    try:
        async with asyncio.timeout(TIMEOUT):
            reading, writing = await asyncio.open_connection("127.0.0.1", port)
            try:
                writing.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
                whole = await reading.read(-1)
            finally:
                writing.close()
    except (OSError, TimeoutError):
        return 0
    return int(whole.split(b" ", 2)[1]) if whole.startswith(b"HTTP/") else 0


def tell(report: Report, answers: list[tuple[str, int, float]], seconds: int) -> None:
    by_kind: dict[str, list[float]] = {}
    for kind, _, took in answers:
        by_kind.setdefault(kind, []).append(took)
    report.table(
        ["kind", "answers", "median s", "p95 s"],
        [(kind, len(all_), sorted(all_)[len(all_) // 2], p95(all_)) for kind, all_ in sorted(by_kind.items())],
    )
    statuses = Counter(status for _, status, _ in answers)
    report.note("statuses", ", ".join(f"{status}: {number}" for status, number in sorted(statuses.items())))
    report.note("pages a second", len(answers) / seconds)
    faults = sum(number for status, number in statuses.items() if status >= 500 or status == 0)
    report.bar("faults (5xx, broken connections)", faults, 0, at_least=False)
    report.bar(
        "seconds of an answer, 95th percentile", p95(took for _, _, took in answers), SECONDS_MOST, at_least=False
    )


if __name__ == "__main__":
    sys.exit(main())
