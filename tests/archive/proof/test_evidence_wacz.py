"""The evidence as WACZ is valid by the format's own validator, and every line of its index leads to its record."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile

import pytest
from fastwarc.warc import ArchiveIterator

from archive.proof import check_pack
from archive.proof.evidence_wacz import write_wacz
from archive.proof.pack import gather


@pytest.fixture
def path(filled, tmp_path):
    identifier = filled.store.conn.execute("SELECT article FROM observation").fetchone()[0]
    write_wacz(gather(filled.store, filled.path, identifier, None), tmp_path / "x.wacz")
    return tmp_path / "x.wacz"


@pytest.mark.slow
def test_the_validator_finds_it_valid(path):
    command = [sys.executable, "-c", "import sys; from wacz.main import main; sys.exit(main())", "validate", "-f", path]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "is valid" in done.stdout, done.stdout + done.stderr


def test_the_index_leads_to_the_records(path):
    with zipfile.ZipFile(path) as wacz:
        lines = wacz.read("indexes/index.cdx").decode().splitlines()
        data = wacz.read("archive/records.warc.gz")
        assert wacz.getinfo("archive/records.warc.gz").compress_type == zipfile.ZIP_STORED
    assert lines == sorted(lines) and len(lines) == 2
    for line in lines:
        values = json.loads(line.split(" ", 2)[2])
        start, size = int(values["offset"]), int(values["length"])
        (record,) = ArchiveIterator(io.BytesIO(data[start : start + size]))
        assert record.headers["WARC-Target-URI"] == values["url"]


def test_it_is_checked_like_any_pack(path, capsys):
    assert check_pack.main([str(path)]) == 0 and "ALL HOLDS" in capsys.readouterr().out
