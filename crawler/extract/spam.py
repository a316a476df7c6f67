"""Adverts and injected links in articles: found by their links, their hiding and their words, kept out of the text.

Portals are broken into for their good name: gambling links hidden from readers, service adverts in unaccented keywords
under a label "QUẢNG CÁO". News ABOUT gambling is no spam: words of enforcement weigh against the jargon of a text, never
against a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.model import Removed
from archive.text.normalise import line
from crawler.extract import boilerplate
from crawler.extract.blocks import Block, Link
from crawler.extract.hints import Words

# These expressions read lower case, which the functions below hand them: ignoring case costs five times as much.
_JARGON = re.compile(
    r"nhà cái|nha cai|cá cược|ca cuoc|cá độ|ca do bong da|kèo (?:nhà cái|bóng|cúp|châu|chấp|thơm|hôm nay)|tỷ lệ kèo|ty le keo|tỉ lệ kèo|soi kèo|soi keo|soi cầu|soi cau|"
    r"lô đề|lo de\b|xổ số online|xsmb|xsmn|xsmt|nổ hũ|no hu\b|nohu|game bài|game bai|đổi thưởng|doi thuong|tài xỉu|tai xiu|casino|baccarat|poker online|slot\s?(?:game|online|88)|"
    r"kubet|ku\s?bet|\b[a-z]*bet\s?\d{2,}|\b\d{2,3}bet\b|w88|fb88|fun88|188bet|m88|bk8|v9bet|jun88|hi88|new88|789club|sunwin|go88|rikvip|b52 club|iwin|"
    r"bắn cá|ban ca doi|đá gà|da ga truc tiep|xoilac|xôi lạc|cakhia|trực tiếp bóng đá|truc tiep bong da|bóng đá trực tuyến|nạp rút|nap rut|khuyến mãi 100|"
    r"nhận (?:ngay )?\d+k|dang ky nhan|đăng ký nhận \d|viagra|cialis|gái gọi|gai goi|phim sex|jav\b|vay (?:tiền )?(?:nhanh|online|nóng|tín chấp)|vay tien (?:nhanh|online)|cờ bạc online|đánh bạc online|rút hầm cầu",
)  # fmt: skip
# One of these stands in whatever _JARGON matches: looking for them costs a hundredth of the expression.
_JARGON_HINTS = Words((
    "nhà cái", "nha cai", "cá cược", "ca cuoc", "cá độ", "bong da", "kèo", "le keo", "soi k", "soi c", "lô đề", "lo de", "online", "xsm",
    "nổ hũ", "no hu", "nohu", "game b", "slot", "đổi thưởng", "doi thuong", "tài xỉu", "tai xiu", "casino", "baccarat", "bet", "88", "bk8", "789club",
    "sunwin", "rikvip", "b52 club", "iwin", "bắn cá", "ban ca doi", "đá gà", "da ga", "xoilac", "xôi lạc", "cakhia", "trực tiếp bóng đá",
    "bóng đá trực", "nạp rút", "nap rut", "khuyến mãi 1", "dang ky nhan", "viagra", "cialis", "gái gọi", "gai goi", "phim sex", "jav",
    "vay nhanh", "vay nóng", "vay tín", "vay tiền ", "vay tien ", "rút hầm cầu",
    *(f"nhận {digit}" for digit in range(10)), *(f"nhận ngay {digit}" for digit in range(10)),
))  # fmt: skip
_ENFORCEMENT = re.compile(
    r"công an|cảnh sát|khởi tố|bắt (?:giữ|tạm giam|quả tang)|triệt phá|bị can|bị cáo|đối tượng|đường dây|xét xử|tuyên truyền|phòng,? chống|cảnh báo|xử phạt|"
    r"vi phạm|ngăn chặn|tội phạm|điều tra|viện kiểm sát|tòa án|toà án|lừa đảo|trái phép|kiến thiết|không tham gia|nói không|tệ nạn|tác hại",
)
_SERVICES = re.compile(
    r"khoan (?:cat|rut loi)|khoan cắt|be tong|bê tông|thong tac|thông tắc|hut be phot|hút bể phốt|chuyen (?:nha|van phong|do)|chuyển nhà|taxi tai|taxi tải|sua (?:chua|dieu hoa|may|nha|tu lanh)|"
    r"sửa (?:điều hòa|máy giặt|tủ lạnh)|thiet ke (?:web|noi that|nha)|thiết kế (?:web|nội thất)|cho thue|cho thuê xe|thue xe|dich vu|dịch vụ|in (?:an|bat|to roi)|may (?:loc nuoc|phat dien)|chong tham|chống thấm|"
    r"cua (?:cuon|nhom|kinh)|cửa cuốn|noi that|son nha|pha do|phá dỡ|van chuyen|vận chuyển|giat (?:tham|ghe)|ve sinh|vệ sinh công nghiệp|lap dat|bao ve|thám tử|tham tu|seo\b|backlink|"
    r"ban (?:nha|dat|chung cu|xe)|mua (?:ban|nha|dat|xe)|bat dong san|du lich|ve may bay|vé máy bay|kem tri|giam can|giảm cân|tang can|thuoc|nuoc hoa|dong ho|dien thoai|laptop|camera|tuyen dung|gia su|gia sư|hoc tieng|học tiếng|keo dan|sim so dep",
)  # fmt: skip
_COMMERCE = re.compile(
    r"gi[áa] r[ẻe]|uy t[íi]n|ch[ấa]t l[ượu][ợo]ng cao|hotline|li[êe]n h[ệe](?: ngay)?\s*:?\s*0\d|zalo\s*:?\s*0\d|\b0\d{2,3}[. ]?\d{3}[. ]?\d{3,4}\b|khuy[ếe]n m[ãa]i|gi[ảa]m gi[áa]|"
    r"mi[ễe]n ph[íi] (?:v[ậa]n chuy[ểe]n|t[ưu] v[ấa]n)|b[ảa]o h[àa]nh|gi[áa] t[ốo]t|gi[áa] s[ốo]c|tr[ọo]n g[óo]i|mua ngay|[đd][ặa]t h[àa]ng|cam k[ếe]t|gi[áa] (?:c[ảa] )?(?:h[ợo]p l[ýy]|th[ấa]p nh[ấa]t)|t[ậa]n n[ơo]i|chuy[êe]n (?:nghi[ệe]p|cung c[ấa]p|nh[ậa]n)|24/7|si[êe]u t[ốo]c|gi[áa] g[ốo]c",
)  # fmt: skip
_UNACCENTED_PLACES = re.compile(
    r"\b(?:ha noi|tphcm|tp hcm|ho chi minh|sai gon|hai phong|da nang|gia re|uy tin|tai nha)\b", re.I
)
_CHEAP_TLDS = frozenset(
    [
        "vip",
        "win",
        "club",
        "top",
        "xyz",
        "bet",
        "casino",
        "poker",
        "icu",
        "online",
        "site",
        "live",
        "fun",
        "shop",
        "space",
        "pro",
        "ink",
        "cyou",
        "cfd",
        "buzz",
        "monster",
        "lol",
        "sbs",
        "link",
        "games",
        "game",
    ]
)
_MARKED = re.compile(r"[^\x00-\x7f]")
_SENTENCE_END = re.compile(r"[.!?;:…][\"”’)]*$")
ADVERT_LIMIT = 300


@dataclass(slots=True)
class Site:
    """The host an article came from; links to it, and to the state's own hosts, are no adverts by themselves."""

    host: str
    jargon: bool = True
    """False when no text of the article holds even a hint of jargon, and none need be looked at for it."""

    def is_own(self, href: str) -> bool:
        host = (urlsplit(href).hostname or "").lower()
        return (
            not host
            or host == self.host
            or host.endswith((".gov.vn", ".dcs.vn", ".edu.vn", ".mil.vn"))
            or host == "gov.vn"
        )


