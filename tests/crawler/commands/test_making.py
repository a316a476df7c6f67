"""``init``, ``add``, ``repair``: what they leave in the folder, and what they say."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive.model import Article, Capture, Portal
from archive.store import Store
from archive.warc.write import Exchange, WarcWriter
from crawler.cli import COMMANDS, main


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TINHUYEN_ARCHIVE", raising=False)

    def invoke(*args: str):
        return CliRunner().invoke(main, list(args))

    return invoke


def test_init_makes_a_folder_once_and_leaves_edits_alone(run, tmp_path):
    assert run("init", "kho", "--contact", 'a"b@example.org').exit_code == 0
    config = tmp_path / "kho" / "tinhuyen.toml"
    assert tomllib.loads(config.read_text())["contact"] == 'a"b@example.org'
    config.write_text(config.read_text() + "# ghi chú của tôi\n")
    again = run("init", "kho")
    assert again.exit_code == 0 and "already" in again.output
    assert "ghi chú của tôi" in config.read_text()


@pytest.mark.parametrize(
    "args",
    [("--archive", "kho", "add"), ("add", "--archive", "kho")],
    ids=["before-the-command", "after-the-command"],
)
def test_add_prints_the_name_and_writes_the_portal_down(run, tmp_path, free_port, args):
    name = f"127.0.0.1-{free_port}"
    run("init", "kho")
    added = run(*args, f"http://127.0.0.1:{free_port}", "--allow-private")
    assert (added.exit_code, added.stdout) == (0, f"{name}\n")
    config = tmp_path / "kho" / "tinhuyen.toml"
    entry = tomllib.loads(config.read_text())["portals"][name]
    assert entry == {"url": f"http://127.0.0.1:{free_port}/", "allow_private": True}
    assert "# Seconds between two requests" in config.read_text()  # comments survive
    assert "refuses the connection" in added.stderr  # added all the same
    with Store.open(tmp_path / "kho" / "archive.db") as store:
        assert store.portal(name).url == f"http://127.0.0.1:{free_port}/"
    assert "already" in run(*args, f"http://127.0.0.1:{free_port}", "--allow-private").output


def test_a_private_address_needs_permission(run):
    run("init", "kho")
    refused = run("--archive", "kho", "add", "http://10.1.2.3/")
    assert refused.exit_code == 2
    assert "--allow-private" in refused.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("politeness = 3", "politeness must be a table"),
        ("= what", "cannot be read"),
        ('[politeness]\ndelay = "slow"', "politeness.delay must be a number"),
        ("[politeness]\ndelay = -1", "politeness.delay must be a number"),
        ("[portals.x]\ntitle = 'no url'", "needs a url"),
        ("[politeness]\ndealy = 5", "politeness.dealy is not known: did you mean delay?"),
        ("[limits]\nquota = 5", "limits.quota is not known: did you mean quota_gb?"),
        ("[portals.x]\nurl = 'http://x/'\nexlude = ['/a']", "portals.x.exlude is not known: did you mean exclude?"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(run, tmp_path, text, says):
    run("init", "kho")
    (tmp_path / "kho" / "tinhuyen.toml").write_text(text)
    done = run("--archive", "kho", "status")
    assert done.exit_code == 2
    assert says in done.output and len(done.output.strip().splitlines()) == 1


def test_a_note_among_the_settings_of_a_portal_is_left_alone(run, tmp_path):
    run("init", "kho")
    (tmp_path / "kho" / "tinhuyen.toml").write_text('[portals.x]\nurl = "http://x/"\nghi_chu = "hỏi anh Hòa"\n')
    assert run("--archive", "kho", "status").exit_code == 0


@pytest.mark.parametrize(("error", "code"), [(errno.ENOSPC, 4), (errno.EROFS, 3)], ids=["disk-full", "read-only"])
def test_settings_that_cannot_be_written_stay_whole(run, tmp_path, free_port, monkeypatch, error, code):
    def refuse(path, text):
        path.touch()  # a full disk still makes the file
        raise OSError(error, os.strerror(error), str(path))

    run("init", "kho")
    config = tmp_path / "kho" / "tinhuyen.toml"
    before = config.read_text()
    monkeypatch.setattr("crawler.folder.archive_folder.write_private", refuse)
    done = run("--archive", "kho", "add", f"http://127.0.0.1:{free_port}/", "--allow-private", "--no-probe")
    assert (done.exit_code, len(done.output.splitlines())) == (code, 1)
    assert os.strerror(error) in done.output and "tinhuyen.toml" in done.output
    assert config.read_text() == before
    assert [path.name for path in config.parent.glob("tinhuyen*")] == ["tinhuyen.toml"]


@pytest.mark.parametrize(
    ("told_by", "code"),
    [("database or disk is full", 4), ("attempt to write a readonly database", 3), ("disk I/O error", 3)],
)
def test_what_befalls_a_database_is_one_line_with_its_exit_code(run, monkeypatch, told_by, code):
    def refuse(*args):
        raise sqlite3.OperationalError(told_by)

    run("init", "kho")
    monkeypatch.setattr("archive.store.Store.open", refuse)
    done = run("--archive", "kho", "export")
    assert (done.exit_code, len(done.output.splitlines())) == (code, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_export_onto_a_full_disk_is_one_line(run, tmp_path):
    run("init", "kho")
    article = Article("http://x/a", "http://x/a", title="Tin", text="Nội dung. " * 2000)
    seen = Capture("urn:uuid:1", "a.warc.gz", 0, 9, article.url, "2026-01-01T00:00:00Z", 200, "sha256:A", portal="x")
    with Store.open(tmp_path / "kho" / "archive.db") as store, store.batch():
        store.add_portal(Portal("x", "http://x/"))
        store.save_article(article, seen, "x")
    command = [sys.executable, "-m", "crawler", "--archive", str(tmp_path / "kho"), "export"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1), done.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["crawl", "--foo"], "No such option '--foo'; see  tinhuyen crawl --help"),
        (["coverage"], "Missing argument 'PORTAL'; see  tinhuyen coverage --help"),
        (["nosuch"], "No such command 'nosuch'; see  tinhuyen --help"),
        (["schedule", "nosuch"], "No such command 'nosuch'; see  tinhuyen schedule --help"),
        (["crawll"], "No such command 'crawll': did you mean crawl?; see  tinhuyen --help"),
        (["schedule", "lsit"], "No such command 'lsit': did you mean list?; see  tinhuyen schedule --help"),
        (["crawl", "--delay", "x"], "'x' is not a valid float range; see  tinhuyen crawl --help"),
        (["serve", "--host", "nosuch.invalid"], "choose an address of this machine with --host"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_of_usage_is_one_line_that_says_what_to_do(run, args, says):
    run("init")
    done = run(*args)
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("tinhuyen: ") and line.endswith(says)


def test_a_damaged_ledger_is_named(run, tmp_path):
    run("init", "kho", "--contact", "a@example.org")
    run("--archive", "kho", "add", "--no-probe", "http://xa.example.vn/")
    assert run("--archive", "kho", "status").exit_code == 0
    with (tmp_path / "kho" / "crawl.db").open("r+b") as file:
        file.seek(100)
        file.write(b"X" * 8)
    for suffix in ("-wal", "-shm"):
        (tmp_path / "kho" / f"crawl.db{suffix}").unlink(missing_ok=True)
    said = run("--archive", "kho", "status")
    assert said.exit_code == 3
    assert said.stderr.startswith(f"tinhuyen: {tmp_path / 'kho' / 'crawl.db'} is damaged: ")
    assert said.stderr.endswith("restore it from a backup\n") and said.stderr.count("\n") == 1


def test_a_pause_longer_than_ten_years_is_refused(run):
    run("init", "kho")
    assert run("--archive", "kho", "pause", "x", "--hours", "1e9").exit_code == 2


def test_a_host_nobody_knows_is_added_when_it_is_not_looked_at(run, tmp_path):
    run("init", "kho")
    refused = run("--archive", "kho", "add", "http://da-tat.invalid/")
    assert refused.exit_code == 2 and "--no-probe" in refused.output
    assert run("--archive", "kho", "add", "http://da-tat.invalid/", "--no-probe").exit_code == 0
    assert "da-tat.invalid" in (tmp_path / "kho" / "tinhuyen.toml").read_text()


def test_family_alone_lists_the_families(run):
    assert run("family").output == run("family", "list").output != ""


def test_repair_says_what_it_did(run, tmp_path):
    writer = WarcWriter(tmp_path, [])
    exchange = Exchange(
        "http://x.vn/", "2026-11-23T09:00:00.000000Z", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"x", None
    )
    path = tmp_path / writer.write(exchange).file
    writer.close()
    assert "3 records, all complete" in run("repair", str(path)).output
    path.write_bytes(path.read_bytes()[:-3])
    done = run("repair", str(path))
    assert done.exit_code == 0 and "cut off" in done.output
    assert run("repair", str(tmp_path / "khong-co.warc.gz")).exit_code == 2


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_has_help_and_stands_in_the_readme(run, command):
    shown = run(command, "--help")
    assert shown.exit_code == 0
    assert main.get_command(click.Context(main), command).help
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    assert f"`tinhuyen {command}" in readme


def test_the_help_of_all_names_each_command_on_one_line_and_imports_none():
    code = "import sys; from crawler.cli import main; main(['--help'], standalone_mode=False); print([m for m in sys.modules if m.startswith(('crawler.commands.', 'scrapy', 'datasette'))])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line.split()[0] for line in shown if line.startswith("  ") and line.split()[0] in COMMANDS] == list(
        COMMANDS
    )
    assert all(len(line) <= 80 for line in shown[:-1]) and shown[-1] == "['crawler.commands.near_names']"


def test_a_name_off_by_a_letter_finds_the_archive_before_what_lies_beside_it(run, tmp_path):
    for name in ("a-backup", "thai-binh", "zz"):
        run("init", name, "--contact", "a@example.org")
    missed = run("--archive", "thai-bin", "status")
    assert missed.exit_code == 2
    assert f"There is one at {tmp_path / 'thai-binh'}, " in missed.output


def test_an_archive_without_a_contact_says_so_when_it_is_made(run, tmp_path):
    assert f"set contact in {tmp_path / 'kho' / 'tinhuyen.toml'}" in run("init", "kho").stderr
    assert run("init", "other", "--contact", "a@example.org").stderr == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[limits]\nmin_free_mb = 1\n\n[limits]\nquota_gb = 3", "[limits] begins at the lines 1 and 4: put all of it under the first"),
        ("[alerts]\n[verify]\n[ alerts ]", "[alerts] begins at the lines 1 and 3: put all of it under the first"),
        ("name = 'x'\nname = 'y'", "name stands there twice: keep one of them"),
    ],
)  # fmt: skip
def test_a_table_that_was_pasted_below_its_like_is_told_as_that(run, tmp_path, text, says):
    run("init", "kho")
    (tmp_path / "kho" / "tinhuyen.toml").write_text(text)
    said = run("--archive", "kho", "status")
    assert said.exit_code == 2 and said.stderr.strip().endswith(says)


def test_status_names_what_no_schedule_crawls_once_others_have_one(run):
    run("init", "kho", "--contact", "a@example.org")
    for name in ("xa", "xb"):
        run("--archive", "kho", "add", "--no-probe", f"http://{name}.example.vn/")
    assert "schedule:" not in run("--archive", "kho", "status").output
    first, second = json.loads(run("--archive", "kho", "status", "--json").output)["portals"]
    assert run("--archive", "kho", "schedule", "set", first, "every 6 hours").exit_code == 0
    assert f"none for {second}:  tinhuyen schedule set {second}" in " ".join(
        run("--archive", "kho", "status").output.split("\n")
    )


@pytest.mark.parametrize(("late", "told"), [(20 * 60, False), (3600, True)])
def test_status_says_that_nobody_looks_at_the_schedules(run, tmp_path, late, told):
    run("init", "kho", "--contact", "a@example.org")
    run("--archive", "kho", "add", "--no-probe", "http://xa.example.vn/")
    run("--archive", "kho", "schedule", "set", "--all", "every 6 hours")
    with closing(sqlite3.connect(tmp_path / "kho" / "crawl.db")) as ledger:
        ledger.execute("UPDATE schedule SET next_at = ? WHERE NOT deep", (time.time() - late,))
        ledger.commit()
    assert ("nobody looks at the schedules:" in " ".join(run("--archive", "kho", "status").output.split())) is told
    (name,) = json.loads(run("--archive", "kho", "status", "--json").output)["portals"]
    assert json.loads(run("--archive", "kho", "status", "--json").output)["overdue"] == [name] * told


def test_status_reads_a_ledger_that_an_earlier_version_made(run, tmp_path):
    run("init", "kho")
    assert run("--archive", "kho", "status").exit_code == 0
    ledger = sqlite3.connect(tmp_path / "kho" / "crawl.db")
    ledger.execute("DROP TABLE sunset")
    ledger.execute("DELETE FROM _sqlite_migrations WHERE name = 'm007_sunset'")
    ledger.commit()
    ledger.close()
    assert run("--archive", "kho", "status").exit_code == 0


def test_an_archive_that_exists_keeps_its_contact_and_says_so(run, tmp_path):
    run("init", "kho", "--contact", "a@example.org")
    other = run("init", "kho", "--contact", "b@example.org")
    config = tmp_path / "kho" / "tinhuyen.toml"
    assert other.exit_code == 2 and f"is an archive already; set its contact in {config}" in other.output
    assert "a@example.org" in config.read_text()
    assert run("init", "kho", "--contact", "a@example.org").exit_code == 0


@pytest.mark.parametrize("inside", ["", "thu-muc/con"], ids=["in the archive", "beside it"])
def test_a_relative_archive_after_cd_is_missed_with_its_full_path_and_found_near(run, tmp_path, monkeypatch, inside):
    run("init", "kho", "--contact", "a@example.org")
    here = tmp_path / (inside or "kho")
    here.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("TINHUYEN_ARCHIVE", "kho")
    missed = run("status")
    assert missed.exit_code == 2
    assert f"no archive at {here / 'kho'}: wrong folder?" in missed.output
    assert f"There is one at {tmp_path / 'kho'}." in missed.output
    second = run("init")
    assert f"Made the archive {here / 'kho'}." in second.output
    assert f"Another archive lies at {tmp_path / 'kho'}" in second.output


def test_a_mistake_in_the_toml_names_line_and_column_and_shows_the_line(run, tmp_path):
    run("init", "kho")
    config = tmp_path / "kho" / "tinhuyen.toml"
    config.write_text('name = "x"\n\n[politeness]\ndelay = một giây\n')
    said = run("--archive", "kho", "status")
    assert said.exit_code == 2
    assert f"{config} cannot be read: line 4, column 9: " in said.output and "delay = một giây" in said.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[alerts]\nmial = 'a@example.org'", "alerts.mial is not known: did you mean mail?"),
        ("[alerts]\nweb_hook = 'http://x.example/'", "alerts.web_hook is not known: did you mean webhook?"),
        ("contcat = 'a@example.org'", "contcat is not known: did you mean contact?"),
        ("[alert]\nmail = 'a@example.org'", "alert is not known: did you mean alerts?"),
        ("[portals.x]\nurl = 'http://x.vn/'\nexcludes = []", "portals.x.excludes is not known: did you mean exclude?"),
    ],
)
def test_a_misspelt_key_is_told_wherever_it_stands(run, tmp_path, text, says):
    run("init", "kho")
    (tmp_path / "kho" / "tinhuyen.toml").write_text(text)
    said = run("--archive", "kho", "status")
    assert said.exit_code == 2 and says in said.output


def test_add_takes_many_and_a_list_and_one_bad_address_stops_no_other(run, tmp_path):
    run("init", "kho")
    listed = tmp_path / "cong.txt"
    listed.write_text("# các cổng\nhungha.thaibinh  # huyện Hưng Hà\n\nhttp://[oops\nhttp://10.1.2.3/#tin\n")
    done = run("--archive", "kho", "add", "http://127.0.0.1:9/", "--from", str(listed), "--allow-private", "--no-probe")
    assert done.exit_code == 1
    assert done.stdout.split() == ["127.0.0.1-9", "hungha.thaibinh", "10.1.2.3"]
    assert "http://[oops was not added" in done.stderr and "1 portal of 4 could not be added" in done.stderr
    assert len(tomllib.loads((tmp_path / "kho" / "tinhuyen.toml").read_text())["portals"]) == 3
    assert run("--archive", "kho", "add", "--from", str(listed), "--province", "Huế").exit_code == 2
    listed.write_text("# nothing yet\n")
    assert "names no portal" in run("--archive", "kho", "add", "--from", str(listed)).output


def test_a_question_that_nobody_can_answer_is_a_usage_error(run):
    run("init", "kho")
    run("--archive", "kho", "add", "hungha.thaibinh")
    asked = run("--archive", "kho", "remove", "hungha.thaibinh")
    assert asked.exit_code == 2 and "--yes" in asked.output
