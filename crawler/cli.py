"""The ``tinhuyen`` command."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from crawler.errors import INTERRUPTED, OK
from crawler.settings import VERSION

COMMANDS = {
    "init": "init", "add": "add", "repair": "repair", "portals": "portals", "probe": "probe", "crawl": "crawl", "why": "why",
    "plan": "plan", "schedule": "schedule", "status": "status", "coverage": "coverage", "alerts": "alerts", "follow": "follow",
    "pause": "control", "resume": "control", "stop": "control", "retry": "control", "remove": "control", "takedown": "takedown", "correct": "correct", "review": "review", "erase": "erase", "backup": "backup", "restore": "backup", "snapshot": "snapshot",
    "changes": "changes", "month": "month", "export": "export", "import": "import_", "extract": "extract", "serve": "serve", "learn": "learn", "reread": "learn",
    "verify": "verify", "rebuild": "rebuild", "evidence": "evidence", "certificate": "certificate",
    "report": "report", "trial": "trial", "family": "family", "demo": "demo",
}  # fmt: skip
"""The module of ``crawler.commands`` that holds each command, in the order the help lists them."""
_NAMES = {"import": "import_command"}
"""Commands whose name is a word of Python's."""


class Lazy(click.Group):
    """Imports the module of a command on demand: crawling needs no web server, nor serving Scrapy."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        module = COMMANDS.get(name)
        found = _NAMES.get(name, name)
        return getattr(import_module(f"crawler.commands.{module}"), found) if module is not None else None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command. A usage error is one line that says what to do."""
        run: Any = super().main
        if not kwargs.pop("standalone_mode", True):
            return run(*args, standalone_mode=False, **kwargs)
        try:
            code = run(*args, standalone_mode=False, **{**kwargs, "prog_name": "tinhuyen"})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            context = getattr(error, "ctx", None)
            command = context.command_path if context is not None else "tinhuyen"
            message = " ".join(error.format_message().split()).removesuffix(".")
            click.echo(f"tinhuyen: {message}; see  {command} --help", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("tinhuyen: interrupted", err=True)
            sys.exit(INTERRUPTED)
        sys.exit(code if isinstance(code, int) else OK)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--archive",
    metavar="DIR",
    envvar="TINHUYEN_ARCHIVE",
    help="The archive's folder; default: $TINHUYEN_ARCHIVE, else ./tinhuyen-data.",
)
@click.version_option(VERSION, prog_name="tinhuyen")
def main(archive: str | None) -> None:
    """Crawl, archive and search the news of Vietnam's local governments.

    Exit codes: 0 well, 1 finished with failures, 2 usage, 3 archive damaged or locked, 4 disk full or quota, 5 a rebuilt database differs, 6 a portal below its floor, 130 interrupted.
    """
