"""The health page, and the same as metrics for Prometheus: both read the small summary in ``archive.db``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from archive.rows import portal_health as health
from archive.site.server.frame import Page


async def portals(datasette: Any, request: Any) -> Response:
    """How each portal was found at its last crawl, those that need a look first."""
    page = Page(datasette, request)
    found = await page.read(health.all_portals)
    unjudged = await page.read(health.unjudged)
    now = datetime.now(UTC)
    ending = {one.portal for one in found if one.certificate_is_near(now)}
    well = [one for one in found if one.is_well]
    groups = [
        (page.speak("health_looks"), [one for one in found if not one.is_well]),
        (page.speak("health_well"), well),
    ]
    return await page.render(
        "health.html",
        portals=found,
        well=len(well),
        groups=groups,
        unjudged=unjudged,
        never=await page.read(health.never_reached),
        ending=ending,
        checks=await page.read(health.theme_checks),
    )


async def metrics(datasette: Any, request: Any) -> Response:
    """The Prometheus text format."""
    found = await Page(datasette, request).read(health.all_portals)
    return Response(exposition(found), content_type="text/plain; version=0.0.4; charset=utf-8")


def exposition(portals: list[health.Health]) -> str:
    """Metrics of the portals: what is held, failing and waiting, whether all is well, when each was looked at."""
    gauges: dict[str, tuple[str, Callable[[health.Health], float | None]]] = {
        "tinhuyen_portal_well": ("Whether the last crawl found the portal well.", lambda one: int(one.is_well)),
        "tinhuyen_portal_articles": ("Articles held.", lambda one: one.articles),
        "tinhuyen_portal_articles_not_seen": (
            "Articles not found at their last look and not counted as gone.",
            lambda one: one.not_seen,
        ),
        "tinhuyen_portal_articles_gone": ("Articles that answered 404 over two weeks.", lambda one: one.gone),
        "tinhuyen_portal_failed_pages": ("Pages that failed.", lambda one: one.failed),
        "tinhuyen_portal_waiting_pages": ("Pages that wait to be fetched.", lambda one: one.waiting),
        "tinhuyen_portal_checked_timestamp_seconds": ("When the last crawl ended.", lambda one: _unix(one.checked_at)),
    }
    lines: list[str] = []
    for name, (says, value) in gauges.items():
        lines += [f"# HELP {name} {says}", f"# TYPE {name} gauge"]
        lines += [f'{name}{{portal="{_label(one.portal)}"}} {value(one)}' for one in portals]
    lines += [
        "# HELP tinhuyen_portal_verdict How the last crawl found the portal.",
        "# TYPE tinhuyen_portal_verdict gauge",
    ]
    lines += [f'tinhuyen_portal_verdict{{portal="{_label(one.portal)}",verdict="{one.verdict}"}} 1' for one in portals]
    lines += [
        "# HELP tinhuyen_portal_certificate_ends_timestamp_seconds When the TLS certificate of its host ends.",
        "# TYPE tinhuyen_portal_certificate_ends_timestamp_seconds gauge",
    ]
    lines += [
        f'tinhuyen_portal_certificate_ends_timestamp_seconds{{portal="{_label(one.portal)}"}} {_unix(one.certificate_ends)}'
        for one in portals
        if one.certificate_ends
    ]
    return "\n".join(lines) + "\n"


def _unix(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
