"""Publication times as the three systems print them."""

from __future__ import annotations

from datetime import datetime

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
# A language pack of K2 translated "Monday" and "Friday" as if they were months, and left the others short.
FAULTY_WEEKDAYS = ("Tháng 2", "Thu 3", "Thu 4", "Thu 5", "Tháng 6", "Thu 7", "CN")
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def joomla(when: datetime, faulty: bool = False) -> str:
    """``Thứ hai, 13 Tháng 1 2020 08:30``."""
    day = (FAULTY_WEEKDAYS if faulty else WEEKDAYS)[when.weekday()]
    return f"{day}, {when.day:02} Tháng {when.month} {when:%Y %H:%M}"


def nukeviet(when: datetime) -> str:
    """``Thứ hai - 13/01/2020 08:30``."""
    return f"{WEEKDAYS[when.weekday()]} - {when:%d/%m/%Y %H:%M}"


def wordpress(when: datetime) -> str:
    """``5 Tháng 8, 2025``."""
    return f"{when.day} Tháng {when.month}, {when.year}"


def iso(when: datetime) -> str:
    """``2020-01-13T08:30:00+07:00``."""
    return f"{when:%Y-%m-%dT%H:%M:%S}+07:00"


def rfc822(when: datetime) -> str:
    """``Mon, 13 Jan 2020 08:30:00 +0700``, the date of RSS."""
    day, month = ENGLISH_DAYS[when.weekday()], ENGLISH_MONTHS[when.month - 1]
    return f"{day}, {when.day:02} {month} {when:%Y %H:%M:%S} +0700"
