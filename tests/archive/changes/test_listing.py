"""Changes as a list: edits, looks that found nothing, removals, returns, each with its captures."""

from __future__ import annotations

from archive.changes.as_rows import COLUMNS, as_dict, as_row
from archive.changes.following import entries
from archive.changes.listing import changes
from archive.model import Observation
from tests.archive.conftest import PORTAL

URL = "https://hungha.thaibinh.gov.vn/tin/1"


def look(store, capture, found="missing"):
    identifier = store.article_of(URL)
    store.observe(URL, capture, found, identifier)
    return Observation(URL, capture.fetched_at, capture.status, found, capture.record_id)


def test_an_edit_names_both_captures_and_when_the_older_text_was_seen_last(store, make_article, make_capture) -> None:
    same, second = make_capture(fetched_at="2026-01-05T00:00:00Z"), make_capture(fetched_at="2026-01-06T00:00:00Z")
    store.save_article(make_article(text="Chi 48,6 tỷ đồng cho việc này."), make_capture(), PORTAL)
    store.save_article(make_article(text="Chi 48,6 tỷ đồng cho việc này."), same, PORTAL)
    store.save_article(make_article(text="Chi 52,1 tỷ đồng cho việc này."), second, PORTAL)

    [change] = changes(store.conn)

    assert (change.what, change.kinds, change.versions) == ("edited", ("figures",), (1, 2))
    assert (change.at, change.seen_before) == (second.fetched_at, same.fetched_at)
    assert change.captures == (same.record_id, second.record_id)
    assert dict(zip(COLUMNS, as_row(change), strict=True))["before"] == "48,6"
    assert ["-", "48,6"] in as_dict(change)["paragraphs"][0]["words"]


def test_counters_alone_are_no_change(store, make_article, make_capture) -> None:
    for views in range(10):
        store.save_article(make_article(views=views), make_capture(), PORTAL)

    assert list(changes(store.conn)) == []


def test_a_look_that_found_nothing_is_told_as_such_and_a_return_as_a_return(store, make_article, make_capture) -> None:
    first = make_capture()
    store.save_article(make_article(), first, PORTAL)
    absent = look(store, make_capture(status=404))
    [change] = changes(store.conn)
    assert (change.what, change.looks, change.seen_before) == ("not found", (absent,), first.fetched_at)

    back = make_capture()
    store.save_article(make_article(), back, PORTAL)

    assert [(one.what, one.at) for one in changes(store.conn)] == [
        ("not found", absent.at),
        ("returned", back.fetched_at),
    ]


def test_what_was_counted_as_removed_says_last_seen_and_every_look(store, make_article, make_capture) -> None:
    first = make_capture()
    store.save_article(make_article(), first, PORTAL)
    looks = tuple(look(store, make_capture(status=404)) for _ in range(3))
    store.mark_gone(URL, "2026-02-01T00:00:00Z")

    [change] = changes(store.conn)

    assert (change.what, change.at, change.looks) == ("removed", "2026-02-01T00:00:00Z", looks)
    assert change.seen_before == first.fetched_at


def test_versions_read_by_different_rules_are_told(store, make_article, make_capture) -> None:
    store.save_article(make_article(text="Một.", extractor="general/density/1"), make_capture(), PORTAL)
    store.save_article(make_article(text="Hai.", extractor="general/learnt-1/1"), make_capture(), PORTAL)

    [change] = changes(store.conn)

    assert not change.same_rules


def test_only_what_was_seen_in_the_time_and_on_the_portal_asked_for(store, make_article, make_capture) -> None:
    for text in ("Một.", "Hai ba.", "Bốn năm sáu."):
        store.save_article(make_article(text=text), make_capture(), PORTAL)

    assert len(list(changes(store.conn))) == 2
    assert len(list(changes(store.conn, since="2026-01-03"))) == 1
    assert list(changes(store.conn, ["another"])) == []


def test_who_follows_by_the_cursor_is_told_everything_once(store, make_article, make_capture) -> None:
    one = store.save_article(make_article("1"), make_capture(), PORTAL).id
    two = store.save_article(make_article("2"), make_capture(), PORTAL).id
    told = list(entries(store.conn))
    assert [(entry.what, entry.article) for entry in told] == [("new", one), ("new", two)]

    store.save_article(make_article("1", text="Một văn bản khác."), make_capture(), PORTAL)
    store.read_again(one, make_article("1", text="Một văn bản khác, đọc lại."))
    store.withdraw(two)
    later = list(entries(store.conn, told[-1].cursor))

    assert [(entry.what, entry.article, entry.record is None) for entry in later] == [
        ("read again", one, False),
        ("withdrawn", two, True),
    ]
    assert list(entries(store.conn, later[-1].cursor)) == []


def test_a_removal_and_a_return_are_told_to_who_follows(store, make_article, make_capture) -> None:
    store.save_article(make_article(), make_capture(), PORTAL)
    store.mark_gone(URL, "2026-02-01T00:00:00Z")
    [removed] = entries(store.conn)
    assert removed.what == "removed" and removed.record is not None and removed.record.gone_at

    store.save_article(make_article(), make_capture(fetched_at="2026-02-03T00:00:00Z"), PORTAL)

    assert [entry.what for entry in entries(store.conn, removed.cursor)] == ["returned"]
