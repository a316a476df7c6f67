"""What a page is, and its article if it is one: the whole way from a parsed page to a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from archive.model import Article, Removed
from archive.text.normalise import line
from crawler.cms.family import Family, PageKind, Selectors, Verdict
from crawler.cms.learnt import LearntTheme
from crawler.cms.recognise import recognise
from crawler.cms.themes import has_selectors, merged, themes_of
from crawler.extract.assemble import Body, assemble
from crawler.extract.bare_text import read_text
from crawler.extract.boilerplate import adverts_beside as page_adverts
from crawler.extract.boilerplate.spam import has_jargon, jargon_in, speaks_of_gambling
from crawler.extract.by_theme import by_theme, holds_prose, modules_beside, opens_with_another, tells_article, theme_for
from crawler.extract.clean.blocks import Block
from crawler.extract.credits import byline
from crawler.extract.foreign_pages import is_foreign, printed
from crawler.extract.kinds.judge import judge
from crawler.extract.kinds.taken_over import taken_over
from crawler.extract.kinds.teasers import is_page_of_teasers
from crawler.extract.locate.by_density import by_density
from crawler.extract.locate.by_selectors import by_selectors, fill
from crawler.extract.locate.located import Located
from crawler.extract.locate.small_print import fill_from_small_print
from crawler.extract.second_reading.combine import Reading as OtherReading
from crawler.extract.second_reading.combine import Witnesses, Words, agreement, combine
from crawler.extract.second_reading.from_trafilatura import AGREEMENT, SecondOpinion
from crawler.extract.second_reading.plain import is_plain, without_doubtful
from crawler.page.metadata import Metadata, read_metadata
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from crawler.words.tables import WithWords

ENOUGH = 250
"""Characters below which another extractor's reading is no evidence against ours."""

OTHER_TEXT = 0.25
"""Agreement below which the two readings of a foreign page are of different texts, and not to be put together."""

FAR_SHORTER = 4
"""How many times longer our text is than another reading that cannot be the article instead of it."""

ONE_TEXT = 30_000
"""Characters above which what we found may be a page of many texts, and a short reading the one that is meant."""

SURELY_NO_TEXT = -1.0
"""Weight below which a paragraph of a Vietnamese page is none: our own rules have taken out what they know, and a line of
a signature or a list weighs little. On the saved portals nothing is lost from -1 down."""


_AUTHOR_LINE = WithWords(r"(?:{author_labels}|bài(?: và ảnh)?)(?:\s*+:)?\s++(?P<name>.{4,60})", "opening")


@dataclass(slots=True)
class Reading:
    """What a page is and why; ``article`` is set for articles only. ``reason`` is the evidence."""

    kind: PageKind
    reason: Reason
    family: Family
    article: Article | None = None
    by_theme: bool = False
    """Whether a theme learnt of the portal tells that it is an article."""


def read(page: Page, own: Selectors | None = None, learnt: Sequence[LearntTheme] = ()) -> Reading:
    """Judge a page and read its article if it is one. Never fails; every outcome is a kind with its reason.

    ``own`` are the selectors a portal's settings give for its own theme; they come before its family's. ``learnt`` are the
    themes learnt of the portal: a page that bears one is read by it.
    """
    if page.problem is not None:
        kind: PageKind = "empty" if page.problem.code is Code.BODY_EMPTY else "broken"
        return Reading(kind, page.problem, recognise(page))
    if page.is_bare_text:
        return _read_bare(page)
    family = recognise(page)
    metadata = read_metadata(page)
    theme = None if own is not None and own.body else theme_for(page, learnt)
    if theme is None and learnt:
        page = page.without(modules_beside(page, learnt))
    by_theme_alone = theme is not None and tells_article(theme, page, metadata)
    if by_theme_alone:
        verdict = Verdict("article", Reason(Code.AT_ITS_PLACES))
    else:
        verdict = judge(page, family, metadata, own)
        if verdict.kind == "listing" and theme is not None and theme.listed and holds_prose(theme, page):
            verdict = Verdict("article", Reason(Code.PROSE_AT_ITS_PLACE))
        elif (
            verdict.kind == "article"
            and not verdict.typed
            and theme is None
            and (opens_with_another(page, learnt) or (learnt and is_page_of_teasers(page)))
        ):
            verdict = Verdict("listing", Reason(Code.ONLY_TEASERS))
    if verdict.kind != "article":
        if (why := taken_over(page, metadata.titles.get("title"))) is not None:
            return Reading("spam", why, family)
        return Reading(verdict.kind, verdict.reason, family)
    article = _article(page, family, metadata, own, theme)
    if not article.title and not article.text and not article.lead:
        return Reading("empty", Reason(Code.NO_TITLE_NO_TEXT), family)
    if _is_hijacked(article, metadata):
        return Reading("spam", Reason(Code.ADVERTISES), family)
    return Reading("article", verdict.reason, family, article, by_theme_alone)


