"""Backup and restore: of an archive at work, into a folder or a tar file, and what is refused."""

from __future__ import annotations

import io
import tarfile

import pytest
from click.testing import CliRunner

from archive.export import export_changes, export_jsonl
from archive.model import Article, Capture, Portal
from archive.store import Store
from archive.suspension import suspend
from crawler.cli import main
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.backups import DIGESTS, UNFINISHED, back_up
from crawler.ledger import suspended
from crawler.ledger.frontier import Ledger

COMPLETE, OPEN = "a.warc.gz", "b.warc.gz.open"
BESIDE = (".reserve", "archive.db-wal", "crawl.db-wal", "crawl.db-shm")


def saved(store, number):
    url = f"http://a.vn/tin/{number}"
    capture = Capture(
        record_id=f"urn:uuid:{number:08d}", file=COMPLETE, offset=number, length=9, url=url,
        fetched_at=f"2026-01-{number:02d}T00:00:00Z", status=200, digest=f"sha256:{number:0>52}", portal="a",
    )  # fmt: skip
    return store.save_article(
        Article(url, url, f"Bài {number}", text="Một.", family="g", extractor="g/1"), capture, "a"
    ).id


@pytest.fixture
def folder(tmp_path):
    made = ArchiveFolder(tmp_path / "kho")
    made.init(contact="luutru@example.org")
    Ledger(made.ledger).close()
    with Store.open(made.database) as store:
        store.add_portal(Portal("a", "http://a.vn/"))
        for number in range(1, 4):
            saved(store, number)
    for name, text in {
        "warc/a.warc.gz": "ghi",
        "warc/b.warc.gz.open": "do",
        "themes/a.toml": "t",
        ".reserve": "x",
    }.items():
        (made.path / name).parent.mkdir(exist_ok=True)
        (made.path / name).write_text(text)
    return made


def exported(path):
    out = io.StringIO()
    with Store.open(path / "archive.db") as store:
        export_jsonl(store, out)
        export_changes(store, out)
    return out.getvalue()


def files(path):
    return {one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file()}


def run(*args):
    return CliRunner().invoke(main, list(map(str, args)))


@pytest.mark.parametrize("name", ["sao", "sao.tar"])
def test_what_is_restored_exports_byte_for_byte_what_was_backed_up(folder, tmp_path, name):
    assert run("backup", tmp_path / name, "--archive", folder.path).exit_code == 0

    done = run("--archive", tmp_path / "moi", "restore", tmp_path / name)

    assert (done.exit_code, "3 articles" in done.output) == (0, True), done.output
    assert exported(tmp_path / "moi") == exported(folder.path)
    assert files(tmp_path / "moi") == files(folder.path) - set(BESIDE)
    assert (tmp_path / "moi" / "warc" / OPEN).read_text() == "do"


def test_a_crawl_writes_on_and_what_it_has_not_committed_is_not_in_it(folder, tmp_path):
    before = exported(folder.path)
    with Store.open(folder.database) as store, store.batch():
        saved(store, 4)
        back_up(folder, tmp_path / "sao")

    assert exported(tmp_path / "sao") == before
    assert exported(folder.path) != before


def test_complete_warc_files_are_linked_and_open_ones_never(folder, tmp_path):
    assert back_up(folder, tmp_path / "sao").linked == 1
    assert back_up(folder, tmp_path / "ban", link=False).linked == 0
    same = {name: (tmp_path / "sao" / "warc" / name).samefile(folder.warc / name) for name in (COMPLETE, OPEN)}
    assert same == {COMPLETE: True, OPEN: False}


def test_to_look_into_a_backup_does_not_alter_it(folder, tmp_path):
    back_up(folder, tmp_path / "sao")
    exported(tmp_path / "sao")
    assert run("--archive", tmp_path / "moi", "restore", tmp_path / "sao").exit_code == 0


def test_one_that_broke_off_goes_on_and_is_no_backup_before(folder, tmp_path):
    target = tmp_path / "sao"
    (target / "warc").mkdir(parents=True)
    for name in (UNFINISHED, "archive.db", f"warc/{COMPLETE}"):
        (target / name).write_text("nửa")
    assert "no finished backup" in run("--archive", tmp_path / "moi", "restore", target).output

    back_up(folder, target)

    assert exported(target) == exported(folder.path)
    assert UNFINISHED not in files(target)


