"""The unit files and the crontab line are valid as systemd and cron read them."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from cronsim import CronSim

from crawler.errors import BadName
from crawler.folder.archive_folder import ArchiveFolder
from crawler.schedule.install import command_line, crontab_line, enabling, unit_name, units

FOLDERS = ["kho", "kho lưu 100% $HOME", "Thái Bình"]


@pytest.fixture(params=FOLDERS)
def folder(request, tmp_path):
    path = tmp_path / request.param
    ArchiveFolder(path).init()
    return path


@pytest.mark.parametrize("system", [True, False], ids=["system", "user"])
def test_systemd_takes_the_units_as_they_are(folder, tmp_path, system):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze on this machine")
    files = units(folder, system=system, user="daemon" if system else None)
    written = []
    for unit in files:
        written.append(tmp_path / unit.path.name)
        written[-1].write_text(unit.text)
    command = ["systemd-analyze", *([] if system else ["--user"]), "--man=no", "verify", *map(str, written)]
    environment = {"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "tinhuyen" in line or "kho" in line]
    if not system and done.returncode and not said:
        pytest.skip(f"systemd-analyze --user does not work here: {done.stderr.strip()[:100]}")
    assert (done.returncode, said) == (0, [])


def test_the_timer_makes_up_for_what_was_missed_while_the_machine_was_off(folder):
    service, timer = units(folder, system=False)
    assert "Persistent=true" in timer.text and "OnCalendar=*:0/5" in timer.text
    assert "Type=oneshot" in service.text and "User=" not in service.text
    assert service.path.name == unit_name(folder) + ".service"


@pytest.mark.slow
def test_a_crontab_line_runs_the_command_it_says(folder):
    line = crontab_line(folder)
    fields = line.split(None, 5)
    next(CronSim(" ".join(fields[:5]), datetime(2026, 1, 1)))
    # cron takes an unescaped % for the end of the command, and drops the backslash before one
    assert "%" not in fields[5].replace("\\%", "")
    assert shlex.split(fields[5].replace("\\%", "%")) == command_line(folder)
    shown = subprocess.run([*command_line(folder)[:-2], "--help"], capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0


@pytest.mark.slow
def test_install_prints_first_and_writes_when_told(tinhuyen, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    tinhuyen("init")
    printed = tinhuyen("schedule", "install")
    where = tmp_path / "home/.config/systemd/user"
    assert printed.returncode == 0 and "OnCalendar" in printed.stdout and not where.exists()
    assert tinhuyen("schedule", "install", "--write").returncode == 0
    assert sorted(path.name for path in where.iterdir()) == ["tinhuyen-kho.service", "tinhuyen-kho.timer"]
    assert (where / "tinhuyen-kho.service").read_text() in printed.stdout
    assert "systemctl --user enable --now tinhuyen-kho.timer" in printed.stderr
    assert tinhuyen("schedule", "install", "--cron").stdout.startswith("*/5 * * * * ")
    assert enabling(Path("kho"), system=True)[1] == "systemctl enable --now tinhuyen-kho.timer"
    assert sys.executable in printed.stdout


@pytest.mark.parametrize("name", ["a\nExecStartPre=touch x", "a\rb", "a\x85b", "a\u2028b", "a\tb", "a\x1b", "a\u202eb"])
def test_a_folder_whose_name_holds_a_control_character_is_refused_by_both(tmp_path, name):
    for write in (crontab_line, lambda folder: units(folder, system=True)):
        with pytest.raises(BadName, match="control character"):
            write(tmp_path / name)


@pytest.mark.parametrize("name", ["a\\", "a "])
def test_a_folder_a_unit_cannot_name_is_refused_there_and_taken_by_a_crontab(tmp_path, name):
    with pytest.raises(BadName, match="--cron"):
        units(tmp_path / name, system=False)
    assert str(tmp_path / name) in shlex.split(crontab_line(tmp_path / name))


@pytest.mark.parametrize("user", ["x\nExecStartPre=/bin/x", "", "a b", "-x", "%n", "x\n"])
def test_what_is_no_user_is_refused(tmp_path, user):
    with pytest.raises(BadName, match="no name of a user"):
        units(tmp_path, system=True, user=user)
    assert "User=kho-luu\n" in units(tmp_path, system=True, user="kho-luu")[0].text
