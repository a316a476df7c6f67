"""Learning the themes of a portal from its pages held: group by group, field by field, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.cms.family import Selectors
from crawler.cms.learnt import Evidence, LearntTheme
from crawler.learn.fields.bodies import around, beside, dropped
from crawler.learn.fields.days import Source, day_source
from crawler.learn.fields.leads import Lead, lead_place
from crawler.learn.fields.modules import modules
from crawler.learn.fields.section_places import Holders, section_place
from crawler.learn.fields.surroundings import Picture, picture_place, signature_place
from crawler.learn.fields.tags import Tags, tag_places
from crawler.learn.signs.groups import LEAST_PAGES, Group, groups, without_list_fronts, without_remainders
from crawler.learn.signs.held import Candidate, HeldPage, Survey, candidates, survey
from crawler.learn.signs.page_outline import Outline
from crawler.learn.signs.page_places import Places
from crawler.learn.signs.said import address_key
from crawler.learn.signs.selecting import ALL, Selected, selector_for

SAMPLES = 3
LEAST_RIGHT = 0.9
"""Share of the pages on which a selector has to find what was meant."""


def learn(pages: Iterable[HeldPage]) -> list[LearntTheme]:
    """The themes of a portal's articles, the one of most pages first; none where no four pages are of one template."""
    held = survey(pages)
    found = candidates(held)
    return _themes(held, found) or _themes(held, found, numbered=True)


def _themes(held: Survey, found: list[Candidate], *, numbered: bool = False) -> list[LearntTheme]:
    """The themes of the candidates; places told by class names or, where these teach nothing, by numbers too."""
    places = Places([page.outline for page in found], numbered=numbered)
    themes = []
    all_groups = without_remainders(without_list_fronts(groups(found, places), found, held.said), places)
    if not all_groups:
        return []
    holders = Holders([found[number] for group in all_groups for number in group.pages], held.said)
    for number, group in enumerate(all_groups, 1):
        theme = _Theme(held, found, places, group, holders).learnt(f"learnt-{number}")
        if theme is not None:
            themes.append(theme)
    return themes


