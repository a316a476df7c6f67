"""``tinhuyen takedown``: an article out of everything public, with a tombstone, and back."""

from __future__ import annotations

import click

from archive.proof.log import Log
from archive.queries.suspensions import suspension, suspensions
from archive.store import Store
from archive.suspension import addresses_of, reinstate, suspend
from archive.text.plain_output import printable
from archive.text.vietnam_time import in_vietnam
from archive.warc.write import utc_now, warc_date
from crawler.commands.article_named import identifier_of
from crawler.commands.options import archive_option
from crawler.crawl.records.recorded import recorded
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.proving.verifying import bring_log_up_to_date
from crawler.ledger import suspended
from crawler.ledger.frontier import Ledger

MOST_REASON = 2000
"""Characters of a reason."""


@click.command()
@click.argument("article", required=False)
@click.option("--reason", metavar="TEXT", help="Why; readers see it in the article's place.")
@click.option("--undo", is_flag=True, help="Bring a suspended article back as it was.")
@click.option("--list", "listing", is_flag=True, help="The articles that are suspended.")
@archive_option
def takedown(article: str | None, reason: str | None, undo: bool, listing: bool, folder: ArchiveFolder) -> None:
    """Suspend an ARTICLE (its id, /bai/ID or its address) from everything public: site, search, exports, captures.

    A tombstone with the reason and the day stands in its place. The captures in the WARC files stay as they are, and a
    crawl may go on meanwhile. --undo brings it back with its id, versions and files.

    Example:  tinhuyen takedown 2026101400000017 --reason "By order 12/2026 of the court of Hung Ha"
    """
    wanted = "reason" if reason is not None else "undo" if undo else "list" if listing else None
    if wanted is None or (reason is not None) + undo + listing > 1:
        raise click.UsageError("give one of --reason TEXT, --undo and --list")
    if (article is None) != listing:
        raise click.UsageError("--list goes without an ARTICLE" if listing else "Missing argument 'ARTICLE'")
    folder.require()
    if listing:
        with Store.open_reading(folder.database) as store:
            _list(store)
        return
    with recorded(folder) as store:
        identifier = identifier_of(store, article or "")
        ledger = Ledger(folder.ledger)
        try:
            click.echo(_take_down(store, ledger, identifier, reason) if reason else _undo(store, ledger, identifier))
        finally:
            ledger.close()


def _list(store: Store) -> None:
    found = suspensions(store.conn)
    for one in found:
        click.echo(f"{one.article}  {in_vietnam(one.at)}  {printable(one.reason)}")
    if not found:
        click.echo("No article is suspended.")


def _take_down(store: Store, ledger: Ledger, identifier: int, reason: str) -> str:
    said = " ".join(printable(reason).split())
    if not said or len(said) > MOST_REASON:
        raise UserError(f"give a reason of up to {MOST_REASON:,} characters: readers see it in the article's place")
    at = warc_date(utc_now())
    if suspend(store, identifier, said, at, lambda rows: suspended.keep(ledger, identifier, at, rows)):
        return f"{identifier} is suspended: /bai/{identifier} tells the reason; --undo brings it back."
    before = suspension(store.conn, identifier)
    if before is None:
        raise UserError(f"no article {identifier} is kept here any more")
    return f"{identifier} has been suspended since {in_vietnam(before.at)}: {printable(before.reason)}"


def _undo(store: Store, ledger: Ledger, identifier: int) -> str:
    stone = suspension(store.conn, identifier)
    if stone is not None and stone.erased is not None:
        raise UserError(f"{identifier} was erased on {in_vietnam(stone.erased)}: nothing of it is held")
    if stone is None:
        suspended.forget(ledger, identifier)  # what a kill may have left, and may not have signed
        if (log := Log(store.path.parent)).exists() and not log.frontier_path.exists():
            bring_log_up_to_date(ArchiveFolder(store.path.parent), store)
        return f"{identifier} is not suspended."
    rows = suspended.kept(ledger, identifier)
    if rows is None:
        raise UserError(f"{ledger_name(store)} beside {store.path} holds no copy of {identifier}: put it back first")
    if rows["article"][0]["gone_at"] is None:
        suspended.ask_anew(ledger, identifier, addresses_of(store.conn, identifier))
    with store.batch():
        reinstate(store, identifier, rows, warc_date(utc_now()))
        for capture in suspended.held(ledger, identifier):
            store.note("unread", capture.record_id)
            store.save_capture(capture)
    suspended.forget(ledger, identifier)
    # what was not in the log yet when it was taken down is looked for again; without it that costs only time
    folder, log = ArchiveFolder(store.path.parent), Log(store.path.parent)
    log.frontier_path.unlink(missing_ok=True)
    if log.exists():  # what a crawl brought meanwhile is signed now
        bring_log_up_to_date(folder, store)
    return f"{identifier} is back as it was, at /bai/{identifier}."


def ledger_name(store: Store) -> str:
    """The file that keeps suspended articles."""
    return ArchiveFolder(store.path.parent).ledger.name
