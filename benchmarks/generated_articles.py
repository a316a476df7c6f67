"""Generated articles of 3 KB on two hundred portals, with versions, removals, crawls and cited documents, kept in an archive.

The articles are of compounds whose frequencies fall as those of words do, and a text repeats its own: 550 syllables hold some 230
different ones and 430 different pairs, as 550 of a district's article do (216 and 430). "thu hồi đất" stands in three of a thousand, each
of its syllables in nine of ten. With ``repeated=0`` each word is drawn for itself: texts that nobody writes (290 syllables, 515 pairs, the
three side by side by chance in one of fifty) and the worst an index of pairs can get.
One in a hundred was changed once, three in a thousand vanished; two in five cite one of thirty thousand documents, whose
frequencies fall alike.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from pathlib import Path

from archive.model import Article, Attachment, Capture, Portal, PrintedDate
from archive.places.gazetteer import gazetteer
from archive.places.tiles import tiles
from archive.store import Store

ONSETS = (
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
)
RIMES = (
    "a",
    "ác",
    "ai",
    "ạn",
    "anh",
    "ảo",
    "ất",
    "ầy",
    "e",
    "én",
    "ê",
    "ết",
    "i",
    "iên",
    "ình",
    "o",
    "ong",
    "ô",
    "ội",
    "ơn",
    "u",
    "ủng",
    "ư",
    "ưởng",
    "uân",
    "uyện",
)
COMPOUNDS, PORTALS, BATCH, DOCUMENTS, CRAWLS = 8_000, 200, 100, 30_000, 40
PLANTED = {"thu hồi đất": 0.003, "phong trào thi đua": 0.02, "Nguyễn Văn Hưng": 0.0005, "512/QĐ-UBND": 0.0002, "hội nghị tổng kết": 0.2}  # fmt: skip
SINGLE = ("thu", "hồi", "đất", "phong", "trào", "hội", "nghị", "của", "và", "xã", "huyện", "ngày")
REPEATED, FLATTER = 0.35, 20
"""The share of a text's words that stood in it before, and how much more evenly the others are drawn, so that the most frequent syllables
are as frequent as on portals (the first some 2 %, the tenth 0.9 %, the hundredth 0.3 %)."""
CHANGED, REMOVED, CITES = 101, 331, 0.4
"""Every so many an article that was changed, one that vanished; the share of those that cite a document."""


@dataclass(slots=True)
class Made:
    """What was kept: how many a CPU second (the making of them not counted), and ids to ask for."""

    rate: float
    plain: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


def compounds(choose: random.Random, flatter: int) -> tuple[list[str], list[float]]:
    """Words of one or two syllables and their cumulated weights (Zipf)."""
    syllables = [onset + rime for onset in ONSETS for rime in RIMES]
    words = [*SINGLE, *(" ".join(choose.choices(syllables, k=2)) for _ in range(COMPOUNDS))]
    return words, list(accumulate(1 / (rank + flatter) for rank in range(len(words))))


def with_its_own(choose: random.Random, drawn: list[str], used: list[str], repeated: float) -> list[str]:
    """Words of which a share is replaced by some that the text holds already; all are added to those."""
    kept = []
    for word in drawn:
        kept.append(choose.choice(used) if used and choose.random() < repeated else word)
        used.append(kept[-1])
    return kept


def articles(number: int, first: int = 0, repeated: float = REPEATED) -> Iterator[tuple[Article, Capture, str]]:
    """Generated articles with their captures and portals, from a number on."""
    choose = random.Random(7 + first)
    words, weights = compounds(random.Random(7), FLATTER if repeated else 8)
    cited = list(accumulate(1 / (rank + 20) for rank in range(DOCUMENTS)))
    for at in range(first, first + number):
        portal = f"p{at % PORTALS}"
        day = f"{choose.randint(2008, 2025)}-{choose.randint(1, 12):02d}-{choose.randint(1, 28):02d}"
        paragraphs, documents, used = [], [], list[str]()
        for _ in range(6):
            drawn = choose.choices(words, cum_weights=weights, k=47)
            text = " ".join(with_its_own(choose, drawn, used, repeated) if repeated else drawn)
            paragraphs.append(f"{text.capitalize()} {choose.randint(1, 9999)}.")
        for phrase, share in PLANTED.items():
            if choose.random() < share:
                paragraphs[choose.randrange(6)] += f" {phrase} {choose.choice(words)}."
                documents += [phrase] if "/" in phrase else []
        if choose.random() < CITES:
            (rank,) = choose.choices(range(DOCUMENTS), cum_weights=cited)
            documents.append(
                f"{1 + rank % 4_000}/{('QĐ', 'NĐ', 'TB', 'KH')[rank % 4]}-{('UBND', 'HĐND', 'CP')[rank % 3]}"
            )
            paragraphs[2] += f" Theo văn bản số {documents[-1]} ngày 12/3/2024."
        url = f"https://{portal}.example/tin/{at}"
        article = Article(
            url, url, title=" ".join(choose.choices(words, cum_weights=weights, k=7)).capitalize(),
            text="\n\n".join(paragraphs), section=f"Mục {at % 12}", family="benchmark", extractor="benchmark/1",
            published=PrintedDate(day, "day", "meta", day) if at % 20 else None, documents=documents,
            attachments=[Attachment(f"{url}.pdf")] if at % 5 == 0 else [],
        )  # fmt: skip
        yield article, capture_of(at, url, portal, "00"), portal


def capture_of(at: int, url: str, portal: str, hour: str, status: int = 200) -> Capture:
    """The capture of an article's page at an hour of its day."""
    return Capture(
        f"urn:uuid:{at:010d}{hour}", "benchmark.warc.gz", at * 1000, 900, url, f"2026-01-{1 + at % 28:02d}T{hour}:00:00Z", status,
        f"sha256:{at:030d}{hour}", portal,
    )  # fmt: skip


