"""One field of one group: what each reader holds, what wins, and on what ground."""

from collections.abc import Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

V = TypeVar("V", bound=Hashable)


class Outcome(NamedTuple, Generic[V]):
    """`value` won; `clear` says whether by a majority (or all), or only because something must stand there."""

    value: V
    clear: bool


def elect(ballots: Sequence[V], strength: Sequence[int], majority: float, likely: V | None = None) -> Outcome[V]:
    """The reading that more than `majority` of the ballots hold; else the most held one, not clear.

    `ballots` has one reading for each voter. A tie goes to the readers of greater `strength` (one for each voter: blind
    before changed by hand before left as pre-marked), then to the `likely` one, then to a reading that says something
    (a link or a name is forgotten more easily than invented), then to the one that sorts first as text, so that nothing
    hangs on order.
    """
    if ballots.count(ballots[0]) == len(ballots):
        return Outcome(ballots[0], True)
    held: dict[V, list[int]] = {}
    for value, strong in zip(ballots, strength, strict=True):
        held.setdefault(value, []).append(strong)

    def weight(value: V) -> tuple[int, int]:
        return len(held[value]), sum(held[value])

    best = min(held, key=lambda value: (*(-w for w in weight(value)), value != likely, not value, str(value)))
    return Outcome(best, len(held[best]) > majority * len(ballots))


def elect_links(
    ballots: Sequence[tuple[int, ...]], strength: Sequence[int], majority: float
) -> Outcome[tuple[int, ...]]:
    """The set of links (numbers of clusters) that wins: the whole set that a majority holds; else each link that a
    majority holds, if there is one and none is tied; else as `elect`, not clear.
    """
    whole = elect(ballots, strength, majority)
    if whole.clear:
        return whole
    count: dict[int, int] = {}
    for links in ballots:
        for link in links:
            count[link] = count.get(link, 0) + 1
    most = majority * len(ballots)
    kept = tuple(sorted(link for link, held in count.items() if held > most))
    settled = all(held > most or len(ballots) - held > most for held in count.values())
    return Outcome(kept, True) if kept and settled else Outcome(kept or whole.value, False)
