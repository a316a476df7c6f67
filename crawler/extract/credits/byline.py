"""The signature under an article: who wrote it, for whom, and which of the last lines it is.

"Thu Uyên (Đài TT-TH Hưng Hà)", "Tin, ảnh: Minh Hương", "Theo Đài TT-TH Tiên Hòa", "Nguồn: Báo …", "PV". It is mostly the
last paragraph, right-aligned, bold or italic; none of that is sure. An official's sign-off under a notice
("CHỦ TỊCH – (Đã ký) – Nguyễn Văn A") is no byline and stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.text.normalise import line, mend_spaces
from crawler.extract.clean.blocks import Block
from crawler.words.tables import WithWords, words

LENGTH_LIMIT = 140

_UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_LOWER = "a-zđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_SYLLABLE = rf"[{_UPPER}](?:[{_LOWER}]+|[{_UPPER}]*|[’'][{_UPPER}]?[{_LOWER}]+|\.)"
_NAME = rf"{_SYLLABLE}(?:\s+{_SYLLABLE}){{0,4}}"
_JOIN = r"(?:\s*[-–—,;&/+]\s*|\s+(?:và|&)\s+)"
_NAMES = re.compile(rf"{_NAME}(?:{_JOIN}{_NAME}){{0,4}}")
_ALSO_NAMES = words("names_and_organisations", "line")
"""Words of organisations that are family or given names as well."""
_ORGANISATION = WithWords(r"{organisations}(?![^\W\d_])", "opening")
_ROLES = WithWords(r"(?P<roles>{roles}(?:\s*(?:,|/|&|-|–|và)\s*{roles}){0,4})\s*[:.]\s*(?P<who>\S.{0,100})", "line")
_ROLE_AND_WHO = WithWords(r"^{roles}\s*:\s+", "line")
_ROLE_WITHOUT_COLON = re.compile(
    rf"(?P<roles>(?:tin|bài)(?:\s*(?:,|/|&|-|–|và)\s*(?:tin|bài|ảnh|video))+|PV|CTV|BTV)\s+(?P<who>[{_UPPER}].{{0,80}})",
    re.I,
)
_SOURCE = WithWords(
    r"[(\[]?\s*(?:{source_labels}\s*[:.]?|theo)\s*:?\s+(?P<source>[^()]{2,100}?(?:\([^()]{2,40}\))?)\s*[)\]]?",
    "opening",
)
_INITIALS = WithWords(r"[(\[]?\s*{newsroom_initials}(?:\s*[-–,./]\s*(?:PV|BBT|CTV|TH))*\s*[)\]]?", "line")
_WITH_ORGANISATION = WithWords(
    rf"(?P<who>(?:{{roles}}(?:\s*+:)?\s++)?{_NAME}(?:{_JOIN}{_NAME}){{0,4}}?)\s*+"
    rf"(?:\((?P<org>[^()]{{2,90}})\)|[-–—,/]\s*(?P<org2>(?={{organisations}}(?![^\W\d_])).{{2,90}}))",
    ("line", "opening"),
    re.NOFLAG,
)
_SIGN_OFF = WithWords("{sign_offs}", "opening")
_LABELLED = WithWords(r"(?:{author_labels}|{source_labels})\s*:", "opening")
_FIELD = WithWords(r"^{account_labels}\s*:\s*(?=\S)", "opening")
"""Labels that the software prints before the name, not the person who signs."""
_PLACE_AND_DATE = re.compile(r"\bngày\b|\btháng\b|\bnăm\b|\d{1,2}/\d{1,2}", re.I)
_NO_PERSON = WithWords("{no_persons}", "line")
_LABEL = WithWords(r"^{author_labels}\s*:\s*", "opening")


@dataclass(slots=True)
class Signature:
    """A signature taken apart. ``printed`` is the line with its spaces mended; one that is not ``sure`` needs its style."""

    printed: str
    author: str | None = None
    source: str | None = None
    sure: bool = True


def read_signature(text: str) -> Signature | None:
    """A line taken as a signature, or ``None`` where its words cannot be one, whatever its place and style."""
    if len(text.rstrip(" .;,/")) > 3 * LENGTH_LIMIT:
        return None  # mending takes out spaces alone: it would stay too long
    printed = _FIELD.made.sub("", mend_spaces(text))
    bare = printed.rstrip(" .;,/").strip()
    if not 1 < len(bare) <= LENGTH_LIMIT or bare.count(". ") > 1 or bare.endswith((":", "!", "?", "…")):
        return None
    source = _SOURCE.fullmatch(bare)
    if source is not None:
        name = source["source"].strip(" .:-")
        if re.match(r"theo", bare.lstrip("([ "), re.I) and not _named(name):
            return None
        return Signature(printed, None, name)
    roles = _ROLES.fullmatch(bare) or _ROLE_WITHOUT_COLON.fullmatch(bare)
    if roles is not None and _named(roles["who"]):
        author, organisation = _split(roles["who"])
        if roles["roles"].lower() in ("tổng hợp", "th", "t/h") and author is None:
            return Signature(printed, None, roles["who"].strip())
        return Signature(printed, author, organisation)
    if _INITIALS.fullmatch(bare):
        return Signature(printed)
    if _starts_as_organisation(bare):
        sure = _titled(bare)
        return Signature(printed, None, bare.strip("()[] "), sure) if sure or len(bare.split()) <= 7 else None
    person_first = _WITH_ORGANISATION.fullmatch(bare)
    if person_first is not None and person_first["org2"] and _is_surely_organisation(person_first["org2"]):
        return Signature(printed, _person(person_first["who"]), _without_theo(person_first["org2"].strip()))
    if _NAMES.fullmatch(bare.strip("()[]* ")):
        return Signature(printed, bare.strip("()[]* "), None)
    with_organisation = _WITH_ORGANISATION.fullmatch(bare)
    if with_organisation is not None:
        organisation = (with_organisation["org"] or with_organisation["org2"]).strip()
        if _starts_as_organisation(organisation) or with_organisation["org"]:
            return Signature(printed, _person(with_organisation["who"]), _without_theo(organisation))
    return None


def without_label(text: str) -> str:
    """A line the software prints beside an article without the label it puts before the name ("Tác giả: Gia Hân").

    Labels of the signature's own ("Tin, ảnh: …") stay: they say who did what.
    """
    return _LABEL.made.sub("", line(text))


def find_signature(blocks: list[Block]) -> tuple[Signature | None, list[int], str | None]:
    """The byline among the last blocks: its parts, the indices of the blocks it takes up, and a source line's source.

    ``blocks`` are an article's own, boilerplate and adverts already out.
    """
    prose = [index for index, block in enumerate(blocks) if block.kind in ("text", "heading", "item", "row", "caption")]
    taken: list[int] = []
    best: Signature | None = None
    source: str | None = None
    for index in reversed(prose[-4:]):
        block = blocks[index]
        signs_a_list = block.kind == "item" and block.align == "right"  # Liferay's editors of Hà Nội
        if block.kind in ("item", "row", "heading", "caption") and not signs_a_list:
            break
        signature = read_signature(block.text)
        if (
            signature is None
            or len(prose) - len(taken) <= 1
            or not _looks_signed(blocks, index, signature, bool(taken))
        ):
            if taken or not _is_tail(block):
                break
            continue
        taken.append(index)
        if signature.source and re.match(r"[(\[]?\s*nguồn", block.text, re.I):
            source = source or signature.source
            best = best or signature
        elif best is None or (source is not None and best.source == source):
            best = signature
        elif _LABELLED.match(blocks[taken[0]].text):  # the software's own line under the signature of the text
            best = Signature(signature.printed, signature.author or best.author, signature.source or best.source)
            break
        elif _LABELLED.match(block.text):
            break
        else:  # two lines of one signature: "Thu Uyên" over "Đài TT-TH Hưng Hà"
            best = Signature(
                f"{signature.printed} - {best.printed}",
                signature.author or best.author,
                best.source or signature.source,
            )
            break
    return best, taken, source


def person_of(account: str | None) -> str | None:
    """An account's name if it may be a person's, tidy; ``None`` for "admin", "Super User" and the like."""
    name = mend_spaces(account or "")
    return name or None


def is_person(name: str) -> bool:
    return _NO_PERSON.fullmatch(name) is None


def _is_tail(block: Block) -> bool:
    """A short last line that is neither prose nor a signature ("-----", "HẾT", a lone file name): looked past."""
    return len(block.text) < 40 and not block.text.rstrip().endswith((".", "!", "?")) and block.linked_share > 0.5


def _looks_signed(blocks: list[Block], index: int, signature: Signature, below_taken: bool) -> bool:
    """Whether place and style agree with the words; the weaker the words, the more style is asked."""
    block = blocks[index]
    if any(
        _SIGN_OFF.match(before.text)
        for before in blocks[max(0, index - 3) : index]
        if before.is_prose and len(before.text) < 80
    ):
        return False
    if _SIGN_OFF.match(block.text) or (_PLACE_AND_DATE.search(block.text) and not _ROLES.match(block.text)):
        return False
    words = len(block.text.split())
    explicit = (
        _ROLES.fullmatch(signature.printed.rstrip(" .")) is not None
        or _INITIALS.fullmatch(signature.printed.rstrip(" .")) is not None
        or _SOURCE.fullmatch(signature.printed.rstrip(" .")) is not None
        or bool(signature.author and signature.source)
    )
    styled = block.align == "right" or block.raw_spaces >= 12
    emphasised = block.bold > 0.8 or block.italic > 0.8
    last = not any(later.is_prose for later in blocks[index + 1 :]) or below_taken
    previous = blocks[index - 1] if index else None
    if previous is not None and previous.kind == "image" and block.align == "center":
        return False
    if explicit:
        if re.match(r"ảnh\s*:", block.text, re.I) and previous is not None and previous.kind == "image":
            return styled
        return last or styled or emphasised
    if styled:
        return words <= 14
    if not signature.sure and not emphasised:
        return False
    if not last or previous is None or previous.kind == "image":
        return False
    if signature.author and not signature.source:
        capitals = not block.text.isupper() or emphasised
        return 1 < words <= (10 if emphasised else 6) and capitals and block.align != "center"
    return (emphasised or words <= 9) and block.align != "center" and not block.text.isupper()


def _split(who: str) -> tuple[str | None, str | None]:
    """The persons and the organisation of "Thu Uyên (Đài X)", "Thu Uyên - Đài X", "Minh Hương", "Đài X"."""
    who = who.strip(" .")
    if _starts_as_organisation(who):
        return None, who
    whole = _WITH_ORGANISATION.fullmatch(who)
    if whole is not None:
        organisation = (whole["org"] or whole["org2"]).strip()
        if _starts_as_organisation(organisation) or whole["org"]:
            return _person(whole["who"]), _without_theo(organisation)
    return (who, None) if _NAMES.match(who) and is_person(who) else (None, None)


def _person(who: str) -> str | None:
    name = _ROLE_AND_WHO.made.sub("", who.strip()).strip(" -–,")
    return name if name and is_person(name) else None


def _without_theo(organisation: str) -> str:
    return re.sub(r"^(?:theo|nguồn\s*:?)\s+", "", organisation.strip(), flags=re.I)


def _starts_as_organisation(text: str) -> bool:
    return _ORGANISATION.match(text.lstrip("([ ")) is not None


def _is_surely_organisation(text: str) -> bool:
    """Whether what follows a person's name is an organisation and no second person: "Đài TT-TH Hưng Hà", not "Trường Giang"."""
    parts = text.split()
    if any((len(word) > 1 and word.isupper()) or word.islower() for word in parts):
        return True
    return len(parts) >= (5 if _ALSO_NAMES.is_all_of(parts[0]) else 3)


def _named(text: str) -> bool:
    """Whether a text names somebody: it begins as a name or an organisation, or is a web site's address."""
    text = text.strip()
    return bool(
        re.match(rf"[{_UPPER}]", text)
        or _starts_as_organisation(text)
        or re.match(r"(?:https?://|www\.|[\w-]+\.(?:vn|com|org|net))", text)
    )


def _titled(text: str) -> bool:
    """Whether an organisation is written as in a signature: few words, most of its weight in capitalised ones."""
    words = re.findall(r"[^\W\d_]+", text)
    return len(words) <= 14 and text[:1].isupper() and sum(word[:1].isupper() for word in words) * 2 >= len(words)
