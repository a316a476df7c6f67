"""Older versions of an article, kept small: zlib with the newer neighbour as dictionary.

Measured on articles with every field filled (`benchmarks/revisions.py`): 117 bytes a version as it is stored, in base85
(Datasette's CSV knows no BLOBs), against 784 where the neighbour lent its words alone, and 1,780 in full. What a
neighbour lends is spelled out in `dictionary_of`, so that the form may gain fields without making older versions
unreadable. Every 20th version is packed alone, which bounds both the walk and what one bad row can cost.
"""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

from archive.model import Article, Attachment, Image, PrintedDate, Removed

FULL_EVERY = 20

_as_json = json.JSONEncoder(ensure_ascii=False).encode
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def content_hash(article: Article) -> str:
    """32 hexadecimal digits over what makes two versions different for a reader.

    Views stay out, and so does the modification date: portals were seen to print the time of the request there.
    """
    parts = [
        article.title,
        article.lead,
        article.text,
        article.captions,
        article.section,
        article.byline,
        article.published.value if article.published else None,
        article.event_date,
        [attachment.url for attachment in article.attachments],
        article.tags,
    ]
    return blake2b(_as_json(parts).encode(), digest_size=16).hexdigest()


def dictionary_of(article: Article) -> bytes:
    """What a version lends its older neighbour as dictionary: its stored form, as far as that stays while it stands.

    Without views, the date of modification, names and digests of files, which arrive or move behind it. Each name stands
    here by itself: a field that is new, or renamed, must change nothing of what was packed before.
    """
    published = article.published
    lent = {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "captions": article.captions,
        "section": article.section,
        "byline": article.byline,
        "author": article.author,
        "source": article.source,
        "published": published
        and {
            "value": published.value,
            "precision": published.precision,
            "source": published.source,
            "text": published.text,
        },
        "modified": None,
        "event_date": article.event_date,
        "views": None,
        "tags": article.tags,
        "images": [{"url": image.url, "caption": image.caption} for image in article.images],
        "attachments": [{"url": file.url, "name": None, "sha256": None, "bytes": None} for file in article.attachments],
        "removed": [{"kind": piece.kind, "text": piece.text, "href": piece.href} for piece in article.removed],
        "documents": article.documents,
        "language": article.language,
        "family": article.family,
        "extractor": article.extractor,
        "notes": article.notes,
    }
    return _compact(lent).encode()


def words_of(article: Article) -> bytes:
    """What versions up to 0.1.0 lent their older neighbours: it is asked for where one is read that was packed so."""
    return "\n\n".join(filter(None, (article.title, article.lead, article.text))).encode()


def pack(article: Article, number: int, newer: Article) -> str:
    """The stored form of version ``number`` (counted from 1), read back by `unpack` with the same neighbour."""
    plain = _compact(asdict(article)).encode()
    if number % FULL_EVERY == 0:
        packed = zlib.compress(plain, 9)
    else:
        packer = zlib.compressobj(9, zdict=dictionary_of(newer))
        packed = packer.compress(plain) + packer.flush()
    return b85encode(packed).decode("ascii")


def unpack(text: str, newer: Article | None) -> Article:
    """The version that `pack` stored.

    ``newer`` may be None for one that `is_full`. Raises `zlib.error` when the bytes or the neighbour are not those
    that were packed: zlib keeps a checksum of both.
    """
    packed = b85decode(text)
    if newer is None or _is_full(packed):
        plain = zlib.decompress(packed)
    else:
        unpacker = zlib.decompressobj(zdict=_lent_to(packed, newer))
        plain = unpacker.decompress(packed) + unpacker.flush()
    return article_from_dict(json.loads(plain))


def _lent_to(packed: bytes, newer: Article) -> bytes:
    """The dictionary that a version was packed with, known by the checksum in its head (RFC 1950)."""
    words = words_of(newer)
    return words if packed[2:6] == zlib.adler32(words).to_bytes(4, "big") else dictionary_of(newer)


def is_full(text: str) -> bool:
    """Whether a packed version can be read without its neighbour."""
    return _is_full(b85decode(text[:5]))  # five letters are four bytes


def _is_full(packed: bytes) -> bool:
    return not packed[1] & 0x20  # the FDICT bit of RFC 1950


def article_from_dict(values: dict[str, Any]) -> Article:
    """An article from what `dataclasses.asdict` made of it."""

    def printed(value: dict[str, Any] | None) -> PrintedDate | None:
        return PrintedDate(**value) if value else None

    return Article(
        **{
            **values,
            "published": printed(values["published"]),
            "modified": printed(values["modified"]),
            "images": [Image(**image) for image in values["images"]],
            "attachments": [Attachment(**attachment) for attachment in values["attachments"]],
            "removed": [Removed(**removed) for removed in values["removed"]],
        }
    )
