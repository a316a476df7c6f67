"""The file of learnt themes: read as written, kept where edited, refused with one line where it cannot be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cms.family import Selectors
from crawler.cms.learnt import Evidence, LearntTheme
from crawler.learn import learn
from crawler.learn.theme_file import BadTheme, is_edited, load, path_of, save, text_of, with_those_before
from tests.crawler.learn.invented import Portal, pieces, plain

THEME = LearntTheme("learnt-1", Selectors(title=("h2",), body=("div.q2",)), date="visible", learnt_from=12)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    themes = learn(Portal(pieces(12), plain).pages())
    path = path_of(tmp_path, "phuongmai.example")
    save(path, "phuongmai.example", themes)

    assert load(path).themes == themes
    assert not load(path).edited


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_of_a_page_survives_the_file(sample: str, why: str) -> None:
    theme = LearntTheme("a", THEME.selectors, evidence=(Evidence("title", samples=(sample,), refused=why),))
    encoded = text_of("x", [theme]).encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    import tomllib

    told = tomllib.loads(encoded)["theme"][0]["evidence"][0]
    assert tuple(told.get("samples", ())) == (sample,) and told.get("refused", "") == why


def test_an_edited_file_is_read_and_never_overwritten(tmp_path: Path) -> None:
    path = path_of(tmp_path, "p")
    save(path, "p", [THEME])
    path.write_text(path.read_text().replace('"div.q2"', '"div.q9"'))

    assert load(path).edited and load(path).themes[0].selectors.body == ("div.q9",)
    with pytest.raises(BadTheme, match="was edited"):
        save(path, "p", [THEME])
    assert "div.q9" in path.read_text()


def test_a_file_written_by_hand_counts_as_edited() -> None:
    assert is_edited('[[theme]]\nselectors = {title = ["h1"], body = ["article"]}\n')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[theme]", "is no TOML"),
        ("[[theme]]\n[theme.selectors]\ntitle = ['h1']\n", "needs the selectors title and body"),
        ("[[theme]]\n[theme.selectors]\ntitle = ['h1[[']\nbody = ['p']\n", "is no CSS selector"),
        ("[[theme]]\n[theme.selectors]\ntitel = ['h1']\nbody = ['p']\n", "'titel' is not known"),
        ("[[theme]]\nsince = 'May'\n[theme.selectors]\ntitle = ['h1']\nbody = ['p']\n", "is no day"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_fault(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(text)

    with pytest.raises(BadTheme, match=says) as told:
        load(path)
    assert "\n" not in str(told.value)


def test_no_file_is_no_theme(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml").themes == []


def test_the_theme_of_an_earlier_day_is_kept_until_the_day_another_is_learnt() -> None:
    old, new = THEME, replace(THEME, selectors=Selectors(title=("h3",), body=("div.b2",)))
    [first] = with_those_before([old], [], "2025-01-10")

    found = with_those_before([new], [first], "2026-02-03")

    assert [(theme.selectors.title, theme.since, theme.until) for theme in found] == [
        (("h3",), None, None),
        (old.selectors.title, None, "2026-02-03"),
    ]
    assert len({theme.name for theme in found}) == 2


def test_a_theme_learnt_anew_keeps_its_name_and_one_of_the_same_day_is_replaced() -> None:
    old = THEME
    [first] = with_those_before([old], [], "2026-02-03")
    other = replace(old, name="x", selectors=Selectors(title=("h3",), body=("div.b2",)))

    assert [theme.name for theme in with_those_before([replace(old, name="y")], [first], "2026-03-03")] == [first.name]
    assert len(with_those_before([other], [first], "2026-02-03")) == 1
