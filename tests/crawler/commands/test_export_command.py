"""``export``: what the person at the terminal is told, and what stands in the file afterwards."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from archive.model import Article, Capture, Portal
from archive.store import Store
from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder


@pytest.fixture
def run(tmp_path):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init(contact="luutru@example.org")
    with Store.open(folder.database) as store:
        for name in ("a", "b"):
            store.add_portal(Portal(name, f"http://{name}.vn/"))
        url = "http://a.vn/tin/1"
        capture = Capture("urn:uuid:1", "a.warc.gz", 0, 9, url, "2026-01-01T00:00:00Z", 200, "sha256:A", "a")
        store.save_article(Article(url, url, "=1+1", text="Một.", family="general", extractor="g/1"), capture, "a")
    return lambda *args: CliRunner().invoke(main, ["--archive", str(folder.path), "export", *map(str, args)])


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--format", "xlsx"], "--format xlsx needs -o FILE"),
        (["--format", "bagit"], "--format bagit needs -o FOLDER"),
        (["--format", "wacz", "-o", "x.wacz"], "a WACZ is of one portal: name it, as in  --portal a"),
        (["--format", "wacz", "--portal", "b", "-o", "x.wacz"], "nothing is held of b yet"),
        (["a", "--format", "bagit", "-o", "x"], "a bag holds the whole archive"),
        (["--format", "csv", "--changes"], "--changes goes with --format jsonl"),
        (["--after", "3"], "--after goes with --changes"),
        (["--portal", "c"], "there is no portal 'c'"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(run, args, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*args)
    assert done.exit_code == 2 and told in done.output and "Traceback" not in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["kho"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx", "parquet"])
def test_articles_are_written_and_counted(run, form, tmp_path):
    done = run("--format", form, "-o", tmp_path / "x")
    assert done.exit_code == 0 and f"1 article written to {tmp_path / 'x'}" in done.output
    assert (tmp_path / "x").stat().st_size > 0 and not (tmp_path / "x.new").exists()


def test_portals_may_be_named_either_way(run):
    assert run("a").output == run("--portal", "a").output != ""
    assert run("--portal", "b").output == ""


def test_a_table_goes_to_standard_output_line_by_line(run):
    head, row = run("--format", "csv").output.splitlines()
    assert head.startswith("id,url,") and "'=1+1" in row and "\r" not in head


def test_a_record_that_is_not_there_is_told_and_the_rest_is_written(run, tmp_path):
    done = run("--format", "wacz", "--portal", "a", "-o", tmp_path / "x.wacz")
    assert done.exit_code == 1 and "left out: http://a.vn/tin/1: a.warc.gz is not in" in done.output
    assert (tmp_path / "x.wacz").exists()
