"""Speakers' names as ballots: which spellings are one name, and which of them stands."""

from collections.abc import Sequence
from functools import lru_cache

from annotate.reconcile.vote import Outcome, elect

_APOSTROPHES = str.maketrans("’‘`ʼ", "''''")
_DETERMINERS = frozenset({"seorang", "sebuah", "para", "itu", "tersebut", "si", "sang"})


@lru_cache(maxsize=10_000)
def name_key(name: str) -> tuple[str, ...]:
    """A name's words without case, punctuation, kind of apostrophe and determiners; equal keys are one name."""
    plain = name.translate(_APOSTROPHES).casefold().replace(".", " ").replace(",", " ")
    words = tuple(word for word in plain.split() if word not in _DETERMINERS)
    return words or tuple(plain.split())


def fuller(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether `long` is the same name in a fuller form: all words of `short`, in order, and more (`Putin`)."""
    if not short or len(short) >= len(long) or (len(short) == 1 and len(short[0]) < 3):
        return False
    rest = iter(long)
    return all(word in rest for word in short)


def elect_name(ballots: Sequence[str], strength: Sequence[int], majority: float) -> Outcome[str]:
    """The speaker that wins, as printed by most who hold it.

    Spellings that differ in case, apostrophes or determiners are one name. Where no name has a majority, a name counts
    for its fuller form (the scheme asks for the fullest): of `Putin` and `Vladimir Putin`, the latter wins with both.
    """
    if ballots.count(ballots[0]) == len(ballots):
        return Outcome(ballots[0], True)
    keys = [name_key(name) for name in ballots]
    won = elect(keys, strength, majority)
    if not won.clear:
        distinct = sorted(set(keys), key=lambda key: (-len(key), key))
        longest = {key: next((long for long in distinct if fuller(key, long)), key) for key in distinct}
        counted = elect([longest[key] for key in keys], strength, majority)
        won = counted if counted.clear else won
    spelt = [(name, strong) for name, key, strong in zip(ballots, keys, strength, strict=True) if key == won.value]
    return Outcome(elect([name for name, _ in spelt], [strong for _, strong in spelt], majority).value, won.clear)
