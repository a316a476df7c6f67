"""Adding portals to an archive: what a person typed becomes a portal, with what the registry knows of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from archive.model import Portal
from archive.store import Store
from crawler.addresses.scope import portal_name
from crawler.addresses.urls import absolute, host_port
from crawler.errors import BadAddress
from crawler.fetch.network import NoNameServer, PrivateAddress, UnknownHost, refuse_private, resolve
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Config
from crawler.portals.entry import PortalEntry
from crawler.portals.registry import registry
from crawler.probe.asker import Asker
from crawler.probe.prober import Probe, Prober
from crawler.watchdog.watchdog import bounded

GLANCE_SECONDS = 8.0
"""How long `add` waits for an answer: a portal that takes longer is added by its address alone."""


def add_portals(folder: ArchiveFolder, portals: Iterable[Portal], facts: Mapping[str, Any] | None = None) -> list[str]:
    """Write portals into the archive's settings and database; answers the names that are new.

    ``facts`` holds, by a portal's name, a table for the settings of what else was seen of it.
    """
    portals = list(portals)
    new = folder.add_portals(portals, facts)
    with Store.open(folder.database) as store, store.batch():
        for portal in portals:
            known = registry()
            store.add_portal(portal, [*known.predecessors(portal.name), *known.successors(portal.name)])
    return new


def portal_asked_for(
    text: str, *, allow_private: bool = False, unseen: bool = False, may_be_unseen: bool = True
) -> Portal:
    """The portal a person means by an address, or by the name or host of a registered one. Raises :class:`BadAddress`.

    A registered portal may be dead, or its name server away: only what the registry does not vouch for is looked up.
    An ``unseen`` address is believed although its host has no address; a private one stays refused, by the crawl at last.
    Where it ``may_be_unseen``, an error offers that.
    """
    entry = _by_name_or_host(text)
    if entry is not None:
        return registered(entry)
    address = portal_address(text)
    entry = registry().find(address)
    host, port = host_port(address)
    try:
        for found in resolve(host, port):
            refuse_private(found, host=host, allowed=allow_private)
    except PrivateAddress as error:
        raise BadAddress(f"{error}") from error
    except NoNameServer as error:
        if not (unseen and "://" in text):
            raise BadAddress(f"{error}{_without_network(text, may_be_unseen)}") from error
    except UnknownHost as error:
        if not (unseen and "://" in text):
            raise BadAddress(f"{error}{_instead(text, entry, may_be_unseen)}") from error
    if entry is not None:
        return registered(entry, url=address, allow_private=allow_private)
    return Portal(portal_name(address), address, allow_private=allow_private, added_at=_now())


def is_registered_name(text: str | None) -> bool:
    """Whether a person named a portal of the registry, whose facts are known without a look at it."""
    return text is not None and _by_name_or_host(text) is not None


def glance_at(portal: Portal, config: Config) -> Probe:
    """What robots.txt and the home page tell of a portal; what was not known of it is set.

    Two requests, so that adding a portal takes no longer than the politeness between them.
    """
    asker = Asker(
        delay=config.politeness.delay,
        timeout=GLANCE_SECONDS,
        contact=config.contact,
        allow_private=portal.allow_private,
    )
    seen = bounded(Prober(portal.url, asker).glance, portal.url)
    if seen.reached:
        portal.title, portal.unit = portal.title or seen.title, portal.unit or seen.unit
        portal.family = portal.family if seen.family == "general" and portal.family else seen.family
    return seen


def registered(entry: PortalEntry, *, url: str | None = None, allow_private: bool = False) -> Portal:
    """A portal of the registry as it is kept, at its own address or at ``url``."""
    return Portal(
        entry.name,
        url or entry.url,
        title=entry.title,
        family=entry.family,
        unit=entry.unit,
        allow_private=allow_private,
        added_at=_now(),
    )


def went_on(name: str) -> list[str]:
    """A line for each portal on which the news of a registered portal went on."""
    lines = []
    for link in registry().successors(name):
        since = f" since {link.since}" if link.since else ""
        document = f" ({link.document})" if link.document else ""
        lines.append(f"Its successor is {link.new}{since}{document}:  tinhuyen add {link.new}")
    return lines


def portal_address(url: str) -> str:
    """The address of a portal as it is kept, from what a person typed. Raises :class:`BadAddress`."""
    text = url.strip()
    if not re.match(r"^[a-z][a-z0-9+.-]*://", text, re.I):
        text = "http://" + text
    address = absolute(text, text)
    if address is None or not re.search(r"[a-z0-9\]]", urlsplit(address).hostname or ""):
        raise BadAddress(f"{url} is no address of a portal: give one like https://hungha.thaibinh.gov.vn/")
    return address


def _by_name_or_host(text: str) -> PortalEntry | None:
    """The registered portal of that name or bare host; an address with a scheme or a path is taken as typed."""
    entry = None if "://" in text else registry().find(text)
    path = text.strip().partition("/")[2].rstrip("/")
    return entry if entry is not None and path in ("", urlsplit(entry.url).path.strip("/")) else None


def _without_network(text: str, may_be_unseen: bool) -> str:
    """What to do where no name server answers: a word that nearly is a registered name was meant as one."""
    near = [] if "/" in text.rstrip("/") else registry().near(text.rstrip("/"))
    hint = f"; of the registered portals, did you mean {' or '.join(near)}?" if near else ""
    return (
        f": check this machine's network{', or add the address unseen with  --no-probe' if may_be_unseen else ''}{hint}"
    )


def _instead(text: str, entry: PortalEntry | None, may_be_unseen: bool) -> str:
    """What to do about a host that does not resolve."""
    if entry is not None:
        return f": if the portal is gone, add it all the same with  tinhuyen add {entry.name}"
    if "://" in text:
        return ": check the spelling" + (
            "; if the portal is gone, add its address all the same with  --no-probe" if may_be_unseen else ""
        )
    near = registry().near(text)
    hint = f"did you mean {' or '.join(near)}?" if near else "search the registry with  tinhuyen portals WORD"
    return f", and the registry has no portal of that name: {hint}"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
