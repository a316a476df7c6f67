"""The ``tinhuyen`` command."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from crawler.commands.near_names import NearNames
from crawler.errors import INTERRUPTED, OK
from crawler.settings import VERSION

SECTIONS = {
    "Begin": {
        "init": ("init", "Make an archive: one folder"),
        "add": ("add", "Add portals by address or registered name"),
        "portals": ("portals", "List the known portals of all provinces"),
        "probe": ("probe", "Look at a portal before it is added"),
        "plan": ("plan", "Estimate pages, hours and megabytes of a first crawl"),
        "crawl": ("crawl", "Crawl portals; the same command continues"),
        "serve": ("serve", "Show the archive in a browser"),
        "demo": ("demo", "Try all of it with three small portals on this machine"),
    },
    "Look after it": {
        "status": ("status", "Articles, waiting pages, last verdict, next crawl"),
        "schedule": ("schedule", "Crawl by itself: rules, timers, what ran and what did not"),
        "alerts": ("alerts", "Try the alerts by mail, webhook and apprise"),
        "follow": ("follow", "Tell somebody what is new of a search or a portal"),
        "coverage": ("coverage", "What a portal lists against what is held"),
        "why": ("why", "The history of one address, or what contains a part of it"),
        "pause": ("control", "Pause portals, also while a crawl runs"),
        "resume": ("control", "End a pause"),
        "stop": ("control", "Stop running crawls; the next one continues"),
        "retry": ("control", "Ask again for what failed"),
        "remove": ("control", "Crawl a portal no longer; what is held stays"),
    },
    "Read and hand on": {
        "changes": ("changes", "What was edited, removed and brought back"),
        "month": ("month", "A portal's month on one page"),
        "export": ("export", "Every article as JSON lines, CSV, XLSX, Parquet, WACZ …"),
        "snapshot": ("snapshot", "A read-only copy of the public database"),
        "import": ("import_", "Take in what others captured: WARC, WACZ, JSON lines"),
        "extract": ("extract", "Read one page or text that is in no archive"),
    },
    "Where something is read wrong": {
        "report": ("report", "Pack a misread page, or a portal's doubtful ones, to send"),
        "correct": ("correct", "Say what a field should be; what was read stays kept"),
        "review": ("review", "Accept or mend days and titles the reader was unsure of"),
        "trial": ("trial", "Try a list of portals and lay what was read beside their own words"),
        "learn": ("learn", "Show or keep what a portal's pages say of its layout"),
        "reread": ("learn", "Read the pages held again, without a request"),
        "family": ("family", "The known CMS families, a new one, a report tested"),
    },
    "Keep and prove": {
        "backup": ("backup", "Back up the whole archive while crawls go on"),
        "restore": ("backup", "Restore a backup into an empty folder"),
        "verify": ("verify", "Hold captures, rows and the signed log against each other"),
        "rebuild": ("rebuild", "Make archive.db anew from the WARC files"),
        "evidence": ("evidence", "One version with its records, proofs and a check for strangers"),
        "certificate": ("certificate", "How complete a portal's archive is"),
        "takedown": ("takedown", "Suspend an article from everything public"),
        "erase": ("erase", "Erase an article for good, where the law demands it"),
        "repair": ("repair", "Repair a WARC file after a crash"),
    },
}
"""The commands as the help lists them: the module of ``crawler.commands`` that holds each, and a line that names it.

The lines stand here so that the help of all imports none of them."""
COMMANDS = {name: module for section in SECTIONS.values() for name, (module, _) in section.items()}
_NAMES = {"import": "import_command"}
"""Commands whose name is a word of Python's."""


class Lazy(NearNames):
    """Imports the module of a command on demand: crawling needs no web server, nor serving Scrapy."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, says) for name, (_, says) in section.items()])

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
