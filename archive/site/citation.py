"""How to cite one version of an article, in the styles its readers use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.queries.records import Record
from archive.site.words.speaker import Speaker
from archive.text.vietnam_time import VIETNAM

_BIBTEX_ESCAPES = str.maketrans(
    {"\\": r"\textbackslash{}", **{char: f"\\{char}" for char in "{}&%$#_"}, "~": r"\textasciitilde{}", "^": r"\^{}"}
)


@dataclass(slots=True)
class Citation:
    """A style's name and the line to copy."""

    style: str
    text: str


def citations(record: Record, permalink: str, sha256: str, today: datetime, speak: Speaker) -> list[Citation]:
    """The citations of one version; ``permalink`` names it, ``sha256`` (hex) is its capture's, ``today`` the day of access."""
    article = record.article
    agency = record.portal.title or record.portal.name
    title = " ".join((article.title or speak("untitled")).split())
    published = article.published.value if article.published else None
    saved = datetime.fromisoformat(record.capture.fetched_at).astimezone(VIETNAM)
    vi, en = Speaker("vi"), Speaker("en")
    year = published[:4] if published else None
    thesis = (
        f"{agency} ({year or 'không rõ năm'}), {title}, <{article.url}>, lưu ngày {saved:%d/%m/%Y}"
        f" tại <{permalink}>, truy cập ngày {today:%d/%m/%Y}."
    )
    dated = f"{en.day(published)}, " if published else ""
    chicago = f"{agency}, “{title},” {dated}archived {en.day(record.capture.fetched_at)}, at {vi('name')}, {permalink}."
    bibtex = "\n".join(
        [
            f"@misc{{tinhuyen{record.id}v{record.version},",
            f"  author = {{{{{agency.translate(_BIBTEX_ESCAPES)}}}}},",
            f"  title = {{{title.translate(_BIBTEX_ESCAPES)}}},",
            *([f"  year = {{{year}}},"] if year else []),
            f"  howpublished = {{\\url{{{permalink}}}}},",
            f"  note = {{Archived {saved:%Y-%m-%d}, sha256:{sha256}}}",
            "}",
        ]
    )
    fields = {
        "url": article.url,
        "title": title,
        "date": published[:10] if published else "",
        "publisher": agency,
        "language": article.language or "vi",
        "access-date": f"{today:%Y-%m-%d}",
        "archive-url": permalink,
        "archive-date": f"{saved:%Y-%m-%d}",
        "url-status": _url_status(record),
    }
    wiki = (
        "{{chú thích web " + " ".join(f"|{key}={value.replace('|', '{{!}}')}" for key, value in fields.items()) + "}}"
    )
    return [
        Citation(speak("cite_thesis"), thesis),
        Citation(speak("cite_court"), _for_a_court(record, agency, title, permalink, sha256)),
        Citation("Chicago", chicago),
        Citation("BibTeX", bibtex),
        Citation("Wikipedia", wiki),
    ]


def _for_a_court(record: Record, agency: str, title: str, permalink: str, sha256: str) -> str:
    """What a file of evidence names: which version, the moment, the digest, and where in the archive the bytes stand."""
    capture = record.capture
    saved = datetime.fromisoformat(capture.fetched_at).astimezone(VIETNAM)
    return (
        f"{agency}, “{title}”, <{record.article.url}>, bản {record.version} trên {len(record.versions)},"
        f" lưu lúc {saved:%H:%M:%S ngày %d/%m/%Y} (GMT+7), mã trả lời {capture.status}, SHA-256 {sha256},"
        f" bản ghi {capture.record_id} trong {capture.file}; xem tại <{permalink}>."
    )


def _url_status(record: Record) -> str:
    """What the template knows by ``dead``, ``deviated`` (the address shows something else than what is cited) and ``live``.

    A server that fails or refuses is no dead link.
    """
    found = record.not_seen[-1].found if record.not_seen else None
    if found == "missing":
        return "dead"
    if found in ("error page", "home page", "moved", "other page") or record.version < len(record.versions):
        return "deviated"
    return "live"
