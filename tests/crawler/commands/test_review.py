"""``review``: what the reader was unsure of is shown once, and what a person answers is kept and not asked again."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.model import Article, Capture, Portal, PrintedDate
from archive.queries.doubts import doubts
from archive.store import Store
from crawler.cli import main
from crawler.commands import review
from crawler.folder.archive_folder import ArchiveFolder

SITE = "Cổng thông tin xã Tân Lễ"
NOTE = "publication: meta says 2026-01-02, the page prints 2026-01-01"


def page(number, title="Hội nghị tổng kết năm", day="2026-01-01", source="visible", notes=()):
    url = f"http://a.vn/tin/{number}"
    published = PrintedDate(day, "day", source, day) if day else None
    return Article(
        url, url, title, text="Một.", published=published, family="general", extractor="g/1", notes=list(notes)
    )


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Keeps pages, and runs the command; `run.sits` says whether somebody is at the terminal."""
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")

    def run(*args, typed=""):
        return CliRunner().invoke(main, ["--archive", str(folder.path), *map(str, args)], input=typed)

    def keep(*pages):
        with Store.open(folder.database) as store:
            store.add_portal(Portal("a", "http://a.vn/", SITE))
            for number, one in enumerate(pages, start=1):
                capture = Capture(
                    f"urn:uuid:{one.url}",
                    "a.warc.gz",
                    number,
                    9,
                    one.url,
                    "2026-01-05T20:00:00Z",
                    200,
                    f"sha256:{number:0>52}",
                    "a",
                )
                store.save_article(one, capture, "a")

    run.keep, run.folder, run.sits = keep, folder, True
    monkeypatch.setattr(review, "someone_is_there", lambda: run.sits)
    return run


def found(archive):
    with Store.open(archive.folder.database) as store:
        return [(one.field, *one.why) for one in doubts(store.conn)]


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        pytest.param([page(1)], [], id="sure"),
        pytest.param([page(1, day=None)], [("published", "no date")], id="no day"),
        pytest.param([page(1, notes=[NOTE])], [("published", "disputed")], id="two days"),
        pytest.param([page(1, notes=["a note on something else"])], [], id="another note"),
        pytest.param([page(1, source="address")], [("published", "last resort")], id="last resort"),
        pytest.param([page(1, day="2026-01-06")], [], id="the day it was seen, in Vietnam"),
        pytest.param([page(1, day="2026-01-07", source="script")], [("published", "last resort", "later")], id="later"),
        pytest.param([page(1, title=None)], [("title", "no title")], id="no title"),
        pytest.param([page(1, title="Tin 2026")], [("title", "short")], id="short"),
        pytest.param([page(1, title=SITE.upper())], [("title", "site name")], id="the portal's name"),
        pytest.param([page(n) for n in (1, 2, 3)], [("title", "same title")] * 3, id="one title for all"),
    ],
)  # fmt: skip
def test_what_is_doubtful(archive, pages, why):
    archive.keep(*pages)
    assert found(archive) == why


def test_accepted_and_mended_are_kept_and_not_asked_again(archive):
    archive.keep(
        page(1, title="Tin", day="2026-01-03"),
        page(2, source="address", title="Lễ hội đền Trần", day="2026-01-02"),
        page(3, title="Ảnh"),
    )
    done = archive("review", "--by", "Bà Lan", typed="a\nm\nhôm qua\n2025-12-03\n\ns\n")
    assert done.exit_code == 0 and "2 fields settled of 3 shown." in done.output, done.output
    assert "write it as 2026-10" in done.output  # what is no day is asked for anew
    again = archive("review", "--json").stdout.splitlines()
    assert len(again) == 1
    rows = {row["id"]: row for row in map(json.loads, archive("export").stdout.splitlines())}
    [mended] = [row for row in rows.values() if row["corrections"]]
    assert mended["published"] == "2025-12-03" and mended["corrections"][0]["by"] == "Bà Lan"
    assert "accepted as read" in archive("correct", "--list").stdout


def test_quitting_keeps_what_was_answered(archive):
    archive.keep(page(1, title="Tin"), page(2, title="Ảnh"))
    assert "1 field settled of 2 shown." in archive("review", typed="a\nq\n").output
    assert len(found(archive)) == 1


def test_without_a_terminal_they_are_listed_and_nothing_is_asked(archive):
    archive.keep(page(1, notes=[NOTE]))
    archive.sits = False
    done = archive("review")
    assert done.exit_code == 0 and NOTE in done.stdout and "the page gives several days" in done.stdout
    one = json.loads(archive("review", "a", "--json").stdout)
    assert (one["field"], one["read"], one["why"], one["notes"]) == ("published", "2026-01-01", ["disputed"], [NOTE])


def test_an_archive_without_doubts_and_a_portal_there_is_not(archive):
    archive.keep(page(1))
    assert archive("review").stdout == "Nothing is doubtful.\n"
    slip = archive("review", "b")
    assert slip.exit_code == 2 and "there is no portal 'b' in this archive" in slip.output


def test_what_a_person_accepted_stands_when_the_page_is_read_otherwise(archive):
    archive.keep(page(1, title="Tin"))
    archive("review", typed="a\n")
    with Store.open(archive.folder.database) as store:
        [(identifier,)] = store.conn.execute("SELECT id FROM article").fetchall()
        store.read_again(identifier, page(1, title="Tin tức khác hẳn"))
        assert store.record(identifier).article.title == "Tin"