def best_effort(page: Page) -> Article:
    """The article of any page whatever, with what can be read of it."""
    if page.problem is not None:
        return Article(url=page.url, canonical_url=page.url, notes=[*page.notes, str(page.problem)])
    if page.is_bare_text:
        return read_text(page)
    return _article(page, recognise(page), read_metadata(page))


def _article(
    page: Page, family: Family, metadata: Metadata, own: Selectors | None = None, theme: LearntTheme | None = None
) -> Article:
    article = by_theme(page, family, metadata, theme, own) if theme is not None else None
    if article is None and has_selectors(own, family) and not is_foreign(page, metadata):
        article = _by_family(page, family, metadata, own)
    if article is None or (theme is None and _is_thin(article)):
        other = _by_structure(page, family, metadata, own)
        if article is None or _length(other) > 3 * _length(article) + 300:
            article = other
    article.removed += page_adverts.adverts_beside(page, article)
    article.removed += _jargon_in_titles(metadata, article)
    if (theme is None or has_selectors(own, family)) and not is_foreign(page, metadata):
        fill_from_small_print(page, article)
    return article


def _jargon_in_titles(metadata: Metadata, article: Article) -> list[Removed]:
    """A document title, or keywords, that advertise what the article does not speak of: seen by search engines alone."""
    said = [*metadata.titles.values(), metadata.keywords or ""]
    injected = [text for text in dict.fromkeys(said) if text != article.title and has_jargon(text)]
    spoken = f"{article.title or ''} {article.lead or ''} {article.text[:2000]}" if injected else ""
    if not injected or jargon_in(spoken.lower()):
        return []
    return [Removed("spam", text) for text in injected]


def _by_family(page: Page, family: Family, metadata: Metadata, own: Selectors | None) -> Article | None:
    for way, selectors in themes_of(own, family, page.fetched_at):
        located = by_selectors(page, selectors)
        if located is not None:
            located.way = way
            return assemble(page, family, located, metadata)
    return None


def _by_structure(page: Page, family: Family, metadata: Metadata, own: Selectors | None) -> Article:
    """The article by structure and density: pages of no family, and themes that renamed what a family's selectors name."""
    known = has_selectors(own, family)
    located = by_density(page, metadata, _way(page) if known else "density")
    if located is not None and known:
        fill(located, page, merged(own, family.selectors))
    second = _Second(page, metadata, located.places if located is not None else {})
    article = assemble(page, family, located or Located("nothing"), metadata, second.weigh)
    if not second.is_another:
        return article
    if article.attachments and second.length < 3 * _length(article):
        return article  # a notice of a few lines: its file is the news
    markup = second.opinion.markup()
    if not markup:
        return article
    other = located or Located("trafilatura")
    other.way, other.markup, other.lead = "trafilatura", markup, ""
    again = assemble(page, family, other, metadata)
    if second.foreign and agreement(Words(f"{again.lead or ''}\n{again.text}"), second.words) < AGREEMENT:
        # with links and pictures it reads another part of the page than without
        other.markup = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in second.paragraphs)
        again = assemble(page, family, other, metadata)
    return again


