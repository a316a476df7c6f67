"""Changes: what was edited, is not found any more, came back; with filters, feeds, a CSV and the month of a portal."""

from __future__ import annotations

import csv
import io
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from archive.changes import seen
from archive.changes.events import Event, What, event_of
from archive.changes.kinds import KINDS
from archive.changes.portal_month import month_of
from archive.queries import records as reading
from archive.queries.coverage_by_month import DOWN
from archive.rows import portal_health
from archive.site.month_page import MOST_CHANGES, MOST_PUBLISHED, said_of
from archive.site.reader_feeds import Feed, atom, json_feed
from archive.site.safe_links import web_address
from archive.site.server.frame import Page, capture_path
from archive.text.safe_cells import neutral
from archive.text.vietnam_time import VIETNAM, utc

ROWS = 20
FEED_ENTRIES = 50
MOST_ROWS = 10_000
"""Rows of the CSV; its name says so where there are more."""

TABS = ("edited", "removed", "returned", "portals")
_WHAT: dict[str, tuple[str, ...]] = {
    "edited": ("edited",),
    "removed": ("removed", "not found"),
    "returned": ("returned",),
}
_EVENT: dict[str, What] = {"edited": "changed", "removed": "removed", "returned": "returned"}
_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}

COLUMNS = (
    "seen_at", "what", "kinds", "places", "characters", "portal", "article", "title", "url", "seen_before", "before", "after",
    "same_rules", "version",
)  # fmt: skip


@dataclass(slots=True)
class Wanted:
    """What the address asks for, as it was typed and as it is looked for."""

    tab: str
    asked: seen.Asked
    parameters: dict[str, object]
    bad_dates: list[str]


def wanted(args: Any) -> Wanted:
    """The parameters of an address; what is no tab, kind or day is left out, and days that are none are told."""
    tab = args.get("state") if args.get("state") in TABS else "edited"
    kind = args.get("kind") if args.get("kind") in KINDS and tab == "edited" else None
    portal = (args.get("portal") or "")[:200] or None
    days = {name: _day(args.get(name)) for name in ("since", "until")}
    since, until = days["since"], days["until"]
    spelling = args.get("spelling") == "1" or kind == "spelling"
    asked = seen.Asked(
        what=_WHAT.get(tab, ()), portal=portal, kind=kind, spelling=spelling, after=_key(args.get("after")),
        since=_utc(since) if since else "", until=_utc(until + timedelta(days=1)) if until else "~",
    )  # fmt: skip
    parameters: dict[str, object] = {
        "state": tab if tab != "edited" else None, "kind": kind, "portal": portal,
        "since": since.isoformat() if since else None, "until": until.isoformat() if until else None,
        "spelling": "1" if spelling and kind is None else None,
    }  # fmt: skip
    return Wanted(tab, asked, parameters, [args[name] for name, day in days.items() if args.get(name) and day is None])


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def _utc(day: date) -> str:
    return utc(datetime.combine(day, time(), VIETNAM))


def _key(text: str | None) -> tuple[str, int] | None:
    at, _, number = (text or "").rpartition("_")
    return (at[:40], int(number)) if at and number.isascii() and number.isdigit() and len(number) < 19 else None


async def in_english(datasette: Any, request: Any) -> Response:
    """The address an English reader would try."""
    return Response.redirect(Page(datasette, request).link("/thay-doi", "en"))


