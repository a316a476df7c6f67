"""Word diffs of texts and paragraph diffs of articles, moved paragraphs known as moved.

Exact: the parts kept and removed make up the older text, those kept and added the newer one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import heapify, heappop, heappush
from typing import Literal

Op = Literal["kept", "removed", "added"]
Fate = Literal["kept", "changed", "moved", "removed", "added"]
Code = tuple[str, int, int, int, int]
"""What became of a stretch of tokens, as `difflib` has it."""

_TOKEN = re.compile(r"\d[\d.,/:]*\d|\d|\w+|\s+|[^\w\s]")
"""A number with its marks (``48,6``, ``20/11/2026``, ``07:30``), a word, a space, a mark."""
ALIKE = 0.5
"""Share of words two paragraphs have in common from which on one is the other, changed."""
MOST_PAIRS = 2_500
"""Pairs of paragraphs that are compared; of more only those that stand near each other."""
LONGEST = 4_000
"""Tokens of a paragraph that are compared word by word; longer ones are told as replaced."""
MOST_WORK = 20_000_000
"""Pairs of tokens of paragraphs that are compared in their order, a second or two; those beyond by their words alone."""
FREQUENT = 100_000
"""Pairs of equal tokens of two texts from which on those that stand everywhere (blanks, above all) are no longer where a match begins: each
of thousands of steps would look at all of them."""
FARTHEST = 60
"""Tokens a cut or an insertion may be moved by."""
_SENTENCE_ENDS = frozenset(".!?…;")
HOPELESS = 150_000
"""The same without these, from which on a text is told as replaced but for its beginning and end: one word written 2,000 times."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text: in both versions, only in the older, or only in the newer."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class ParagraphDiff:
    """What became of one paragraph. ``before`` and ``after`` are its places from 0; ``None`` where it is not in that version.

    A ``moved`` paragraph may have been changed as well: ``runs`` say.
    """

    fate: Fate
    runs: tuple[Run, ...]
    before: int | None = None
    after: int | None = None


def tokens(text: str) -> list[str]:
    """Words, numbers, marks and spaces; joined they are the text."""
    return _TOKEN.findall(text)


def word_diff(before: str, after: str) -> tuple[Run, ...]:
    """The runs of two texts, in reading order: what was removed stands before what took its place."""
    if before == after:
        return (Run("kept", before),) if before else ()
    old, new = tokens(before), tokens(after)
    if max(len(old), len(new)) > LONGEST:
        return tuple(run for run in (Run("removed", before), Run("added", after)) if run.text)
    runs: list[Run] = []
    for tag, a, b, c, d in _joined(_at_sentences(_opcodes(old, new), old, new), old):
        if tag == "equal":
            runs.append(Run("kept", "".join(old[a:b])))
            continue
        if a < b:
            runs.append(Run("removed", "".join(old[a:b])))
        if c < d:
            runs.append(Run("added", "".join(new[c:d])))
    return tuple(runs)


def _opcodes(old: list[str], new: list[str]) -> Sequence[Code]:
    """The opcodes of two texts, in a time that what they hold cannot drive up: most edits leave beginning and end as they were."""
    head, tail = _ends(old, new)
    if not head and not tail:
        return _opcodes_between(old, new)
    codes = _opcodes_between(old[head : len(old) - tail], new[head : len(new) - tail])
    inner = [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in codes]
    return _merged([
        ("equal", 0, head, 0, head), *inner, ("equal", len(old) - tail, len(old), len(new) - tail, len(new))
    ])  # fmt: skip


def _ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many tokens both begin with, and how many of the others both end with."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    return head, next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)


def _merged(codes: Sequence[Code]) -> list[Code]:
    """Opcodes without empty ones, neighbouring equal ones as one."""
    merged: list[Code] = []
    for code in codes:
        tag, a, b, c, d = code
        if a == b and c == d:
            continue
        if merged and tag == merged[-1][0] == "equal":
            merged[-1] = ("equal", merged[-1][1], b, merged[-1][3], d)
        else:
            merged.append(code)
    return merged


