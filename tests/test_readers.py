"""The readers' distribution: what the site imports is among its packages, and the crawler's are not."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
READERS = tomllib.loads((ROOT / "readers" / "pyproject.toml").read_text("utf-8"))["project"]
WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BROUGHT_ALONG = {"h11": "uvicorn", "markupsafe": "jinja2", "pluggy": "datasette"}
"""Modules that a package named there needs itself."""


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w-]+", one)[0].replace("-", "_").lower() for one in requirements}


def imported() -> set[str]:
    """First names of the modules that `archive` imports beside Python's own; those of a function are asked for when it runs."""
    found = set()
    for path in (ROOT / "archive").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"archive"}


def test_every_package_the_archive_imports_is_named():
    extras = [one for extra in READERS["optional-dependencies"].values() for one in extra]
    named = names([*READERS["dependencies"], *extras])
    assert {BROUGHT_ALONG.get(module, module) for module in imported()} <= named
    assert not named & {"scrapy", "twisted", "selectolax", "lxml", "trafilatura"}


def test_both_distributions_are_of_one_version_and_one_plugin():
    assert READERS["version"] == WHOLE["project"]["version"]
    assert READERS["entry-points"] == WHOLE["project"]["entry-points"]


def test_the_site_imports_without_the_crawlers_packages():
    named = sorted(names(WHOLE["project"]["dependencies"]) - names(READERS["dependencies"]))
    # names of modules where they are not those of the packages
    blocked = {*named, "bs4"} - {"click", "cryptography", "rfc3161_client"}
    program = f"""
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
import archive.site.server.read_command, archive.store
from archive.site import datasette_for, register_routes
from archive.site.views import article_view, document_view, home_view, place_view, portal_view, search_view
from archive.site.views.captures import capture_view
print("scrapy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.stdout.strip(), done.returncode) == ("False", 0), done.stderr
