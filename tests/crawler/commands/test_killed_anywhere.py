"""Killed whenever it opens, renames, links or removes a file, a command leaves nothing half; the same command goes on."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder
from tests.crawler.importing.foreign_files import HOST, article, warc_gz

EVENTS = (
    "open",
    "os.rename",
    "os.link",
    "os.remove",
    "os.mkdir",
    "os.truncate",
    "os.symlink",
    "shutil.rmtree",
    "sqlite3.connect",
)
"""What Python tells an audit hook; each of them is a moment between two states of the folder."""
CHILD = """
import os, signal, sys
seen, deadly = 0, int(sys.argv[1])
def hook(event, given):
    global seen
    if event in {events!r} and any(str(one).startswith({root!r}) for one in given[:2]) and not (
        event == "open" and not (given[2] or 0) & (os.O_WRONLY | os.O_RDWR)
    ):
        seen += 1
        if seen == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["tinhuyen", *sys.argv[2:]]
from crawler.__main__ import main
from crawler.watchdog import watchdog
sys.addaudithook(hook)
try:
    main()
finally:
    print("events", seen, file=sys.stderr)
"""


def tell(kho, *args):
    done = CliRunner().invoke(main, ["--archive", str(kho), *map(str, args)])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An archive with imported articles, one of them suspended, under a signed log."""
    root = tmp_path_factory.mktemp("killed")
    kho = root / "kho"
    folder = ArchiveFolder(kho)
    folder.init(contact="luutru@example.org")
    with folder.config_path.open("a", encoding="utf-8") as out:
        out.write(f'\n[portals.donggiang]\nurl = "{HOST}/"\n')
    (root / "cu.warc.gz").write_bytes(warc_gz(*(article(number) for number in range(1, 6))))
    tell(kho, "import", root / "cu.warc.gz")
    tell(kho, "takedown", f"{HOST}/tin/bai-5.html", "--reason", "Theo lệnh")
    tell(kho, "verify")
    tell(kho, "backup", root / "sao.tar")
    return root


def names(folder):
    """The files of a folder, without SQLite's journals, whose presence says nothing, and WARC files: each command that writes has
    one of its own, and one that was killed leaves another, open, which a crawl or import completes."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock", ".warc.gz", ".open"))
    )


def killed(root, at, command):
    code = CHILD.format(events=EVENTS, root=str(root))
    return subprocess.run([sys.executable, "-c", code, str(at), *command], capture_output=True, text=True, check=False)


COMMANDS = {
    "export jsonl": ("--archive", "kho", "export", "-o", "out/a.jsonl"),
    "export csv": ("--archive", "kho", "export", "--format", "csv", "-o", "out/a.csv"),
    "export xlsx": ("--archive", "kho", "export", "--format", "xlsx", "-o", "out/a.xlsx"),
    "export parquet": ("--archive", "kho", "export", "--format", "parquet", "-o", "out/a.parquet"),
    "export wacz": ("--archive", "kho", "export", "donggiang", "--format", "wacz", "-o", "out/a.wacz"),
    "export bagit": ("--archive", "kho", "export", "--format", "bagit", "-o", "out/bag"),
    "export cdxj": ("--archive", "kho", "export", "--format", "cdxj", "-o", "out/a.cdxj"),
    "verify": ("--archive", "kho", "verify"),
    "backup": ("--archive", "kho", "backup", "out/sao"),
    "backup tar": ("--archive", "kho", "backup", "out/sao.tar"),
    "restore": ("--archive", "out/moi", "restore", "sao.tar"),
    "snapshot": ("--archive", "kho", "snapshot", "out/s.db"),
    "evidence": ("--archive", "kho", "evidence", f"{HOST}/tin/bai-1.html", "-o", "out/e.zip"),
    "takedown": ("--archive", "kho", "takedown", f"{HOST}/tin/bai-1.html", "--reason", "Theo lệnh"),
    "undo": ("--archive", "kho", "takedown", f"{HOST}/tin/bai-5.html", "--undo"),
    "rebuild": ("--archive", "kho", "rebuild"),
}
STEPS = 12
"""Points at which a command is killed, spread over all that it does."""


def _fresh(made, tmp_path, command):
    root = tmp_path / "lan"
    shutil.rmtree(root, ignore_errors=True)
    (root / "out").mkdir(parents=True)
    shutil.copytree(made / "kho", root / "kho")
    shutil.copy(made / "sao.tar", root)
    places = ("kho", "out/", "sao.tar")
    return root, [str(root / one) if one.startswith(places) else one for one in command]


def _state(root):
    """What an archive holds, and what is suspended there."""
    held = [kho for kho in (root / "kho", root / "out" / "moi") if (kho / "archive.db").exists()]
    return [
        (tell(kho, "export"), [line.split()[0] for line in tell(kho, "takedown", "--list").splitlines()])
        for kho in held
    ]


def _goes_on(made, tmp_path, name, points):
    root, command = _fresh(made, tmp_path, COMMANDS[name])
    whole = killed(root, 0, command)
    assert whole.returncode == 0, whole.stderr
    events, expected, state = int(whole.stderr.split()[-1]), names(root), _state(root)
    for at in sorted({1 + (events - 1) * step // max(1, points - 1) for step in range(points)}):
        root, command = _fresh(made, tmp_path, COMMANDS[name])
        assert killed(root, at, command).returncode == -signal.SIGKILL
        tell(root / "kho", "export")  # what it left is an archive
        again = killed(root, 0, command)
        assert again.returncode == 0, (at, again.stderr)
        assert names(root) == expected and _state(root) == state, at
        for kho in (root / "kho", root / "out" / "moi"):
            if kho.exists():
                tell(kho, "verify")
        if name in ("takedown", "undo"):
            tell(root / "kho", "rebuild", "--check")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["export wacz", "backup tar", "restore", "takedown"])
def test_killed_once_in_its_midst_the_same_command_goes_on(made, tmp_path, name):
    _goes_on(made, tmp_path, name, 3)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_point_the_same_command_goes_on(made, tmp_path, name):
    _goes_on(made, tmp_path, name, STEPS)
