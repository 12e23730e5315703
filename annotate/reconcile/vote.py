"""One field of one group: what each reader holds, what wins, and on what ground."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[V]):
    """`value` won; `clear` says whether by a majority (or all), or only because something must stand there."""

    value: V
    clear: bool


def elect(ballots: Mapping[int, V], strength: Sequence[int], majority: float, likely: V | None = None) -> Outcome[V]:
    """The reading that more than `majority` of the ballots hold; else the most held one, not clear.

    `ballots` is reader's number -> reading. A tie goes to the readers of greater `strength` (by reader's number: blind
    before changed by hand before left as pre-marked), then to the `likely` one, then to a reading that says something
    (a link or a name is forgotten more easily than invented), then to the one that sorts first as text, so that nothing
    hangs on order.
    """
    values = list(ballots.values())
    if values.count(values[0]) == len(values):
        return Outcome(values[0], True)
    held: dict[V, list[int]] = {}
    for reader, value in ballots.items():
        held.setdefault(value, []).append(reader)

    def weight(value: V) -> tuple[int, int]:
        return len(held[value]), sum(strength[reader] for reader in held[value])

    best = min(held, key=lambda value: (*(-w for w in weight(value)), value != likely, not value, str(value)))
    return Outcome(best, len(held[best]) > majority * len(ballots))


def elect_links(
    ballots: Mapping[int, tuple[int, ...]], strength: Sequence[int], majority: float
) -> Outcome[tuple[int, ...]]:
    """The set of links (numbers of clusters) that wins: the whole set that a majority holds; else each link that a
    majority holds, if there is one and none is tied; else as `elect`, not clear.
    """
    whole = elect(ballots, strength, majority)
    if whole.clear:
        return whole
    count: dict[int, int] = {}
    for links in ballots.values():
        for link in links:
            count[link] = count.get(link, 0) + 1
    most = majority * len(ballots)
    kept = tuple(sorted(link for link, held in count.items() if held > most))
    settled = all(held > most or len(ballots) - held > most for held in count.values())
    return Outcome(kept, True) if kept and settled else Outcome(kept or whole.value, False)
