"""Files of an archive: private ones are private, and no link leads a write out of the folder."""

from __future__ import annotations

import os
import stat

import pytest

from archive.errors import ArchiveDamaged
from crawler.folder.own_files import keep_private, make_private, refuse_links, refuse_links_within, write_private
from crawler.learn.theme_file import path_of, save


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_private_file_is_its_owners_alone_whatever_the_umask(tmp_path):
    made, written, wide = tmp_path / "crawl.db", tmp_path / "tinhuyen.toml", tmp_path / "old.toml"
    make_private(made)
    write_private(written, "name = 'Kho'")
    wide.write_text("x")
    keep_private(wide)
    assert [mode(path) for path in (made, written, wide)] == [0o600] * 3
    assert written.read_text() == "name = 'Kho'"


def test_what_is_there_stays(tmp_path):
    path = tmp_path / "crawl.db"
    path.write_bytes(b"rows")
    make_private(path)
    assert path.read_bytes() == b"rows"


def test_a_link_is_replaced_and_what_it_led_to_stays(tmp_path):
    victim = tmp_path / "precious"
    victim.write_text("precious")
    link = tmp_path / "tinhuyen.toml.new"
    link.symlink_to(victim)
    write_private(link, "new")
    assert victim.read_text() == "precious"
    assert not link.is_symlink()


@pytest.mark.parametrize(
    "name",
    [
        "archive.db",
        "archive.db-wal",
        "crawl.db",
        "tinhuyen.toml",
        ".reserve",
        "warc/x.warc.gz.open",
        ".workers/host-1-abc",
    ],
)
def test_a_linked_file_is_refused_with_where_it_leads(tmp_path, name):
    victim = tmp_path / "precious"
    victim.write_text("precious")
    folder = tmp_path / "kho"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to(victim)
    with pytest.raises(ArchiveDamaged, match="precious"):
        refuse_links_within(folder)


def test_a_linked_folder_of_captures_is_left(tmp_path):
    folder, elsewhere = tmp_path / "kho", tmp_path / "large"
    elsewhere.mkdir()
    folder.mkdir()
    (folder / "warc").symlink_to(elsewhere)
    refuse_links(folder)
    refuse_links_within(folder)


def test_learnt_themes_are_never_written_through_a_link(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "themes").symlink_to(elsewhere)
    with pytest.raises(ArchiveDamaged, match="symbolic link"):
        save(path_of(tmp_path, "cong"), "cong", [])
    with pytest.raises(ArchiveDamaged, match="symbolic link"):
        refuse_links_within(tmp_path)
    assert list(elsewhere.iterdir()) == []
