"""Other spellings of the names of one document, and names that were cut off: Lukashenka, Dedy for Deddy, Yuri."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final

from annotate.marking.name_forms import MAX_CANDIDATES, alike, name_key
from annotate.marking.phrases import Phrase

Key = tuple[str, ...]
_SAME_SOUND: Final = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("y", "i"), ("v", "f"), ("z", "s"), ("h", ""))
_FEW: Final = 12  # names that are looked for among the runs one by one
_VOWELS: Final = frozenset("aeiou")
_ANY_VOWEL: Final = str.maketrans("aeiou", "*****")


class Spellings:
    """`by_token` and `speaking` are the names of the document, which may grow; `runs` are words that may be names."""

    def __init__(
        self,
        by_token: Mapping[str, Mapping[Key, str]],
        speaking: Collection[Key],
        runs: Iterable[Iterable[str]],
        read: Callable[[str], Phrase],
    ) -> None:
        self._by_token = by_token
        self._speaking = speaking
        self._runs = runs
        self._read = read
        self._folded: list[tuple[str, str]] | None = None  # all runs in small letters, and as printed
        self._asked = 0
        self._finals: dict[str, list[str]] | None = None
        self._openings: dict[str, list[str]] | None = None  # by the first letters of each word but the first
        self._stems: dict[str, list[Key]] | None = None
        self._heard: dict[str, list[tuple[str, Key]]] | None = None  # by skeleton

    def _are_few(self) -> bool:
        """Whether runs may be gone through for one more name; from some on they are put in order once."""
        self._asked += 1
        return self._asked <= _FEW

    def _holding(self, letters: str) -> list[str]:
        """Runs that hold these small letters."""
        if self._folded is None:
            self._folded = [(run.casefold(), run) for runs in self._runs for run in runs]
        return [run for folded, run in self._folded if letters in folded]

    def speakers_like(self, start: str) -> list[str]:
        """Speakers with a word that begins so: `Yuri` and `Achmad Yurianto`."""
        if self._stems is None:
            self._stems = {}
            for known in sorted(self._speaking):
                for word in known:
                    if len(word) > 4:
                        self._stems.setdefault(word[:4], []).append(known)
        found = (
            k
            for k in self._stems.get(start[:4], ())[:MAX_CANDIDATES]
            if any(w != start and w.startswith(start) for w in k)
        )
        return list(self._printed(found))

    def told_of_like(self, start: str) -> str:
        """The one person of the narration with a word that begins so: `Mirza`, `Gubernur Rahmat Mirzani Wijaya`."""
        found = set()
        for run in self._going_on(start[:5])[:MAX_CANDIDATES]:
            phrase = self._read(run)
            words = name_key(phrase.label) if phrase.kind == "person" and phrase.named else ()
            if len(words) > 1 and any(w.startswith(start) and len(start) < len(w) <= len(start) + 3 for w in words):
                found.add(phrase.label)
        return found.pop() if len(found) == 1 else ""

    def _going_on(self, letters: str) -> list[str]:
        """Runs with a word but the first that begins with these five letters, once for each such word."""
        if self._are_few():
            holding = self._holding(letters)
            return [run for run in holding for word in run.split()[1:] if word[:5].casefold() == letters]
        if self._openings is None:
            self._openings = {}
            for run in (run for runs in self._runs for run in runs):
                for word in run.split()[1:]:
                    self._openings.setdefault(word[:5].casefold(), []).append(run)
        return self._openings.get(letters, [])

    def variant(self, key: Key) -> str | None:
        """Another spelling of the same name that is fuller: `Lukashenka`, `Alexander Lukashenko`."""
        if len(key) > 1:
            return self._long_variant(key)
        if len(key[0]) < 4:
            return None
        heard = self._heard_as(key[0])
        fullest = max(heard, key=len, default=())
        if heard and all(set(k) <= set(fullest) for k in heard):
            return next(iter(self._printed([fullest])), None)
        return self._surname(key[0]) if len(key[0]) > 5 else None

    def _heard_as(self, name: str) -> list[Key]:
        """Speakers with a word that sounds alike."""
        if self._heard is None:
            self._heard = {}
            for known in sorted(self._speaking):
                for word in known:
                    self._heard.setdefault(_skeleton(word), []).append((word, known))
        near = self._heard.get(_skeleton(name), ())[:MAX_CANDIDATES]
        return [known for word, known in sorted(near, key=lambda one: len(one[0])) if _sound_alike(name, word)]

    def _printed(self, keys: Iterable[Key]) -> dict[str, None]:
        return dict.fromkeys(self._by_token[k[0]][k] for k in keys if k in self._by_token.get(k[0], {}))

    def _long_variant(self, key: Key) -> str | None:
        for word, rest in ((key[0], -1), (key[-1], 0)):
            for other, printed in self._by_token.get(word, {}).items():
                same = other[-1 - rest] == word and len(other) >= len(key) and len(other) > 1
                if same and other[rest] != key[rest] and len(key[rest]) > 5 and alike(other[rest], key[rest]):
                    return printed
        return None

    def _surname(self, last: str) -> str | None:
        for run in self._ending(last[:4])[:MAX_CANDIDATES]:
            phrase = self._read(run)
            final = name_key(phrase.label)[-1] if phrase.kind == "person" and phrase.named else last
            if final != last and alike(final, last):
                return phrase.label
        return None

    def _ending(self, letters: str) -> list[str]:
        """Runs whose last word begins with these four letters."""
        if self._are_few():
            return [run for run in self._holding(letters) if _opening_of_last(run) == letters]
        if self._finals is None:
            self._finals = {}
            for run in (run for runs in self._runs for run in runs):
                self._finals.setdefault(_opening_of_last(run), []).append(run)
        return self._finals.get(letters, [])


def _opening_of_last(run: str) -> str:
    """The first letters of its last word, small."""
    last = run.rfind(" ") + 1
    return run[last : last + 4].casefold()


def _sound_alike(a: str, b: str) -> bool:
    """Whether two words are spellings of one name: `dedy`, `deddy`; `suryadi`, `soerjadi`; `memet`, `mamet`."""
    if a == b or a[0] != b[0] or abs(len(a) - len(b)) > 2 or min(len(a), len(b)) < 4:
        return False
    x, y = _sound(a), _sound(b)
    if x == y:
        return True
    vowels = [i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q]
    inside = len(x) == len(y) > 4 and len(vowels) == 1 and 0 < vowels[0] < len(x) - 1
    return inside and {x[vowels[0]], y[vowels[0]]} <= _VOWELS


@lru_cache(maxsize=1 << 13)
def _skeleton(word: str) -> str:
    """What words that sound alike have in common: the first letter, and the sound without the vowels inside."""
    sound = _sound(word)
    return word[:1] + sound[:1] + sound[1:-1].translate(_ANY_VOWEL) + sound[-1:]


def _sound(word: str) -> str:
    for letters, one in _SAME_SOUND:
        word = word.replace(letters, one)
    return word[:1] + "".join(q for p, q in pairwise(word) if p != q)