def has_jargon(text: str) -> bool:
    """Whether a text carries the words of gambling or the like more often than words of enforcement."""
    words = jargon_in(text.lower()) if _may_be_jargon(text) else 0
    return words > 0 and words > len(_ENFORCEMENT.findall(text.lower()))


def jargon_in(low: str) -> int:
    """How often a text in lower case carries such words."""
    return len(_JARGON.findall(low)) if _may_be_jargon(low) else 0


def _may_be_jargon(text: str) -> bool:
    return _JARGON_HINTS.are_in(text)


def is_bad_link(link: Link, site: Site) -> bool:
    """A link to elsewhere that sells: jargon in its words or address, a throw-away domain, hidden, or without words."""
    if site.is_own(link.href):
        return False
    host = (urlsplit(link.href).hostname or "").lower()
    if link.hidden or jargon_in(link.text.lower()) or jargon_in(host.replace("-", " ")):
        return True
    if host.rsplit(".", 1)[-1] in _CHEAP_TLDS:
        return True
    return is_advert_text(link.text)


def is_advert_text(text: str) -> bool:
    """Whether a short line is a service advert: keywords without accents, or a service with a commercial cue."""
    if len(text) > 2 * ADVERT_LIMIT:
        return False
    text = line(text)
    if not text or len(text) > ADVERT_LIMIT:
        return False
    low, words = text.lower(), text.split()
    if (
        not _MARKED.search(text)
        and 3 <= len(words) <= 25
        and (_SERVICES.search(low) or _UNACCENTED_PLACES.search(text))
    ):
        return bool(re.search(r"[a-z]", text))
    cues = len(set(_COMMERCE.findall(low)))
    if not cues or _ENFORCEMENT.search(low):
        return False
    return cues >= 2 or (_SERVICES.search(low) is not None and len(text) < 200)


