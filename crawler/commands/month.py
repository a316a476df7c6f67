"""``tinhuyen month``: a portal's month on paper: published, changed, not found again, and when nobody looked."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator

import click

from archive.changes.as_rows import COLUMNS, as_row
from archive.changes.portal_month import Month, Published, month_of
from archive.export.pdf import pdf_of
from archive.site.month_page import month_page
from archive.store import Store
from archive.text.plurals import counted
from archive.text.safe_cells import neutral
from archive.text.vietnam_time import in_vietnam
from crawler.commands.changes import told
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose


@click.command()
@click.argument("portal")
@click.argument("month", metavar="YYYY-MM")
@click.option("--html", "form", flag_value="html", help="One page to print.")
@click.option("--pdf", "form", flag_value="pdf", help="The same page as a PDF file (extra `pdf`).")
@click.option("--csv", "form", flag_value="csv", help="A table for a spreadsheet.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the page.")
@archive_option
def month(portal: str, month: str, form: str | None, lang: str, folder: ArchiveFolder) -> None:
    """Report a portal's month: what it published, changed and no longer showed, each line with its captures.

    It says as well when the portal did not answer, and on which days nobody looked.

    Example:  tinhuyen month hungha.thaibinh 2026-10 --html > 2026-10.html
    """
    config = folder.config()
    with Store.open_reading(folder.database) as store:
        held = {one.name: one for one in store.portals()}
        name = portal if portal in held else choose(config, [portal])[0].name
        try:
            found = month_of(store.conn, name, month)
        except ValueError:
            raise UserError(f"{month!r} is no month: write it as 2026-10") from None
        title = held[name].title or name if name in held else name
    if form == "html":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        click.echo(month_page(found, title, "en" if lang == "en" else "vi"))
    elif form == "pdf":
        if sys.stdout.isatty():
            raise UserError("a PDF file is nothing for a terminal: write it into one with  > month.pdf")
        made = pdf_of(month_page(found, title, "en" if lang == "en" else "vi"))
        click.echo(made, nl=False)
    elif form == "csv":
        _write_csv(found)
    else:
        for line in _lines(found, title):
            click.echo(line)


def _write_csv(found: Month) -> None:
    """Articles published first, under the columns of changes, then the changes."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found.published:
        row = dict.fromkeys(COLUMNS, "") | {
            "at": one.day, "what": f"{'published' if one.dated else 'undated, first seen'}{_through(one)}", "portal": found.portal,
            "article": str(one.article), "title": one.title or "", "url": one.url, "captures": one.capture,
        }  # fmt: skip
        writer.writerow([neutral(row[name]) for name in COLUMNS])
    for change in found.changes:
        writer.writerow([neutral(cell) for cell in as_row(change)])


def _through(one: Published) -> str:
    return f", seen through {one.through}" if one.through else ""


def _lines(found: Month, title: str) -> Iterator[str]:
    yield f"{title}, {found.month}"
    down = [look for look in found.looks if look.was_down]
    silent = f", {len(down):,} without an answer" if down else ""
    yield f"looked at  {counted(len(found.looks), 'crawl')}{silent}"
    for look in down:
        yield f"    {in_vietnam(look.started_at)}  {look.verdict}"
    if found.days_not_looked:
        spans = ", ".join(first if first == last else f"{first} to {last}" for first, last in found.spans_not_looked)
        yield f"not looked at on {counted(len(found.days_not_looked), 'day')}: {spans}"
    undated = f", and {found.undated:,} without a day, first seen in this month" if found.undated else ""
    yield f"published  {counted(len(found.published) - found.undated, 'article')}, as the portal dates them{undated}"
    for one in found.published:
        yield f"    {one.day[:10]}{'' if one.dated else ' (undated, first seen)'}{_through(one)}  {one.title or one.url}  /bai/{one.article}"
    yield f"changes    {counted(len(found.changes), 'change')}"
    for change in found.changes:
        yield from (f"    {line}" for line in told(change))