async def changes(datasette: Any, request: Any) -> Response:
    """The list, a page of it."""
    page = Page(datasette, request)
    want = wanted(request.args)
    asked = want.asked

    def read(conn: sqlite3.Connection) -> dict[str, Any]:
        if want.tab == "portals":
            found, more = [], False
        else:
            found = seen.listed(conn, asked, ROWS + 1)
            found, more = found[:ROWS], len(found) > ROWS
        for row in found:
            row["looks"] = seen.looks_of(conn, row) if row["what"] != "edited" else []
        hidden = 0
        if want.tab == "edited" and not asked.spelling and asked.kind is None:
            hidden = seen.spelling_alone(conn, asked)
        return {
            "rows": found,
            "more": more,
            "number": seen.count(conn, asked) if want.tab != "portals" else 0,
            "hidden": hidden,
            "portals": reading.portals(conn),
            "down": [one for one in portal_health.all_portals(conn) if one.verdict in DOWN],
            "months": seen.months_of(conn, asked.portal) if asked.portal else [],
        }

    found = await page.read(read)
    last = found["rows"][-1] if found["rows"] else None
    return await page.render(
        "changes.html",
        want=want,
        **found,
        capped=found["number"] > seen.COUNTED,
        kinds=KINDS,
        tabs=TABS,
        next_key=f"{last['at']}_{last['id']}" if last and found["more"] else None,
        counted_to=seen.COUNTED,
        capture_path=capture_path,
        safe_url=web_address,
    )


async def followed(datasette: Any, request: Any) -> Response:
    """The same list as feed or CSV; looks that prove nothing yet are in the CSV alone."""
    page = Page(datasette, request)
    want, ending = wanted(request.args), request.url_vars["ending"]
    if want.tab == "portals":
        return await page.not_found()
    return await (_csv(page, want) if ending == "csv" else _feed(page, want, ending))


async def _feed(page: Page, want: Wanted, ending: str) -> Response:
    def read(conn: sqlite3.Connection) -> list[Event]:
        events = (
            event_of(conn, row["id"], _EVENT[row["what"]], row["at"], row["article"])
            for row in seen.listed(conn, want.asked, FEED_ENTRIES)
            if row["what"] in _EVENT
        )
        return [event for event in events if event is not None]

    events = await page.read(read)
    filled = {key: value for key, value in want.parameters.items() if value}
    feed = Feed(
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"tinhuyen:/thay-doi?{urlencode(filled)}").urn,
        title=f"{page.speak('name')}: {page.speak(f'changes_{want.tab}')}",
        subtitle=page.speak("changes_claim"),
        home=page.absolute(page.link("/thay-doi", **filled)),
        own=page.absolute(page.link(f"/thay-doi.{ending}", **filled)),
        events=events,
        link=lambda article, version: page.absolute(page.link(f"/bai/{article}", v=version)),
        speak=page.speak,
    )
    return Response(atom(feed) if ending == "atom" else json_feed(feed), content_type=_TYPES[ending])


async def _csv(page: Page, want: Wanted) -> Response:
    found = await page.read(lambda conn: seen.listed(conn, want.asked, MOST_ROWS + 1))
    out = io.StringIO()
    out.write("\ufeff")  # without it a spreadsheet reads Vietnamese as Latin
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, "address"])
    for row in found[:MOST_ROWS]:
        cells = [
            row["at"], row["what"], row["kinds"].strip(","), row["spots"], row["characters"], row["portal_name"], row["article"],
            row["title"] or "", row["url"], row["seen_before"], row["before"], row["after"],
            "yes" if row["same_rules"] else "no", row["version"] or "",
            page.absolute(page.link(f"/bai/{row['article']}", "vi", v=row["version"])),
        ]  # fmt: skip
        writer.writerow([neutral(str(cell)) for cell in cells])
    name = f"tinhuyen-{want.tab}-{min(len(found), MOST_ROWS)}{'-first' if len(found) > MOST_ROWS else ''}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(out.getvalue(), headers=headers, content_type=_TYPES["csv"])


async def month(datasette: Any, request: Any) -> Response:
    """A portal's month: looks, changes and what was published, as `tinhuyen month` prints it."""
    page = Page(datasette, request)
    name, asked = request.url_vars["name"], request.url_vars["month"]

    def read(conn: sqlite3.Connection) -> dict[str, Any] | None:
        portal = reading.portal(conn, name)
        if portal is None or not ("1900" < asked[:4] < "9000" and "01" <= asked[5:] <= "12"):
            return None
        return said_of(month_of(conn, name, asked), portal.title or name, MOST_PUBLISHED, MOST_CHANGES)

    found = await page.read(read)
    if found is None:
        return await page.not_found()
    return await page.render("portal_month.html", link=page.link, **found)
