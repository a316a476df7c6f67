"""Near words: what a slip may have been, syllables before the names that a syllable is not asked for."""

from __future__ import annotations

import pytest

from archive.queries.full_text.spelling import near_words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("phog", ("phong",), id="a letter missing"),
        pytest.param("dta", ("dat",), id="two letters swapped"),
        pytest.param("hooij", ("hoi",), id="Telex that was not converted"),
        pytest.param("xan", ("san",), id="an onset that is heard alike"),
        pytest.param("thuhoi", ("thu", "hoi"), id="two syllables written as one"),
    ],
)
def test_syllables_are_near(typed, meant):
    syllables, names = near_words(typed)

    assert meant in syllables and meant not in names


def test_names_are_near_to_what_is_no_syllable_and_many_times_as_many():
    syllables, names = near_words("vinfat")

    assert ("vinfast",) in names and ("vinfast",) not in syllables
    assert near_words("phong")[1] == ()
    assert len(near_words("phog")[0]) < 40 < len(near_words("phog")[1])
