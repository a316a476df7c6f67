"""A portal that makes articles up for ever is left; one whose notices look alike is not."""

from __future__ import annotations

import pytest

from archive.model import Article
from crawler.crawl.visits.made_up import GROWTH, MADE_UP_PAGES, MadeUp
from crawler.ledger.rows import Found, Page
from crawler.reasons.codes import Code

BASE = "http://xahoa.gov.vn"
TEXT = "Mực nước sông Hoà lúc 7 giờ là {} cm.\n\nỦy ban nhân dân xã đề nghị bà con theo dõi bản tin."


def row(number: int, found_on: int | None, *, was: str = "new", role: str = "article") -> Page:
    where = BASE + "/" if found_on is None else f"{BASE}/tin-{found_on}.html"
    return Page(b"%d" % number, f"{BASE}/tin-{number}.html", "xa", role, 1, 0, was, found_on=where)  # type: ignore[arg-type]


def named(times: int) -> list[Found]:
    return [Found(f"{BASE}/x-{n}.html", b"x%d" % n, "xa", "article", "link") for n in range(times)]


def article(text: str) -> Article:
    made = Article.__new__(Article)
    made.text = text
    return made


def after(*, found_on, text=TEXT.format, links: int = 20, pages: int = 3 * MADE_UP_PAGES) -> MadeUp:
    """What is known after so many articles."""
    seen = MadeUp()
    for number in range(pages):
        seen.note(row(number, found_on(number)), article(text(number)), named(links))
    return seen


def chain(number: int) -> int | None:
    return number - 1 if number else None


def test_articles_of_one_text_that_only_name_each_other_are_made_up():
    seen = after(found_on=chain)
    assert seen.leave_out(row(999, 7)).code is Code.TRAP_MADE_UP


@pytest.mark.parametrize(
    "what",
    [
        row(999, None),
        row(999, 100_000),
        row(999, 7, was="stored"),
        row(999, 7, role="listing"),
    ],
    ids=["named by the home page", "named by another page", "kept before", "a list"],
)
def test_what_anything_else_names_is_still_asked_for(what):
    assert after(found_on=chain).leave_out(what) is None


@pytest.mark.parametrize(
    "portal",
    [
        {"found_on": lambda number: None},
        {"found_on": chain, "links": 1},
        {"found_on": chain, "links": int(GROWTH) - 1},
        {"found_on": chain, "text": lambda number: f"Giấy mời {number} gửi {chr(97 + number % 26)}{chr(97 + number // 26)}"},
        {"found_on": chain, "pages": MADE_UP_PAGES},
    ],
    ids=["bulletins a list names", "bulletins that name the next", "a few each", "notices of other words", "too few"],
)  # fmt: skip
def test_notices_that_look_alike_are_not_lost(portal):
    assert after(**portal).leave_out(row(999, 7)) is None
