"""Lists whose later pages are posted for, however the page does it: its own form, or a script that asks for fragments."""

from __future__ import annotations

from collections.abc import Callable

from crawler.discovery.forms.fragments import fragment_pagers
from crawler.discovery.forms.postback import FormPager, form_pagers
from crawler.discovery.pager import goes_on_by_form
from crawler.page.page import Page


def pagers_by_form(page: Page, in_portal: Callable[[str], bool]) -> list[FormPager]:
    """The pagers on the first page of one or several lists that are posted for. Quick where there are none."""
    if not goes_on_by_form(page):
        return []
    return [*form_pagers(page, in_portal), *fragment_pagers(page, in_portal)]
