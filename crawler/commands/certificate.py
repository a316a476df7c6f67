"""``tinhuyen certificate``: how complete the archive of a portal is, signed."""

from __future__ import annotations

import json
import time

import click

from archive.database.sqlite_file import is_read_only
from archive.proof.log import Log
from archive.proof.signing import load_key
from archive.store import Store
from crawler.commands.options import archive_option
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.ledger.queries.read_only import open_read_only


@click.command()
@click.argument("portal")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with every address and a signature.")
@archive_option
def certificate(portal: str, as_json: bool, folder: ArchiveFolder) -> None:
    """Certify how complete the archive of a portal is: what its own lists name, as they were read, what of that is held,
    each address that is not and why, and the signed head of the log that holds the captures.

    Example:  tinhuyen certificate hungha.thaibinh --json > certificate.json
    """
    from crawler.health.proving.completeness import certificate as certificate_of
    from crawler.health.proving.verifying import bring_log_up_to_date

    (chosen,) = choose(folder.config(), [portal])
    log = Log(folder.path)
    if folder.database.exists() and not is_read_only(folder.database):
        with Store.open_reading(folder.database) as store:
            bring_log_up_to_date(folder, store)
    heads = log.heads()
    with open_read_only(folder) as conn:
        made = certificate_of(conn, chosen, heads[-1] if heads else None, time.time())
    if not as_json:
        click.echo("\n".join(made.lines()))
        return
    signature = load_key(log.key).sign(made.message()).hex() if log.key.exists() else None
    click.echo(json.dumps({**made.as_dict(), "signature": signature}, ensure_ascii=False))
