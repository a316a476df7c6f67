"""``tinhuyen correct``: a field of an article as a person says it is, beside what was read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from archive.corrections import correct as keep_correction
from archive.corrections import take_back
from archive.queries.standing_corrections import FIELDS, Correction, corrections, value_of
from archive.queries.suspensions import suspension
from archive.store import Store
from archive.text.combining import nfc
from archive.text.plain_output import printable
from archive.text.vietnam_time import VIETNAM, day_typed, in_vietnam
from archive.warc.write import utc_now, warc_date
from crawler.commands.article_named import identifier_of
from crawler.commands.options import archive_option
from crawler.commands.takedown import MOST_REASON
from crawler.crawl.records.recorded import recorded
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.probe.misreading import DAYS, fixed

MOST = 20_000
"""Characters of a value: more is no title, lead or name."""


@click.command()
@click.argument("article", required=False)
@click.argument("given", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("--reason", metavar="TEXT", help="Why; readers see it beside the field.")
@click.option("--by", "who", metavar="NAME", help="Who says so; it is public, as the reason is.")
@click.option("--undo", multiple=True, metavar="FIELD", help="Let a field stand as it was read again.")
@click.option("--list", "listing", is_flag=True, help="What is corrected, and whether it still applies.")
@archive_option
def correct(
    article: str | None,
    given: tuple[str, ...],
    reason: str | None,
    who: str | None,
    undo: tuple[str, ...],
    listing: bool,
    folder: ArchiveFolder,
) -> None:
    """Correct fields of an ARTICLE (its id, /bai/ID or its address): title, lead, section, byline, author, published, tags.

    What was read stays kept. Site, search and exports show what you say, marked as corrected by hand with day and reason, by
    this version and later ones, until the page itself says something else there; --list tells where it did. An empty value
    says that there is none; tags have ; between them; published is 2026-10, 2026-10-14 or
    2026-10-14T08:30 (Vietnam's time), or the same with the day first, 14/10/2026.

    Example:  tinhuyen correct 2026101400000017 published=2026-10-14 --reason "The page prints its own clock"
    """
    folder.require()
    if listing and (given or undo or reason):
        raise click.UsageError("--list goes alone, or with an ARTICLE")
    if not listing and (article is None or bool(given) == bool(undo)):
        raise click.UsageError("give an ARTICLE with FIELD=VALUE, or with --undo FIELD, or --list")
    if listing:
        with Store.open_reading(folder.database) as store:
            for line in _listed(store, identifier_of(store, article) if article else None):
                click.echo(line)
        return
    said = [] if undo else [value_given(*fixed(one, "", FIELDS)) for one in given]
    why = "" if undo else reason_given(reason)
    if unknown := [field for field in undo if field not in FIELDS]:
        raise UserError(f"--undo {printable(unknown[0])}: one of {', '.join(FIELDS)}")
    with recorded(folder) as store:
        identifier = identifier_of(store, article or "")
        _refuse(store, identifier)
        lines = _undone(store, identifier, undo) if undo else _corrected(store, identifier, dict(said), why, who)
        for line in lines:
            click.echo(line)


def reason_given(reason: str | None) -> str:
    """A reason as it is kept. Raises `UserError` where there is none."""
    why = " ".join(printable(reason or "").split())
    if not why or len(why) > MOST_REASON:
        raise UserError(f"give  --reason TEXT , up to {MOST_REASON:,} characters: readers see it beside the field")
    return why


def value_given(field: str, value: Any) -> tuple[str, Any]:
    """A field's value as it is kept. Raises `UserError` for a day that is none, and for what is too long."""
    if field == "published":
        return field, day_given(value) if value else None
    if isinstance(value, list):
        return field, [text for one in value if (text := _text(field, one))]
    return field, _text(field, value) if value else None


def _text(field: str, value: str) -> str | None:
    text = " ".join(printable(nfc(value)).split())
    if len(text) > MOST:
        raise UserError(f"{field}: longer than {MOST:,} characters")
    return text or None


def day_given(value: str) -> str:
    """A day, a month or a minute as articles hold it; without an offset it is Vietnam's time. Raises `UserError`."""
    try:
        typed = day_typed(value)
    except ValueError as error:
        raise UserError(f"published={printable(value)}: {DAYS}") from error
    if isinstance(typed, str):
        return typed
    return (typed if typed.tzinfo else typed.replace(tzinfo=VIETNAM)).isoformat(timespec="minutes")


def _refuse(store: Store, identifier: int) -> None:
    if suspension(store.conn, identifier) is not None:
        raise UserError(f"{identifier} is suspended: bring it back first, with  tinhuyen takedown {identifier} --undo")


def _corrected(store: Store, identifier: int, said: dict[str, Any], reason: str, who: str | None) -> Iterator[str]:
    article = store.load(identifier)
    if article is None:
        raise UserError(f"no article {identifier} is kept here any more")
    if same := [field for field, value in said.items() if value_of(article, field) == value]:
        raise UserError(f"{same[0]} is read so already: {shown(said[same[0]])}")
    at = warc_date(utc_now())
    name = " ".join(printable(who).split())[:200] if who else None
    with store.batch():
        for field, value in said.items():
            keep_correction(store, identifier, field, value, reason, at, name or None)
    for field, value in said.items():
        yield f"{field}: {shown(value)}  (read: {shown(value_of(article, field))})"
    yield f"{identifier} is shown so from now on; --undo FIELD takes it back."


def _undone(store: Store, identifier: int, fields: tuple[str, ...]) -> Iterator[str]:
    at = warc_date(utc_now())
    for field in dict.fromkeys(fields):
        done = take_back(store, identifier, field, at)
        yield f"{field}: stands as it was read again" if done else f"{field}: is not corrected"


def _listed(store: Store, identifier: int | None) -> Iterator[str]:
    found = corrections(store.conn, identifier)
    for one in found:
        read = "accepted as read" if one.value == one.read else f"read: {shown(one.read)}"
        yield f"{one.article}  {one.field}: {shown(one.value)}  ({read})"
        who = f", by {printable(one.who)}" if one.who else ""
        yield f"    {in_vietnam(one.at)}{who}: {printable(one.reason)}"
        if (why := no_longer(store, one)) is not None:
            yield f"    no longer applies: {why}"
    if not found:
        yield "Nothing is corrected."


def no_longer(store: Store, one: Correction) -> str | None:
    """Why a correction does not apply to its article as it stands; ``None`` where it does."""
    article = store.load(one.article)
    if article is None:
        return "the article is not kept, or is suspended"
    if one.ended is not None:
        now = shown(value_of(article, one.field))
        return f"the page changed it itself, seen {in_vietnam(one.ended)}; it is read now: {now}"
    return None


def shown(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, list):
        value = "; ".join(value)
    return printable(value) if value else "–"
