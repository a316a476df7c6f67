"""A layout that drifts is told by field and selector within one run; ordinary variation is not."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from archive.model import Article, Attachment, Image, PrintedDate
from crawler.cms.recognise import family_named
from crawler.health.drift import Drift, at_most, drifts
from crawler.health.fill import Fill, observe
from crawler.health.verdict import Facts, judge
from crawler.page.page import Page

URL = "https://xahoaan.hungyen.gov.vn/2026/03/bai-viet/"


def one_article(rand: random.Random, day: dict[str, float]) -> Article:
    """An article of an ordinary portal; ``day`` are the shares of its optional fields just now."""

    def has(name: str) -> bool:
        return rand.random() < day[name]

    return Article(
        URL,
        URL,
        title="Hội nghị " + "x" * rand.randint(10, 90),
        lead="Chiều nay " + "x" * rand.randint(20, 300),
        text="x" * int(rand.lognormvariate(day["length"], 0.7) + 1),
        byline="Thu Uyên" if has("byline") else None,
        section="Tin tức" if has("section") else None,
        published=PrintedDate("2026-03-12", "day", "visible", "12/03/2026") if has("published") else None,
        images=[Image("https://x.vn/a.jpg")] if has("images") else [],
        attachments=[Attachment("https://x.vn/a.pdf")] if has("attachments") else [],
        extractor="wordpress/selectors/1",
    )


def healthy_run(rand: random.Random, portal: dict[str, float]) -> Fill:
    """A run of 0 to 40 articles; what a portal prints varies from day to day, and now and then a day is all notices."""
    day = {name: min(1.0, max(0.0, share + rand.gauss(0, 0.06))) for name, share in portal.items()}
    day["length"] = portal["length"] + rand.gauss(0, 0.15)
    fill = Fill(family="wordpress")
    for _ in range(rand.choice([0, 1, 2, 3, 5, 8, 12, 20, 40])):
        article = one_article(rand, day)
        fill.article(article)
        fill.looked += 1
        for name in ("title", "body", "published"):
            selector = f"article .{name}" if rand.random() < portal["theme"] else f".{name}"
            fill.selectors.setdefault(name, Counter())[selector] += 1
    for _ in range(rand.choice([0, 0, 0, 1, 2])):
        fill.not_read("static", URL, known=False)
    return fill


def a_portal(rand: random.Random) -> dict[str, float]:
    shares = {name: rand.choice([0.05, 0.3, 0.6, 0.9, 0.99, 1.0]) for name in ("byline", "section", "images")}
    return {
        **shares,
        "published": 0.995,
        "attachments": 0.2,
        "length": rand.uniform(6.5, 8.0),
        "theme": rand.choice([0.6, 0.95, 1.0]),
    }


def test_at_most_one_of_a_hundred_healthy_runs_is_called_a_drift():
    rand = random.Random(5)
    runs, alarms = 0, []
    for _ in range(100):
        portal = a_portal(rand)
        history = [healthy_run(rand, portal) for _ in range(rand.randint(3, 20))]
        for _ in range(10):
            run = healthy_run(rand, portal)
            found = drifts(history, run)
            facts = Facts(
                "xa", URL, "finished", home_visited=True, home_state="listed", visited=30, held=100, drifts=found
            )
            alarms += [found] if not judge(facts).is_well else []
            history.insert(0, run)
            runs += 1
    assert runs == 1000 and len(alarms) <= runs / 100, alarms


def page_of(title_class: str = "entry-title", body_class: str = "entry-content", published: bool = True) -> Page:
    time = '<time class="entry-date published" datetime="2026-03-12">12/03/2026</time>' if published else ""
    return Page.parse(
        f'<html><head><meta name="generator" content="WordPress 6.1"></head><body><article class="post"><h1 class="{title_class}">'
        f'Hội nghị</h1>{time}<div class="{body_class}"><p>Chiều nay họp.</p></div></article></body></html>'.encode(),
        URL,
        content_type="text/html",
        fetched_at=datetime(2026, 3, 12, tzinfo=UTC).isoformat(),
    )


def run_of(page: Page, n: int, **article: object) -> Fill:
    fill = Fill()
    given = {"title": "Hội nghị", "text": "x" * 2000, "published": PrintedDate("2026-03-12", "day", "visible", "12/3")}
    for _ in range(n):
        one = Article(URL, URL, extractor="wordpress/selectors/1", **{**given, **article})  # type: ignore[arg-type]
        observe(fill, page, "article", one, expected=True, known=True, family="wordpress")
    return fill


SOUND = [run_of(page_of(), 10) for _ in range(3)]


@pytest.mark.parametrize(
    ("now", "field", "selector"),
    [
        (run_of(page_of(published=False), 4, published=None), "published", "article time.entry-date.published"),
        (run_of(page_of(title_class="tieu-de"), 4, title=None), "title", "article h1.entry-title"),
        (run_of(page_of(body_class="noi-dung"), 4, text="x" * 60), "text", "article .entry-content"),
        (run_of(page_of(title_class="tieu-de"), 4), "title", "article h1.entry-title"),
    ],
    ids=["date gone", "title gone", "text shrunk", "title still found by structure"],
)
def test_a_drift_names_the_field_and_the_selector_within_one_run_of_few_articles(now, field, selector):
    found = drifts(SOUND, now)
    assert [(drift.field, drift.selector) for drift in found] == [(field, selector)]
    assert selector in str(found[0])


def test_a_selector_that_learnt_what_to_leave_out_is_the_same_as_before_in_a_kept_history():
    """Else the first crawl after an upgrade says of every healthy portal that a selector stopped matching."""
    kept = {"articles": 10, "filled": {"title": 10, "text": 10, "published": 10}, "looked": 10, "family": "wordpress"}
    names = {"title": "article h1.entry-title", "body": "article .entry-content"}
    before = {
        name: {selector: 10} for name, selector in {**names, "published": "article time.entry-date.published"}.items()
    }
    history = [Fill.of_json(json.dumps({**kept, "selectors": before})) for _ in range(3)]
    assert drifts(history, run_of(page_of(), 5)) == []


def test_articles_that_are_read_as_something_else_are_a_drift_of_the_body():
    fill = Fill()
    for _ in range(4):
        observe(fill, page_of(body_class="noi-dung"), "static", None, expected=True, known=True, family="wordpress")
    (drift, *_) = drifts(SOUND, fill)
    assert (drift.what, drift.field, drift.selector) == ("unread", "text", "article .entry-content")


@pytest.mark.parametrize(
    ("history", "now"),
    [
        ([], run_of(page_of(), 10, title=None)),
        (SOUND, run_of(page_of(), 2, title=None)),
        ([run_of(page_of(), 3)], run_of(page_of(), 9, title=None)),
        (SOUND, Fill()),
    ],
    ids=["no history", "two articles", "a short history", "nothing read"],
)
def test_too_little_to_go_by_is_no_drift(history, now):
    assert drifts(history, now) == []


def test_a_fill_comes_back_from_its_row_as_it_was():
    fill = run_of(page_of(), 3)
    fill.not_read("static", URL, known=True)
    assert Fill.of_json(fill.as_json()) == Fill.of_json(Fill.of_json(fill.as_json()).as_json())
    assert Fill.of_json(fill.as_json()).selectors == fill.selectors
    assert Fill.of_json(Fill().as_json()) == Fill()


@pytest.mark.parametrize(
    ("k", "n", "had", "total", "likely"),
    [(3, 3, 50, 100, 1.0), (0, 1, 1, 1, 1 / 3), (0, 5, 100, 100, 1e-8), (0, 4, 0, 0, 0.2)],
)
def test_how_likely_so_few_are(k, n, had, total, likely):
    assert at_most(k, n, had, total) == pytest.approx(likely, rel=0.5, abs=1e-9)


def test_a_family_nobody_knows_is_looked_at_as_the_general_one():
    assert family_named("khong-co").name == "general"
    assert str(Drift("byline", "share", 0.9, 0.0)) == "byline: 90% of articles had it before, 0% now"


@pytest.mark.parametrize(("way", "found"), [("nukeviet/selectors", True), ("nukeviet/learnt-1", False)])
def test_fields_that_a_newly_learnt_theme_does_not_have_are_no_change_of_the_layout(way, found):
    before = Fill(articles=100, filled=Counter({"views": 100}), ways=Counter({"nukeviet/selectors": 100}))
    now = Fill(articles=50, filled=Counter(), ways=Counter({way: 50}))
    assert any(one.field == "views" for one in drifts([before], now)) is found
