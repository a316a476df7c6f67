"""Every kind of page of a site, and what is wrong with one as a browser shows it at each width, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from urllib.parse import quote

import pytest

WIDTHS = (1280, 768, 390, 320)
LARGEST = 150_000
"""Bytes of a page without its pictures."""

FORMS = """
const wide = [...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect();
    if (box.width == 0 || box.right <= document.documentElement.clientWidth + 1) return false;
    for (let above = one.parentElement; above; above = above.parentElement)
        if (getComputedStyle(above).overflowX != "visible") return false;
    return true;
});
return {scroll: document.documentElement.scrollWidth, width: document.documentElement.clientWidth,
        wide: wide.slice(0, 3).map(one => one.outerHTML.slice(0, 120))};
"""
ASKED = """
return {own: location.origin, asked: performance.getEntriesByType("resource").map(one => one.name),
        bytes: performance.getEntriesByType("navigation")[0].decodedBodySize,
        headings: document.querySelectorAll("h1").length, mains: document.querySelectorAll("main").length,
        language: document.documentElement.lang};
"""
AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"], runOnly: arguments[0], iframes: false}).then(found => done(
    found.violations.map(one => [one.id, one.impact, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))])
));
"""
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def kinds(article_changed: str, article_vanished: str, portal: str, place: str, number: str, capture: str, month: str) -> dict[str, str]:  # fmt: skip
    """An address of each kind, the readers' in Vietnamese."""
    return {
        "home": "/",
        "search": "/tim?q=thu+hồi+đất",
        "search, nothing found": "/tim?q=khongcotunay",
        "search, all": "/tim",
        "article, changed": article_changed,
        "article, vanished": article_vanished,
        "comparison": f"{article_changed}/so-sanh",
        "capture": capture,
        "changes": "/thay-doi",
        "vanished": "/thay-doi?state=removed",
        "month": f"/cong/{portal}/thang/{month}",
        "portals": "/cong",
        "portal": f"/cong/{portal}",
        "places": "/noi",
        "place": f"/noi/{place}",
        "documents": "/van-ban",
        "document": f"/van-ban/{quote(number)}",
        "health": "/suc-khoe",
        "notebook": "/so-tay",
        "nowhere": "/khong-co-trang-nay",
        "tables": "/archive",
        "view": "/archive/articles",
        "table": "/archive/article",
        "row": f"/archive/article/{article_changed.rpartition('/')[2]}",
        "canned query": "/archive/latest_changes",
    }


def axe_source() -> str:
    """The script of axe-core, out of the package that brings it along."""
    pytest.importorskip("axe_core_python")
    return files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")


class Walker:
    """A browser that looks at pages one by one."""

    def __init__(self, browser, address: str, axe: str) -> None:
        self.browser, self.address, self.axe = browser, address, axe

    def wrong_with(self, path: str, *, own: bool = True) -> list[str]:
        """What is wrong with a page; ``own``: whether it is one of ours, and none of Datasette's in our frame.

        axe-core looks at a desk's width in light colours and at a phone's in dark ones; of an English page, which is drawn
        by the same templates, at the phone's alone.
        """
        self.look_like(WIDTHS[0], "light")
        self.browser.get(self.address + path)
        found = [*self._asked(), *self.at_widths()]
        self.browser.execute_script(self.axe)
        if not path.startswith("/en"):
            self.look_like(WIDTHS[0], "light")
            found += self.axe_finds("light", own=own)
        self.look_like(390, "dark")
        found += self.axe_finds("dark, 390", own=own)
        logged = [one["message"] for one in self.browser.get_log("browser") if one["level"] == "SEVERE"]
        return found + [f"console: {one}" for one in logged if "responded with a status of 404" not in one]

    def look_like(self, width: int, scheme: str) -> None:
        """A window of a width, on a machine that prefers light or dark."""
        self._wide(width)
        self.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )

    def leave(self) -> None:
        """Let the browser be as it was."""
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def _wide(self, width: int) -> None:
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 700},
        )

    def _asked(self) -> Iterator[str]:
        said = self.browser.execute_script(ASKED)
        outside = [one for one in said["asked"] if not one.startswith((said["own"], "data:"))]
        if outside:
            yield f"asks {outside}"
        if said["bytes"] > LARGEST:
            yield f"{said['bytes']} bytes"
        if (said["headings"], said["mains"]) != (1, 1):
            yield f"{said['headings']} h1, {said['mains']} main"
        if not said["language"]:
            yield "no language"

    def at_widths(self) -> Iterator[str]:
        for width in WIDTHS:
            self._wide(width)
            said = self.browser.execute_script(FORMS)
            if said["scroll"] > width:
                yield f"at {width} px it scrolls sideways to {said['scroll']}: {said['wide']}"

    def axe_finds(self, where: str, *, own: bool) -> Iterator[str]:
        """What axe-core finds: of Datasette's own pages what is serious."""
        for rule, impact, nodes in self.browser.execute_async_script(AXE, RULES):
            if own or impact in ("critical", "serious"):
                yield f"axe, {where}: {rule} ({impact}) {nodes}"
