"""How a machine is told to look at the schedules: a systemd service with its timer, or a line of a crontab.

The timer looks every five minutes; ``Persistent`` has no meaning for it beyond the first look after a boot, since what
was missed meanwhile is known to the schedules themselves.
"""

from __future__ import annotations

import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from archive.text.plain_output import printable
from crawler.errors import BadName

EVERY_MINUTES = 5

_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?|[0-9]{1,10}")
"""Names of users that useradd makes, and their numbers."""

_SERVICE = """\
[Unit]
Description=Crawl what is due in the archive {name}
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
ExecStart={command}
WorkingDirectory={folder}
# 1: finished with failures, told by tinhuyen status; 130: interrupted, goes on with the next look
SuccessExitStatus=1 130
# a first crawl takes days; at the end of the service it is asked to finish what it writes
TimeoutStartSec=infinity
TimeoutStopSec=3min
KillSignal=SIGTERM
KillMode=mixed
Nice=10
{user}"""

_TIMER = """\
[Unit]
Description=Look every {minutes} minutes what is due in the archive {name}

[Timer]
OnCalendar=*:0/{minutes}
Persistent=true
RandomizedDelaySec=30

[Install]
WantedBy=timers.target
"""


@dataclass(slots=True)
class Unit:
    """A file to be written."""

    path: Path
    text: str


def command_line(folder: Path) -> list[str]:
    """The command that runs what is due, with whole paths. Raises :class:`BadName` for a folder that has no place in one
    line: what stands behind a line break would be a line of its own."""
    path = str(folder.resolve())
    if printable(path) != path or re.search(r"[\t\n]", path):
        raise BadName(f"{path!r} holds a control character: give the archive's folder another name")
    return [sys.executable, "-m", "crawler", "--archive", str(folder.resolve()), "schedule", "run-due", "--quiet"]


def units(folder: Path, *, system: bool, user: str | None = None) -> list[Unit]:
    """The service and its timer, of this user or of the system (running as ``user``). Raises :class:`BadName`."""
    if user is not None and not _USER.fullmatch(user):
        raise BadName(f"{user!r} is no name of a user")
    if re.search(r"[\\\s]$", str(folder.resolve())):
        raise BadName(
            f"{str(folder.resolve())!r} ends in a backslash or a blank, which a unit cannot say: give the archive's folder "
            "another name, or use --cron"
        )
    base = Path("/etc/systemd/system") if system else Path.home() / ".config/systemd/user"
    name = unit_name(folder)
    command = " ".join(_quoted(part) for part in command_line(folder))
    run_as = f"User={user}\n" if system and user else ""
    where = str(folder.resolve()).replace("%", "%%")
    service = _SERVICE.format(name=_plain(folder.resolve().name), command=command, folder=where, user=run_as)
    timer = _TIMER.format(name=_plain(folder.resolve().name), minutes=EVERY_MINUTES)
    return [Unit(base / f"{name}.service", service.rstrip() + "\n"), Unit(base / f"{name}.timer", timer)]


def enabling(folder: Path, *, system: bool) -> list[str]:
    """The commands that set the timer going."""
    scope = "" if system else "--user "
    after = [] if system else ["loginctl enable-linger"]  # else the timer ends when its user logs out
    return [f"systemctl {scope}daemon-reload", f"systemctl {scope}enable --now {unit_name(folder)}.timer", *after]


def crontab_line(folder: Path) -> str:
    """A line for ``crontab -e``. In one, ``%`` ends the command: it is escaped."""
    command = " ".join(shlex.quote(part) for part in command_line(folder)).replace("%", "\\%")
    return f"*/{EVERY_MINUTES} * * * * {command}"


def unit_name(folder: Path) -> str:
    """``tinhuyen-`` and the folder's name, in letters a unit may have."""
    return "tinhuyen-" + (re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-") or "archive")


def _quoted(text: str) -> str:
    """A word of a unit's command line: ``%`` and ``$`` mean something there."""
    text = text.replace("%", "%%").replace("$", "$$")
    return (
        text if re.fullmatch(r"[\w@%+=:,./$-]+", text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _plain(text: str) -> str:
    return " ".join(text.replace("%", "%%").split())
