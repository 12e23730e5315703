"""The same claim across articles: attributions whose contents share most of their content words.

Candidates come from MinHash with locality-sensitive hashing (datasketch); each is then checked on its exact sets of
words, against the longest wording of a group only, so that no chain of small steps leads from one claim to another.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from zlib import crc32

from datasketch import MinHash, MinHashLSH

from annotate.review.words import content_words

LEAST_SHARED: Final = 5  # content words that two contents must share to be compared at all
SHARED_OF_ALL: Final = 0.55  # of the words of both together;
FEW: Final = 10  # where the shorter one has fewer words than this,
SHARED_OF_FEW: Final = 0.7  # more is asked for: short sentences are alike by chance
SHARED_OF_SHORTER: Final = 0.8  # or, of the words of the shorter one (a quotation in part),
LEAST_PART: Final = 8  # where it has so many of them
PART_OF_WHOLE: Final = 0.3  # and is so much of the longer one
_PERMUTATIONS: Final = 100
_BANDS: Final = (25, 4)  # finds a pair of Jaccard 0.6 with probability 0.97, one of 0.5 with 0.80
_COMMON: Final = 0.01  # words in more than this share of the wordings, and
_COMMON_AT_LEAST: Final = 50  # in more than so many, find no candidates
_CANDIDATES: Final = 50  # leaders that a wording is compared with at most

Words = frozenset[str]


@dataclass(frozen=True)
class Claims:
    """Groups of attributions with the same claim; `members[g]` are their ids, `group` tells which one an id is in."""

    members: list[list[str]] = field(default_factory=list)
    group: dict[str, int] = field(default_factory=dict)

    def of(self, attribution_id: str) -> list[str]:
        """Ids of all attributions with the same claim, the one itself too; empty where there is no other."""
        at = self.group.get(attribution_id)
        return [] if at is None else self.members[at]


def group_claims(items: Iterable[tuple[str, str, str]]) -> Claims:
    """Group attributions given as id, document id and content. Groups within one document are none."""
    by_words: dict[Words, list[tuple[str, str]]] = {}
    for attribution_id, doc_id, content in items:
        words = frozenset(content_words(content))
        if len(words) >= LEAST_SHARED:
            by_words.setdefault(words, []).append((attribution_id, doc_id))
    # Longest first: a group is led by its fullest wording. Ties by the words, so that the order of items is no matter.
    wordings = sorted(by_words, key=lambda words: (-len(words), sorted(words)))
    led: dict[int, list[tuple[str, str]]] = {}
    for words, leader in zip(wordings, _leaders(wordings), strict=True):
        led.setdefault(leader, []).extend(by_words[words])
    members = [sorted({a for a, _ in group}) for group in led.values() if len({doc for _, doc in group}) > 1]
    return Claims(members, {one: number for number, group in enumerate(members) for one in group})


def _leaders(wordings: Sequence[Words]) -> list[int]:
    """For each wording the place of the one that leads its group (its own, where it leads itself)."""
    lsh = MinHashLSH(num_perm=_PERMUTATIONS, params=_BANDS)
    telling = _telling(wordings)
    hashes = MinHash.generator(
        ([word.encode() for word in words] for words in telling), num_perm=_PERMUTATIONS, hashfunc=crc32
    )
    leaders = []
    for place, (words, minhash) in enumerate(zip(wordings, hashes, strict=True)):
        candidates = [(likeness(wordings[other], words), -other) for other in islice(lsh.query(minhash), _CANDIDATES)]
        best = max((one for one in candidates if one[0] > 0), default=None)
        if best is None:
            lsh.insert(place, minhash, check_duplication=False)
        leaders.append(place if best is None else -best[1])
    return leaders


def _telling(wordings: Sequence[Words]) -> list[Words]:
    """The words by which candidates are looked for: without those that many contents hold, unless few are left.

    Otherwise every claim of an archive would be a candidate for every other one that names the president.
    """
    held = Counter(word for words in wordings for word in words)
    most = max(_COMMON_AT_LEAST, _COMMON * len(wordings))
    rare = (frozenset(word for word in words if held[word] <= most) for words in wordings)
    return [some if len(some) >= LEAST_SHARED else words for some, words in zip(rare, wordings, strict=True)]


def likeness(first: Words, second: Words) -> float:
    """How much two wordings share, as the Jaccard index of their words; 0.0 where that is not most of them."""
    shared = len(first & second)
    shorter, longer = sorted((len(first), len(second)))
    everything = shorter + longer - shared
    if shared < LEAST_SHARED or _other_figures(first, second):
        return 0.0
    alike = shared >= (SHARED_OF_FEW if shorter < FEW else SHARED_OF_ALL) * everything
    part = shorter >= LEAST_PART and shared >= SHARED_OF_SHORTER * shorter and shared >= PART_OF_WHOLE * longer
    return shared / everything if alike or part else 0.0


def _other_figures(first: Words, second: Words) -> bool:
    """Whether both give figures and not one of them is the same: then one sentence reports two different things."""
    a, b = ({word for word in words if word[0].isdigit()} for words in (first, second))
    return bool(a and b and not a & b)
