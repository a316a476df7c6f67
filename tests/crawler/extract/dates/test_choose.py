"""Which of a page's dates is believed: the order of trust, zones and machines that contradict what a reader sees."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import PrintedDate
from crawler.cms.family import Dates
from crawler.extract.dates.choose import EARLIEST_YEAR, Candidates, choose, is_of_site_builder

ORDER = Dates(published=("visible", "time", "jsonld", "meta"), modified=("jsonld", "meta"))
MACHINE_FIRST = Dates(published=("jsonld", "meta", "visible"), modified=("jsonld",))
SEEN = "2024-06-01T00:00:00Z"


def published(order: Dates = ORDER, **printed: str):
    return choose(Candidates(printed), order, SEEN)


def value(order: Dates = ORDER, **printed: str) -> str | None:
    chosen = published(order, **printed).published
    return chosen.value if chosen else None


@pytest.mark.parametrize(
    ("printed", "source", "is_value"),
    [
        ({"visible": "12/03/2024 08:30", "meta": "2024-03-12T08:30:00+07:00"}, "visible", "2024-03-12T08:30+07:00"),
        ({"meta": "2024-03-12T08:30:00+07:00"}, "meta", "2024-03-12T08:30:00+07:00"),
        ({"visible": "Sáng nay", "meta": "2024-03-12T08:30:00+07:00"}, "meta", "2024-03-12T08:30:00+07:00"),
        ({"visible": "12/03/2024"}, "visible", "2024-03-12"),
        ({"visible": "12/03/2024 00:00"}, "visible", "2024-03-12"),
        ({"jsonld": "2024-03-12T01:30:00Z"}, "jsonld", "2024-03-12T08:30:00+07:00"),
    ],
    ids=["first-in-trust", "only-one", "unreadable-first", "day", "midnight-is-a-day", "utc-is-vietnams"],
)
def test_the_most_trusted_readable_date_is_taken_in_vietnams_time(printed, source, is_value):
    chosen = published(**printed).published
    assert (chosen.value, chosen.source, chosen.text) == (is_value, source, printed[source])


@pytest.mark.parametrize(
    "text",
    ["", "không rõ", "01/01/1970", "0001-01-01", "31/02/2024", "tháng 3 năm 2024", "12/03/2031"],
    ids=["nothing", "words", "epoch", "year-one", "no-such-day", "month-alone", "years-ahead"],
)
def test_what_no_portal_published_on_is_no_date(text):
    assert value(visible=text) is None
    assert value(visible=text, meta="2024-03-12") == "2024-03-12"


@pytest.mark.parametrize(("days", "taken"), [(1, True), (3, False)])
def test_a_clock_may_run_ahead_by_a_day_or_two(days, taken):
    ahead = datetime.fromisoformat(SEEN) + timedelta(days=days)
    assert (value(meta=ahead.isoformat()) is not None) is taken


def test_without_a_day_of_capture_no_date_is_too_late():
    assert choose(Candidates({"visible": "12/03/2031"}), ORDER).published.value == "2031-03-12"


def test_a_source_that_the_family_does_not_trust_is_not_asked():
    assert value(microdata="2024-03-12") is None


def test_a_machine_that_writes_vietnams_hour_as_utc_is_set_right_by_what_is_printed():
    chosen = published(MACHINE_FIRST, jsonld="2024-03-12T08:30:00Z", visible="12/03/2024 08:30")
    assert chosen.published.value == "2024-03-12T08:30+07:00"
    assert "seven hours" in chosen.notes[0]


@pytest.mark.parametrize(
    ("machine", "printed", "taken"),
    [
        ("2024-03-11T20:00:00+07:00", "12/03/2024", "2024-03-12"),
        ("2024-01-05T08:00:00+07:00", "12/03/2024", "2024-01-05T08:00:00+07:00"),
        ("4/5/2024 8:00:00 AM", "05/04/2024", "2024-04-05T08:00:00+07:00"),
    ],
    ids=["slip-of-a-zone", "another-day", "month-and-day-turned"],
)
def test_a_day_that_contradicts_the_printed_one_is_noted_or_read_the_other_way(machine, printed, taken):
    chosen = published(MACHINE_FIRST, jsonld=machine, visible=printed)
    assert chosen.published.value == taken
    assert bool(chosen.notes) is (chosen.published.value[:10] != "2024-04-05")


def test_a_machine_that_repeats_the_modification_gives_way_to_the_printed_day():
    edited = "2024-05-20T09:00:00+07:00"
    chosen = choose(Candidates({"jsonld": edited, "visible": "12/03/2024"}, {"jsonld": edited}), MACHINE_FIRST, SEEN)
    assert chosen.published.value == "2024-03-12"
    assert chosen.modified.value == edited


@pytest.mark.parametrize(
    ("modified", "told"),
    [
        ("2024-03-13T08:30:00+07:00", True),
        ("2024-03-12T08:30:30+07:00", False),
        ("2024-03-12T08:30:00+07:00", False),
        ("2024-03-01T08:30:00+07:00", False),
    ],
    ids=["a-day-later", "half-a-minute-later", "the-same", "earlier"],
)
def test_a_modification_is_told_only_where_it_is_later_than_the_publication(modified, told):
    chosen = choose(Candidates({"meta": "2024-03-12T08:30:00+07:00"}, {"meta": modified}), ORDER, SEEN)
    assert (chosen.modified is not None) is told


def test_a_modification_on_the_day_that_alone_is_printed_is_none():
    assert (
        choose(Candidates({"visible": "12/03/2024"}, {"meta": "2024-03-12T18:00:00+07:00"}), ORDER, SEEN).modified
        is None
    )


def test_without_a_publication_there_is_no_modification():
    assert choose(Candidates({}, {"meta": "2024-03-12T18:00:00+07:00"}), ORDER, SEEN).modified is None


def test_sources_a_day_apart_are_noted_and_those_of_one_day_are_not():
    apart = published(jsonld="2024-03-12T08:00:00+07:00", meta="2024-03-15T08:00:00+07:00")
    assert "2024-03-15" in apart.notes[0]
    assert published(jsonld="2024-03-12T08:00:00+07:00", meta="2024-03-12T18:00:00+07:00").notes == []


@pytest.mark.parametrize(
    ("source", "text", "builder"),
    [("jsonld", "Jun 12, 2025", True), ("jsonld", "2025-06-12", False), ("visible", "Jun 12, 2025", False)],
)
def test_a_structured_date_written_for_people_is_a_site_builders(source, text, builder):
    assert is_of_site_builder(PrintedDate("2025-06-12", "day", source, text)) is builder


DAYS = st.dates(datetime(EARLIEST_YEAR, 1, 1).date(), datetime(2024, 5, 30).date())


@given(DAYS, st.sampled_from(["{:%d/%m/%Y}", "{:%d-%m-%Y}", "ngày {:%d} tháng {:%m} năm {:%Y}", "{:%Y-%m-%d}"]))
def test_a_printed_day_is_that_day_however_it_is_written(day, form):
    assert value(visible=form.format(day, day, day)) == day.isoformat()


@given(st.dictionaries(st.sampled_from(["visible", "time", "jsonld", "meta"]), st.text(max_size=30)))
def test_no_text_breaks_it_and_what_is_chosen_was_printed(printed):
    chosen = published(**printed).published
    assert chosen is None or printed[chosen.source] == chosen.text
