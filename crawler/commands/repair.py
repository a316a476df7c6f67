"""``tinhuyen repair``: the whole records of a damaged WARC file."""

from __future__ import annotations

from pathlib import Path

import click

from archive.text.plurals import counted
from archive.warc import repair as warc_repair
from crawler.commands.options import errors_as_one_line
from crawler.errors import BadAddress


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@errors_as_one_line
def repair(file: Path) -> None:
    """Repair a WARC file after a crash: keep every whole record, cut off the incomplete last one.

    A crawl does this by itself when it starts. A file that is damaged in the middle is reported and left as it is.
    """
    if not file.is_file():
        raise BadAddress(f"{file} is not a file")
    done = warc_repair.repair(file)
    if done.path is None:
        click.echo(f"{file}: it held no record; removed.")
    elif done.bytes_cut:
        kept, cut = counted(done.records, "record"), counted(done.bytes_cut, "byte")
        click.echo(f"{done.path}: {kept} kept, {cut} of an incomplete record cut off.")
    else:
        click.echo(f"{done.path}: {counted(done.records, 'record')}, all complete.")
