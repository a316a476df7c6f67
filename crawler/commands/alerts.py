"""``tinhuyen alerts``: the mail, the webhook and the services of apprise that are told when something goes wrong."""

from __future__ import annotations

import sys

import click

from crawler.commands.near_names import NearNames
from crawler.commands.options import archive_option
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health.alerting.alert_messages import try_channels


@click.group(cls=NearNames)
def alerts() -> None:
    """Alerts by mail, webhook and apprise, as set under [alerts] in tinhuyen.toml."""


@alerts.command("test")
@archive_option
def test(folder: ArchiveFolder) -> None:
    """Send a test alert through each channel and print what became of it. Exit code 1 when one could not be sent.

    Example:  tinhuyen alerts test
    """
    config = folder.config()
    where = {"mail": f" {', '.join(config.alerts.mail)}", "webhook": f" {config.alerts.webhook}"}
    outcome = try_channels(config)
    if not outcome:
        raise UserError(f"no alerts are set up: set mail, webhook or notify under [alerts] in {folder.config_path}")
    for channel, error in outcome.items():
        how = f" by {config.alerts.smtp_shown}" if channel == "mail" else ""
        said = "the test alert was sent" if error is None else f"could not be sent{how}: {error}"
        click.echo(f"{channel:8}{where.get(channel, '')}: {said}")
    sys.exit(FAILURES if any(outcome.values()) else 0)
