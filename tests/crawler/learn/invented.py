"""Invented portals for the tests of learning: articles with texts of their own, in themes of the test's making."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.learn import HeldPage

HOST = "http://phuongmai.example"
SECTIONS = ("Tin hoạt động", "Kinh tế", "Văn hóa")
_WHO = (
    "Hội Nông dân",
    "Đoàn Thanh niên",
    "Trạm Y tế",
    "Hội Phụ nữ",
    "Ban Chỉ huy Quân sự",
    "Trường tiểu học",
    "Hợp tác xã",
)
_DID = (
    "tổ chức tập huấn",
    "ra quân dọn vệ sinh",
    "trao quà cho hộ nghèo",
    "khai trương điểm bán hàng",
    "trồng mới cây xanh",
)
_WHERE = ("thôn Hạ", "thôn Thượng", "xóm Bến", "khu phố Chợ", "bản Lằn", "ấp Đông", "tổ dân phố Nam")
_SAID = (
    "bà con rất phấn khởi",
    "công việc xong trước hạn",
    "năm nay được mùa hơn hẳn",
    "mọi nhà cùng góp sức",
    "đường sá sạch đẹp",
)


@dataclass(slots=True)
class Piece:
    """One article as its editor wrote it."""

    number: int
    title: str
    day: date
    section: int
    lead: str
    paragraphs: list[str]
    slug: str = ""

    @property
    def printed(self) -> str:
        return self.day.strftime("%d/%m/%Y")


@dataclass(slots=True)
class Portal:
    """What a test sets: how articles and lists look, how they are addressed."""

    pieces: list[Piece]
    article: Callable[[Piece, Portal], str]
    address: Callable[[Piece], str] = lambda piece: f"{HOST}/tin/{piece.slug}-{piece.number}.html"
    named: bool = True
    """Whether lists link articles by their titles."""
    dated: bool = True
    """Whether lists print days."""
    fetched: str = "2026-03-01T02:00:00Z"
    extra: list[HeldPage] = field(default_factory=list)

    def pages(self) -> list[HeldPage]:
        articles = [
            HeldPage(self.address(piece), frame(self.article(piece, self), piece), "text/html", self.fetched)
            for piece in self.pieces
        ]
        return [*articles, *self._lists(), *self.extra]

    def _lists(self) -> list[HeldPage]:
        newest = sorted(self.pieces, key=lambda piece: piece.day, reverse=True)
        found = [HeldPage(f"{HOST}/", self._list(newest, "Trang chủ"), "text/html", self.fetched)]
        for number, name in enumerate(SECTIONS):
            own = [piece for piece in newest if piece.section == number]
            found.append(HeldPage(f"{HOST}/muc-{number}", self._list(own, name), "text/html", self.fetched))
        return found

    def _list(self, pieces: Sequence[Piece], name: str) -> bytes:
        entries = "".join(self._entry(piece) for piece in pieces)
        return frame(f'<h1>{name}</h1><ul class="danh-sach">{entries}</ul>', None)

    def _entry(self, piece: Piece) -> str:
        day = f"<i>{piece.printed}</i>" if self.dated else ""
        text = piece.title if self.named else "Xem tiếp"
        return f'<li><a href="{self.address(piece)}">{text}</a>{day}<p>{piece.lead[:70]}…</p></li>'


def frame(inner: str, piece: Piece | None) -> bytes:
    """A page of the portal: head, menu and foot are the same on all."""
    menu = "".join(f'<li><a href="/muc-{number}">{name}</a></li>' for number, name in enumerate(SECTIONS))
    title = f"{piece.title} - Xã Phương Mai" if piece is not None else "Xã Phương Mai"
    return (
        f"<html><head><title>{title}</title></head><body>"
        f'<header><h1>Trang thông tin điện tử xã Phương Mai</h1><ul class="m1"><li><a href="/">Trang chủ</a></li>{menu}</ul></header>'
        f'<div class="k0">{inner}</div>'
        "<footer><p>Bản quyền thuộc Ủy ban nhân dân xã Phương Mai, mọi sao chép phải ghi rõ nguồn tin.</p></footer></body></html>"
    ).encode()


def pieces(count: int, *, seed: int = 5, first: date = date(2024, 1, 8)) -> list[Piece]:
    """Articles one after the other, numbers and days rising together."""
    chance = random.Random(seed)
    return [_piece(number, first + timedelta(days=6 * number), chance) for number in range(1, count + 1)]


def _piece(number: int, day: date, chance: random.Random) -> Piece:
    title = f"{chance.choice(_WHO)} {chance.choice(_DID)} tại {chance.choice(_WHERE)} đợt {number}"
    paragraphs = [
        f"Ông Vũ Văn {chance.choice('ABCDEG')}{number} ở {chance.choice(_WHERE)} cho biết {chance.choice(_SAID)}, "
        f"cả nhóm {chance.randint(3, 90)} người làm trong {chance.randint(2, 30)} giờ liền và dự tính còn {word(number, at)}."
        for at in range(3)
    ]
    lead = f"Mới đây {chance.choice(_WHO)} xã Phương Mai {chance.choice(_DID)}, có {chance.randint(20, 900)} lượt người của {word(number, 7)} dự."
    return Piece(number, title, day, number % len(SECTIONS), lead, paragraphs, f"bai-{chance.randint(100, 999)}")


def word(number: int, at: int) -> str:
    """Words no other article has."""
    syllables = ("lam", "xanh", "hồng", "tím", "vàng", "nâu", "bạc", "son")
    first, second = (number * 7 + at * 3) % 8, (number // 8 + at) % 8
    return f"đội {syllables[first]} {syllables[second]} số {'i' * (number % 5 + 1)}"


def plain(piece: Piece, portal: Portal) -> str:
    """A theme without one class name a person could guess."""
    return (
        f'<p class="v7"><a href="/muc-{piece.section}">{SECTIONS[piece.section]}</a></p>'
        f'<div class="q1"><h2>{piece.title}</h2><span class="d3">{piece.printed}</span></div>'
        f'<div class="q2"><p>{piece.lead}</p>{body(piece)}</div>{related(piece, portal)}'
    )


def other(piece: Piece, portal: Portal) -> str:
    """Another theme: the title is no heading, the day stands below the text, the lead apart."""
    return (
        f'<table class="t1"><tr><td class="t2">{piece.title}</td></tr><tr><td class="t3">{piece.lead}</td></tr>'
        f'<tr><td class="t4">{body(piece)}</td></tr><tr><td class="t5">Ngày {piece.printed}</td></tr></table>{related(piece, portal)}'
    )


def body(piece: Piece) -> str:
    return "".join(f"<p>{text}</p>" for text in piece.paragraphs)


def related(piece: Piece, portal: Portal) -> str:
    """Other articles with their days, as every portal lists them below the text."""
    around = [one for one in portal.pieces if one is not piece][: piece.number % 4 + 3]
    return (
        '<ul class="r9">'
        + "".join(
            f'<li><a href="{portal.address(one)}">{one.title}</a>{f" ({one.printed})" if portal.dated else ""}</li>'
            for one in around
        )
        + "</ul>"
    )
