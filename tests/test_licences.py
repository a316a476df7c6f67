"""Every package Tin Huyện is built on stands in docs/licences.md, under a licence that lets it be used."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
OF_PYTHON = {"pip", "setuptools"}
FORBID = re.compile(r"AGPL|\bGPL|SSPL|BUSL|Commons Clause|non-?commercial|proprietary|unknown", re.I)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named() -> list[str]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


def page() -> dict[str, str]:
    """Packages of the page, each with its licence."""
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+?) \|$", (ROOT / "docs" / "licences.md").read_text(), re.M)
    return {name: licence for name, licence in rows if name != "package"}


def closure() -> set[str]:
    """Packages that are installed because a dependency, or what it names, asks for them."""
    found: dict[str, set[str]] = {}

    def walk(requirement: Requirement, extras: set[str]) -> None:
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            return
        name = normal(requirement.name)
        if name in found and requirement.extras <= found[name]:
            return
        try:
            needs = metadata.requires(requirement.name) or []
        except metadata.PackageNotFoundError:
            return
        found[name] = found.get(name, set()) | requirement.extras
        for need in needs:
            walk(Requirement(need), requirement.extras)

    for dependency in named():
        walk(Requirement(dependency), set())
    return set(found) - OF_PYTHON


@pytest.mark.parametrize("dependency", named())
def test_a_dependency_stands_on_the_page(dependency):
    assert normal(Requirement(dependency).name) in page()


def test_so_does_everything_it_brings_along():
    assert closure() - set(page()) == set()


def test_none_forbids_the_use_under_apache():
    # of a choice of licences one has to do
    bad = {name: said for name, said in page().items() if all(FORBID.search(one) for one in said.split(" OR "))}
    assert bad == {} and len(page()) > 40


def test_what_forbids_it_is_known_when_it_is_seen():
    assert all(FORBID.search(said) for said in ("GPL-3.0-or-later", "AGPL-3.0", "SSPL-1.0", "UNKNOWN"))
    assert not any(FORBID.search(said) for said in ("LGPL-2.1-or-later", "MPL-2.0", "BSD-3-Clause"))
