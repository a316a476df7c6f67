"""The ``tinhuyen`` command."""

from __future__ import annotations

import click

from crawler.commands import control, crawling, demo, making, probing, reading
from crawler.settings import VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--archive",
    metavar="DIR",
    envvar="TINHUYEN_ARCHIVE",
    help="The archive's folder; default: $TINHUYEN_ARCHIVE, else ./tinhuyen-data.",
)
@click.version_option(VERSION, prog_name="tinhuyen")
def main(archive: str | None) -> None:
    """Crawl, keep and search the news of Vietnam's local governments.

    Exit codes: 0 well, 1 finished with failures, 2 usage, 3 archive damaged or locked, 4 disk full or quota, 130 interrupted.
    """


for command in (
    making.init,
    making.add,
    probing.probe,
    making.repair,
    crawling.crawl,
    crawling.status,
    crawling.why,
    crawling.plan,
    control.pause,
    control.resume,
    control.stop,
    control.retry,
    control.remove,
    reading.export,
    reading.extract,
    reading.serve,
    demo.demo,
):
    main.add_command(command)
