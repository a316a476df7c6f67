"""Where the words of an article stand in the folder beside its own captures: lists, feeds, other articles, other files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from ahocorasick_rs import AhoCorasick
from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.model import Article
from archive.text.decode import decode
from archive.warc.codings import codings_of
from archive.warc.read import decode_content
from archive.warc.write import OPEN_SUFFIX

FRAGMENT, SHORTEST = 40, 16
"""Characters of each paragraph that are looked for: its beginning, as teasers print it; and below which it tells nothing."""
LARGEST = 8_000_000
"""Bytes of an answer that are looked through: no list is larger."""
_TAGS = re.compile("<[^<>]*>")
_TEXTS = ("html", "xml", "json", "text/", "javascript")


def fragments_of(articles: list[Article]) -> list[str]:
    """The beginnings of the paragraphs of every version, each once."""
    found: dict[str, None] = {}
    for article in articles:
        for paragraph in (article.lead or "", *article.paragraphs, *article.captions):
            text = " ".join(paragraph.split())
            if len(text) >= SHORTEST:
                found[text[:FRAGMENT]] = None
    return list(found)


@dataclass(slots=True)
class Mention:
    """An answer in a WARC file: whether it is one of the article's own addresses, or holds words of it."""

    record_id: str
    file: str
    url: str
    digest: str
    refers_to: str | None
    holds: bool


@dataclass(slots=True)
class Wanted:
    """What is looked for: own records, own addresses (as WARC files have them), own payloads, and words."""

    records: set[str]
    urls: set[str]
    digests: set[str]
    fragments: list[str]
    words: AhoCorasick = field(init=False)

    def __post_init__(self) -> None:
        self.words = AhoCorasick(self.fragments or ["\0"])


def mentions(warc: Path, wanted: Wanted, progress: Callable[[int], None]) -> Iterator[Mention]:
    """Every answer that is the article's own, repeats one, or holds words of it."""
    kinds = WarcRecordType.response | WarcRecordType.revisit
    holding: set[str] = (
        set()
    )  # what repeats one of these holds the same words; files are read in the order of their time
    for path in sorted(warc.glob("*.warc.gz*")):
        name, at = path.name.removesuffix(OPEN_SUFFIX), 0
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=kinds, parse_http=True):
                progress(record.stream_pos - at)
                at = record.stream_pos
                if (found := _mention(record, name, wanted, holding)) is not None:
                    holding |= {found.record_id} if found.holds else set()
                    yield found
        progress(path.stat().st_size - at)


def _mention(record, name: str, wanted: Wanted, holding: set[str]) -> Mention | None:
    headers = record.headers
    record_id, url = str(record.record_id).strip("<>"), str(headers.get("WARC-Target-URI") or "").strip("<>")
    refers_to = str(headers.get("WARC-Refers-To") or "").strip("<>") or None
    digest = str(headers.get("WARC-Payload-Digest") or "")
    own = record_id in wanted.records or url in wanted.urls or digest in wanted.digests or refers_to in wanted.records
    holds = not own and (refers_to in holding or _holds(record, wanted.words))
    return Mention(record_id, name, url, digest, refers_to, holds) if own or holds else None


def _holds(record, words: AhoCorasick) -> bool:
    http = record.http_headers
    kind = (http.get("Content-Type") or "").lower() if http is not None else ""
    if http is None or (kind and not any(text in kind for text in _TEXTS)):
        return False
    payload = record.reader.read(LARGEST)
    coded = http.get("Content-Encoding")
    body = decode_content(payload, codings_of([coded.encode("latin-1", "replace")])) if coded else payload
    return holds(decode(body, kind or None).text, words)


def holds(text: str, words: AhoCorasick) -> bool:
    """Whether a page holds any of the words, whatever markup and blanks stand between them."""
    return bool(words.find_matches_as_indexes(" ".join(unescape(_TAGS.sub(" ", text)).split()))) or bool(
        words.find_matches_as_indexes(" ".join(unescape(text).split()))
    )


def other_files(folder: Path, fragments: list[str]) -> list[Path]:
    """Files of the folder, WARC files aside, in which the words stand as they are: exports, notes, copies."""
    words = [fragment.encode() for fragment in fragments]
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and ".warc.gz" not in path.name and _has(path, words):
            found.append(path)
    return found


def _has(path: Path, words: list[bytes]) -> bool:
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            if any(word in tail + piece for word in words):
                return True
            tail = piece[-4 * FRAGMENT :]
    return False
