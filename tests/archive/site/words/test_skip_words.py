"""Every code by which a page may be skipped, and every verdict, has words for the readers' site."""

from __future__ import annotations

import pytest

from archive.site.words.crawl_words import SKIP_REASONS, VERDICTS, group_of
from crawler.crawl.visits.visitor import KINDS
from crawler.health import verdict
from crawler.reasons.codes import LEFT_OUT, REDIRECTS, TRAPS, Code

_CODES = list(Code)
ADDRESSES = _CODES[_CODES.index(Code.MALFORMED) : _CODES.index(Code.PORTLET) + 1]
ANSWERS = (
    *(Code.ROBOTS_FORBIDS, Code.OUTSIDE_HOST, Code.FORM_GONE, Code.FORM_REFUSED, Code.SERVER_ANSWERS, Code.DEAD_LINK),
    *(Code.NO_SITEMAP_THERE, Code.NO_FEED_THERE, Code.NO_SITEMAP, Code.NO_FEED, Code.NO_FEED_EMPTY),
    *(Code.PAGE_FOR_PICTURE, Code.FILE_FOR_ARTICLE, Code.OTHER),
)


@pytest.mark.parametrize("code", sorted({*ADDRESSES, *ANSWERS, *TRAPS, *LEFT_OUT, *KINDS.values()}))
def test_it_is_in_a_group(code):
    assert group_of(code) is not None


@pytest.mark.parametrize("code", sorted(REDIRECTS - {Code.REDIRECTS_IN_A_CIRCLE}))  # which fails, and is not skipped
def test_redirects_are_in_a_group(code):
    assert group_of(code) is not None


def test_every_verdict_has_words():
    assert set(verdict.VERDICTS) <= set(VERDICTS)


def test_the_site_words_no_code_that_is_not_there():
    assert set(SKIP_REASONS) <= {code.value for code in Code}
