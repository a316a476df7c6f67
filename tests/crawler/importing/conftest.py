"""An archive of one portal, and the command that imports into it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from archive.store import Store
from crawler.cli import main
from crawler.folder.archive_folder import ArchiveFolder
from tests.crawler.importing.foreign_files import HOST


class Importing:
    """The archive, and what its commands say."""

    def __init__(self, path):
        self.folder = ArchiveFolder(path)
        self.folder.init(contact="luutru@example.org")
        with self.folder.config_path.open("a", encoding="utf-8") as out:
            out.write(f'\n[portals.donggiang]\nurl = "{HOST}/"\n')
        self.scratch = path.parent

    def run(self, *args):
        return CliRunner().invoke(main, ["--archive", str(self.folder.path), *map(str, args)])

    def file(self, name, data):
        path = self.scratch / name
        path.write_bytes(data)
        return path

    def take(self, name, data, *args, code=0):
        """Import a file; what was said."""
        done = self.run("import", self.file(name, data), *args)
        assert "Traceback" not in done.output and done.exit_code == code, done.output
        return done.output

    @property
    def articles(self):
        """The articles as exported, by the end of their address."""
        lines = self.run("export").stdout.splitlines()
        return {one["canonical_url"].rpartition("/")[2]: one for one in map(json.loads, lines)}

    def captures(self):
        with Store.open(self.folder.database) as store:
            return store.conn.execute("SELECT count(*) FROM capture").fetchone()[0]

    def is_well(self):
        done = self.run("verify")
        assert done.exit_code == 0, done.output
        return True


@pytest.fixture
def kho(tmp_path):
    return Importing(tmp_path / "kho")
