"""Words of a dozen languages by which short lines give themselves away: invitations, credits, bylines.

They only weigh in :mod:`crawler.extract.second_reading.combine`, beside where a line stands and who else took it for text; none
decides alone. Vietnamese portals' own words are in :mod:`crawler.extract.boilerplate.lines`.
"""

from __future__ import annotations

import re

from crawler.words.word_search import Words


class Phrases:
    """An expression of many alternatives, looked for in a line only where a word of one of them stands in it."""

    def __init__(self, pattern: re.Pattern[str], words: str) -> None:
        self.pattern = pattern
        self._words = Words(words.split("|"))

    def are_in(self, text: str) -> bool:
        return self._words.are_in(text) and self.pattern.search(text) is not None


_PROMOTION = re.compile(
    r"newsletter|subscri|abonn|sign up|log ?in|whatsapp|follow us|join us|read (?:more|also|next|our)|also read|see also|related|recommended|mehr (?:zum|zu|dazu)|lesen sie|lire aussi|à lire|lee también|"
    r"leia (?:mais|também)|leggi anche|click here|download|advert|anzeige|cookie|privacy|datenschutz|get in touch|contact us|contact our|share this|comments?\b|editor.s note|table of contents|"
    r"most popular|most read|copyright|all rights|buy now|shop now|view deal|learn more|talk to|get started|book a|free trial|sponsored|affiliate|donat|support us|about the author",
    re.I,
)
PROMOTION = Phrases(
    _PROMOTION,
    "newsletter|subscri|abonn|sign up|login|log in|whatsapp|follow us|join us|read more|read also|read next|read our|also read|see also|related|recommended|mehr zu|mehr dazu|lesen sie|lire aussi|à lire|lee también|"
    "leia mais|leia também|leggi anche|click here|download|advert|anzeige|cookie|privacy|datenschutz|get in touch|contact us|contact our|share this|comment|editor|table of contents|"
    "most popular|most read|copyright|all rights|buy now|shop now|view deal|learn more|talk to|get started|book a|free trial|sponsored|affiliate|donat|support us|about the author",
)
_CREDIT = re.compile(
    r"(?:^|[\s(/|–-])(?:foto|photo|image|bild|fotografía|imagen|quelle|source|credit|©|\(c\)|getty|reuters|afp|dpa|picture alliance|imago|shutterstock|courtesy|zdroj|video|screenshot)\b\s*[:/©]?",
    re.I,
)
CREDIT = Phrases(
    _CREDIT,
    "foto|photo|image|bild|quelle|source|credit|©|(c)|getty|reuters|afp|dpa|picture alliance|imago|shutterstock|courtesy|zdroj|video|screenshot",
)
BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|text|words|redaktion|author|written|posted|updated|published|stand|last|reading time|\d+ min)\b",
    re.I,
)
_SENTENCE_ENDS = tuple('.!?…:;"”»’)。')


def ends_sentence(text: str) -> bool:
    """Whether a tidy line ends as a sentence does, or with a sign that stands after its end."""
    return text.endswith(_SENTENCE_ENDS)