@dataclass(slots=True)
class _Theme:
    """One group on its way to a theme."""

    held: Survey
    pages: list[Candidate]
    places: Places
    group: Group
    holders: Holders

    def learnt(self, name: str) -> LearntTheme | None:
        """The theme; ``None`` where no selector finds title and text on nearly all pages."""
        group = self.group
        body = self._selector(group.body, group.bodies)
        title = self._selector(group.title, group.titles)
        if body.right < LEAST_RIGHT or title.right < LEAST_RIGHT:
            return None
        named = sum(bool(self.pages[number].names) for number in group.pages)
        evidence = [
            self._told("title", title, group.titles, agrees=group.named, asked=named),
            self._told("body", body, group.bodies),
        ]
        fields: dict[str, tuple[str, ...]] = {"title": (title.selector,), "body": (body.selector,)}
        others = {group.title}
        source, weighed = day_source(self.pages, self.places, group, self.held.said)
        evidence.append(self._date(source, weighed, fields, others))
        labels = self._around(fields, evidence, others)
        drop = tuple((selector, "other") for selector in self._drop(others))
        return LearntTheme(
            name,
            Selectors(**fields, drop=drop),  # type: ignore[arg-type]
            date=source.kind if source is not None else "",
            alone=tuple(name for name, found in (("title", title), ("body", body)) if found.alone),
            listed=self._is_listed(),
            own_link=self._links_to_itself(),
            beside=modules(self.pages, self.places, group, self.held.frequencies, others),
            labels=labels,
            learnt_from=len(group.pages),
            evidence=tuple(evidence),
        )

    def _around(
        self, fields: dict[str, tuple[str, ...]], evidence: list[Evidence], others: set[int]
    ) -> tuple[str, ...]:
        """Section, tags, caption, lead and signature; the places of the first two are no part of the text.

        Gives the words that the software prints before the author's name.
        """
        pages, places, group, said = self.pages, self.places, self.group, self.held.said
        section = section_place(pages, places, group, self.holders)
        if section is not None:
            others.add(section.place)
            found = self._all_at(section.place, -1)
            self._add("section", section.place, _each(found), fields, evidence, section.agrees, section.asked, which=-1)
        self._tags(
            tag_places(pages, places, group, said, section.place if section is not None else None),
            fields,
            evidence,
            others,
        )
        picture = picture_place(pages, places, group)
        if picture is not None:
            self._at("caption", picture.place, fields, evidence)
            self._at("image", picture.image, fields, evidence)
        lead = lead_place(pages, places, group, said)
        if lead is not None and not self._is_caption(lead, picture):
            self._add("lead", lead.place, self._leads(lead), fields, evidence, lead.agrees, lead.asked)
        signed = signature_place(pages, places, group)
        if signed is None:
            return ()
        label = signed.label
        self._at("account" if label else "signature", signed.place, fields, evidence)
        return (label,) if label else ()

    def _leads(self, lead: Lead) -> dict[int, tuple[int]]:
        """The lead of each page; a short one, which is no prose, is known by its place where the others stand first there."""
        first = self._all_at(lead.place)
        opens = sum(first.get(number) == element for number, element in lead.elements.items())
        return _each(first | lead.elements if opens >= LEAST_RIGHT * len(lead.elements) else lead.elements)

    def _tags(
        self, found: list[Tags], fields: dict[str, tuple[str, ...]], evidence: list[Evidence], others: set[int]
    ) -> None:
        """The first place whose links a selector finds and nothing else: many themes print the tags twice."""
        for tags in found[:3]:
            told: list[Evidence] = []
            links = {number: [anchor.element for anchor in anchors] for number, anchors in tags.anchors.items()}
            self._add("tags", tags.place, links, fields, told, tags.agrees, tags.asked, which=ALL)
            if "tags" in fields or tags is found[0]:
                others.add(tags.place)
                evidence[:] = [one for one in evidence if one.field != "tags"] + told
            if "tags" in fields:
                return

    def _at(
        self,
        name: str,
        place: int,
        fields: dict[str, tuple[str, ...]],
        evidence: list[Evidence],
        agrees: int = 0,
        asked: int = 0,
    ) -> None:
        self._add(name, place, _each(self._all_at(place)), fields, evidence, agrees, asked)

    def _add(
        self,
        name: str,
        place: int,
        elements: Mapping[int, Sequence[int]],
        fields: dict[str, tuple[str, ...]],
        evidence: list[Evidence],
        agrees: int,
        asked: int,
        which: int | None = 0,
    ) -> None:
        selected = self._selected(place, elements, which)
        told = self._told(name, selected, {number: found[0] for number, found in elements.items()}, agrees, asked)
        if selected.right >= LEAST_RIGHT * 0.9:
            fields[name] = (selected.selector,)
        else:
            told = Evidence(
                name, selected.selector, told.pages, told.of, agrees, asked, told.samples, "no selector finds it alone"
            )
        evidence.append(told)

    def _date(
        self, source: Source | None, weighed: list[Source], fields: dict[str, tuple[str, ...]], others: set[int]
    ) -> Evidence:
        if source is None:
            best = max(weighed, key=lambda one: one.quality, default=None)
            why = best.refused if best is not None else "no place tells a day on most pages"
            samples = tuple(list(best.texts.values())[:SAMPLES]) if best is not None else ()
            return Evidence(
                "published",
                "",
                len(best.days) if best else 0,
                len(self.group.pages),
                best.agrees if best else 0,
                best.asked if best else 0,
                samples,
                why,
            )
        samples = tuple(list(source.texts.values())[:SAMPLES])
        selector = ""
        if source.place >= 0:
            others.add(source.place)
            selector = self._selector(source.place, source.elements).selector
            fields["published"] = (selector,)
        return Evidence(
            "published",
            selector or source.kind,
            len(source.days),
            len(self.group.pages),
            source.agrees,
            source.asked,
            samples,
        )

    def _drop(self, others: set[int]) -> list[str]:
        places = {around(self.pages, self.places, self.group, place) for place in others} | beside(
            self.pages, self.places, self.group
        )
        found = []
        for part in dropped(self.pages, self.places, self.group, self.held.frequencies, places):
            path = self.places.path(part.place)
            inner = path[len(self.places.path(self.group.body)) - 1 :]
            found.append(_inner(inner))
        return found

    def _is_listed(self) -> bool:
        """Whether others call these pages by their titles, and few link to each: a menu leads to pages about the portal."""
        said, keys = self.held.said, [self.pages[number].key for number in self.group.pages]
        menu = sum(said.is_in_menu(key) for key in keys)
        alone = self.group.lists < LEAST_PAGES  # else a title and prose at their places make no page an article
        return alone and self.group.named >= 0.7 * len(keys) and menu < 0.5 * len(keys)

    def _links_to_itself(self) -> bool:
        """Whether the titles of nearly all pages are links to these pages."""
        own = 0
        for number in self.group.pages:
            page, title = self.pages[number], self.group.titles[number]
            linked = [
                address_key(anchor.url)
                for anchor in page.outline.anchors
                if page.outline.holds(title, anchor.element) or page.outline.holds(anchor.element, title)
            ]
            own += linked[:1] == [page.key]
        return own >= LEAST_RIGHT * len(self.group.pages)

    def _is_caption(self, lead: Lead, picture: Picture | None) -> bool:
        """Whether what stands before the text is no more than its picture's caption."""
        if picture is None or not self.places.within(picture.place, lead.place):
            return False
        told = [
            (self.pages[n].outline.text_of(element), picture.texts.get(n, "")) for n, element in lead.elements.items()
        ]
        return sum(len(caption) > 0.7 * len(text) for text, caption in told) > 0.5 * len(told)

    def _all_at(self, place: int, which: int = 0) -> dict[int, int]:
        """The first (or last) element at a place on each page that has it."""
        found = {number: self.places.elements(number, place) for number in self.group.pages}
        return {number: elements[which] for number, elements in found.items() if elements}

    def _selector(self, place: int, elements: Mapping[int, int]) -> Selected:
        """The selector of an element of each page."""
        return self._selected(place, _each(elements), 0)

    def _selected(self, place: int, elements: Mapping[int, Sequence[int]], which: int | None) -> Selected:
        """The selector of the elements at a place: of the first or last on each page, or of ``ALL`` of them."""
        outlines = [self.pages[number].outline for number in self.group.pages]
        at = {number: index for index, number in enumerate(self.group.pages)}
        return selector_for(
            outlines,
            self.places.path(place),
            {at[number]: found for number, found in elements.items()},
            which=which,
        )

    def _told(
        self, name: str, selected: Selected, elements: Mapping[int, int], agrees: int = 0, asked: int = 0
    ) -> Evidence:
        texts = [_short(self.pages[number].outline, element) for number, element in list(elements.items())[:SAMPLES]]
        return Evidence(name, selected.selector, len(elements), len(self.group.pages), agrees, asked, tuple(texts))


def _each(elements: Mapping[int, int]) -> dict[int, tuple[int]]:
    return {number: (element,) for number, element in elements.items()}


def _inner(steps: Sequence[tuple[str, ...]]) -> str:
    from crawler.learn.signs.page_places import css

    return css(steps)


def _short(page: Outline, element: int) -> str:
    text = page.text_of(element, 200)
    return text if len(text) <= 120 else text[:119] + "…"
