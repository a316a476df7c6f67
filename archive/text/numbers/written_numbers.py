"""Figures and dates in the ways they are written: 6754 and 6.754, 48,6 tỷ and 48.600 triệu, 12/3/2024 and ngày 12 tháng 3.

A writing is a run of tokens as the search index has them: folded words and runs of digits, without the signs between.
"""

from __future__ import annotations

import re
from decimal import Decimal

Tokens = tuple[str, ...]

FIGURE = re.compile(r"\d{1,15}(?:[.,]\d{1,15}){0,5}")
MOST_DIGITS = 20
"""Characters of a figure that is read as an amount; a longer one is a code."""
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+")
UNITS = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "nghin": 10**3, "ngan": 10**3}
"""Words of magnitude, folded: ``tỷ`` is also written ``tỉ``."""
_SPELLINGS = {10**9: ("ty", "ti"), 10**6: ("trieu",), 10**3: ("nghin", "ngan")}


def figure_writings(figure: str, unit: str | None = None) -> list[Tokens]:
    """The writings of a figure, as typed first; with a unit of money or people (``ty``) those of the whole amount.

    >>> figure_writings("6754")
    [('6754',), ('6', '754')]
    >>> figure_writings("48,6", "ty")[:3]
    [('48', '6', 'ty'), ('48', '6', 'ti'), ('48', '60', 'ty')]
    """
    own = _plain_writings(figure)
    if unit is None:
        return own
    scale = UNITS[unit]
    found = [(*tokens, name) for tokens in own for name in dict.fromkeys((unit, *_SPELLINGS[scale]))]
    for value in _values(figure):
        found += _amount_writings(value * scale, scale)
    return list(dict.fromkeys(found))


def _plain_writings(figure: str) -> list[Tokens]:
    typed = tuple(re.split(r"[.,]", figure))
    found = [typed]
    for value in _values(figure):
        found += _writings_of(value)
    if len(typed) == 1 and len(figure) <= 2:
        found += [(figure.lstrip("0") or "0",), (figure.zfill(2),)]
    return list(dict.fromkeys(found))


def _values(figure: str) -> list[Decimal]:
    """What a figure can mean: a point or comma before three digits divides thousands, and may be a decimal sign."""
    values = []
    if len(figure) > MOST_DIGITS:
        return []
    if _THOUSANDS.fullmatch(figure):
        values.append(Decimal(re.sub(r"[.,]", "", figure)))
    parts = re.split(r"[.,]", figure)
    if len(parts) == 1:
        values.append(Decimal(figure))
    elif len(parts) == 2 and len(parts[1]) != 3:
        values.append(Decimal(".".join(parts)))
    elif "." in figure and "," in figure:  # 1.234,5 or 1,234.5
        *whole, cents = parts
        values.append(Decimal("".join(whole) + "." + cents))
    return values


def _writings_of(value: Decimal) -> list[Tokens]:
    """An amount as one run of digits and divided by thousands, its decimals with and without a nought at their end."""
    whole, _, cents = format(value, "f").partition(".")
    cents = cents.rstrip("0")
    tails: list[Tokens] = [(cents,), (f"{cents}0",)] if len(cents) == 1 else [(cents,)] if cents else [()]
    grouped = tuple(f"{int(whole):,}".split(","))
    return [(*head, *tail) for tail in tails for head in dict.fromkeys((grouped, (whole,)))]


def _amount_writings(amount: Decimal, scale: int) -> list[Tokens]:
    """A whole amount with other words of magnitude, and in figures alone."""
    found: list[Tokens] = []
    for other, names in _SPELLINGS.items():
        share = amount / other
        if other != scale and share >= Decimal("0.1") and share == share.quantize(Decimal("0.001")):
            found += [(*tokens, name) for tokens in _writings_of(share.normalize()) for name in names]
    if amount == amount.to_integral_value():
        found += _writings_of(amount.to_integral_value())
        upper, lower = divmod(int(amount), scale)
        if upper and lower and scale > 10**3 and lower % (scale // 1000) == 0:
            rest = _writings_of(Decimal(lower * 1000 // scale))
            below = _SPELLINGS[scale // 1000]
            found += [
                (str(upper), over, *tokens, name) for over in _SPELLINGS[scale] for tokens in rest for name in below
            ]
    return found


def date_writings(year: int, month: int, day: int) -> list[Tokens]:
    """The writings of a whole date.

    >>> date_writings(2024, 3, 12)[:3]
    [('12', '3', '2024'), ('12', 'thang', '3', 'nam', '2024'), ('12', 'thang', '3', '2024')]
    """
    days, months, written = _both(day), _both(month), str(year)
    found: list[Tokens] = []
    for d in days:
        for m in months:
            found += [(d, m, written), (d, "thang", m, "nam", written), (d, "thang", m, written)]
    return [*found, (written, f"{month:02d}", f"{day:02d}")]


def day_in_its_year(month: int, day: int) -> list[Tokens]:
    """A date as printed within its own year, without it: ``ngày 12/3``."""
    return [("ngay", d, *between, m) for d in _both(day) for m in _both(month) for between in ((), ("thang",))]


def month_writings(year: int, month: int) -> list[Tokens]:
    """The writings of a month."""
    return [("thang", m, *between, str(year)) for m in _both(month) for between in ((), ("nam",))]


def _both(number: int) -> tuple[str, ...]:
    return (str(number), f"{number:02d}") if number < 10 else (str(number),)
