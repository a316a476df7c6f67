"""``init``, ``add``, ``repair``: what they leave in the folder, and what they say."""

from __future__ import annotations

import tomllib

import click
import pytest
from click.testing import CliRunner

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
    ],
)
def test_a_wrong_setting_is_one_clear_line(run, tmp_path, text, says):
    run("init", "kho")
    (tmp_path / "kho" / "tinhuyen.toml").write_text(text)
    done = run("--archive", "kho", "status")
    assert done.exit_code == 2
    assert says in done.output and len(done.output.strip().splitlines()) == 1


def test_repair_says_what_it_did(run, tmp_path):
    writer = WarcWriter(tmp_path, [])
    exchange = Exchange(
        "http://x.vn/", "2026-11-23T09:00:00.000000Z", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"x", None
    )
    path = tmp_path / writer.write(exchange).file
    writer.close()
    assert "3 records, all whole" in run("repair", str(path)).output
    path.write_bytes(path.read_bytes()[:-3])
    done = run("repair", str(path))
    assert done.exit_code == 0 and "cut off" in done.output
    assert run("repair", str(tmp_path / "khong-co.warc.gz")).exit_code == 2


@pytest.mark.parametrize("command", [name for names in COMMANDS.values() for name in names])
def test_every_command_has_help_and_stands_in_the_readme(run, command):
    from pathlib import Path

    shown = run(command, "--help")
    assert shown.exit_code == 0
    assert main.get_command(click.Context(main), command).help
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    assert f"`tinhuyen {command}" in readme
