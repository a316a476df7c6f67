"""``tinhuyen erase``: an article out of the archive for good, its captures included."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from archive.text.plain_output import printable
from archive.text.plurals import counted
from crawler.commands.article_named import identifier_of
from crawler.commands.options import archive_option
from crawler.commands.takedown import MOST_REASON
from crawler.commands.verify import progress_bar
from crawler.crawl.records.recorded import recorded
from crawler.erasure.erasing import Erased, Plan, carry_out, held_plan, plan_erasure, refuse_while_crawling
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.frontier import Ledger


@click.command()
@click.argument("article")
@click.option("--reason", metavar="TEXT", required=True, help="Why; readers see it in the article's place.")
@click.option("--keep-files", is_flag=True, help="Keep captures of attachments and pictures that it alone offers.")
@click.option("--keep-lists", is_flag=True, help="Keep captures of lists and feeds that hold words of it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@archive_option
def erase(article: str, reason: str, keep_files: bool, keep_lists: bool, yes: bool, folder: ArchiveFolder) -> None:
    """Erase an ARTICLE (its id, /bai/ID or its address) where the law demands it: from the databases and the WARC files.

    The WARC files are written anew without its captures. Their digests stay in the log of captures, with a signed note,
    so that the proofs of all else hold. It cannot be undone: for anything less there is  tinhuyen takedown . What broke off
    goes on with the same command. Backups and copies elsewhere are not touched.

    Exit codes: 0 erased, 1 erased, and words of it stand elsewhere in the folder, which is told.

    Example:  tinhuyen erase 2026101400000017 --reason "By judgement 12/2026 of the court of Hung Ha"
    """
    folder.require()
    refuse_while_crawling(folder)
    said = " ".join(printable(reason).split())
    if not said or len(said) > MOST_REASON:
        raise UserError(f"give a reason of up to {MOST_REASON:,} characters: readers see it in the article's place")
    with recorded(folder) as store:
        identifier = identifier_of(store, article)
        plan = held_plan(folder)
        if plan is not None and plan.article != identifier:
            raise UserError(f"the erasure of {plan.article} was broken off: finish that first, with the same command")
        if plan is None and not yes:
            _ask(identifier)
        ledger = Ledger(folder.ledger)
        try:
            if plan is None:
                wants = {"files": not keep_files, "lists": not keep_lists}
                plan = plan_erasure(folder, store, ledger, identifier, said, **wants, bar=progress_bar)
            done = carry_out(folder, store, ledger, plan, progress_bar)
        finally:
            ledger.close()
    for line in _told(done):
        click.echo(printable(line))
    sys.exit(FAILURES if done.left_in or done.plan.elsewhere else 0)


def _ask(identifier: int) -> None:
    if not sys.stdin.isatty():
        raise UserError("this cannot be undone: say  --yes  where nobody can be asked")
    click.confirm(f"Erase {identifier} and its captures for good?", abort=True)


def _told(done: Erased) -> Iterator[str]:
    plan: Plan = done.plan
    own = counted(len(plan.records) - len(plan.lists), "capture")
    yield f"{plan.article} is erased: {own} of it, and {counted(len(plan.lists), 'list')} that held words of it, in {counted(len(plan.files), 'WARC file')}."
    yield f"Their {counted(len(plan.leaves), 'digest')} stay in the log; /bai/{plan.article} tells the reason."
    if plan.shared:
        yield f"{counted(plan.shared, 'paragraph')} of it stand in other articles as well, and stay there."
    if plan.elsewhere:
        yield f"Words of it stand in {counted(len(plan.elsewhere), 'other capture')}, which stay:"
        yield from (f"    {url}" for url in plan.elsewhere[:20])
    if done.left_in:
        yield "Words of it stand in these files, which are not the archive's own: delete them yourself."
        yield from (f"    {path}" for path in done.left_in[:20])
