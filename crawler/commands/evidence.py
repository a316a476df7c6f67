"""``tinhuyen evidence``: one version of an article with its proofs, for somebody who trusts nobody."""

from __future__ import annotations

from pathlib import Path

import click

from archive.database.sqlite_file import is_read_only
from archive.proof.evidence_wacz import write_wacz
from archive.proof.pack import NotHeld, gather, write_zip
from archive.queries.suspensions import suspension
from archive.store import Store
from archive.text.plain_output import printable
from archive.text.plurals import counted
from archive.text.vietnam_time import in_vietnam
from crawler.commands.article_named import identifier_of
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="One of its versions; default: the newest.")
@click.option("--wacz", is_flag=True, help="As WACZ, which replay tools open; the proofs are in it, too.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@archive_option
def evidence(article: str, version: int | None, wacz: bool, output: Path, folder: ArchiveFolder) -> None:
    """Write the evidence of an article, named by its id or address: WARC records, page, text, attachments, the proofs that
    they are in the signed log, and a check.py that needs Python alone.

    Example:  tinhuyen evidence 2026050112345678 --version 1 -o evidence.zip
    """
    folder.require()
    with Store.open_reading(folder.database) as store:
        identifier = identifier_of(store, article)
        stone = suspension(store.conn, identifier)
        if stone is not None and stone.erased is not None:
            raise UserError(f"{identifier} was erased on {in_vietnam(stone.erased)}: {printable(stone.reason)}")
        if stone is not None:
            raise UserError(f"{identifier} is suspended: tinhuyen takedown {identifier} --undo  brings it back")
        if not is_read_only(folder.database):
            from crawler.health.proving.verifying import bring_log_up_to_date

            bring_log_up_to_date(folder, store)
        try:
            pack = gather(store, folder.path, identifier, version)
        except NotHeld as error:
            raise UserError(str(error)) from error
    try:
        (write_wacz if wacz else write_zip)(pack, output)
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror}") from error
    number, parts = pack.record.version, counted(len(pack.parts), "capture")
    click.echo(f"{output}: version {number} of {pack.record.article.url}, {parts}", err=True)
    click.echo(f"signed by the key {pack.head.key}", err=True)
    if (who := pack.record.through.get(pack.record.capture.record_id)) is not None:
        told = "captured by {}, not by this archive: the pack proves that it held these bytes, and from which file it took them"
        click.echo(told.format(printable(who)), err=True)