@pytest.mark.parametrize("name", ["sao", "sao.tar"])
def test_a_folder_that_is_not_there_is_a_slip_in_the_path_unless_it_is_asked_for(folder, tmp_path, name):
    target = tmp_path / "khong-gan" / "kho" / name
    done = run("--archive", folder.path, "backup", target)
    assert done.exit_code == 2 and "--parents" in done.output and not (tmp_path / "khong-gan").exists()
    assert run("--archive", folder.path, "backup", "--parents", target).exit_code == 0 and target.exists()


@pytest.mark.parametrize(
    ("target", "told"),
    [
        pytest.param("kho/trong", "lies in the archive itself", id="within the archive"),
        pytest.param("day", "holds something already", id="a folder that is in use"),
        pytest.param("day.tar", "is there already", id="a file"),
    ],
)
def test_nothing_is_overwritten_by_a_backup(folder, tmp_path, target, told):
    (tmp_path / "day").mkdir()
    for name in ("day/thu.txt", "day.tar"):
        (tmp_path / name).write_text("của tôi")
    with pytest.raises(UserError, match=told):
        back_up(folder, tmp_path / target)
    assert (tmp_path / "day.tar").read_text() == (tmp_path / "day" / "thu.txt").read_text() == "của tôi"


def test_nothing_is_overwritten_by_a_restore(folder, tmp_path):
    back_up(folder, tmp_path / "sao")
    done = run("--archive", folder.path, "restore", tmp_path / "sao")
    assert done.exit_code == 2 and "nothing is overwritten" in done.output


def altered(backup):
    (backup / "themes" / "a.toml").write_text("u")


def lost(backup):
    (backup / "warc" / OPEN).unlink()


def added(backup):
    (backup / "warc" / "c.warc.gz").write_text("lạ")


@pytest.mark.parametrize(
    ("tamper", "named"), [(altered, "themes/a.toml"), (lost, f"lacks warc/{OPEN}"), (added, "warc/c.warc.gz")]
)
def test_a_file_that_is_altered_lost_or_added_is_named_and_no_archive_is_made(folder, tmp_path, tamper, named):
    back_up(folder, tmp_path / "sao")
    tamper(tmp_path / "sao")
    done = run("--archive", tmp_path / "moi", "restore", tmp_path / "sao")
    assert done.exit_code == 3 and named in done.output and done.output.count("\n") == 1
    assert not ArchiveFolder(tmp_path / "moi").exists()


def test_a_tar_that_leads_out_of_its_folder_or_is_torn_is_refused(folder, tmp_path):
    with tarfile.open(tmp_path / "ac.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("../ngoai.txt"), io.BytesIO())
    assert "outside of its folder" in run("--archive", tmp_path / "moi", "restore", tmp_path / "ac.tar").output
    assert not (tmp_path / "ngoai.txt").exists()
    back_up(folder, tmp_path / "sao.tar")
    (tmp_path / "rach.tar").write_bytes((tmp_path / "sao.tar").read_bytes()[:60_000])
    done = run("--archive", tmp_path / "khac", "restore", tmp_path / "rach.tar")
    assert done.exit_code == 3 and done.output.count("\n") == 1


def test_suspended_articles_are_in_the_backup_and_come_back_from_it(folder, tmp_path):
    before = exported(folder.path).splitlines()[:3]
    with Store.open(folder.database) as store:
        identifier, ledger = store.article_of("http://a.vn/tin/2"), Ledger(folder.ledger)
        suspend(
            store,
            identifier,
            "Theo lệnh",
            "2026-03-01T00:00:00Z",
            lambda rows: suspended.keep(ledger, identifier, "", rows),
        )
        ledger.close()
    back_up(folder, tmp_path / "sao")
    run("--archive", tmp_path / "moi", "restore", tmp_path / "sao")

    assert run("--archive", tmp_path / "moi", "takedown", identifier, "--undo").exit_code == 0
    assert exported(tmp_path / "moi").splitlines()[:3] == before


def test_a_suspended_article_whose_rows_are_lost_is_told_before_anything_is_kept(folder, tmp_path):
    with Store.open(folder.database) as store:
        suspend(store, store.article_of("http://a.vn/tin/2"), "Theo lệnh", "2026-03-01T00:00:00Z", lambda rows: None)
    with pytest.raises(UserError, match="nothing was backed up"):
        back_up(folder, tmp_path / "sao")
    assert DIGESTS not in files(tmp_path / "sao")
