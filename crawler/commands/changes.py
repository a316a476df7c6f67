"""``tinhuyen changes``: what portals altered in silence, removed and brought back."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

import click

from archive.changes.as_rows import COLUMNS, as_dict, as_row, through, words_apart
from archive.changes.kinds import KINDS
from archive.changes.listing import Change
from archive.changes.listing import changes as changes_of
from archive.store import Store
from archive.text.plurals import counted
from archive.text.safe_cells import neutral
from archive.text.vietnam_time import VIETNAM, in_vietnam, utc
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose

CHOICES = (*KINDS, "removed", "not found", "returned")


@click.command()
@click.argument("portals", nargs=-1, metavar="[PORTAL]...")
@click.option("--since", metavar="DAY", help="Changes seen from this day on (2026-10-01, Vietnam's).")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(CHOICES), help="Only these; may be given several times."
)
@click.option("--json", "form", flag_value="json", help="One change a line as JSON, with its words.")
@click.option("--csv", "form", flag_value="csv", help="A table for a spreadsheet.")
@archive_option
def changes(
    portals: tuple[str, ...], since: str | None, kinds: tuple[str, ...], form: str | None, folder: ArchiveFolder
) -> None:
    """List what was changed after publication: edits by kind, removals, returns, swapped files.

    Every line says when it was seen; when the portal did it nobody saw. Counters, related lists and clocks do not count.

    Example:  tinhuyen changes hungha.thaibinh --since 2026-10-01 --kind figures
    """
    begin = beginning(since) if since else ""
    config = folder.config()
    with Store.open_reading(folder.database) as store:
        held = {portal.name for portal in store.portals()}
        names = [name if name in held else choose(config, [name])[0].name for name in portals] or None
        found = (one for one in changes_of(store.conn, names, begin) if not kinds or set(kinds) & set(one.kinds))
        if form == "json":
            for one in found:
                click.echo(json.dumps(as_dict(one), ensure_ascii=False))
        elif form == "csv":
            write_csv(found, sys.stdout)
        else:
            _print(found)


def beginning(day: str) -> str:
    """When a day begins in Vietnam, as UTC in ISO 8601. Raises :class:`UserError` for what is no day."""
    try:
        moment = datetime.combine(date.fromisoformat(day), time(), VIETNAM)
    except ValueError:
        raise UserError(f"{day!r} is no day: write it as 2026-10-01") from None
    return utc(moment)


def write_csv(found: Iterable[Change], out: object) -> None:
    """Changes as CSV; a cell that a spreadsheet would take for a formula is marked as text."""
    writer = csv.writer(out, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(COLUMNS)
    for one in found:
        writer.writerow([neutral(cell) for cell in as_row(one)])


def _print(found: Iterable[Change]) -> None:
    count = 0
    for one in found:
        count += 1
        for line in told(one):
            click.echo(line)
    click.echo(f"{counted(count, 'change')}." if count else "No change was seen.")


def told(one: Change) -> Iterator[str]:
    """A change in a few lines: what and when, of which article, the words that differ."""
    yield f"{in_vietnam(one.at)}  {', '.join(one.kinds)}{through(one)}: {one.title or one.url}"
    yield f"    {one.url}  /bai/{one.article}{f'?v={one.versions[1]}' if one.versions else ''}"
    seen = f"last seen {in_vietnam(one.seen_before)}"
    if one.what in ("not found", "removed", "returned"):
        looks = ", ".join(f"{in_vietnam(look.at)} ({look.status})" for look in one.looks)
        yield f"    {seen}, not seen at {looks}"
        return
    before, after = words_apart(one, 160)
    yield f"    before: {before or '-'}   ({seen})"
    yield f"    after:  {after or '-'}"
    if not one.same_rules:
        yield "    The two versions were read by different rules: compare the captures before relying on it."
