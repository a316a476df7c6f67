"""``tinhuyen trial``: portals of a list tried, a few articles of each, on one page for a person to look at."""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import click

from archive.text.plurals import counted
from archive.text.vietnam_time import in_vietnam
from archive.warc.write import utc_now, warc_date
from crawler.commands.options import archive_option
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.settings import VERSION
from crawler.trial.one_portal import Manner, Tried, try_portal
from crawler.trial.trial_page import trial_page


@click.command()
@click.argument("listed", metavar="FILE", type=click.File(encoding="utf-8-sig", errors="replace"))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The HTML file.")
@click.option("--articles", type=click.IntRange(1, 500), default=20, show_default=True, help="Articles a portal.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0.1, max=600),
    default=6,
    show_default=True,
    help="At most, for the crawl of a portal.",
)
@click.option(
    "--delay",
    type=click.FloatRange(min=0, max=3600),
    default=1.0,
    show_default=True,
    help="Seconds between two requests.",
)
@click.option("--contact", help="Address that portals can write to; default: that of the archive, if there is one.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep the trial's archive there, for  tinhuyen report.",
)
@click.option("--allow-private", is_flag=True, help="Permit loopback and private addresses.")
@archive_option
def trial(
    listed: TextIO,
    output: Path,
    articles: int,
    minutes: float,
    delay: float,
    contact: str | None,
    keep: Path | None,
    allow_private: bool,
    folder: ArchiveFolder,
) -> None:
    """Try the portals of FILE, an address a line: probe each, crawl some articles, and write one HTML page for a person to check.

    The page shows what was read beside the portal's own words, likely faults first. It needs no network and runs no script.
    Everything is crawled into an archive of its own that is thrown away, unless you --keep it. A line that cannot be tried is
    told, there and on the page, and the rest goes on.

    Exit codes: 0 every portal gave articles, 1 some did not.

    Example:  tinhuyen trial portals.txt -o trial.html --contact thuvien@example.org --keep trial
    """
    lines = [line for text in listed if (line := re.sub(r"(?:^|\s)#.*", "", text).strip())]
    lines = list(dict.fromkeys(lines))
    if not lines:
        raise UserError(f"{listed.name} names no portal: write an address a line")
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise UserError(
            f"{keep} is not empty, and a trial begins with an archive of its own: name another folder with --keep, or remove that one"
        )
    if not output.absolute().parent.is_dir():
        raise UserError(f"there is no folder {output.absolute().parent} to write {output.name} into")
    if contact is None:
        contact = folder.config().contact if folder.exists() else ""
    manner = Manner(articles, minutes, delay, allow_private)
    with ExitStack() as stack:
        path = (
            keep
            if keep is not None
            else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tinhuyen-trial-")))
        )
        own = ArchiveFolder(path)
        own.init(name="Trial", contact=contact)
        tried: list[Tried] = []
        for number, line in enumerate(lines, start=1):
            click.echo(f"{number}/{len(lines)}  {line} …", err=True)
            tried.append(try_portal(own, line, manner, contact))
            _write(output, tried, keep)  # what is there is there, should it be interrupted
            click.echo(_told(tried[-1]))
    well = sum(bool(one.articles) for one in tried)
    click.echo(f"{output}: {counted(len(tried), 'portal')} tried, articles were read of {well:,}.")
    sys.exit(0 if well == len(tried) else FAILURES)


def _write(output: Path, tried: list[Tried], keep: Path | None) -> None:
    page = trial_page(tried, in_vietnam(warc_date(utc_now())), VERSION, str(keep) if keep is not None else None)
    try:
        output.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror}") from error


def _told(one: Tried) -> str:
    if one.why_not is not None:
        return f"{one.asked}: not tried: {one.why_not}"
    faulty = sum(bool(article.faults) for article in one.articles)
    software = one.probe.family_title if one.probe is not None else "unknown"
    over = ", stopped when its time was over" if one.stopped else ""
    return (
        f"{one.name}: {software}, {counted(len(one.articles), 'article')} read, {faulty:,} with signs of a fault{over}"
    )
