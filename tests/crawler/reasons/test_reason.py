"""Reasons: a code, facts and one sentence, kept in the ledger and read from it without loss."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason, columns_of, reason_of

SAID = Reason(Code.SERVER_ANSWERS, status=503)


def sample(code: Code) -> dict[str, Any]:
    """Facts for the places of a sentence: numbers where it formats numbers, else texts."""
    places = [(name, form) for _, name, form, _ in string.Formatter().parse(code.sentence) if name]
    return {name: 1_204 if form or name == "status" else f"{name}?" for name, form in places if name != "reason"}


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_name_fit_for_a_ledger_and_a_sentence(code):
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", code)
    note = "{reason}" in code.sentence
    said = str(SAID.noting(code, **sample(code)) if note else Reason(code, **sample(code)))
    assert "{" not in said and (said or code is Code.NOT_SAID)
    assert ("the server answers 503" in said) is note or code is Code.SERVER_ANSWERS


def test_no_two_codes_are_told_alike_but_those_that_only_quote():
    sentences = [code.sentence for code in Code if code.sentence != "{said}"]
    assert len(sentences) == len(set(sentences))


@pytest.mark.parametrize(
    ("reason", "sentence", "group"),
    [
        (Reason(Code.PRINT_VIEW), "print view", "print view"),
        (Reason(Code.TRAP_LONG_ADDRESS, characters=1900), "trap: an address of 1,900 characters", None),
        (Reason(Code.DEAD_LINK, status=404), "dead link (404)", "dead link"),
        (SAID.noting(Code.ASKS_TO_WAIT, seconds=30.0), "the server answers 503, asking to wait 30 s", "the server answers 503"),
        (SAID.noting(Code.TRIED, tries=1), "the server answers 503; tried 1 time, to be tried again", None),
        (SAID.noting(Code.TRIED, tries=3), "the server answers 503; tried 3 times, to be tried again", None),
        (SAID.noting(Code.UNTIL_ROBOTS).noting(Code.WAITS_FOR_LATER), "waits for a later crawl: the server answers 503; nothing of the host is fetched until its robots.txt answers", None),
        (Reason(Code.STATIC_PAGE, why=Reason(Code.STATIC_TITLE, text="Liên hệ")), "static page: its title is “Liên hệ”", "static page"),
        (Reason(Code.LOG_IN).noting(Code.NO_PROOF), "log-in or registration: no article, and no proof that it was removed", "log-in or registration"),
        (Reason(Code.MISSED, occurrences=1), "1 occurrence was missed: nothing looked at the schedules from then on; one run catches up", None),
        (Reason(Code.MANY_MISSED, occurrences=1000), "more than 1,000 occurrences were missed: nothing looked at the schedules from then on; one run catches up", None),
    ],
    ids=lambda value: value.code.value if isinstance(value, Reason) else "",
)  # fmt: skip
def test_a_reason_is_told_by_the_sentence_of_its_code(reason, sentence, group):
    assert str(reason) == sentence
    assert group is None or reason.group == group


facts = st.dictionaries(
    st.from_regex(r"[a-m][a-z]{0,5}", fullmatch=True), st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False)
)  # fmt: skip


@given(st.sampled_from(list(Code)), facts, st.lists(st.tuples(st.sampled_from(list(Code)), facts), max_size=3), facts)
def test_what_the_ledger_keeps_is_the_reason(code, own, notes, within):
    reason = Reason(code, **own, why=Reason(Code.STATIC_TITLE, **within))
    for note, of_note in notes:
        reason = reason.noting(note, **of_note)
    _, kept, as_json = _columns(reason)
    again = reason_of(kept, as_json, "x")
    assert again == reason and again.notes == reason.notes


def _columns(reason: Reason) -> tuple[str, str, str | None]:
    """The columns of a reason whose facts need not fit its sentence."""

    class Told(Reason):
        def __str__(self) -> str:
            return "x"

    told = Told(reason.code, **reason.facts)
    told.notes = reason.notes
    return told.columns


def test_a_row_without_reason_has_none_and_one_of_a_newer_version_keeps_its_words():
    assert reason_of(None, None) is None and columns_of(None) == (None, None, None)
    newer = reason_of("code-of-later", '{"n": 5, "notes": [["tried", {"tries": 2}]]}', "something new; tried 2 times")
    assert newer.code is Code.OTHER and newer.has(Code.TRIED)


def test_notes_are_taken_off_and_make_another_reason():
    noted = Reason(Code.TAG_LIST).noting(Code.BY_OLDER_RULE)
    assert noted != Reason(Code.TAG_LIST) and noted.without(Code.BY_OLDER_RULE) == Reason(Code.TAG_LIST)
    assert str(noted) == "tag list (by an older rule)"


def test_a_quotation_with_braces_stays_a_quotation():
    assert (
        str(Reason(Code.STATIC_TITLE, text="{status} {0}").noting(Code.COPY_STAYS))
        == "its title is “{status} {0}”; the kept copy stays"
    )
