"""From blocks and the parts around them to an :class:`~archive.model.Article`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

from archive.model import Article, Image, PrintedDate, Removed
from archive.text.normalise import line, mend_spaces
from archive.text.numbers.document_numbers import documents_in
from archive.text.syllables import marked_share
from crawler.addresses.urls import without_visit
from crawler.cms.family import Dates, Family
from crawler.extract.boilerplate import lines as boilerplate
from crawler.extract.boilerplate import spam
from crawler.extract.canonical import canonical_url
from crawler.extract.clean import attachments
from crawler.extract.clean.blocks import Block, prose_of, same_letters, same_text
from crawler.extract.clean.captions import images_of, mark_captions
from crawler.extract.clean.clean import clean
from crawler.extract.credits import byline
from crawler.extract.credits.authors import authors, named_author
from crawler.extract.dates.choose import FOREIGN, LAST, Candidates, Chosen, choose, is_of_site_builder, readers
from crawler.extract.dates.clock import OwnDates
from crawler.extract.dates.date_lines import is_date_line
from crawler.extract.dates.event_date import event_date
from crawler.extract.dates.last_resort import date_in_address, date_of_dateline, last_dates
from crawler.extract.dates.other_languages import clock_of, month_comes_first
from crawler.extract.dates.two_against_one import outvoted
from crawler.extract.foreign_pages import guarded, is_foreign, restore
from crawler.extract.locate.located import Located
from crawler.extract.locate.title_text import printed_title
from crawler.page.metadata import Metadata
from crawler.page.page import Page

MOVED = timedelta(days=30)
"""How much later than the day in its address an article may be dated; what is later still is another publication."""
DATE_LINE = 30
"""Characters from which on a line is more than a date."""
_LABEL = re.compile(r"[^.!?]{1,40}:")
"""A line that only heads what follows ("Nội dung:") is no lead."""
_WRITTEN_FOR_MACHINES = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class Body:
    """The article's own blocks, told apart: what is text, what signs it, what was taken out."""

    blocks: list[Block] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    signature: byline.Signature | None = None
    source: str | None = None
    views: int | None = None
    section: str | None = None


def assemble(
    page: Page,
    family: Family,
    located: Located,
    metadata: Metadata,
    weigh: Callable[[Body, str | None], None] | None = None,
) -> Article:
    """The article of a page. Everything the page does not say stays ``None`` or empty.

    ``weigh`` is handed what was told apart, with the title, before it is put together, and may change it.
    """
    foreign = is_foreign(page, metadata)
    fragments = [*filter(None, [located.lead]), located.markup]
    *leads, blocks = clean(*(map(guarded, fragments) if foreign else fragments), resolve=page.resolve)
    lead_blocks = [block for lead in leads for block in lead]
    all_blocks = lead_blocks + blocks
    if foreign:
        restore(all_blocks)
    files = attachments.of_blocks(all_blocks)
    shown = located.title if foreign else line(located.title or "")
    title = printed_title(shown, metadata, urlsplit(page.url).hostname or "")
    body = sort_out(all_blocks, page.url, title, foreign=foreign)
    _take_account(body, located.account)
    if weigh is not None:
        weigh(body, title)
    marked = {id(block) for block in lead_blocks}
    lead, paragraphs = split_lead(body.blocks, marked)
    dates = _dates(page, family, located, metadata, foreign)
    if foreign and dates.published is None:
        _dateline(dates, lead, paragraphs, page, metadata.language)
    article = Article(
        url=without_visit(page.url),
        canonical_url=canonical_url(page, family, metadata),
        title=title,
        lead=lead,
        text="\n\n".join(paragraphs),
        section=located.section or body.section or _section_of(metadata),
        published=dates.published,
        modified=dates.modified,
        event_date=event_date(lead),
        views=located.views if located.views is not None else body.views,
        tags=_tags(located.tags or metadata.tags or family.tags_by_class(page)),
        attachments=attachments.each_once(located.attachments + files + attachments.shown_in(page)),
        removed=_each_once(located.removed + body.removed),
        family=family.name,
        extractor=f"{family.name}/{located.way}/{family.version}",
        notes=[*page.notes, *dates.notes],
    )
    article.captions = list(
        dict.fromkeys([*located.captions, *(block.text for block in body.blocks if block.kind == "caption")])
    )
    article.images = _images(located.images, images_of(body.blocks))
    whole = f"{article.lead or ''} {article.text}"
    article.language = "vi" if marked_share(whole, limit=300) > 0.3 else metadata.language
    article.documents = documents_in(f"{title or ''}\n{whole}")
    sign(article, body, located.signatures, located.account)
    _name_author(article, page, family, located, metadata, foreign)
    return article


