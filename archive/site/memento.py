"""Memento (RFC 7089): the moments, links and headers by which other tools find captures by address and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from archive.queries.captures import Look


def moment_asked(header: str | None) -> str | None:
    """``Accept-Datetime`` in ISO 8601 and UTC; None where there is none. Raises `ValueError` for what is no date of HTTP."""
    if not header or not header.strip():
        return None
    try:
        moment = parsedate_to_datetime(header.strip()[:100])
    except (TypeError, IndexError) as error:
        raise ValueError(header) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat().replace("+00:00", "Z")


def http_date(at: str) -> str:
    """A capture's moment as HTTP writes it."""
    return format_datetime(datetime.fromisoformat(at).astimezone(UTC).replace(microsecond=0), usegmt=True)


def links(original: str, timegate: str, timemap: str, *mementos: str) -> str:
    """The ``Link`` header of a memento or of the TimeGate."""
    own = [f'<{_plain(original)}>; rel="original"', f'<{timegate}>; rel="timegate"']
    return ", ".join([*own, f'<{timemap}>; rel="timemap"; type="application/link-format"', *mementos])


def memento_link(address: str, look: Look, looks: Sequence[Look]) -> str:
    """A capture as a link, with its place among all of its address."""
    places = [word for word, one in (("first", looks[0]), ("last", looks[-1])) if one == look]
    return f'<{address}>; rel="{" ".join([*places, "memento"])}"; datetime="{http_date(look.fetched_at)}"'


def timemap(original: str, timegate: str, own: str, looks: Sequence[Look], address: Callable[[Look], str]) -> str:
    """All captures of an address in link format (RFC 6690)."""
    span = f'from="{http_date(looks[0].fetched_at)}"; until="{http_date(looks[-1].fetched_at)}"'
    lines = [
        f'<{_plain(original)}>; rel="original"',
        f'<{timegate}>; rel="timegate"',
        f'<{own}>; rel="self"; type="application/link-format"; {span}',
        *(memento_link(address(look), look, looks) for look in looks),
    ]
    return ",\n".join(lines) + "\n"


def _plain(address: str) -> str:
    """An address that cannot end the brackets around it, nor the header."""
    return "".join(
        c if "!" <= c <= "~" and c not in '<>"' else "".join(f"%{b:02X}" for b in c.encode()) for c in address
    )