def fill(path: Path, number: int, repeated: float = REPEATED) -> Made:
    """Keep articles, then change some and let some vanish."""
    spent, made = 0.0, Made(0.0)
    with Store.open(path) as store:
        units = [unit.id for tile in tiles("63") for unit in gazetteer().children(tile.unit.id)]
        for at in range(PORTALS):
            store.add_portal(
                Portal(f"p{at}", f"https://p{at}.example/", f"Cổng {at}", unit=units[at * len(units) // PORTALS])
            )
        waiting, lively = articles(number, repeated=repeated), list[tuple[int, Article, str]]()
        kept = 0
        for some in iter(lambda: list(islice(waiting, BATCH)), []):
            began = time.process_time()
            with store.batch():
                saved = [store.save_article(article, capture, portal) for article, capture, portal in some]
            spent += time.process_time() - began
            if len(made.plain) < 400:
                made.plain += [one.id for one in saved[5:9]]
            kept += len(some)
            lively += [
                (at, article, portal)
                for at, (article, _, portal) in enumerate(some, kept - len(some))
                if at % CHANGED == 0 or at % REMOVED == 0
            ]
        _live_on(store, lively, made)
        store.checkpoint()
    made.rate = number / spent
    return made


def _live_on(store: Store, lively: list[tuple[int, Article, str]], made: Made) -> None:
    """Crawls of every portal, changes and removals."""
    with store.batch():
        for at in range(PORTALS):
            for day in range(CRAWLS):
                store.record_run({"portal": f"p{at}", "started_at": f"2026-02-{1 + day % 28:02d}T{day % 24:02d}:00:00Z", "verdict": "complete", "pages": 9})  # fmt: skip
            store.save_health(f"p{at}", "complete", at="2026-03-01T00:00:00Z", well=True)
    for at, article, portal in lively:
        later = capture_of(
            at, article.url, portal, "12" if at % CHANGED == 0 else "13", 200 if at % CHANGED == 0 else 404
        )
        if at % CHANGED == 0:
            text = article.text.replace(" xã ", " phường ", 2) + " Tổng số tiền là 48,6 tỷ đồng."
            made.changed.append(store.save_article(replace(article, text=text), later, portal).id)
        else:
            identifier = store.article_of(article.canonical_url)
            store.observe(article.url, later, "missing", identifier)
            store.mark_gone(article.canonical_url, "2026-02-15T00:00:00Z")
            made.removed += [identifier] if identifier is not None else []
