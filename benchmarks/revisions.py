"""Bytes that a further revision of an article costs in ``archive.db``, and where they lie.

    python benchmarks/revisions.py [--articles 201] [--revisions 12]

Two archives get the same articles, every field filled, and as many further looks at each; in one each look shows an
edit, in the other the same text. Both are vacuumed: what one is larger by is what revisions cost, for looks
cost the same in both. The share of the table of revisions and of its packed texts is told beside.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.model import Article, Attachment, Capture, Image, Portal, PrintedDate, Removed
from archive.store import Store
from archive.warc.write import warc_date

MOST = 150
"""Bytes of a packed revision of a few sentences."""
WORDS = [
    "huyện",
    "xã",
    "thị",
    "trấn",
    "nông",
    "dân",
    "sản",
    "xuất",
    "lúa",
    "ngân",
    "sách",
    "thu",
    "chi",
    "đảng",
    "bộ",
    "ủy",
    "ban",
    "nhân",
    "dân",
    "hội",
    "nghị",
    "báo",
    "cáo",
    "kết",
    "quả",
    "phát",
    "triển",
    "kinh",
    "tế",
    "năm",
    "tháng",
    "quý",
    "giáo",
    "dục",
    "y",
    "tế",
    "công",
    "an",
    "đất",
    "đai",
    "quy",
    "hoạch",
    "xây",
    "dựng",
    "đường",
    "giao",
    "thông",
    "thủy",
    "lợi",
    "bão",
    "lũ",
    "phòng",
    "chống",
    "dịch",
    "bệnh",
]
EDITS = ("a figure", "a sentence more", "two other sentences")
BEGUN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def sentence(rnd: random.Random) -> str:
    return " ".join(rnd.choices(WORDS, k=16)).capitalize() + "."


def article(number: int, rnd: random.Random) -> Article:
    """An article with every field filled, of some 2,000 letters."""
    url = f"https://xa.example.gov.vn/index.php/tin-tuc/item/{number}-hoi-nghi-tong-ket-{number}"
    text = "\n\n".join(" ".join(sentence(rnd) for _ in range(4)) for _ in range(6))
    return Article(
        url, url, title=sentence(rnd), lead=sentence(rnd), text=text, captions=[sentence(rnd)], section="Tin tức",
        byline="Thu Uyên (Đài TT-TH Đông Giang)", author="Thu Uyên", source="Đài TT-TH Đông Giang", views=number,
        published=PrintedDate("2026-03-02T08:30+07:00", "minute", "visible", "Thứ hai, 02/03/2026 08:30"), tags=["họp", "lúa"],
        images=[Image(f"{url}/{nth}.jpg", "Ảnh") for nth in range(3)], attachments=[Attachment(f"{url}/kh.pdf", "Kế hoạch")],
        removed=[Removed("counter", f"Lượt xem: {number}"), Removed("share", "Chia sẻ")], family="joomla_k2", extractor="joomla_k2/1",
    )  # fmt: skip


def edited(one: Article, rnd: random.Random, kind: str) -> Article:
    """The article after one edit of a paragraph: a figure in it, a sentence more, or its last two sentences others."""
    paragraphs = one.paragraphs
    at = rnd.randrange(len(paragraphs))
    sentences = paragraphs[at].removesuffix(".").split(". ")
    if kind == "a figure":
        sentences[0] = f"{sentences[0].rstrip(' 0123456789')} {rnd.randint(10, 999)}"
    elif kind == "a sentence more":
        sentences.append(sentence(rnd).removesuffix("."))
    else:
        sentences[-2:] = [sentence(rnd).removesuffix(".") for _ in range(2)]
    paragraphs[at] = ". ".join(sentences) + "."
    return replace(one, text="\n\n".join(paragraphs), views=(one.views or 0) + 7)


def fill(path: Path, articles: int, revisions: int, edit: bool) -> None:
    looks = 0
    with Store.open(path) as store:
        store.add_portal(Portal("xa", "https://xa.example.gov.vn/"))
        for number in range(articles):
            rnd = random.Random(number)
            one = article(number, rnd)
            with store.batch():
                for nth in range(revisions + 1):
                    looks += 1
                    at = warc_date(BEGUN + timedelta(days=nth, minutes=number))
                    identity = f"urn:uuid:{looks:08x}-0000-4000-8000-000000000000"
                    capture = Capture(
                        identity, "x.warc.gz", looks * 9000, 8000, one.url, at, 200, f"sha256:{looks:052}", "xa"
                    )
                    store.save_article(one, capture, "xa")
                    one = edited(one, rnd, EDITS[number % 3]) if edit else one
        store.conn.execute("VACUUM")


def by_kind(conn: sqlite3.Connection) -> dict[str, float]:
    """The packed bytes of a revision, of each kind of edit."""
    found = conn.execute("SELECT url, avg(length(packed)) FROM revision JOIN article ON id = article GROUP BY id")
    sizes: dict[str, list[float]] = {kind: [] for kind in EDITS}
    for url, size in found:
        sizes[EDITS[int(url.rpartition("-")[2]) % 3]].append(size)
    return {kind: sum(some) / len(some) for kind, some in sizes.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=201)
    parser.add_argument("--revisions", type=int, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        same, other = Path(scratch, "same.db"), Path(scratch, "edited.db")
        for path, edit in ((same, False), (other, True)):
            fill(path, asked.articles, asked.revisions, edit)
        conn = sqlite3.connect(other)
        made, packed = conn.execute("SELECT count(*), total(length(packed)) FROM revision").fetchone()
        parts = conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
        before = dict(sqlite3.connect(same).execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
        grown = {name: (size - before.get(name, 0)) / made for name, size in parts}
        told = ", ".join(f"{kind} {size:.0f}" for kind, size in by_kind(conn).items())
        print(f"{made:,} revisions: packed {packed / made:.0f} bytes each ({told}), at most {MOST}")
        print(
            f"archive.db is larger by {sum(grown.values()):.0f} bytes a revision than by as many looks at the same text:"
        )
        for name, size in sorted(grown.items(), key=lambda part: -part[1]):
            if size >= 1:
                print(f"  {size:6.0f}  {name}")
    return 0 if packed / made <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
