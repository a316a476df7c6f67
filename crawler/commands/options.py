"""Shared by all commands: the ``--archive`` option before and after the command, errors as one line on stderr."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archive.errors import ArchiveError, ExtraMissing, PortBusy, UnknownPortal
from archive.warc.repair import DamagedInside, NotAWarc, WarcInUse
from archive.warc.write import DiskFull
from crawler import errors
from crawler.commands import interrupts
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import is_full

DEFAULT_FOLDER = "tinhuyen-data"


def fail(message: str, code: int) -> None:
    """End the command with one line on standard error."""
    click.echo(f"tinhuyen: {message}", err=True)
    sys.exit(code)


def errors_as_one_line(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the errors a user can meet into one line and their exit code."""

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            interrupts.work_begins()
            return command(*args, **kwargs)
        except errors.UserError as error:
            fail(str(error), error.exit_code)
        except DiskFull as error:
            fail(str(error.strerror or error), errors.DISK_FULL)
        except (ExtraMissing, PortBusy, UnknownPortal) as error:
            fail(str(error), errors.USAGE)
        except ArchiveError as error:
            fail(str(error), errors.DAMAGED)
        except (NotAWarc, WarcInUse) as error:
            fail(str(error), errors.USAGE)
        except DamagedInside as error:
            fail(str(error), errors.DAMAGED)
        except sqlite3.DatabaseError as error:
            if is_full(error, kwargs.get("folder")):
                fail("the disk is full: free some space; nothing saved is lost", errors.DISK_FULL)
            if "readonly" in str(error):
                fail("the archive's folder is read-only: give yourself the right to write there", errors.DAMAGED)
            fail(_damaged(kwargs.get("folder"), error), errors.DAMAGED)
        except BrokenPipeError:
            sys.stderr.close()  # the reader (head, less) has what it wanted
            sys.exit(errors.OK)
        except OSError as error:
            _fail_to_write(error)
        except KeyboardInterrupt:
            fail("interrupted", errors.INTERRUPTED)

    return wrapper


def _damaged(folder: ArchiveFolder | None, error: sqlite3.DatabaseError) -> str:
    """What is said of a database that SQLite cannot read: which of the two it is, where that can be found out."""
    for path in (folder.database, folder.ledger) if folder is not None else ():
        try:
            with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as conn:
                conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:  # locked, or not there
            continue
        except sqlite3.DatabaseError:
            return f"{path} is damaged: {error}; restore it from a backup"
    return f"a database of the archive cannot be used: {error}"


def notes_on_settings(folder: ArchiveFolder) -> list[str]:
    """What a crawl says once about tinhuyen.toml: that portals cannot reach who crawls them, and what nothing reads."""
    config, notes = folder.config(), []
    if not config.contact.strip():
        notes.append(f"no contact is set, so portals cannot reach you: set contact in {folder.config_path}")
    if config.unread:
        shown = ", ".join(config.unread[:5]) + (f" and {len(config.unread) - 5:,} more" if config.unread[5:] else "")
        notes.append(f"{folder.config_path}: nothing reads {shown}")
    return notes


def _fail_to_write(error: OSError) -> None:
    """Tell a full disk and a folder nobody may write to; anything else is no fault of the user's and goes on."""
    where = f"cannot write {error.filename or 'the output'}: {error.strerror}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        if error.filename is None:
            _forget_what_waits_to_be_printed()
        fail(f"{where}; free some space", errors.DISK_FULL)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        fail(f"{where}; give yourself the right to write there", errors.DAMAGED)
    raise error


def _forget_what_waits_to_be_printed() -> None:
    """Python prints it when it ends, fails again, and answers an exit code of its own."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)


def archive_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--archive``; the command receives the folder as ``folder``."""

    @click.option("--archive", "archive_after", metavar="DIR", help="The archive's folder.")
    @click.pass_context
    @functools.wraps(command)
    def wrapper(context: click.Context, *args: Any, archive_after: str | None, **kwargs: Any) -> Any:
        before = context.find_root().params.get("archive")
        return errors_as_one_line(command)(
            *args, folder=ArchiveFolder(archive_after or before or DEFAULT_FOLDER), **kwargs
        )

    return wrapper


class ListsByDefault(click.Group):
    """A group that lists when no command of it is named: ``tinhuyen portals hung ha --level district``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        helps = self.get_help_option_names(ctx)
        if not args or (args[0] not in self.commands and args[0] not in helps):
            args = ["list", *args]
        return super().parse_args(ctx, args)
