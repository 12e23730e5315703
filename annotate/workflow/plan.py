"""Who labels what: dealt by a seed, and kept. What was dealt once stays when articles or annotators are added.

Every article is labelled by one annotator with sight of the pre-marks. A share, the overlap, is labelled by several, so
that agreement can be measured. Another share is labelled once more, by one annotator who sees no pre-marks: compared
with the reading of the same article that began as pre-marks, it shows how far people are anchored on them.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from annotate.errors import PlanError
from annotate.records import AssignmentRecord

Given = tuple[str, str]  # article, annotator


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is made by: shares between 0 and 1, `readers` of an article of the overlap."""

    annotators: tuple[str, ...]
    overlap: float = 0.2
    readers: int = 2
    blind: float = 0.1
    seed: int = 0

    def check(self) -> None:
        """Raises `PlanError` where there are too few people for it."""
        both = self.overlap + self.blind > 1
        needed = max(
            self.readers if self.overlap else 1, (self.readers + 1 if both and self.overlap else 2) if self.blind else 1
        )
        if len(set(self.annotators)) < needed:
            raise PlanError(
                f"{len(set(self.annotators))} annotators are too few: overlap and blind share ask for {needed}",
                remedy="name more with --annotator, or set --overlap 0 and --blind 0",
            )


def deal(
    articles: Iterable[str],
    terms: Terms,
    earlier: Sequence[AssignmentRecord] = (),
    begun: Collection[Given] = (),
    *,
    rebalance: bool = False,
) -> list[AssignmentRecord]:
    """The plan for these articles; the same for the same arguments, whatever the order of the articles.

    Args:
        earlier: the plan so far. It stays, but for what annotators who left have not begun.
        begun: what people have labelled, skipped or drafted; also what was never planned for them.
        rebalance: give annotators who have fewer articles an even share of what the others have not begun.
    """
    terms.check()
    dealt = _Dealt(terms, set(begun))
    wanted = set(articles)
    for one in earlier:
        if one.annotator in terms.annotators or (one.doc_id, one.annotator) in dealt.begun:
            dealt.give(one.doc_id, one.annotator, blind=one.blind)
    for article, annotator in sorted(dealt.begun):
        if article in wanted and annotator in terms.annotators:
            dealt.give(article, annotator, blind=False)
    before = {one.doc_id for one in earlier}
    # New articles are drawn first: a share that was reached stays as it is.
    order = sorted(wanted, key=lambda article: (article in before, _draw(terms.seed, "order", article), article))
    several = _share(order, terms.overlap, {a for a in dealt.seen if len(dealt.seen[a]) > 1})
    unseen = _share(sorted(order, key=lambda a: a in several), terms.blind, set(dealt.blind))
    for article in order:
        dealt.fill(article, terms.readers if article in several else 1, blind=article in unseen)
    if rebalance:
        dealt.even_out()
    return dealt.plan()


def _share(order: Sequence[str], share: float, chosen: set[str]) -> set[str]:
    """The articles that the share falls on: those that it fell on before, and the first others until it is reached."""
    missing = round(share * len(order)) - len(chosen.intersection(order))
    more = [article for article in order if article not in chosen][: max(0, missing)]
    return chosen | set(more)


def _draw(seed: int, *what: str) -> int:
    text = "\x1f".join((str(seed), *what))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


@dataclass
class _Dealt:
    """What is dealt so far: the readers of each article, with sight of pre-marks and without."""

    terms: Terms
    begun: set[Given]
    seen: dict[str, list[str]] = field(default_factory=dict)
    blind: dict[str, list[str]] = field(default_factory=dict)
    load: Counter[str] = field(default_factory=Counter)

    def give(self, article: str, annotator: str, *, blind: bool) -> None:
        if annotator not in self.readers_of(article):
            (self.blind if blind else self.seen).setdefault(article, []).append(annotator)
            self.load[annotator] += 1

    def readers_of(self, article: str) -> list[str]:
        return self.seen.get(article, []) + self.blind.get(article, [])

    def fill(self, article: str, readers: int, *, blind: bool) -> None:
        """Give the article to whoever has the least to do, until it has its readers."""
        while len(self.seen.get(article, ())) < readers and (name := self.idlest(article)):
            self.give(article, name, blind=False)
        if blind and not self.blind.get(article) and (name := self.idlest(article)):
            self.give(article, name, blind=True)

    def idlest(self, article: str) -> str | None:
        free = [one for one in self.terms.annotators if one not in self.readers_of(article)]
        return min(free, key=lambda one: (self.load[one], _draw(self.terms.seed, "reader", article, one)), default=None)

    def even_out(self) -> None:
        """Move what nobody has begun from who has most to who has least, until all have alike."""
        people = self.terms.annotators
        movable = {giver: self.movable(giver) for giver in people}
        stuck: set[Given] = set()
        while True:
            pairs = [(a, b) for a in people for b in people if self.load[a] - self.load[b] > 1 and (a, b) not in stuck]
            if not pairs:
                return
            giver, taker = max(pairs, key=lambda pair: (self.load[pair[0]] - self.load[pair[1]], pair))
            if not self.hand_over(movable[giver], giver, taker):
                stuck.add((giver, taker))

    def movable(self, giver: str) -> list[tuple[dict[str, list[str]], str]]:
        found = [
            (readings, article)
            for readings in (self.blind, self.seen)
            for article, names in readings.items()
            if giver in names and (article, giver) not in self.begun
        ]
        return sorted(found, key=lambda one: _draw(self.terms.seed, "move", one[1]))

    def hand_over(self, movable: list[tuple[dict[str, list[str]], str]], giver: str, taker: str) -> bool:
        """One article; False where there is none that can be handed over."""
        for place in range(len(movable) - 1, -1, -1):
            readings, article = movable[place]
            if taker not in self.readers_of(article):
                del movable[place]
                readings[article][readings[article].index(giver)] = taker
                self.load[giver] -= 1
                self.load[taker] += 1
                return True
        return False

    def plan(self) -> list[AssignmentRecord]:
        rows = [(article, name, False) for article, names in self.seen.items() for name in names]
        rows += [(article, name, True) for article, names in self.blind.items() for name in names]
        return [AssignmentRecord(doc_id=article, annotator=name, blind=blind) for article, name, blind in sorted(rows)]