def _opcodes_between(old: list[str], new: list[str]) -> Sequence[Code]:
    ours, theirs = Counter(old), Counter(new)
    pairs = _equal_pairs(ours, theirs)
    if pairs <= FREQUENT:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    rare = {token: n for token, n in theirs.items() if n <= len(new) // 100 + 1}  # as SequenceMatcher has it
    if len(new) >= 200 and _equal_pairs(ours, rare) <= HOPELESS:  # below 200 it leaves out nothing
        return SequenceMatcher(None, old, new, autojunk=True).get_opcodes()
    # told as replaced; what both begin and end with was taken off before
    return [("replace", 0, len(old), 0, len(new))]


def _equal_pairs(ours: Mapping[str, int], theirs: Mapping[str, int]) -> int:
    return sum(n * ours.get(token, 0) for token, n in theirs.items())


def _at_sentences(codes: Sequence[Code], old: list[str], new: list[str]) -> list[Code]:
    """Opcodes with each cut or insertion moved, where equal tokens leave a choice, to begin behind the end of a sentence.

    Without it a cut sentence would be told with the full stop of the one before, and not with its own.
    """
    found = list(codes)
    for at in range(1, len(found) - 1):
        (before, code, behind) = found[at - 1 : at + 2]
        if before[0] != "equal" or behind[0] != "equal" or code[0] not in ("delete", "insert"):
            continue
        own, start, end = (old, code[1], code[2]) if code[0] == "delete" else (new, code[3], code[4])
        by = _slide(own, start, end, before[2] - before[1] - 1, behind[2] - behind[1] - 1)
        if by:
            found[at - 1] = (before[0], before[1], before[2] + by, before[3], before[4] + by)
            found[at] = (code[0], code[1] + by, code[2] + by, code[3] + by, code[4] + by)
            found[at + 1] = (behind[0], behind[1] + by, behind[2], behind[3] + by, behind[4])
    return found


def _slide(own: list[str], start: int, end: int, left: int, right: int) -> int:
    """By how many tokens a run is moved; the text it is taken from stays the same."""
    most = min(right, FARTHEST)
    rightmost = next((by for by in range(most) if own[start + by] != own[end + by]), most)
    least = min(left, FARTHEST)
    leftmost = next((by for by in range(least) if own[start - 1 - by] != own[end - 1 - by]), least)
    ways = sorted(range(-leftmost, rightmost + 1), key=abs)
    return max(ways, key=lambda by: _begins(own, start + by))


def _begins(own: list[str], at: int) -> int:
    """How well a run begins at a token: behind a sentence, behind a mark, or anywhere."""
    last = own[at - 1] if at else "."
    return 2 if last in _SENTENCE_ENDS else 1 if last in ",:)”" else 0


def _joined(codes: Sequence[Code], old: list[str]) -> list[Code]:
    """Opcodes with changes that only spaces part made one: "ba mươi" for "hai năm" is one change and not two."""
    joined: list[Code] = []
    for number, code in enumerate(codes):
        tag, a, b, _, d = code
        between = tag == "equal" and 0 < number < len(codes) - 1 and "".join(old[a:b]).isspace()
        if joined and joined[-1][0] != "equal" and (between or tag != "equal"):
            _, first_old, _, first_new, _ = joined[-1]
            joined[-1] = ("replace", first_old, b, first_new, d)
        else:
            joined.append(code)
    return joined


def paragraph_diff(before: Sequence[str], after: Sequence[str]) -> list[ParagraphDiff]:
    """What became of the paragraphs of a text, in the order of the newer one; removed ones stand where they stood."""
    kept = _kept(before, after)
    gone = [at for at in range(len(before)) if at not in kept]
    come = set(range(len(after))) - set(kept.values())
    moved = _moved(before, after, gone, come)
    left = [at for at in gone if at not in moved]
    changed = _changed(before, after, left, come - set(moved.values()), kept)
    found: dict[int, ParagraphDiff] = {}
    for a, b in kept.items():
        found[b] = ParagraphDiff("kept", word_diff(before[a], after[b]), a, b)
    for a, b in moved.items():
        found[b] = ParagraphDiff("moved", word_diff(before[a], after[b]), a, b)
    for a, b in changed.items():
        fate: Fate = "changed" if _in_place(a, b, kept) else "moved"
        found[b] = ParagraphDiff(fate, word_diff(before[a], after[b]), a, b)
    for b in range(len(after)):
        found.setdefault(b, ParagraphDiff("added", (Run("added", after[b]),), None, b))
    lost = [at for at in left if at not in changed]
    return _in_order([found[b] for b in range(len(after))], [(at, before[at]) for at in lost])


def _kept(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """The paragraphs that stand unchanged in both, in the same order."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {block.a + at: block.b + at for block in blocks for at in range(block.size)}


def _moved(before: Sequence[str], after: Sequence[str], gone: Sequence[int], come: set[int]) -> dict[int, int]:
    """The paragraphs that stand unchanged in both, at another place."""
    standing: dict[str, list[int]] = defaultdict(list)
    for at in sorted(come, reverse=True):
        standing[after[at]].append(at)
    return {at: standing[before[at]].pop() for at in gone if standing[before[at]]}


def _changed(
    before: Sequence[str], after: Sequence[str], gone: Sequence[int], come: set[int], kept: dict[int, int]
) -> dict[int, int]:
    """Pairs of paragraphs that have most of their words in common, the most alike first, those in place before others."""
    near = (
        MOST_PAIRS // max(1, len(gone) + len(come)) if len(gone) * len(come) > MOST_PAIRS else len(before) + len(after)
    )
    words = {("a", at): _Words(before[at]) for at in gone} | {("b", at): _Words(after[at]) for at in come}
    waiting = [
        (not _in_place(a, b, kept), -most, abs(a - b), False, a, b)
        for a in gone
        for b in come
        if abs(a - b) <= near and (most := _most_alike(words["a", a], words["b", b])) >= ALIKE
    ]
    heapify(waiting)
    found: dict[int, int] = {}
    taken: set[int] = set()
    work = 0
    while waiting:  # how alike two are is found out only where no other pair is known to be more so
        elsewhere, most, apart, is_exact, a, b = heappop(waiting)
        if a in found or b in taken:
            continue
        if is_exact:
            found[a] = b
            taken.add(b)
            continue
        one, other = words["a", a], words["b", b]
        alike = _alike(one, other) if work < MOST_WORK else -most
        work += len(one.tokens) * len(other.tokens)
        if alike >= ALIKE:
            heappush(waiting, (elsewhere, -alike, apart, True, a, b))
    return found


class _Words:
    """A paragraph as it is compared with many: its tokens, and how often each word stands in it."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)[:LONGEST]
        self.counts = _counted(self.tokens)
        self.length = len(text.strip())


def _most_alike(one: _Words, other: _Words) -> float:
    """The share of words two texts have in common, whatever their order: no more of them can be, and most paragraphs are told apart by that."""
    most = sum(len(word) * min(n, other.counts[word]) for word, n in one.counts.items())
    blanks = len(one.tokens) - one.counts.total()
    return _share(most + blanks, sorted((one.length, other.length)))


def _alike(one: _Words, other: _Words) -> float:
    """The share of words two texts have in common in their order, the longer one's or, where one was cut short, the shorter one's."""
    lengths = sorted((one.length, other.length))
    head, tail = _ends(one.tokens, other.tokens)
    ours, theirs = one.tokens[head : len(one.tokens) - tail], other.tokens[head : len(other.tokens) - tail]
    if _equal_pairs(_counted(ours), _counted(theirs)) > FREQUENT // 10:
        return _share(sum(len(word) * n for word, n in (one.counts & other.counts).items()), lengths)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=len(ours) > LONGEST // 10)
    common = [(ours, at.a, at.a + at.size) for at in matcher.get_matching_blocks()]
    common += [(one.tokens, 0, head), (one.tokens, len(one.tokens) - tail, len(one.tokens))]
    return _share(sum(len("".join(of[start:end]).strip()) for of, start, end in common), lengths)


def _counted(some: Sequence[str]) -> Counter[str]:
    """How often each word stands in a text; blanks are none."""
    return Counter(token for token in some if not token.isspace())


def _share(common: int, lengths: Sequence[int]) -> float:
    contained = common / max(1, lengths[0])
    return max(2 * common / max(1, sum(lengths)), 0.9 * contained if lengths[0] >= 40 else 0.0)


def _in_place(a: int, b: int, kept: dict[int, int]) -> bool:
    """Whether two paragraphs stand between the same unchanged ones."""
    return all((one < a) == (other < b) for one, other in kept.items())


def _in_order(newer: list[ParagraphDiff], lost: list[tuple[int, str]]) -> list[ParagraphDiff]:
    """Removed paragraphs put in behind the one that stood before them."""
    found = list(newer)
    for at, text in lost:
        removed = ParagraphDiff("removed", (Run("removed", text),), at, None)
        before = [
            n for n, one in enumerate(found) if one.before is not None and one.before < at and one.fate != "moved"
        ]
        found.insert(before[-1] + 1 if before else 0, removed)
    return found
