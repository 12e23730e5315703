"""What a mark or `yang` inside a source's noun phrase means: a list, a bracket, a name after a comma, an initial."""

from typing import Final

from annotate.lexicon import Flag, load_table, word_set
from annotate.marking.tokens import Tokens

_HARD: Final = (
    Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.OPEN | Flag.CLOSE | Flag.COLON | Flag.DASH | Flag.YANG
)
_STOP: Final = (
    Flag.AUX | Flag.ADVERB | Flag.NEGATION | Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.COMP | Flag.VERB
)
_NO_NAME: Final = Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.COMP | Flag.CONNECTIVE | Flag.PRONOUN
_ABBREVIATIONS: Final = word_set("abbreviations")
_ALSO_NAMES: Final = word_set("also_names")
_SMALL_TITLES: Final = word_set("small_titles")
_DEGREES: Final = word_set("degrees")
_FIELDS: Final = word_set("fields")
_PLACE_HEADS: Final = word_set("place_heads")
_NAME_PARTICLES: Final = word_set("name_particles")
PLACES: Final = frozenset(
    word for row in load_table("places") for word in row["words"].lower().replace(",", " ").split()
)


def in_name(t: Tokens, k: int, hi: int) -> bool:
    """Whether a capitalised function word is part of a name: Menteri Dalam Negeri, DI Yogyakarta."""
    return k + 1 < hi and t.capital(k + 1) and t.capital(k - 1) and not t.flags[k + 1] & Flag.TIME


def _listed_end(t: Tokens, k: int, hi: int) -> int:
    """The coordinator of a list that begins with the comma at `k` (Politik, Hukum, dan Keamanan), or 0."""
    flags = t.flags
    since = 0
    for m in range(k + 1, min(hi, k + 22)):
        f = flags[m]
        if f & Flag.COORDINATOR and t.low[m] in ("dan", "serta", "&"):
            follows = flags[m + 1] if m + 1 < hi else Flag.COMMA
            if follows & (_HARD | Flag.PRONOUN) or (follows & Flag.CUE and not t.capital(m + 1)):
                return 0
            return m if m > k + 1 or (t.low[m] == "dan" and t.capital(m + 1)) else 0
        if f & Flag.COMMA:
            since = 0
            continue
        since += 1
        if since > 4 or f & (_HARD | (_STOP & ~Flag.VERB) | Flag.CUE | Flag.PRONOUN | Flag.DETERMINER):
            return 0
        if f & Flag.VERB and not t.capital(m) and not f & Flag.NOUN:
            return 0
    return 0


_ROMAN: Final = frozenset(("I", "II", "III", "IV", "V", "VI", "VII"))


def past_mark(t: Tokens, k: int, hi: int, i: int, named: bool, described: bool, strict: bool) -> int:
    """Where the phrase goes on after a punctuation mark or `yang` at `k`; `k` itself where it ends; `-e`: ends at e."""
    flags = t.flags
    f = flags[k]
    if f & Flag.TERMINAL:
        return _past_full_stop(t, k, hi)
    if f & Flag.OPEN:
        return _past_bracket(t, k, hi, i, described, strict)
    if f & Flag.COMMA:
        return _past_comma(t, k, hi, i, described, strict)
    doubled = f & Flag.YANG and k + 2 < hi and t.low[k + 1] in ("juga", "merupakan", "sekaligus")
    if doubled and described and flags[k + 2] & Flag.ROLE:
        return k + 2
    if f & Flag.YANG:
        if t.low[k + 1] == "bernama" and t.capital(k + 2):  # Lurah Karang yang bernama | Danu
            return k + 2
        if named or not described:
            return k
        return _relative_end(t, k, hi)
    if f & Flag.DASH and t.glued(k) and k + 1 < hi and t.glued(k + 1) and t.capital(k + 1):
        return k + 1
    if f & Flag.QUOTE and k + 2 < hi and described:
        # a nickname: Susilo "Bowo" Raharjo
        close = next((m for m in range(k + 1, min(k + 4, hi)) if flags[m] & Flag.QUOTE), -1)
        if close > 0 and close + 1 < hi and t.capital(close + 1) and t.capital(k + 1) and t.capital(k - 1):
            return close + 1
    return k