def take_out(
    blocks: list[Block], site: Site, is_signature: Callable[[Block], bool]
) -> tuple[list[Block], list[Removed]]:
    """The blocks without adverts, and what was taken out: whole blocks, hidden ones, single links, what follows a label.

    ``is_signature`` tells whether a line may be the byline: an advert's label may stand right above it.
    """
    kept: list[Block] = []
    removed: list[Removed] = []
    site.jargon = _may_be_jargon("\n".join(block.text for block in blocks))
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if _is_plain(block, site):
            kept.append(block)
            index += 1
            continue
        if block.is_prose and boilerplate.kind_of(block.text) == "ad_label":
            removed.append(Removed("ad_label", block.text))
            index += 1
            adverts = _under_label(blocks[index:], site, is_signature)
            for advert in blocks[index : index + adverts]:
                removed.extend(_as_removed(advert))
            index += adverts
            continue
        index += 1
        reason = _is_advert(block, site)
        if reason:
            removed.extend(_as_removed(block))
            continue
        if block.hidden:
            if block.text:
                removed.append(Removed("other", block.text))
            continue
        removed.extend(_cut_links(block, site))
        if block.text or block.kind == "image":
            kept.append(block)
    return kept, removed


def _is_plain(block: Block, site: Site) -> bool:
    """Whether a block is too long and too plain for a label, an advert or a link in it, as most paragraphs are."""
    return (
        len(block.text) > boilerplate.LINE_LIMIT
        and not (block.links or block.hidden or site.jargon)
        and (len(block.text) > 2 * ADVERT_LIMIT or _ends_sentence(block.text))
    )


def _is_advert(block: Block, site: Site) -> bool:
    if not (block.links or block.hidden or site.jargon) and (
        len(block.text) > 2 * ADVERT_LIMIT or _ends_sentence(block.text)
    ):
        return False
    bad = [link for link in block.links if is_bad_link(link, site)]
    if block.hidden:
        return bool(
            bad or (site.jargon and has_jargon(block.text)) or any(not site.is_own(link.href) for link in block.links)
        )
    if block.kind in ("row", "caption"):
        return False
    if bad and sum(len(link.text) for link in bad) >= 0.6 * len(block.text):
        return True
    own = block.text
    for link in bad:
        own = own.replace(link.text, " ", 1)
    if site.jargon and has_jargon(own) and (len(own) < ADVERT_LIMIT or jargon_in(own.lower()) >= 3):
        return True
    return block.kind in ("text", "item", "heading") and not _ends_sentence(own) and is_advert_text(own)


def _under_label(blocks: list[Block], site: Site, is_signature: Callable[[Block], bool]) -> int:
    """How many of the blocks after an advert's label are the advert."""
    count = 0
    for block in blocks:
        if block.kind in ("row", "caption"):
            break
        if block.kind == "image":
            if not block.with_image and count == 0 and not any(later.is_prose for later in blocks):
                return 1
            break
        if boilerplate.kind_of(block.text) not in (None, "other"):
            break
        foreign = any(not site.is_own(link.href) for link in block.links)
        sells = foreign or _is_advert(block, site) or is_advert_text(block.text)
        if not sells and (is_signature(block) or len(block.text) > ADVERT_LIMIT):
            break
        if not sells and count and _ends_sentence(block.text):
            break
        if (
            not sells
            and _ends_sentence(block.text)
            and len(block.text) > 120
            and not _COMMERCE.search(block.text.lower())
        ):
            break
        count += 1
        if count >= 8 or (count >= 1 and not sells and len(blocks) > count and _ends_sentence(blocks[count].text)):
            break
    return count


def _ends_sentence(text: str) -> bool:
    return text.rstrip('"”’)').endswith((".", "!", "?", ":", ";", "…"))


def _cut_links(block: Block, site: Site) -> list[Removed]:
    """Take single bad links out of a paragraph that is otherwise the article's."""
    removed = []
    for link in block.links:
        if is_bad_link(link, site):
            removed.append(Removed("spam", link.text, link.href))
            if link.text:
                block.text = line(block.text.replace(link.text, " ", 1))
    return removed


def _as_removed(block: Block) -> list[Removed]:
    if block.kind == "image":
        return [Removed("spam", "", block.url)]
    href = block.links[0].href if block.links else None
    return [Removed("spam", block.text, href)]
