"""Floors of a portal: what is published only when it is reached, and what is counted for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from archive.corrections import correct
from archive.model import Article, Capture, Portal, PrintedDate
from archive.store import Store
from crawler.cli import main
from crawler.errors import BELOW_FLOOR
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.portal_settings import FLOOR_FIELDS
from crawler.health.portal_floors import below_floors, last_month

NOW = datetime(2026, 11, 10, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    """Ten articles of October 2026, nine with a title, six with a lead; a second portal without floors holds none."""
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    folder.add_portals([Portal("xa.vn", "http://xa.vn/"), Portal("huyen.vn", "http://huyen.vn/")])
    with Store.open(folder.database) as store:
        store.add_portal(Portal("xa.vn", "http://xa.vn/"))
        for n in range(10):
            url = f"http://xa.vn/{n}"
            capture = Capture(f"urn:uuid:{n}", "f", n, 1, url, "2026-11-01T00:00:00Z", 200, f"sha256:{n}", "xa.vn")
            article = Article(
                url, url, title=f"Đắp đê {n}" if n else None, lead="Xã đắp đê." if n < 6 else None, text="Dân ra đồng.",
                published=PrintedDate(f"2026-10-{n + 1:02}", "day", "meta", ""),
            )  # fmt: skip
            store.save_article(article, capture, "xa.vn")
    return folder


def with_floors(folder: ArchiveFolder, floors: str, portal: str = "xa.vn") -> ArchiveFolder:
    text = folder.config_path.read_text("utf-8")
    folder.config_path.write_text(f'{text}\n[portals."{portal}".floors]\n{floors}\n', "utf-8")
    return folder


def below(folder: ArchiveFolder) -> list[str]:
    with Store.open_reading(folder.database) as store:
        return [str(one) for one in below_floors(store.conn, folder.config(), NOW)]


@pytest.mark.parametrize(
    ("floors", "said"),
    [
        ("articles_a_month = 10", []),
        ("articles_a_month = 11", ["xa.vn: floors.articles_a_month = 11, seen 10 (published in 2026-10)"]),
        ("fill = { title = 0.9, text = 1, lead = 0.6 }", []),
        ("fill = { title = 0.91 }", ["xa.vn: floors.fill.title = 0.91, seen 0.9 (9 of the newest 10 articles)"]),
        ("fill = { tags = 0, images = 0.01 }", ["xa.vn: floors.fill.images = 0.01, seen 0 (0 of the newest 10 articles)"]),
    ],
)  # fmt: skip
def test_a_floor_is_reached_or_said_not_to_be(folder, floors, said):
    assert below(with_floors(folder, floors)) == said


def test_every_field_that_may_have_a_floor_can_be_counted(folder):
    floors = ", ".join(f"{name} = 0" for name in FLOOR_FIELDS)
    assert below(with_floors(folder, f"fill = {{ {floors} }}")) == []


def test_of_a_portal_without_articles_that_is_said(folder):
    said = below(with_floors(folder, "fill = { title = 0.5 }", "huyen.vn"))
    assert said == ["huyen.vn: floors.fill.title = 0.5, seen 0 (no article is held)"]


def test_what_was_corrected_by_hand_counts(folder):
    with_floors(folder, "fill = { title = 1 }")
    with Store.open(folder.database) as store:
        (identifier,) = store.conn.execute("SELECT id FROM article WHERE title IS NULL").fetchone()
        correct(store, identifier, "title", "Đắp đê", "It is printed in the picture", "2026-11-02T00:00:00Z", None)
    assert below(folder) == []


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 11, 30, 16, 59, tzinfo=UTC), "2026-10"),
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), "2026-11"),  # December has begun in Vietnam
        (datetime(2027, 1, 1, tzinfo=UTC), "2026-12"),
    ],
)
def test_the_last_whole_month_is_that_of_vietnam(now, month):
    assert last_month(now) == month


def test_a_snapshot_below_a_floor_is_refused_and_an_older_one_stays(folder, tmp_path):
    target = tmp_path / "kho.db"
    run = lambda *args: CliRunner().invoke(main, ["--archive", str(folder.path), "snapshot", str(target), *args])  # noqa: E731
    assert run().exit_code == 0
    before = target.read_bytes()
    with_floors(folder, "fill = { title = 0.95, lead = 0.7 }")
    refused = run("--replace")
    assert (refused.exit_code, refused.stderr.count("\n")) == (BELOW_FLOOR, 1)
    for part in ("xa.vn: floors.fill.title = 0.95, seen 0.9", "1 more floor: xa.vn floors.fill.lead", "--below-floors"):
        assert part in refused.stderr
    assert target.read_bytes() == before
    assert run("--replace", "--below-floors", " ").exit_code == 2
    done = run("--replace", "--below-floors", "The portal is being rebuilt")
    assert done.exit_code == 0 and "published below its floor: xa.vn: floors.fill.title" in done.stderr
    with closing(sqlite3.connect(target)) as conn:
        kept = conn.execute("SELECT portal, floor, asked, seen, reason FROM passed_over_floor").fetchall()
    assert kept[0] == ("xa.vn", "floors.fill.title", 0.95, 0.9, "The portal is being rebuilt") and len(kept) == 2
