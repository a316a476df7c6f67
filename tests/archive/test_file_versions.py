"""Attachments have versions: each version of an article names the bytes that were offered with it."""

from __future__ import annotations

import pytest

from archive.model import Attachment
from archive.queries import summaries as overview
from archive.queries.records import UNSTEADY

PORTAL = "hungha.thaibinh"
FILE = "https://hungha.thaibinh.gov.vn/qd.pdf"
URL = "https://hungha.thaibinh.gov.vn/tin/1"


def sha(letter):
    return letter * 64


@pytest.fixture
def gave(store, make_capture):
    """The file's address gave these bytes on that day; answers the articles revised."""

    def give(letter, day):
        capture = make_capture(kind="file", url=FILE, fetched_at=f"2026-{day}T00:00:00Z", digest=f"sha256:{letter}")
        return store.save_file(FILE, PORTAL, capture, sha(letter), 10)

    return give


@pytest.fixture
def offering(make_article):
    return lambda path="1", **changes: make_article(path, attachments=[Attachment(FILE, "QĐ")], **changes)


def digests(store, identifier):
    return [[file.sha256 for file in version.article.attachments] for version in store.versions(identifier)]


def test_a_file_replaced_is_a_revision_and_both_are_kept(store, offering, make_capture, gave):
    read = make_capture()
    saved = store.save_article(offering(), read, PORTAL)
    assert gave("a", "01-01") == []  # the first digest is no revision
    assert gave("a", "02-01") == []
    assert gave("b", "03-01") == [saved.id]
    assert digests(store, saved.id) == [[sha("a")], [sha("b")]]
    first, second = store.versions(saved.id)
    assert (first.change, second.change) == (None, "attachment")
    assert (first.record_id, second.record_id) == (read.record_id, read.record_id)
    assert second.first_seen == "2026-03-01T00:00:00Z"
    kept = overview.file_captures(store.conn, [(FILE, sha("a")), (FILE, sha("b")), (FILE, sha("c"))])
    assert [copy and store.capture(copy.record_id).digest for copy in kept] == ["sha256:a", "sha256:b", None]


def test_a_file_that_comes_back_is_a_third_version(store, offering, make_capture, gave):
    saved = store.save_article(offering(), make_capture(), PORTAL)
    for letter, day in (("a", "01-01"), ("b", "02-01"), ("a", "03-01")):
        gave(letter, day)
    assert digests(store, saved.id) == [[sha("a")], [sha("b")], [sha("a")]]


def test_every_article_that_offers_the_file_is_revised_but_one_saved_long_after_the_old_copy(
    store, offering, make_capture, gave
):
    early = store.save_article(offering("1"), make_capture(fetched_at="2026-01-01T00:00:00Z"), PORTAL)
    gave("a", "01-02")
    also = store.save_article(offering("2"), make_capture(fetched_at="2026-01-02T06:00:00Z"), PORTAL)
    late = store.save_article(offering("3"), make_capture(fetched_at="2026-05-01T00:00:00Z"), PORTAL)
    assert gave("b", "05-02") == sorted([early.id, also.id])
    assert digests(store, late.id) == [[sha("b")]]


def test_page_and_file_that_changed_between_two_looks_are_one_version(store, offering, make_capture, gave):
    saved = store.save_article(offering(), make_capture(fetched_at="2026-01-01T00:00:00Z"), PORTAL)
    gave("a", "01-01")
    store.save_article(offering(text="Đính chính."), make_capture(fetched_at="2026-02-01T00:00:00Z"), PORTAL)
    assert digests(store, saved.id) == [[sha("a")], [sha("a")]]  # the file itself was not asked for yet
    gave("b", "02-02")
    assert digests(store, saved.id) == [[sha("a")], [sha("b")]]
    assert store.versions(saved.id)[1].change == "text and attachment"


def test_other_rules_on_the_same_bytes_leave_a_version_its_files(store, offering, make_capture, gave):
    read = make_capture(fetched_at="2026-01-01T00:00:00Z")
    saved = store.save_article(offering(), read, PORTAL)
    for nth, letter in enumerate("abcdef", start=1):
        gave(letter, f"0{nth}-02")
    before = digests(store, saved.id)
    again = make_capture(digest=read.digest, fetched_at="2026-08-01T00:00:00Z")
    store.save_article(offering(extractor="joomla_k2/selectors/2"), again, PORTAL)
    assert digests(store, saved.id) == before


def test_a_file_made_anew_for_each_request_stops_making_versions_until_it_is_steady(
    store, offering, make_capture, gave
):
    saved = store.save_article(offering(), make_capture(), PORTAL)
    for nth, letter in enumerate("abcdef", start=1):
        gave(letter, f"0{nth}-01")
    assert digests(store, saved.id) == [[sha(letter)] for letter in "abcdef"[: UNSTEADY + 1]]
    (kept,) = overview.file_captures(store.conn, [(FILE, sha("f"))])
    assert kept.unsteady
    assert store.conn.execute("SELECT count(*) FROM file_revision").fetchone() == (5,)  # no copy is lost
    assert gave("f", "07-01") == [saved.id]
    assert digests(store, saved.id)[-1] == [sha("f")]
    assert gave("f", "08-01") == []


def test_a_304_of_a_file_widens_the_time_it_was_seen(store, offering, make_capture, gave):
    saved = store.save_article(offering(), make_capture(fetched_at="2026-01-01T00:00:00Z"), PORTAL)
    gave("a", "01-01")
    store.touch(URL, make_capture(status=304, record_type="revisit", digest="", fetched_at="2026-02-01T00:00:00Z"))
    store.touch_file(
        FILE, make_capture(kind="file", url=FILE, status=304, digest="", fetched_at="2026-02-01T00:01:00Z")
    )
    gave("b", "03-01")
    first, second = store.versions(saved.id)
    assert (first.last_seen, second.first_seen) == ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")


def test_a_copy_delivered_late_is_kept_and_changes_nothing(store, offering, make_capture, gave):
    saved = store.save_article(offering(), make_capture(), PORTAL)
    gave("b", "03-01")
    assert gave("a", "02-01") == []
    assert digests(store, saved.id) == [[sha("b")]]
    assert overview.file_captures(store.conn, [(FILE, sha("a"))])[0] is not None