def _name_author(
    article: Article, page: Page, family: Family, located: Located, metadata: Metadata, foreign: bool
) -> None:
    """The author that the page names outside its text, where no signature does or another language's page is known to."""
    if foreign:
        article.author = authors(page, metadata, located.title_node) or article.author
    elif article.author is None and not family.selectors.body:
        article.author = named_author(page, metadata, located.title_node)


def _dates(page: Page, family: Family, located: Located, metadata: Metadata, foreign: bool) -> Chosen:
    """When an article was published and changed, by its own sources, else by the last ones there are."""
    host = urlsplit(page.url).hostname or ""
    read = readers(
        page.fetched_at,
        foreign=foreign,
        month_first=month_comes_first(metadata.language, metadata.region, host),
        clock=clock_of(host),
    )
    candidates = Candidates({**metadata.published, **located.published}, {**metadata.modified, **located.modified})
    dates = choose(candidates, FOREIGN if foreign else family.dates, page.fetched_at, read)

    def last() -> dict[str, str]:
        own = None if foreign else OwnDates(located.title_node, located.body_node, page.fetched_at)
        return last_dates(page, metadata, located.title_node, read.machine, own)

    if located.dated_by_theme:
        return dates
    if dates.published is None and (foreign or not family.selectors.body):
        candidates.published = last()
        candidates.published.setdefault("visible", located.published.get("visible", ""))
        dates = choose(candidates, Dates(LAST, family.dates.modified), page.fetched_at, read)
    elif dates.published is None:
        # a theme that prints the date under a name of its own: only a line of nothing else is one
        beside = last().get("visible", "")
        if is_date_line(beside) or _WRITTEN_FOR_MACHINES.match(beside):
            candidates.published = {"visible": beside}
            dates = choose(candidates, Dates(("visible",), family.dates.modified), page.fetched_at, read)
    elif foreign and is_of_site_builder(dates.published):
        printed = choose(
            Candidates({"visible": last().get("visible", "")}), Dates(("visible",), ()), page.fetched_at, read
        ).published
        if printed is not None and printed.value[:10] < dates.published.value[:10]:
            dates.published = printed
    if not foreign or dates.published is None:
        return dates
    day = date_in_address(page.url)

    def shown() -> str:
        return located.published.get("visible") or last().get("visible", "")

    dates = outvoted(dates, candidates, day, shown, page.fetched_at, read)
    if day is not None:
        _take_day_of_address(dates, day)
    return dates


def _dateline(dates: Chosen, lead: str | None, paragraphs: list[str], page: Page, language: str | None) -> None:
    """The day the text opens with, where nothing else on the page dates it."""
    host = urlsplit(page.url).hostname or ""
    read = readers(page.fetched_at, foreign=True, month_first=month_comes_first(language, None, host))
    texts = [*filter(None, [lead]), *paragraphs[:1]]
    said = next((day for text in texts if (day := date_of_dateline(text, read.machine)) is not None), None)
    if said is not None:
        dates.published = choose(
            Candidates({"visible": said}), Dates(("visible",), ()), page.fetched_at, read
        ).published


def _take_day_of_address(dates: Chosen, day: str) -> None:
    """The day an address names, where what dates the article is more than a month later: it was published anew, or moved."""
    if dates.published is None or dates.published.source == "address":
        return
    try:
        later = date.fromisoformat(dates.published.value[:10]) - date.fromisoformat(day)
    except ValueError:  # the 31st of April
        return
    if later > MOVED:
        dates.notes.append(
            f"publication: {dates.published.source} says {dates.published.value}, the address {day}, which was taken"
        )
        dates.published = PrintedDate(day, "day", "address", day)