def _past_bracket(t: Tokens, k: int, hi: int, i: int, described: bool, strict: bool) -> int:
    """Past an acronym in brackets, or a bracket before a name: Komisi Yudisial (KY) Wati; `k` where the phrase ends."""
    flags = t.flags
    close = next((m for m in range(k + 1, min(k + 14, t.size)) if flags[m] & Flag.CLOSE), -1)
    if close < 0:
        return k
    acronym = close - k == 2 and t.words[k + 1].isupper() and len(t.words[k + 1]) > 1 and t.words[k + 1].isalpha()
    after = close + 1
    if after < hi and t.capital(after) and not flags[after] & _NO_NAME and described:
        return after
    if after < hi and flags[after] & Flag.COMMA and described:
        name = name_segment(t, after + 1, hi, strict)
        if name > after + 1:
            return name
    if acronym and (described or k - i >= 3):
        return close + 1
    numbered = t.low[after].isdigit() or (after < hi and t.words[after] in _ROMAN)
    if after + 1 < hi and numbered and t.capital(after + 1) and t.capital(k - 1) and close - k == 2:
        return after + 1  # Satuan Khusus (Satsus) 77 | Polri
    if after < hi and flags[after] & Flag.DETERMINER and not t.capital(after):
        return after
    return k


def _past_comma(t: Tokens, k: int, hi: int, i: int, described: bool, strict: bool) -> int:
    """Past a comma before a degree, a list's next part, a name or a place; `k` where the phrase ends."""
    flags = t.flags
    if (t.low[k + 1 : k + 2] and t.low[k + 1] in _DEGREES) or _degree(t, k + 1):
        m = k + 2
        while m < hi and ((flags[m] & Flag.TERMINAL and t.glued(m)) or t.low[m] in _DEGREES) and m + 1 < hi:
            if flags[m] & Flag.TERMINAL and not (t.glued(m + 1) or flags[m + 1] & Flag.COMMA):
                break
            m += 1
        return m
    if not described:
        return k
    if k + 3 < hi and t.low[k + 1] == "dan" and flags[k + 2] & Flag.ROLE and _another_named(t, k + 2, hi):
        return k + 2
    listed = _listed_end(t, k, hi)
    field = listed and (not flags[listed + 1] & Flag.ROLE or t.low[listed + 1] in _FIELDS)
    alike = field and t.capital(listed + 1) == t.capital(k - 1)
    if alike and not named_last(t, i, k):
        return listed + 1
    name = name_segment(t, k + 1, hi, strict)
    if name > k + 1:
        return name
    name = _past_places(t, k, hi, strict)
    if name > k:
        return name
    if listed and not t.capital(k - 1) and not named_last(t, i, k):
        return listed + 1
    return k


def _past_places(t: Tokens, k: int, hi: int, strict: bool) -> int:
    """End of the name that follows up to three places from the comma at `k` on, or `k`: (Kepala Desa A,) Solo, Budi."""
    flags, comma = t.flags, k
    for _ in range(3):
        if comma + 1 >= hi or not t.capital(comma + 1):
            break
        if t.low[comma + 1] not in _PLACE_HEADS and t.low[comma + 1] not in PLACES:
            break
        mark = next((m for m in range(comma + 2, min(comma + 7, hi)) if flags[m] & _HARD), hi)
        if mark + 3 < hi and flags[mark] & Flag.OPEN and flags[mark + 2] & Flag.CLOSE:
            mark += 3  # Nusa Tenggara Barat (NTB), ...
        if mark >= hi or not flags[mark] & Flag.COMMA:
            break
        comma = mark
        name = name_segment(t, comma + 1, hi, strict)
        if name > comma + 1:
            return name
    return k


def _another_named(t: Tokens, k: int, hi: int) -> bool:
    """Whether the words from `k` on are another person's office and name: (Dosen A, Ratih,) dan dosen B, Danu, ..."""
    for m in range(k, min(hi, k + 24)):
        f = t.flags[m]
        if f & Flag.COMMA:
            name = name_segment(t, m + 1, hi, True)
            if name > m + 2 and not t.flags[name - 1] & Flag.ROLE:
                return True
        elif f & (_HARD | Flag.CUE) or (f & _STOP and not t.capital(m)):
            return False
    return False


def named_last(t: Tokens, i: int, k: int) -> bool:
    """Whether the phrase `i` to `k` is a bare name, with no role in it: a list of people follows."""
    return all(t.capital(m) and not t.flags[m] & Flag.ROLE for m in range(i, k))


def _degree(t: Tokens, k: int) -> bool:
    """Whether an academic degree stands at `k`: S.H., M.Si, Ph.D"""
    if k + 2 >= t.size or len(t.words[k]) > 2 or not t.capital(k):
        return False
    return t.low[k + 1] == "." and t.glued(k + 1) and t.glued(k + 2) and t.capital(k + 2) and len(t.words[k + 2]) <= 4


