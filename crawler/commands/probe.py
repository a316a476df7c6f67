"""``tinhuyen probe``: look at a portal that is not known yet."""

from __future__ import annotations

import json
import sys

import click

from crawler.commands.options import archive_option
from crawler.errors import FAILURES
from crawler.folder.archive_folder import ArchiveFolder
from crawler.probe.adding import portal_address
from crawler.probe.as_toml import document_of
from crawler.probe.asker import Asker
from crawler.probe.prober import Prober
from crawler.watchdog.watchdog import bounded

PROBE_SECONDS = 60.0
"""CPU seconds for the twenty pages of a probe; an ordinary one takes two or three."""


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option(
    "--delay",
    type=click.FloatRange(min=0, max=3600),
    help="Seconds between two requests; default: the archive's, else 1.",
)
@click.option(
    "--timeout", type=click.FloatRange(min=1, max=600), default=20.0, show_default=True, help="Seconds for one answer."
)
@click.option("--allow-private", is_flag=True, help="Follow the portal to a loopback or private address, too.")
@archive_option
def probe(
    url: str, as_json: bool, delay: float | None, timeout: float, allow_private: bool, folder: ArchiveFolder
) -> None:
    """Probe a portal and print it as an entry for tinhuyen.toml: software and why, sections, feeds, samples.

    Some twenty requests, one at a time; nothing is saved. Needs no archive.

    Example:  tinhuyen probe https://hungha.thaibinh.gov.vn/
    """
    address = portal_address(url)
    config = folder.config() if folder.exists() else None
    polite = delay if delay is not None else config.politeness.delay if config else 1.0
    asker = Asker(
        delay=polite,
        timeout=timeout,
        contact=config.contact if config else "",
        allow_private=allow_private,
        typed=address,
        proxy=config.of_address(address).proxy if config else None,
    )
    found = bounded(Prober(address, asker).probe, address, PROBE_SECONDS)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2) if as_json else document_of(found), nl=as_json)
    if not found.reached:
        click.echo(f"tinhuyen: {address}: {'; '.join(found.notes)}", err=True)
        sys.exit(FAILURES)