def sort_out(blocks: list[Block], url: str, title: str | None, *, foreign: bool = False) -> Body:
    """Tell an article's blocks apart: adverts, boilerplate and the signature out, captions marked."""
    body = Body()
    site = spam.Site((urlsplit(url).hostname or "").lower(), title or "")
    kept, body.removed = spam.take_out(blocks, site, lambda block: byline.read_signature(block.text) is not None)
    kept = _without_boilerplate(kept, body)
    kept = _without_title(_without_crumbs(kept, body), title)
    # what such a line said stays told: the file may have another name where the page lists it
    kept, names_of_files = attachments.without_file_lines(kept)
    body.removed += [Removed("other", text) for text in names_of_files]
    if not foreign:  # a signature is told by Vietnamese names and words
        body.signature, taken, body.source = byline.find_signature(kept)
        kept = [block for index, block in enumerate(kept) if index not in taken]
    mark_captions(kept, title)
    body.blocks = kept
    return body


def split_lead(blocks: list[Block], marked: set[int]) -> tuple[str | None, list[str]]:
    """The lead and the paragraphs after it: the first paragraph of what the page marks as lead, else the first of all."""
    prose = prose_of(blocks)
    leads = [block for block in prose if id(block) in marked and block.kind in ("text", "heading")]
    first = leads[0] if leads else next((block for block in prose if block.kind == "text"), None)
    if not leads and prose and _is_sapo(prose[0]):
        first = prose[0]
    if first is not None and _LABEL.fullmatch(first.text):
        return None, [block.text for block in prose]
    if first is None or (not leads and any(block.kind in ("item", "row") for block in prose[: prose.index(first)])):
        return None, [block.text for block in prose]
    rest = [block.text for block in prose if block is not first]
    if rest and id(first) in marked:  # many editors print the sapo again as the first paragraph
        rest = [text for text in rest[:2] if not same_letters(text, first.text)] + rest[2:]
    return first.text, rest


def _take_account(body: Body, account: str | None) -> None:
    """The author's name printed above the text as a link to a page of the author is no paragraph."""
    if not account:
        return
    for block in [block for block in body.blocks if block.is_prose][:2]:
        if block.linked_share > 0.9 and same_text(block.text, account):
            body.blocks = [other for other in body.blocks if other is not block]


def _is_sapo(block: Block) -> bool:
    """Whether a heading is a sentence: many themes set the lead in one."""
    return block.kind == "heading" and len(block.text) >= 60 and block.text.endswith((".", "…", "!", ".”"))


def sign(article: Article, body: Body, signatures: list[str], account: str | None) -> None:
    """Byline, author and source: from the text, else from what the page prints beside it; the account only as author."""
    signature, source = body.signature, body.source
    for text in signatures:
        other = byline.read_signature(byline.without_label(text))
        if other is None:
            continue
        source_only = signature is not None and source is not None and signature.source == source
        if signature is None or (source_only and other.author):
            signature = other
        source = source or other.source
    if signature is not None:
        article.byline, article.author = signature.printed, signature.author
        article.source = signature.source or source
    if article.author is None:
        article.author = byline.person_of(account)


def _without_boilerplate(blocks: list[Block], body: Body) -> list[Block]:
    kept: list[Block] = []
    in_related = after_label = False
    for block in blocks:
        if len(block.text) > boilerplate.LINE_LIMIT and not block.links:  # most paragraphs
            in_related = after_label = False
            kept.append(block)
            continue
        if len(kept) < 5 and block.kind in ("text", "item", "heading") and _is_own_date_line(block.text, kept):
            body.removed.append(Removed("other", block.text))
            continue
        kind = boilerplate.kind_of(block.text) if block.kind in ("text", "heading", "item") else None
        if kind == "related" and block.linked_share > 0.5:
            kind = "navigation"
        if kind is None and _points_elsewhere(block):
            body.removed.append(Removed("related", block.text, block.links[0].href))
            continue
        if after_label and attachments.is_file_line(block):
            continue
        after_label = kind == "other" and boilerplate.labels_files(block.text)
        if in_related and (
            block.kind == "image" or block.linked_share > 0.5 or kind == "related" or _is_only_date(block.text)
        ):
            if block.text:
                body.removed.append(Removed("related", block.text, block.links[0].href if block.links else None))
            continue
        in_related = kind == "related"
        if (
            len(block.text) < 8
            and block.is_prose
            and block.kind != "row"
            and not any(char.isalpha() for char in block.text)
        ):
            continue  # a bullet, a rule of dashes, a star of a rating
        if kind is None or (
            kind in ("other", "navigation", "share", "comments") and block.kind == "item" and not block.links
        ):
            kept.append(block)
            continue
        body.removed.append(Removed(kind, block.text))
        if kind == "counter" and body.views is None:
            body.views = boilerplate.views_in(block.text)
        if kind == "section" and body.section is None:
            body.section = boilerplate.section_in(block.text)
    return kept


