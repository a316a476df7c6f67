"""A probe as TOML: the portal's entry for ``tinhuyen.toml``, and with it, for people, what else was seen."""

from __future__ import annotations

from typing import Any

import tomlkit

from archive.text.plurals import counted
from crawler.folder.toml_text import clean, remark
from crawler.probe.prober import Probe


def entry_of(probe: Probe) -> Any:
    """The portal's entry for ``tinhuyen.toml``: its facts, its feeds and sections of news, without samples."""
    table = tomlkit.table()
    table["url"] = probe.url
    if probe.title:
        table["title"] = clean(probe.title)
    if probe.reached:
        table["family"] = probe.family
        table["family"].comment(remark(probe.why))
    if probe.unit:
        table["unit"] = clean(probe.unit)
    if probe.feeds:
        table["feeds"] = _lines([feed.url for feed in probe.feeds])
    if probe.sitemaps:
        table["sitemaps"] = _lines([sitemap.url for sitemap in probe.sitemaps])
    if probe.sections:
        array = tomlkit.array()
        for place in probe.sections:
            pages = f", {counted(place.pages, 'page')}" if place.pages else ""
            array.add_line(place.section.url, comment=remark(f"{place.section.name}{pages}"))
        array.add_line(indent="")
        table["sections"] = array
    return table


def document_of(probe: Probe) -> str:
    """The whole probe as a TOML document: ``[portals."name"]`` and below it what was seen."""
    document = tomlkit.document()
    portals = tomlkit.table(is_super_table=True)
    table = entry_of(probe)
    if probe.language:
        table["language"] = clean(probe.language)
    if probe.reached:
        table["pagination"] = probe.pager.kind
    if probe.sections:
        table["sections"] = _lines([_row(place) for place in probe.sections])
    table["robots"] = clean(probe.robots)
    table["tls"] = clean(probe.tls)
    if probe.reached and probe.pager.why:
        how = f"?{probe.pager.key}=, " if probe.pager.key else ""
        table["pagination"].comment(remark(f"{how}{probe.pager.why}"))
    others = [place for place in probe.places if place.section.kind in ("law_list", "qa", "media")]
    if others:
        rows = tomlkit.aot()
        for place in others:
            row = tomlkit.table()
            row["name"], row["url"], row["kind"] = clean(place.section.name), place.section.url, place.section.kind
            rows.append(row)
        table["not_captured"] = rows
    if probe.samples:
        rows = tomlkit.aot()
        for sample in probe.samples:
            row = tomlkit.table()
            for name in ("url", "title", "published", "byline", "section", "words", "extractor"):
                if (value := getattr(sample, name)) is not None:
                    row[name] = clean(value) if isinstance(value, str) else value
            rows.append(row)
        table["samples"] = rows
    portals[probe.name] = table
    document["portals"] = portals
    for note in probe.notes:
        document.add(tomlkit.comment(remark(note)))
    document.add(tomlkit.comment(counted(probe.requests, "request")))
    return tomlkit.dumps(document)


def _row(place: Any) -> Any:
    """A section with what was seen of it."""
    row = tomlkit.inline_table()
    row["name"], row["url"] = clean(place.section.name), place.section.url
    if place.pages:
        row["pages"] = place.pages
    return row


def _lines(values: list[Any]) -> Any:
    array = tomlkit.array()
    array.extend(values)
    return array.multiline(True)
