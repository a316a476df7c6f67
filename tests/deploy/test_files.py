"""What is shipped for operators holds: units that systemd reads and finds hardened, a compose file whose parts are there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from crawler.cli import main

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
EXPOSURE = 40
"""Tenths of what ``systemd-analyze security`` calls the exposure of a service, at most."""

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_is_hardened(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", str(unit)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stdout[-300:] + found.stderr


@needs_systemd
def test_the_timer_names_a_moment_there_is() -> None:
    (when,) = re.findall(r"OnCalendar=(.+)", (DEPLOY / "systemd" / "tinhuyen-backup.timer").read_text("utf-8"))
    assert subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, timeout=60).returncode == 0


def test_services_run_commands_there_are() -> None:
    lines = [
        line
        for unit in UNITS
        for line in re.findall(r"ExecStart=\S+tinhuyen --archive \S+ (\S+)", unit.read_text("utf-8"))
    ]
    assert len(lines) == len(UNITS)
    assert {line for line in lines if main.get_command(click.Context(main), line) is None} == set()


def test_the_compose_file_names_what_is_there() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    services = compose["services"]
    assert set(services) == {"crawl", "site", "nginx"}
    for service in services.values():
        assert set(service.get("networks", [])) <= {*compose["networks"], "default"}
        assert set(service.get("depends_on", {})) <= set(services)
    built = (DEPLOY / services["site"]["build"]["context"] / services["site"]["build"]["dockerfile"]).resolve()
    assert built == DEPLOY / "Containerfile"
    (conf,) = [volume.split(":")[0] for volume in services["nginx"]["volumes"]]
    assert (DEPLOY / conf).is_file()
    assert services["site"]["networks"] == ["site"], "the site is reached by nginx alone"
    assert compose["networks"]["site"]["internal"] is True


def test_the_image_copies_files_there_are() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    sources = [word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M) for word in line.split()]
    assert {"crawler", "archive", "pyproject.toml"} <= set(sources)
    assert [source for source in sources if not (DEPLOY.parent / source).exists()] == []


ROOT = DEPLOY.parent
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


@pytest.mark.parametrize("path", [*FORMS, *(ROOT / ".github" / "workflows").glob("*.yml")], ids=lambda path: path.name)
def test_a_form_or_workflow_names_commands_there_are(path: Path) -> None:
    text = path.read_text("utf-8")
    assert yaml.safe_load(text)
    named = set(re.findall(r"tinhuyen ([a-z]+)(?= |`|$)", text))
    assert {name for name in named if main.get_command(click.Context(main), name) is None} == set()


def test_the_versions_that_are_told_are_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert all((ROOT / name).is_file() for name in ("LICENSE", "NOTICE", "LICENSES/vietnamadminunits-MIT.txt"))