def _points_elsewhere(block: Block) -> bool:
    """Whether a paragraph is a link to another article behind a word that says so ("Xem thêm: …"); a file is none."""
    if not block.links or block.kind not in ("text", "item", "heading") or attachments.is_file_line(block):
        return False
    worded = next((link.text for link in block.links if link.text), "")  # the first may be a picture's
    before = block.text.partition(worded)[0] if worded and block.linked_share > 0.5 else ""
    return bool(before) and boilerplate.kind_of(before.strip(" »›>•*+-–")) == "related"


_IN_TEXT = re.compile(
    r"\s*(?:thời gian|ngày|hạn|lúc)(?![^\W\d_])(?!\s*(?:đăng|tạo|gửi|xuất bản|phát hành|cập nhật|viết))", re.I
)


def _is_own_date_line(text: str, before: list[Block]) -> bool:
    """Whether a line is the article's date; once the text has begun, "Thời gian: …" and "Ngày …" are of what it tells."""
    if not is_date_line(text):
        return False
    return _IN_TEXT.match(text) is None or not any(block.is_prose and len(block.text) > 60 for block in before)


def _is_only_date(text: str) -> bool:
    return len(text) < DATE_LINE and re.fullmatch(r"[\s(\[]*[\d/:.,\s|hAPMSCH-]{6,}[)\]\s]*", text) is not None


def _without_title(blocks: list[Block], title: str | None) -> list[Block]:
    """The title printed once more above the text is no paragraph."""
    for index, block in enumerate(blocks[:4]):
        if block.is_prose and same_text(block.text, title):
            return blocks[:index] + blocks[index + 1 :]
    return blocks


def _without_crumbs(blocks: list[Block], body: Body) -> list[Block]:
    """Short links in a list above the first text are the trail of bread crumbs, whatever a theme calls it."""
    if not blocks or blocks[0].kind != "item":
        return blocks
    count = next((i for i, b in enumerate(blocks) if b.kind != "item" or b.linked_share < 0.9 or len(b.text) > 60), 0)
    if not 0 < count <= 5 or any(attachments.is_file_line(block) for block in blocks[:count]):
        return blocks
    body.removed += [Removed("navigation", block.text) for block in blocks[:count]]
    return blocks[count:]


def _section_of(metadata: Metadata) -> str | None:
    return metadata.section


def _tags(tags: list[str]) -> list[str]:
    if len(tags) == 1:  # a list printed in one element
        tags = re.split(r"[,;]", tags[0])
    return list(dict.fromkeys(tidy for tag in tags if (tidy := mend_spaces(tag.strip("#,; "))) and len(tidy) < 100))


def _images(beside: list[Image], within: list[Image]) -> list[Image]:
    known: dict[str, Image] = {}
    for image in [*beside, *within]:
        known.setdefault(image.url, image)
        known[image.url].caption = known[image.url].caption or image.caption
    return list(known.values())


def _each_once(removed: list[Removed]) -> list[Removed]:
    seen: set[tuple[str, str, str | None]] = set()
    kept = []
    for piece in removed:
        piece.text = line(piece.text)
        key = (piece.kind, piece.text, piece.href)
        if key not in seen and (piece.text or piece.href):
            seen.add(key)
            kept.append(piece)
    return kept
