"""Adverts and injected links in articles: found by their links, their hiding and their words, kept out of the text.

Portals are broken into for their good name: gambling links hidden from readers, service adverts in unaccented keywords
under a label "QUẢNG CÁO". News ABOUT gambling is no spam: words of enforcement weigh against the jargon of a text, never
against a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from archive.model import Removed
from archive.text.normalise import line
from archive.text.syllables import share
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.clean.blocks import Block, Link
from crawler.words.whole_words import whole_words
from crawler.words.word_search import Words

# These expressions read lower case, which the functions below hand them: ignoring case costs five times as much.
_SELLING = whole_words(
    r"kèo (?:nhà cái|bóng(?: đá)?|cúp|châu|chấp|thơm|hôm nay)|tỷ lệ kèo|ty le keo|tỉ lệ kèo|soi kèo|soi keo|soi cầu|soi cau|nha cai|ca cuoc|ca do bong da|lo de|"
    r"xổ số online|xsmb|xsmn|xsmt|no hu|nohu|game bai|doi thuong|tai xiu|poker online|slot ?(?:game|online|88)s?|kubet|ku ?bet|[a-z]*bet ?\d{2,}|\d{2,3}bet|[a-z]*bet\d+|"
    r"w88|fb88|fun88|m88|bk8|jun88|hi88|new88|789club|sunwin|go88|rikvip|b52 club|iwin|ban ca doi|da ga truc tiep|xoilac|xôi lạc|cakhia|truc tiep bong da|"
    r"nạp rút|nap rut|khuyến mãi 100|nhận (?:ngay )?\d+k|dang ky nhan|đăng ký nhận \d+k?|viagra|cialis|gái gọi|gai goi|phim sex|jav|vay tien (?:nhanh|online)"
)
"""Names of betting sites and the words by which such things are sold: news seldom holds them."""
_NAMING = whole_words(
    r"nhà cái|cá cược|cá độ|lô đề|nổ hũ|game bài|đổi thưởng|tài xỉu|casino|baccarat|bắn cá|đá gà|trực tiếp bóng đá|bóng đá trực tuyến|"
    r"vay (?:tiền )?(?:nhanh|online|nóng|tín chấp)|cờ bạc online|đánh bạc online"
)
"""What such things are called by everybody: the police, a festival, a campaign that rewards who brings waste, a bank."""
_GAMBLING = whole_words(
    r"nhà cái|cá cược|cá độ|lô đề|nổ hũ|game bài|đổi thưởng|tài xỉu|casino|baccarat|bắn cá|đá gà|cờ bạc online|đánh bạc online"
)
_LURES = whole_words(
    r"uy tín|số 1|hàng đầu|nạp (?:lần đầu|tiền)|tặng code|tân thủ|link (?:vào|truy cập)|đăng nhập|tải (?:app|game)|chơi ngay|đăng ký ngay|không bị chặn|"
    r"không thế chấp|giải ngân trong|tỷ lệ 1 ăn|thưởng nạp|nạp|rút tiền nhanh|trực tuyến hàng đầu|\d+k|0\d{9}"
)
"""What calls a reader to it."""
# One of these stands in whatever _SELLING or _NAMING matches: looking for them costs a hundredth of the expression.
_JARGON_HINTS = Words((
    "nhà cái", "nha cai", "cá cược", "ca cuoc", "cá độ", "bong da", "kèo", "le keo", "soi k", "soi c", "lô đề", "lo de", "online", "xsm",
    "nổ hũ", "no hu", "nohu", "game b", "slot", "đổi thưởng", "doi thuong", "tài xỉu", "tai xiu", "casino", "baccarat", "bet", "88", "bk8", "789club",
    "sunwin", "rikvip", "b52 club", "iwin", "bắn cá", "ban ca doi", "đá gà", "da ga", "xoilac", "xôi lạc", "cakhia", "trực tiếp bóng đá",
    "bóng đá trực", "nạp rút", "nap rut", "khuyến mãi 1", "dang ky nhan", "đăng ký nhận ", "viagra", "cialis", "gái gọi", "gai goi", "phim sex", "jav",
    "vay nhanh", "vay nóng", "vay tín", "vay tiền ", "vay tien ",
    *(f"nhận {digit}" for digit in range(10)), *(f"nhận ngay {digit}" for digit in range(10)),
))  # fmt: skip
_ENFORCEMENT = whole_words(
    r"công an|cảnh sát|khởi tố|bắt (?:giữ|tạm giam|quả tang)|triệt phá|bị can|bị cáo|đối tượng|đường dây|xét xử|tuyên truyền|phòng,? chống|cảnh báo|xử phạt|"
    r"vi phạm|ngăn chặn|tội phạm|điều tra|viện kiểm sát|tòa án|toà án|lừa đảo|trái phép|kiến thiết|không (?:nên )?tham gia|không truy cập|nói không|tệ nạn|tác hại|"
    r"bóc,? xóa|tẩy xóa|nghiêm cấm|cấm|chặn truy cập|gỡ bỏ|thu giữ|tạm giữ|đánh bạc|cờ bạc"
)
_PUBLIC = whole_words(
    r"ngân hàng|agribank|tín dụng|hộ nghèo|hội (?:phụ nữ|nông dân|cựu chiến binh)|đoàn thanh niên|học sinh|lễ hội|truyền thống|dân gian|văn hóa|chiến dịch|phong trào|"
    r"môi trường|rác|nhựa|phế liệu|tái chế|thu gom|pin cũ|dự án|thí điểm|nghị định|chính phủ|quốc hội|ubnd|ủy ban|uỷ ban|quy hoạch|hợp tác xã|xã|huyện|thôn|tổ dân phố"
)
"""Words of public life, beside which a name of :data:`_NAMING` is no advert's."""
_OFFICE = whole_words(
    r"ubnd|ủy ban|uỷ ban|sở|phòng|trung tâm|trạm|văn phòng|bệnh viện|trường|bảo hiểm xã hội|bhxh|công an|cảnh sát|điện lực|bưu điện|chi cục|cục|dịch vụ công|"
    r"viên chức|công chức|ban (?:chỉ huy|chỉ đạo|tổ chức|quản lý)|ngân hàng chính sách|hội (?:nông dân|phụ nữ)|hợp tác xã|phiên chợ|ocop|tổng đài|thông tin|người dân|công dân"
)
_TRADES = whole_words(
    r"khoan cắt|rút lõi|thông tắc|hút bể phốt|rút hầm cầu|chuyển nhà|taxi tải|sửa (?:điều hòa|điều hoà|máy giặt|tủ lạnh)|thiết kế (?:web|nội thất)|cho thuê xe|"
    r"chống thấm|cửa cuốn|phá dỡ|vệ sinh công nghiệp|thám tử|seo|backlink|vé máy bay|giảm cân|gia sư|học tiếng|in ấn|sim số đẹp|dịch vụ(?! công| hành chính| bưu chính| thu gom)"
)
_PLAIN_TRADES = whole_words(
    r"khoan (?:cat|rut loi)|be tong|thong tac|hut be phot|chuyen (?:nha|van phong|do)|taxi tai|sua (?:chua|dieu hoa|may|nha|tu lanh)|thiet ke (?:web|noi that|nha)|cho thue|thue xe|"
    r"dich vu(?! cong)|in (?:an|bat|to roi)|may (?:loc nuoc|phat dien)|chong tham|cua (?:cuon|nhom|kinh)|noi that|son nha|pha do|van chuyen|giat (?:tham|ghe)|ve sinh|lap dat|bao ve|"
    r"tham tu|seo|backlink|ban (?:nha|dat|chung cu|xe)|mua (?:ban|nha|dat|xe)|bat dong san|du lich|ve may bay|kem tri|giam can|tang can|nuoc hoa|dong ho|gia su|hoc tieng|keo dan|sim so dep|"
    r"gia re|uy tin|tai nha|tron goi"
)
_CONTACT = whole_words(
    r"hotline|li[êe]n h[ệe](?: ngay)?\s*+:?\s*+0\d*+|zalo\s*+:?\s*+0\d*+|0\d{2,3}[. ]?\d{3}[. ]?\d{3,4}|24/7|gọi ngay",
)
_SALES = whole_words(
    r"gi[áa] r[ẻe]|uy t[íi]n|ch[ấa]t l[ượu][ợo]ng cao|khuy[ếe]n m[ãa]i|gi[ảa]m gi[áa]|mi[ễe]n ph[íi] (?:v[ậa]n chuy[ểe]n|t[ưu] v[ấa]n)|b[ảa]o h[àa]nh|gi[áa] t[ốo]t|gi[áa] s[ốo]c|"
    r"tr[ọo]n g[óo]i|mua ngay|[đd][ặa]t h[àa]ng|cam k[ếe]t|gi[áa] (?:c[ảa] )?(?:h[ợo]p l[ýy]|th[ấa]p nh[ấa]t)|t[ậa]n n[ơo]i|chuy[êe]n (?:nghi[ệe]p|cung c[ấa]p|nh[ậa]n)|"
    r"si[êe]u t[ốo]c|gi[áa] g[ốo]c"
)
_IN_HOSTS = re.compile(
    r"nha-?cai|ca-?cuoc|kubet|\d{2,3}bet|bet\d{2,}|w88|fb88|fun88|m88|bk8|jun88|hi88|new88|789club|sunwin|go88|rikvip|xoilac|cakhia|casino|baccarat|tai-?xiu|soi-?(?:keo|cau)|nohu|game-?bai|"
    r"doi-?thuong|da-?ga-?truc|viagra|(?<![a-z])cialis|xsmb|lode\d"
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
ADVERT_LIMIT = 300
_ABOUT = whole_words(
    r"đánh bạc|cờ bạc|công an|cảnh sát|khởi tố|triệt phá|bắt (?:giữ|quả tang)|cảnh báo|lừa đảo|xét xử|tội phạm|tệ nạn|nghiêm cấm|cấm|chặn"
)
"""Words of a title under which gambling is spoken of."""


@dataclass(slots=True)
class Site:
    """The host an article came from; links to it, and to the state's own hosts, are no adverts by themselves."""

    host: str
    title: str = ""
    jargon: bool = True
    """False when no text of the article holds even a hint of jargon, and none need be looked at for it."""
    about_gambling: bool = False
    """Whether the article speaks of gambling or the like: police news, a ban, a warning. Its names are no adverts then."""

    def is_own(self, href: str) -> bool:
        host = (urlsplit(href).hostname or "").lower()
        return (
            not host
            or host == self.host
            or host.endswith((".gov.vn", ".dcs.vn", ".edu.vn", ".mil.vn"))
            or host == "gov.vn"
        )


class Jargon(NamedTuple):
    """How many different words of each sort a text holds."""

    selling: int
    naming: int
    lures: int
    enforcement: int
    public: int


def jargon_of(text: str) -> Jargon:
    """The words of gambling and the like in a text, and those that speak for news."""
    if not _may_be_jargon(text):
        return Jargon(0, 0, 0, 0, 0)
    low = text.lower()
    return Jargon(
        *(len(set(words.findall(low))) for words in (_SELLING, _NAMING, _LURES, _ENFORCEMENT, _PUBLIC)),
    )


def has_jargon(text: str) -> bool:
    """Whether a text by itself advertises gambling or the like: by words that sell it, or by names beside what lures.

    A name alone says nothing, and words of enforcement and of public life weigh against names.
    """
    found = jargon_of(text)
    if found.selling + found.naming == 0 or found.selling + found.naming <= found.enforcement:
        return False
    if found.selling:
        return True
    if found.public and not _GAMBLING.search(text.lower()):
        return False  # a loan of the policy bank
    return (found.lures > 0 or found.naming >= 3) and found.naming + found.lures > found.public + 1


def jargon_in(low: str) -> int:
    """How often a text in lower case carries such words."""
    return len(_SELLING.findall(low)) + len(_NAMING.findall(low)) if _may_be_jargon(low) else 0


def _may_be_jargon(text: str) -> bool:
    return _JARGON_HINTS.are_in(text)


def is_bad_link(link: Link, site: Site) -> bool:
    """A link to elsewhere that sells: jargon in its words or address, a throw-away domain, hidden, or without words.

    What a text about gambling names stays, its links too, unless they are hidden or call the reader.
    """
    if site.is_own(link.href):
        return False
    host = (urlsplit(link.href).hostname or "").lower()
    if link.hidden or not link.text:
        return link.hidden or _is_throw_away(host) or _IN_HOSTS.search(host) is not None
    if site.about_gambling:
        return _LURES.search(link.text.lower()) is not None and jargon_in(link.text.lower()) > 0
    if jargon_in(link.text.lower()) or _IN_HOSTS.search(host):
        return True
    if _is_throw_away(host):
        return not _is_own_address(link.text, host)
    return is_advert_text(link.text)


def _is_throw_away(host: str) -> bool:
    return host.rsplit(".", 1)[-1] in _CHEAP_TLDS


def _is_own_address(text: str, host: str) -> bool:
    """Whether a link's words are its address, as a notice prints the page to go to."""
    return host.removeprefix("www.") in text.lower()


def is_advert_text(text: str) -> bool:
    """Whether a short line is a service advert: a trade in words without accents, or words that sell beside a trade or a
    telephone. How to reach an office (hotline, telephone, Zalo) is no advert by itself."""
    if len(text) > 2 * ADVERT_LIMIT:
        return False
    text = line(text)
    if not text or len(text) > ADVERT_LIMIT:
        return False
    low, words = text.lower(), text.split()
    if not _MARKED.search(text) and 3 <= len(words) <= 25:
        return _PLAIN_TRADES.search(low) is not None and share(low) >= 0.6 and "ubnd" not in low
    sales, contact = len(set(_SALES.findall(low))), len(set(_CONTACT.findall(low)))
    if not sales and not contact:
        return False
    trade = _TRADES.search(low) is not None and len(text) < 200
    if trade and sales:
        return True
    if _ENFORCEMENT.search(low) or _OFFICE.search(low):
        return False
    return trade or sales >= 2 or (sales > 0 and contact > 0)


def take_out(
    blocks: list[Block], site: Site, is_signature: Callable[[Block], bool]
) -> tuple[list[Block], list[Removed]]:
    """The blocks without adverts, and what was taken out: whole blocks, hidden ones, single links, what follows a label.

    ``is_signature`` tells whether a line may be the byline: an advert's label may stand right above it.
    """
    kept: list[Block] = []
    removed: list[Removed] = []
    whole = "\n".join([site.title, *(block.text for block in blocks)])
    site.jargon = _may_be_jargon(whole)
    site.about_gambling = site.jargon and speaks_of_gambling(site.title, whole)
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
        jargon = site.jargon and jargon_in(block.text.lower()) > 0
        return bool(bad or jargon or any(not site.is_own(link.href) for link in block.links))
    if block.kind in ("row", "caption"):
        return False
    if bad and sum(len(link.text) for link in bad) >= 0.6 * len(block.text):
        return True
    own = block.text
    for link in bad:
        own = own.replace(link.text, " ", 1)
    if site.jargon and _advertises(own, site):
        return True
    return block.kind in ("text", "item", "heading") and not _ends_sentence(own) and is_advert_text(own)


def speaks_of_gambling(title: str, whole: str) -> bool:
    """Whether an article is about what its words name, and sells none of it: police news, a ban, a warning, a plan."""
    low = whole.lower()
    enforcement = _ENFORCEMENT.findall(low)
    if len(set(enforcement)) >= 3 and len(enforcement) >= len(_SELLING.findall(low)):
        return True
    named = title.lower()
    if _ABOUT.search(named):
        return True
    return _NAMING.search(named) is not None and not _SELLING.search(named) and not _LURES.search(named)


def _advertises(text: str, site: Site) -> bool:
    """Whether a paragraph advertises gambling or the like, in view of what the article is about."""
    if not has_jargon(text) or (len(text) >= ADVERT_LIMIT and jargon_in(text.lower()) < 3):
        return False
    found = jargon_of(text)
    if site.about_gambling:
        return found.enforcement == 0 and found.selling > 0 and found.lures > 0 and not _ends_sentence(text)
    return True


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
            and not (_SALES.search(low := block.text.lower()) or _CONTACT.search(low))
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