class _Second:
    """Trafilatura's opinion of a body: weighed paragraph by paragraph, or noted as being of another text."""

    def __init__(self, page: Page, metadata: Metadata, places: dict[str, str]) -> None:
        self.opinion, self.metadata, self.places = SecondOpinion(page), metadata, places
        self.foreign = is_foreign(page, metadata)
        self.is_another = False
        self.length = 0
        self.words, self.paragraphs = Words(""), list[str]()

    def weigh(self, body: Body, title: str | None) -> None:
        if not self.foreign:
            _take_author_line(body)
        elif is_plain(body.blocks):
            body.blocks, dropped = without_doubtful(body.blocks)
            body.removed += [Removed("other", block.text) for block in dropped]
            return
        own = Words("\n".join(block.text for block in body.blocks if block.is_prose))
        witnesses = Witnesses.of(self.metadata, title)
        if witnesses.body is not None and agreement(own, witnesses.body) >= AGREEMENT:
            second, agreed = OtherReading([], witnesses.body), 1.0
            self.length = len(witnesses.body.joined)
        else:
            second, agreed = self.opinion.beside(own, printed if self.foreign else line)
            self.length = sum(map(len, second.paragraphs))
            self.words, self.paragraphs = second.words, second.paragraphs
        if self.length < ENOUGH or (self.foreign and self._stops_early(body, agreed)):
            return
        if agreed < (OTHER_TEXT if self.foreign else AGREEMENT):
            self.is_another = True
        else:
            limit, keep = 0.0, None
            if not self.foreign:  # what we took out (captions, adverts, signatures) must not come back
                second, limit, keep = OtherReading([], second.words), SURELY_NO_TEXT, _is_sentence
            body.blocks, dropped = combine(body.blocks, own, second, witnesses, self.places, limit, keep)
            body.removed += [Removed("other", block.text) for block in dropped]

    def _stops_early(self, body: Body, agreed: float) -> bool:
        """Whether the second reading is another text, and a far shorter one than the sentences of ours."""
        sentences = [block.text for block in body.blocks if block.is_prose and _is_sentence(block)]
        own = sum(len(block.text) for block in body.blocks if block.is_prose)
        return (
            agreed < OTHER_TEXT and FAR_SHORTER * self.length < own < ONE_TEXT and sum(map(len, sentences)) > 0.6 * own
        )


def _is_sentence(block: Block) -> bool:
    """A paragraph that says something and links nothing: a lead in an element of its own is no stray."""
    return len(block.text) >= 60 and not block.links and block.text.endswith((".", "!", "?", "…", ".”", '."'))


def _way(page: Page) -> str:
    """How the text of a page whose selectors fail is found: by the markup's own word for it, else by structure."""
    return "microdata" if len(page.tree.css('[itemprop="articleBody"]')) == 1 else "structure"


def _take_author_line(body: Body) -> None:
    """The line under the title that names the author ("Tác giả: Gia Hân"): a signature, where the text bears none."""
    for block in [block for block in body.blocks if block.is_prose][:2]:
        named = _AUTHOR_LINE.fullmatch(block.text)
        signature = byline.read_signature(named["name"]) if named is not None else None
        if signature is not None and signature.author:
            body.signature = body.signature or signature
            body.blocks.remove(block)
            return


def _length(article: Article) -> int:
    return len(article.lead or "") + len(article.text)


def _is_thin(article: Article) -> bool:
    """Whether the selectors gave so little, without a file that would explain it, that structure is asked too."""
    return _length(article) < 400 and not article.attachments


def _read_bare(page: Page) -> Reading:
    article = read_text(page)
    words = len(f"{article.lead or ''} {article.text}".split())
    if words < 8:
        return Reading("empty", Reason(Code.BARE_TEXT_SHORT), recognise(page))
    return Reading("article", Reason(Code.BARE_TEXT), recognise(page), article)


def _is_hijacked(article: Article, metadata: Metadata) -> bool:
    """Whether a page is an advert as a whole. What only search engines see makes no real article another thing."""
    unseen = {*metadata.titles.values(), metadata.keywords}
    spam = sum(len(piece.text) for piece in article.removed if piece.kind == "spam" and piece.text not in unseen)
    kept = len(article.text) + len(article.lead or "")
    title, text = article.title or "", f"{article.lead or ''} {article.text}"
    if has_jargon(title) and not speaks_of_gambling(title, text) and (spam > kept or has_jargon(text[:2000])):
        return True
    return spam > 600 and spam > 4 * kept
