"""Broken pages: whole ones with pieces cut, doubled, swapped, nested and drowned in bytes, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

_TAGS = [b"<div>", b"</div>", b"<p>", b"<table><tr><td>", b"</table>", b"<span style='display:none'>", b"<!--", b"-->", b"<![CDATA[", b"<script>", b"</script>", b"<a href='http://[bad'>", b"<svg>", b"</body>", b"<base href='x:y'>"]  # fmt: skip
_ODD = [b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"&#x110000;", b"&#0;", b"\xc2\xad" * 50, b"\xe2\x80\x8b" * 200, b"\xcc\x81" * 300, b"\xf0\x9f\x92\xa9", b"%", b"&" * 400, b"<" * 400]  # fmt: skip
_STRUCTURED = [
    b'<script type="application/ld+json">{"@type":["NewsArticle",1,null],"author":[[],{"name":[1,{"name":2}]}],"datePublished":{"a":1},"headline":[]}</script>',
    b'<script type="application/ld+json">' + b"[" * 5000 + b"</script>",
    b'<script type="application/ld+json">{"@graph":{"@graph":{"@graph":[{"@id":7}]}},"@type":{"x":1}}</script>',
    b'<meta property="article:published_time" content="99999-99-99T99:99:99+99:99"><meta name="author" content="">',
    b'<time datetime="0000-00-00">0/0/0</time><time datetime="' + b"9" * 300 + b'">',
]


def mutated(page: bytes, seed: int) -> bytes:
    """A page after one to six accidents."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        page = chance.choice(_ACCIDENTS)(page, chance)
    return page[:400_000]


def endless(pages: list[bytes], seed: int = 0) -> Iterator[bytes]:
    """Mutations of the pages in turn, without end; now and then mere noise."""
    number = seed
    while True:
        chance = random.Random(f"noise {number}")
        yield (
            chance.randbytes(chance.randint(0, 3000))
            if number % 50 == 49
            else mutated(pages[number % len(pages)], number)
        )
        number += 1


def _span(page: bytes, chance: random.Random, most: int = 4000) -> tuple[int, int]:
    start = chance.randrange(len(page) + 1)
    return start, min(len(page), start + chance.randint(1, most))


def _cut(page: bytes, chance: random.Random) -> bytes:
    start, end = _span(page, chance)
    return page[:start] + page[end:]


def _cut_off(page: bytes, chance: random.Random) -> bytes:
    return page[: chance.randrange(len(page) + 1)]


def _doubled(page: bytes, chance: random.Random) -> bytes:
    start, end = _span(page, chance)
    return page[:end] + page[start:end] * chance.randint(1, 12) + page[end:]


def _moved(page: bytes, chance: random.Random) -> bytes:
    start, end = _span(page, chance)
    rest = page[:start] + page[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + page[start:end] + rest[at:]


def _flipped(page: bytes, chance: random.Random) -> bytes:
    changed = bytearray(page)
    for _ in range(min(len(changed), chance.randint(1, 60))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _put(pieces: list[bytes]) -> Callable[[bytes, random.Random], bytes]:
    def put(page: bytes, chance: random.Random) -> bytes:
        at = chance.randrange(len(page) + 1)
        return page[:at] + chance.choice(pieces) * chance.choice([1, 1, 1, 3, 40]) + page[at:]

    return put


def _nested(page: bytes, chance: random.Random) -> bytes:
    tag = chance.choice([b"div", b"span", b"b", b"ul><li", b"table><tr><td", b"blockquote"])
    at = chance.randrange(len(page) + 1)
    return page[:at] + (b"<" + tag + b">") * chance.choice([20, 200, 1500, 4000]) + page[at:]


def _renamed(page: bytes, chance: random.Random) -> bytes:
    """Another class or id everywhere: what is text is called a menu, and the reverse."""
    old = chance.choice([b"class=", b"id=", b"article", b"<p>", b"</p>", b"h1", b"content", b"utf-8", b"lang="])
    return page.replace(old, chance.choice([b"class='sidebar hidden' data-x=", b"<br>", b"nav", b"", b"footer", b"windows-1258"]))  # fmt: skip


_ACCIDENTS = (_cut, _cut_off, _doubled, _moved, _flipped, _put(_TAGS), _put(_ODD), _put(_STRUCTURED), _nested, _renamed)
