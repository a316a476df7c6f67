"""``tinhuyen review``: days and titles the reader was unsure of, one after the other, to accept or to mend."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from archive.corrections import correct as keep_correction
from archive.queries.doubts import DOUBTS, Doubt, doubts
from archive.store import Store
from archive.text.plain_output import printable
from archive.text.plurals import counted
from archive.warc.write import utc_now, warc_date
from crawler.commands.correct import reason_given, shown, value_given
from crawler.commands.options import archive_option
from crawler.crawl.records.recorded import recorded
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose

ACCEPTED = "accepted as read"


@click.command()
@click.argument("portal", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@click.option("--by", "who", metavar="NAME", help="Who looks; it is public.")
@click.option("--json", "as_json", is_flag=True, help="Print them as lines of JSON, and ask nothing.")
@archive_option
def review(portal: str | None, limit: int, who: str | None, as_json: bool, folder: ArchiveFolder) -> None:
    """Review days and titles the reader was unsure of, of a PORTAL or of all, newest articles first.

    At a terminal each is shown and you accept it, mend it or skip it. What is accepted or mended is kept as  tinhuyen correct
    keeps it, at once, and is not asked again. Without a terminal they are listed.

    Example:  tinhuyen review hungha.thaibinh --limit 20
    """
    folder.require()
    with Store.open_reading(folder.database) as store:
        if portal is not None and portal not in {one.name for one in store.portals()}:
            choose(folder.config(), [portal])  # with the nearest names
        found = doubts(store.conn, portal, limit)
    if as_json:
        for one in found:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
        return
    if not found:
        click.echo("Nothing is doubtful.")
        return
    if not someone_is_there():
        for one in found:
            click.echo("\n".join(_lines(one)))
        return
    with recorded(folder) as store:
        settled = _ask_each(store, found, who)
    click.echo(f"{counted(settled, 'field')} settled of {len(found):,} shown.")


def someone_is_there() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty()


def _lines(one: Doubt) -> Iterator[str]:
    yield f"{one.article}  {one.field}: {shown(one.read)}  ({'; '.join(DOUBTS[code] for code in one.why)})"
    if one.field != "title":
        yield f"    title: {shown(one.title)}"
    if one.source:
        yield f"    from {printable(one.source)}: {shown(one.printed)}"
    yield from (f"    {printable(note)}" for note in one.notes)
    yield f"    {printable(one.url)}"


def _ask_each(store: Store, found: list[Doubt], who: str | None) -> int:
    """Ask one after the other; each answer is kept before the next question. Answers how many were settled."""
    settled = 0
    choice = click.Choice(["a", "m", "s", "q"])
    for number, one in enumerate(found, start=1):
        click.echo(f"\n{number}/{len(found)}  " + "\n".join(_lines(one)))
        answer = click.prompt("accept, mend, skip, quit", type=choice, default="s")
        if answer == "q":
            break
        if answer == "a":
            _keep(store, one, one.read, ACCEPTED, who)
        elif answer == "m":
            _keep(store, one, *_right(one), who)
        settled += answer != "s"
    return settled


def _right(one: Doubt) -> tuple[str | None, str]:
    """What is right, and why; asked until it can be kept."""
    while True:
        given = click.prompt(f"  {one.field} is (- for none)").strip()
        try:
            _, value = value_given(one.field, "" if given == "-" else given)
            return value, reason_given(click.prompt("  reason", default="as the page has it"))
        except UserError as error:
            click.echo(f"  {error}")


def _keep(store: Store, one: Doubt, value: str | None, reason: str, who: str | None) -> None:
    name = " ".join(printable(who).split())[:200] if who else None
    keep_correction(store, one.article, one.field, value, reason, warc_date(utc_now()), name or None)
