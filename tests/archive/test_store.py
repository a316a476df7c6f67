"""The store: what goes in comes out, nothing is kept twice, nothing that was seen is lost."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveDamaged, ArchiveLocked, UnknownPortal
from archive.ids import article_id, id_floor, url_key
from archive.model import Article, Attachment, Capture, Image, Portal, PrintedDate, Removed
from archive.queries.older_versions import FULL_EVERY
from archive.store import Store

PORTAL = "hungha.thaibinh"
# What SQLite holds as it is; the two exceptions have a test of their own.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
maybe = st.none() | words
printed = st.builds(
    PrintedDate, st.dates(date(1995, 1, 1), date(2026, 1, 1)).map(str), st.just("day"), st.just("meta"), words
)
articles = st.builds(
    Article,
    url=words,
    canonical_url=words,
    title=maybe,
    lead=maybe,
    text=words,
    captions=st.lists(words, max_size=3),
    section=maybe,
    byline=maybe,
    author=maybe,
    source=maybe,
    published=st.none() | printed,
    modified=st.none() | printed,
    event_date=maybe,
    views=st.none() | st.integers(0, 10**9),
    tags=st.lists(words, max_size=3),
    images=st.lists(st.builds(Image, words, maybe), max_size=2),
    attachments=st.lists(st.builds(Attachment, words, maybe, maybe, st.none() | st.integers(0, 10**9)), max_size=2),
    removed=st.lists(st.builds(Removed, st.sampled_from(["spam", "counter"]), words, maybe), max_size=2),
    documents=st.lists(words, max_size=2),
    language=maybe,
    family=words,
    extractor=words,
    notes=st.lists(words, max_size=2),
)


def index_is_sound(store: Store) -> bool:
    """The index holds exactly what its articles, folded, would give."""
    before = store.conn.execute("SELECT * FROM article_fts_data ORDER BY id").fetchall()
    terms = "SELECT term, doc, col FROM probe ORDER BY 1, 2, 3"
    store.conn.execute("CREATE VIRTUAL TABLE temp.probe USING fts5vocab(main, article_fts, instance)")
    found = store.conn.execute(terms).fetchall()
    from archive.rows import search_index as index

    with store.batch():
        index.rebuild(store.conn)
    expected = store.conn.execute(terms).fetchall()
    store.conn.execute("DROP TABLE temp.probe")
    return bool(before) and found == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(article=articles, later=articles)
def test_what_goes_in_comes_out_and_stored_twice_changes_nothing(article: Article, later: Article) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "archive.db") as store:
        store.add_portal(Portal(PORTAL, "https://x/"))
        first = Capture("r1", "f", 0, 1, "u", "2026-01-01T00:00:00Z", 200, "sha256:x", PORTAL)
        second = replace(first, record_id="r2", fetched_at="2026-01-02T00:00:00Z", digest="sha256:y")
        saved = store.save_article(article, first, PORTAL)
        assert saved.outcome == "new"
        assert store.load(saved.id) == article
        dump = list(store.conn.iterdump())
        assert store.save_article(article, first, PORTAL).outcome == "unchanged"
        assert list(store.conn.iterdump()) == dump
        later = replace(later, canonical_url=article.canonical_url)
        store.save_article(later, second, PORTAL)
        assert store.versions(saved.id)[0].article.text == article.text
        assert index_is_sound(store)


captures = st.builds(
    Capture,
    record_id=words.filter(bool),
    file=words,
    offset=st.integers(0, 10**12),
    length=st.integers(0, 10**9),
    url=words,
    fetched_at=st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"),
    status=st.integers(100, 999),
    digest=words,
    portal=st.just(PORTAL),
    content_type=maybe,
    payload_bytes=st.none() | st.integers(0, 10**12),
    kind=st.sampled_from(["page", "listing", "file", "requisite", "robots"]),
    record_type=st.sampled_from(["response", "revisit"]),
    truncated=st.none() | st.sampled_from(["length", "time", "disconnect"]),
    secure=st.sampled_from(["verified", "unverified", "legacy", "none"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(captures, min_size=1, max_size=5, unique_by=lambda capture: capture.record_id))
def test_captures_come_out_as_they_went_in_and_the_first_of_a_record_id_stays(kept: list[Capture]) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "archive.db") as store:
        store.add_portal(Portal(PORTAL, "https://x/"))
        for capture in kept:
            store.save_capture(capture)
            store.save_capture(replace(capture, url="another"))
        assert [store.capture(capture.record_id) for capture in kept] == kept


@settings(max_examples=40, deadline=None)
@given(st.data(), st.lists(articles, min_size=2, max_size=5, unique_by=lambda article: article.text.strip()))
def test_every_version_comes_out_as_it_went_in_whatever_the_order_of_delivery(data, kept: list[Article]) -> None:
    kept = [replace(article, canonical_url="u", url="u", attachments=[]) for article in kept]
    order = data.draw(st.permutations(range(len(kept))))
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "archive.db") as store:
        store.add_portal(Portal(PORTAL, "https://x/"))
        for n in order:
            at = f"2026-01-{n + 1:02d}T00:00:00Z"
            capture = Capture(f"r{n}", "f", n, 1, "u", at, 200, f"sha256:{n}", PORTAL)
            identifier = store.save_article(kept[n], capture, PORTAL).id
        assert [store.record(identifier, n + 1).article for n in range(len(kept))] == kept
        assert [store.record(identifier, n + 1).capture.record_id for n in range(len(kept))] == [
            f"r{n}" for n in range(len(kept))
        ]


def test_what_sqlite_cannot_hold_becomes_a_replacement_character(store, make_article, make_capture):
    saved = store.save_article(make_article(title="a\0b", tags=["\ud800"]), make_capture(), PORTAL)
    kept = store.load(saved.id)
    assert (kept.title, kept.tags) == ("a\ufffdb", ["\ufffd"])


@pytest.mark.parametrize(
    ("published", "day"),
    [
        pytest.param(PrintedDate("2019-05-06T07:08:00+07:00", "minute", "meta", ""), "20190506", id="publication"),
        pytest.param(PrintedDate("2019-05", "month", "visible", ""), "20190501", id="month"),
        pytest.param(None, "20260102", id="first sight, by Vietnam's clock"),
        pytest.param(PrintedDate("0019-05-06", "day", "meta", ""), "20260102", id="year of no portal"),
        pytest.param(PrintedDate("2072-05-06", "day", "meta", ""), "20260102", id="future"),
    ],
)
def test_an_id_is_coded_with_the_day_of_publication_else_of_first_sight(
    published, day, store, make_article, make_capture
):
    article = make_article(published=published, event_date="2001-01-01")
    saved = store.save_article(article, make_capture(fetched_at="2026-01-01T20:00:00Z"), PORTAL)
    assert str(saved.id)[:8] == day
    corrected = replace(article, published=PrintedDate("2011-01-01", "day", "meta", ""))
    assert store.save_article(corrected, make_capture(fetched_at="2026-02-01T00:00:00Z"), PORTAL).id == saved.id


def test_two_articles_that_ask_for_one_id_get_neighbours(store, make_article, make_capture):
    article = make_article(published=PrintedDate("2020-01-01", "day", "meta", ""))
    wanted = article_id(date(2020, 1, 1), url_key(article.canonical_url))
    store.remember_id("https://elsewhere/", wanted)
    assert store.save_article(article, make_capture(), PORTAL).id == wanted + 1


def test_an_id_given_before_is_used_again(store, make_article, make_capture):
    store.remember_id(make_article().canonical_url, id_floor(date(2009, 9, 9)) + 7)
    assert store.save_article(make_article(), make_capture(), PORTAL).id == 2009090900000007


def test_views_and_modification_alone_are_no_revision_but_are_kept_up_to_date(store, make_article, make_capture):
    saved = store.save_article(make_article(views=1), make_capture(), PORTAL)
    modified = PrintedDate("2026-01-02", "day", "meta", "x")
    again = store.save_article(make_article(views=9, modified=modified), make_capture(), PORTAL)
    assert again.outcome == "unchanged"
    assert (store.load(saved.id).views, store.load(saved.id).modified) == (9, modified)
    assert store.record(saved.id).revisions == 0


def test_tags_and_files_in_another_order_are_no_revision(store, make_article, make_capture):
    files = [Attachment(f"http://a.example/{name}.pdf", name) for name in "ab"]
    store.save_article(make_article(tags=["lúa", "đê"], attachments=files), make_capture(), PORTAL)
    turned = make_article(tags=["đê", "lúa"], attachments=files[::-1])
    again = store.save_article(turned, make_capture(digest="sha256:2"), PORTAL)
    assert (again.outcome, store.load(again.id).tags) == ("unchanged", ["lúa", "đê"])
    other = make_article(tags=["đê", "bão"], attachments=files[::-1])
    assert store.save_article(other, make_capture(digest="sha256:3"), PORTAL).outcome == "revised"


def test_other_rules_on_the_same_bytes_are_no_revision(store, make_article, make_capture):
    first = make_capture()
    saved = store.save_article(make_article(tags=[]), first, PORTAL)
    again = store.save_article(make_article(tags=["lúa"]), make_capture(digest=first.digest), PORTAL)
    assert (again.outcome, store.load(saved.id).tags, store.record(saved.id).revisions) == ("unchanged", ["lúa"], 0)
    edited = store.save_article(make_article(tags=["lúa", "ngô"]), make_capture(), PORTAL)
    assert (edited.outcome, store.record(saved.id).revisions) == ("revised", 1)


def test_other_rules_on_the_newest_bytes_leave_the_older_versions_readable(store, make_article, make_capture):
    saved = store.save_article(make_article(text="Bản một. " * 9), make_capture(), PORTAL)
    second = make_capture()
    store.save_article(make_article(text="Bản hai. " * 9), second, PORTAL)
    read_anew = make_article(text="Bản hai, đọc lại. " * 9)
    store.save_article(read_anew, make_capture(digest=second.digest), PORTAL)
    assert [version.article.text[:7] for version in store.versions(saved.id)] == ["Bản một", "Bản hai"]
    assert store.load(saved.id).text == read_anew.text


def test_the_same_text_by_other_rules_leaves_the_older_versions_readable(store, make_article, make_capture):
    first = store.save_article(make_article(text="Bản một."), make_capture(), PORTAL).id
    store.save_article(make_article(text="Bản hai.", images=[Image("https://x.vn/a.jpg")]), make_capture(), PORTAL)
    again = make_article(text="Bản hai.", extractor="other/2", images=[Image("https://x.vn/b.jpg")], author="Thu Uyên")
    assert store.save_article(again, make_capture(), PORTAL).outcome == "unchanged"
    store.save_file("https://x.vn/a.jpg", PORTAL, make_capture(kind="requisite"), "ab" * 32, 7)
    assert [one.article.text for one in store.versions(first)] == ["Bản một.", "Bản hai."]


def test_every_version_of_an_often_revised_article_can_be_read(store, make_article, make_capture):
    texts = [f"Bản số {number}: " + "Đảng bộ huyện họp. " * 20 for number in range(FULL_EVERY * 2 + 3)]
    for number, text in enumerate(texts):
        at = f"2026-03-{1 + number // 24:02d}T{number % 24:02d}:00:00Z"
        saved = store.save_article(make_article(text=text), make_capture(fetched_at=at), PORTAL)
    assert [version.article.text for version in store.versions(saved.id)] == texts
    assert store.record(saved.id).revisions == len(texts) - 1
    sizes = [size for (size,) in store.conn.execute("SELECT length(packed) FROM revision WHERE number % 20")]
    assert max(sizes) < 400


@pytest.mark.parametrize(
    ("order", "texts", "outcomes"),
    [
        pytest.param([3, 1, 2], "abc", ["new", "revised", "revised"], id="all differ"),
        pytest.param([1, 3, 2], "aba", ["new", "unchanged", "revised"], id="one between two sights of the same"),
        pytest.param([2, 3, 1], "aab", ["new", "revised", "unchanged"], id="the same, earlier"),
    ],
)
def test_captures_delivered_out_of_order_give_the_history_in_order(
    order, texts, outcomes, store, make_article, make_capture
):
    for day, outcome in zip(order, outcomes, strict=True):
        capture = make_capture(record_id=f"r{day}", fetched_at=f"2026-01-0{day}T00:00:00Z")
        saved = store.save_article(make_article(text=texts[day - 1] * 50), capture, PORTAL)
        assert saved.outcome == outcome
    kept = store.versions(saved.id)
    changes = [text for at, text in enumerate(texts) if at == 0 or text != texts[at - 1]]
    assert [version.article.text[0] for version in kept] == changes
    record = store.record(saved.id)
    assert (record.first_seen[:10], record.last_seen[:10]) == ("2026-01-01", "2026-01-03")
    assert (record.first_capture.record_id, record.capture.record_id) == ("r1", "r3")
    assert index_is_sound(store)


def test_a_gone_article_that_is_seen_again_is_back(store, make_article, make_capture):
    saved = store.save_article(make_article(), make_capture(), PORTAL)
    url = make_article().canonical_url
    store.mark_gone(url, "2026-01-01T12:00:00Z")
    assert store.record(saved.id).gone_at == "2026-01-01T12:00:00Z"
    assert store.touch(url, make_capture()).outcome == "unchanged"
    record = store.record(saved.id)
    assert record.gone_at is None
    assert record.last_seen == "2026-01-02T00:00:00Z"
    assert store.touch("https://unknown/", make_capture()) is None


@pytest.mark.parametrize("file_first", [True, False], ids=["file before article", "article before file"])
def test_an_attachment_learns_the_hash_of_its_file(file_first, store, make_article, make_capture):
    url = "https://hungha.thaibinh.gov.vn/qd.pdf"
    article = make_article(attachments=[Attachment(url, "QĐ"), Attachment("https://x/other.pdf")])
    steps = [
        lambda: store.save_article(article, make_capture(), PORTAL),
        lambda: store.save_file(url, PORTAL, make_capture(kind="file", digest="sha256:F"), "ab" * 32, 12),
    ]
    for step in reversed(steps) if file_first else steps:
        step()
    kept = store.load(store.article_of(article.canonical_url)).attachments
    assert kept == [Attachment(url, "QĐ", "ab" * 32, 12), Attachment("https://x/other.pdf")]
    assert store.known_file_digest("sha256:F").kind == "file"
    assert store.known_file_digest("sha256:G") is None


def test_a_failed_batch_leaves_nothing_and_ids_are_given_anew(store, make_article, make_capture):
    with pytest.raises(RuntimeError, match="stop"), store.batch():
        store.save_article(make_article(section="Tin tức"), make_capture(), PORTAL)
        raise RuntimeError("stop")
    assert store.conn.execute("SELECT count(*) FROM article").fetchone() == (0,)
    store.save_article(make_article(section="Kinh tế"), make_capture(), PORTAL)
    saved = store.save_article(make_article("2", section="Tin tức"), make_capture(), PORTAL)
    assert store.load(saved.id).section == "Tin tức"


def test_an_article_put_in_and_changed_in_one_batch_is_found_by_its_new_words_alone(store, make_article, make_capture):
    with store.batch():
        store.save_article(make_article("9", text="Họp về sầu riêng."), make_capture(), PORTAL)
        store.save_article(make_article("3", text="Họp về cà phê."), make_capture(), PORTAL)
        store.save_article(make_article("9", text="Họp về hồ tiêu."), make_capture(), PORTAL)

    def found(words):
        rows = store.conn.execute("SELECT rowid FROM article_fts WHERE article_fts MATCH ?", (f'"{words}"',))
        return [store.load(row[0]).url.rsplit("/", 1)[1] for row in rows]

    assert (found("sau rieng"), found("ho tieu"), found("ca phe")) == ([], ["9"], ["3"])
    assert store.conn.execute("SELECT sum(articles) FROM portal_month").fetchone() == (2,)
    store.conn.execute("INSERT INTO article_fts(article_fts) VALUES ('integrity-check')")


def test_an_unknown_portal_is_refused_and_a_known_one_is_not_overwritten(store, make_article, make_capture):
    with pytest.raises(UnknownPortal, match="nowhere"):
        store.save_article(make_article(), make_capture(), "nowhere")
    assert store.add_portal(Portal(PORTAL, "https://other/")).url == "https://hungha.thaibinh.gov.vn/"
    store.update_portal(replace(store.portal(PORTAL), family="joomla_k2"))
    assert store.portal(PORTAL).family == "joomla_k2"
    with pytest.raises(UnknownPortal, match="nowhere"):
        store.update_portal(Portal("nowhere", "https://x/"))


def test_the_summary_by_month_follows_corrections(store, make_article, make_capture):
    store.save_article(make_article(section="A"), make_capture(), PORTAL)
    dated = make_article(section="B", published=PrintedDate("2020-02-03", "day", "meta", ""))
    store.save_article(dated, make_capture(), PORTAL)
    rows = store.conn.execute("SELECT month, section.name, articles FROM portal_month JOIN section ON id = section")
    assert rows.fetchall() == [(202002, "B", 1)]


def test_a_run_keeps_what_has_no_column_as_detail(store):
    store.record_run({"portal": PORTAL, "started_at": "2026-01-01T00:00:00Z", "pages": 3, "skipped_why": {"robots": 2}})
    row = store.conn.execute("SELECT portal, pages, json_extract(detail, '$.skipped_why.robots') FROM run").fetchone()
    assert row == (PORTAL, 3, 2)


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path):
    path = tmp_path / "archive.db"
    path.write_bytes(b"this is not a database, only text\n" * 100)
    with pytest.raises(ArchiveDamaged, match=r"archive\.db is damaged: file is not a database"):
        Store.open(path)


def test_a_folder_that_does_not_exist_is_told_in_one_line(tmp_path):
    with pytest.raises(ArchiveDamaged, match="cannot be opened"):
        Store.open(tmp_path / "none" / "archive.db")


def test_an_archive_of_a_newer_version_is_refused(store):
    store.conn.execute(
        "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('tinhuyen.archive', 'm999_future', '')"
    )
    with pytest.raises(ArchiveDamaged, match=r"newer version.*m999_future"):
        Store.open(store.path)


def test_a_write_lock_held_elsewhere_is_told_in_one_line(store, make_capture):
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.conn.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(ArchiveLocked, match="locked by another process"):
        store.save_capture(make_capture())
    other.close()


def test_an_article_that_is_none_is_taken_out_and_bears_its_id_when_it_comes_back(store, make_article, make_capture):
    capture = make_capture()
    saved = store.save_article(make_article(), capture, "hungha.thaibinh")

    assert store.withdraw(saved.id) and store.load(saved.id) is None
    assert store.capture(capture.record_id) is not None
    assert store.conn.execute("SELECT sum(articles) FROM portal_month").fetchone()[0] is None
    assert store.conn.execute("SELECT count(*) FROM article_fts WHERE article_fts MATCH 'a*'").fetchone()[0] == 0
    assert not store.withdraw(saved.id)

    assert store.save_article(make_article(), make_capture(), "hungha.thaibinh").id == saved.id


def test_an_article_with_older_versions_is_not_taken_out(store, make_article, make_capture):
    store.save_article(make_article(), make_capture(), "hungha.thaibinh")
    saved = store.save_article(make_article(text="Một văn bản khác hẳn."), make_capture(), "hungha.thaibinh")

    assert saved.outcome == "revised" and not store.withdraw(saved.id)
    assert store.load(saved.id) is not None
