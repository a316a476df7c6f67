"""Feeds: events of a search or a portal as Atom (RFC 4287) and JSON Feed 1.1, with what changed inside the entry.

What portals wrote stands in them as escaped text. ``updated`` is when the archive saw it, ``published`` what the portal printed
where it printed a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from markupsafe import Markup

from archive.changes.events import Event
from archive.changes.word_diff import Run
from archive.site.words.speaker import Speaker

MOST_PARAGRAPHS = 30
"""Paragraphs of a change that stand in an entry."""
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Feed:
    """What a feed is of. ``link`` answers the whole address of an article and version where the site knows its own."""

    id: str
    title: str
    subtitle: str
    home: str
    own: str
    events: Sequence[Event]
    link: Callable[[int, int | None], str]
    speak: Speaker


def atom(feed: Feed) -> str:
    """The feed as Atom."""
    updated = max((event.at for event in feed.events), default="1970-01-01T00:00:00Z")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.speak.language}">',
        f"<id>{feed.id}</id>",
        f"<title>{_text(feed.title)}</title>",
        f"<subtitle>{_text(feed.subtitle)}</subtitle>",
        f"<updated>{updated}</updated>",
        f'<link rel="self" type="application/atom+xml" href={_quoted(feed.own)}/>',
        f'<link rel="alternate" type="text/html" href={_quoted(feed.home)}/>',
        f"<author><name>{_text(feed.speak('name'))}</name></author>",
    ]
    return "\n".join([*lines, *(_entry(feed, event) for event in feed.events), "</feed>\n"])


def _entry(feed: Feed, event: Event) -> str:
    moment = _moment(event.published)
    printed = f"<published>{moment}</published>" if moment else ""
    section = f"<category term={_quoted(event.section)}/>" if event.section else ""
    return (
        f"<entry><id>{event.id}</id><title>{_text(entry_title(event, feed.speak))}</title>"
        f"<updated>{event.at}</updated>{printed}"
        f'<link rel="alternate" type="text/html" href={_quoted(feed.link(event.article, event.version))}/>'
        f'<link rel="via" href={_quoted(event.url)}/>'
        f"<author><name>{_text(event.portal_title)}</name></author>{section}"
        f'<content type="html">{_text(str(content(event, feed.speak)))}</content></entry>'
    )


def json_feed(feed: Feed) -> str:
    """The feed as JSON Feed 1.1."""
    items: list[dict[str, Any]] = []
    for event in feed.events:
        item: dict[str, Any] = {
            "id": event.id,
            "url": feed.link(event.article, event.version),
            "external_url": event.url,
            "title": entry_title(event, feed.speak),
            "content_html": str(content(event, feed.speak)),
            "date_modified": event.at,
            "authors": [{"name": event.portal_title}],
            "tags": [event.section] if event.section else [],
            "language": "vi",
            "_tinhuyen": {
                "what": event.what,
                "article": event.article,
                "version": event.version,
                "portal": event.portal,
            },
        }
        if moment := _moment(event.published):
            item["date_published"] = moment
        items.append(item)
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.home,
        "feed_url": feed.own,
        "language": feed.speak.language,
    }
    return json.dumps({**head, "items": items}, ensure_ascii=False, indent=1)


def entry_title(event: Event, speak: Speaker) -> str:
    """The title, behind what happened to the article where it is no new one."""
    title = event.title or speak("untitled")
    return title if event.what == "new" else f"[{speak(f'event_{event.what}')}] {title}"


def content(event: Event, speak: Speaker) -> Markup:
    """What an entry says, as HTML: when it was seen, and the beginning of the article or what changed in it."""
    said = [
        speak(f"event_{event.what}_at", d=speak.when(event.at)),
        speak("event_published", d=speak.when(event.published)) if event.published else speak("undated"),
    ]
    if event.gone_status is not None:
        said.append(speak("event_status", code=str(event.gone_status)))
    head = Markup("<p>{}</p>").format(" · ".join(said))
    if event.edit is None:
        return head + Markup("<p>{}</p>").format(event.lead)
    pieces = [
        Markup("<p><b>{}</b>: {}</p>").format(
            speak("title") if one.field == "title" else one.field, marked_runs(one.runs)
        )
        for one in event.edit.fields
    ]
    changed = [one for one in event.edit.paragraphs if one.fate != "kept"]
    pieces += [Markup("<p>{}</p>").format(marked_runs(one.runs)) for one in changed[:MOST_PARAGRAPHS]]
    if len(changed) > MOST_PARAGRAPHS:
        pieces.append(Markup("<p>{}</p>").format(speak("event_more", n=len(changed) - MOST_PARAGRAPHS)))
    return head + Markup("").join(pieces)


def marked_runs(runs: Sequence[Run]) -> Markup:
    """Words removed and added, as HTML."""
    signs = {"kept": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}
    return Markup("").join(Markup(signs[run.op]).format(run.text) for run in runs)


def plain_runs(runs: Sequence[Run]) -> str:
    """Words removed and added, in signs that a mail can bear."""
    signs = {"kept": "{}", "removed": "[−{}−]", "added": "{{+{}+}}"}
    return "".join(signs[run.op].format(run.text) for run in runs)


def _moment(published: str | None) -> str | None:
    """A time of publication as RFC 3339 has it; None for a day or month, which it does not know."""
    if published is None or len(published) <= 10:
        return None
    return f"{published[:16]}:00{published[16:]}" if published[16:17] != ":" else published


def _text(text: str) -> str:
    return xml(_NOT_XML.sub("", text))


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