def _past_full_stop(t: Tokens, k: int, hi: int) -> int:
    """A full stop inside a name: an initial, a title, a web address."""
    before = t.words[k - 1]
    if t.low[k] != "." or k + 1 >= hi:
        return k
    if t.glued(k + 1):
        return k + 1 if not t.flags[k + 1] & _HARD else k
    short = (len(before) == 1 and before.isupper()) or before.lower() in _ABBREVIATIONS
    titled = t.low[k + 1] in _SMALL_TITLES and t.low[k + 2] == "."  # Dr. | dr. Ratih
    return k + 1 if short and (t.capital(k + 1) or titled) else k


def _relative_end(t: Tokens, k: int, hi: int) -> int:
    """End of the relative clause by which an unnamed source is known."""
    flags = t.flags
    m = k + 1
    while m < hi and not flags[m] & (Flag.COMMA | Flag.TERMINAL | Flag.NEWLINE | Flag.QUOTE | Flag.CLOSE | Flag.COLON):
        if (flags[m] & Flag.PREPOSITION and t.low[m] == "kepada") or (flags[m] & Flag.CUE and t.low[m + 1] == "bahwa"):
            break
        if flags[m] & Flag.OPEN:  # informasi yang diterima Komisi Yudisial (KY) setempat
            close = next((i for i in range(m + 1, min(m + 14, hi)) if flags[i] & Flag.CLOSE), -1)
            if close < 0:
                break
            m = close + 1
            continue
        if flags[m] & (Flag.SUBORDINATOR) and m > k + 2:
            break
        m += 1
    return m if m > k + 1 else k


def name_segment(t: Tokens, k: int, hi: int, strict: bool) -> int:
    """End of a personal name that stands between commas from `k` on; `k` where there is none."""
    flags = t.flags
    m = k
    if m + 1 < hi and not t.capital(m) and flags[m] & Flag.ROLE and t.capital(m + 1):
        m += 1
    while m < hi and m - k < 8:
        f = flags[m]
        if t.capital(m):
            if (
                f & (Flag.TIME | Flag.SUBORDINATOR | Flag.PREPOSITION | Flag.CONNECTIVE | Flag.PRONOUN)
                and not f & Flag.ROLE
                and not (t.low[m] in _ALSO_NAMES and t.capital(m + 1) and not flags[m + 1] & Flag.TIME)
            ):
                break
            if f & Flag.VERB and f & Flag.CUE:
                break
            m += 1
        elif (t.low[m] in _NAME_PARTICLES or f & Flag.ROLE) and m > k and m + 1 < hi and t.capital(m + 1):
            if t.low[m] == "di" and t.low[m + 1] in PLACES:
                break  # Deddy Wirasena di Bogor
            m += 1
        elif t.low[m] == "atau" and m > k and m + 1 < hi and t.capital(m + 1) and not flags[m + 1] & Flag.ROLE:
            m += 1  # Bagas Nugraha atau Bagong
        elif (
            f & Flag.OPEN
            and m > k
            and m + 3 < hi
            and flags[m + 2] & Flag.CLOSE
            and t.capital(m + 1)
            and t.capital(m + 3)
        ):
            m += 3
        elif (
            f & Flag.TERMINAL
            and m > k
            and m + 1 < hi
            and (t.glued(m + 1) or len(t.words[m - 1]) == 1 or (t.low[m - 1] in _ABBREVIATIONS and t.capital(m + 1)))
        ):
            m += 1
        else:
            break
    while m > k and flags[m - 1] & Flag.TERMINAL:
        m -= 1
    if m == k or (m - k == 1 and flags[k] & Flag.ROLE) or not t.capital(m - 1):
        return k
    if all(t.low[x] in PLACES or t.low[x] in _PLACE_HEADS for x in range(k, m)):
        return k
    return m if m >= t.size or m >= hi or _ends_segment(t, m, strict) else k


def _ends_segment(t: Tokens, m: int, strict: bool) -> bool:
    """Whether a name between commas can end before the token at `m`; `strict`: only a mark ends it."""
    f = t.flags[m]
    if f & (Flag.COMMA | Flag.TERMINAL | Flag.OPEN | Flag.NEWLINE | Flag.CLOSE):
        return True
    if strict:
        return False
    if f & (Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME | Flag.YANG | Flag.QUOTE | Flag.COLON | Flag.DASH):
        return True
    return bool(f & (Flag.CUE | Flag.AUX | Flag.ADVERB | Flag.VERB | Flag.NEGATION)) and not t.capital(m)
