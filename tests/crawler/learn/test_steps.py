"""When a portal is learnt within a crawl."""

from __future__ import annotations

from crawler.crawl.records.learning import Steps


def test_a_portal_is_learnt_at_its_steps_and_not_between() -> None:
    steps, learnt_at = Steps(), []
    for _ in range(60):
        if steps.count("p", 1, 0):
            steps.learnt("p")
            learnt_at.append(steps.articles["p"])

    assert learnt_at == [12, 50]


def test_pages_that_are_no_articles_count_too() -> None:
    steps = Steps()

    assert not steps.count("p", 0, 29)
    assert steps.count("p", 0, 1)


def test_the_end_learns_what_no_step_reached() -> None:
    steps = Steps()
    steps.count("few", 3, 4)
    steps.count("some", 5, 8)

    assert steps.at_the_end() == ["some"]
    steps.learnt("some")
    assert steps.at_the_end() == []


def test_a_portal_learnt_before_is_learnt_anew_by_new_articles_alone() -> None:
    steps = Steps()
    steps.known_before("p", 40)

    assert not steps.count("p", 3, 500) and steps.at_the_end() == []
    assert steps.count("p", 9, 0)
