"""Whether a stretch reads as a clause, and where its own words begin."""

from typing import Final

from annotate.lexicon import Flag, word_set
from annotate.marking.phrase_marks import PLACES
from annotate.marking.tokens import Tokens

_GERUND_HEADS: Final = word_set("gerund_heads")
_PREDICATIVE: Final = Flag.VERB | Flag.AUX | Flag.NEGATION | Flag.ADJECTIVE
_LOOSE: Final = Flag.COMMA | Flag.DASH | Flag.CLOSE | Flag.TERMINAL | Flag.COLON
_GOVERNED: Final = Flag.VERB | Flag.PREPOSITION | Flag.AUX
_PARTS: Final = Flag.COMMA | Flag.DASH
_LEADS_IN: Final = word_set("leads_in")
_SINCE: Final = word_set("since")
_CONCESSIVE: Final = word_set("concessive")
_OFTEN: Final = word_set("often")
_EQUATES: Final = frozenset(("milik", "yakni", "yaitu"))
_MERELY: Final = word_set("merely_predicates")
_VERY: Final = word_set("very")
_NOW: Final = word_set("now")
_MEASURES: Final = word_set("measures")
_ATTAINS: Final = word_set("attains")
_HELPING: Final = word_set("helping")
_NO_LABEL: Final = word_set("no_label")
_ACCORDING: Final = word_set("according")
_SO_THAT: Final = word_set("in_order_that")
_JOINED: Final = Flag.COMMA | Flag.COORDINATOR | Flag.SUBORDINATOR | Flag.COMP | Flag.AUX | Flag.PREPOSITION
_BEFORE_ADJECTIVE: Final = Flag.DETERMINER | Flag.ADVERB | Flag.AUX | Flag.NEGATION | Flag.PRONOUN


def has_predicate(t: Tokens, a: int, b: int) -> bool:
    """Whether something in the range can be a clause's predicate: a verb, an auxiliary, a negation, an adjective."""
    flags = t.flags
    for i in range(a, min(b, a + 60)):  # noqa: SIM110 - `any` takes the interpreter twice as long
        if flags[i] & _PREDICATIVE and not (i > a and t.capital(i)):
            return True
    return False


def is_clause(t: Tokens, a: int, b: int, *, directive: bool = False, naming: bool | str = True) -> bool:
    """Whether the range reads as a clause and not as a mere object.

    A verb in a relative clause, after `untuk`, `termasuk` or a subordinator is no predicate of the whole; a
    nominalised one at the start is (dibebaskannya para tahanan). With `directive`, `untuk` leads in what is asked; with
    `naming`, `sebagai` makes a predicate of what follows it.
    """
    flags, low = t.flags, t.low
    passive = -1  # the passive verb of the last relative clause
    relative = 0  # 1: inside a relative clause, its verb not yet seen; 2: its verb group seen
    k = a
    if (low[a].endswith("nya") and flags[a] & (Flag.VERB | Flag.ADJECTIVE)) or low[a] in ("adanya", "perlunya"):
        return _nominalised(t, a, b)
    if low[a] == "banyak" and not flags[a + 1] & Flag.YANG and "yang" in low[a + 2 : min(b, a + 8)]:
        return True  # menyebut banyak pedagang yang pindah
    # what stands after a single comma is no predicate of what stands before it; an apposition has two
    aside = _opens_aside(t, a, b)
    limit = min(b, a + 60)
    while k < limit:
        f = flags[k]
        if f & Flag.QUOTE and not aside:
            return True
        if f & Flag.NUMBER and low[a] in _MEASURES and k > a + 1 and relative != 1 and not flags[k - 1] & Flag.TIME:
            return True  # jumlah anggota kelompok itu | 11 orang
        if f & Flag.YANG:
            relative = 1
        elif (f & _PARTS and relative and not t.glued(k + 1)) or (f & Flag.DETERMINER and relative == 2):
            relative = 0
            aside = False
        elif f & Flag.COMMA:
            aside = not aside and not (t.capital(k + 1) and low[k + 1] in PLACES)
        elif (low[k] in _SO_THAT if directive else aside) or (f & Flag.CUE and relative == 1 and low[k] in _ACCORDING):
            pass
        elif low[k] in _EQUATES and k > a and _equates(t, a, k, relative):
            return True
        elif low[k] in ("yakni", "yaitu"):
            aside = False
        elif low[k] == "sebagai" or (low[k] == "seperti" and naming):
            if naming and not relative and a < k < limit - 1 and _labels(t, k, naming):
                return True
        elif _leads_away(t, k, directive):
            if k > a and relative != 1:
                return low[k] in ("termasuk", "seperti") and _goes_on(t, k + 1, limit)
        elif f & _PREDICATIVE and low[k - 1] not in _GERUND_HEADS and _may_predicate(t, a, k, relative, directive):
            if relative == 1:
                passive = k if low[k].startswith("di") else -1
                k = _past_group(t, a, k, limit)
                if k < 0:
                    return True
                relative = 2
            elif relative == 2:
                if _ends_relative(t, a, k) or _acts(t, passive, k):
                    return True
            elif directive or _is_main(t, a, k, limit):
                return True
        elif k > a and f & (Flag.ADVERB | Flag.CONNECTIVE) and _predicates_after(t, k, limit, relative):
            return True
        k += 1
    return False


def _equates(t: Tokens, a: int, k: int, relative: int) -> bool:
    """Whether the word at `k` joins subject and predicate: mobil itu milik desa; salah satu cara yang ada yakni ..."""
    pointed = bool(t.flags[k - 1] & Flag.DETERMINER)
    if t.low[k] == "milik":
        return pointed and relative == 0
    return pointed or (t.low[a] == "salah" and not t.flags[k - 1] & Flag.COMMA and k > a + 1)


def _past_group(t: Tokens, a: int, k: int, limit: int) -> int:
    """The last word of a relative clause's verb group that begins at `k`, or -1 where the whole's predicate follows."""
    while k + 1 < limit and t.flags[k + 1] & _PREDICATIVE and not _closed(t.flags[k], t.flags[k + 1]):
        if _attains(t, a, k):
            return -1
        k += 1
    return k


def _labels(t: Tokens, k: int, naming: bool | str) -> bool:
    """Whether `sebagai` at `k` leads in a label (sebagai langkah besar), and no circumstance (sebagai tanggapan)."""
    return naming == "opinion" or t.low[k + 1] not in _NO_LABEL or bool(t.flags[k + 2] & Flag.ADJECTIVE)


def _opens_aside(t: Tokens, a: int, b: int) -> bool:
    """Whether the range begins with a circumstance that a comma ends."""
    if not t.flags[a] & (Flag.PREPOSITION | Flag.SUBORDINATOR | Flag.TIME) or t.low[a].endswith("nya"):
        return False
    if t.low[a] == "sebanyak":
        return False  # sebanyak dua orang tewas, termasuk ...
    return any(t.flags[i] & Flag.COMMA for i in range(a, min(b, a + 30)))


def _attains(t: Tokens, a: int, k: int) -> bool:
    """Whether the whole's predicate follows a relative clause's verb at once: dana yang mengendap | mencapai ..."""
    return t.low[k + 1] in _ATTAINS and bool(t.flags[k] & Flag.VERB) and "dengan" not in t.low[a:k]


def _ends_relative(t: Tokens, a: int, k: int) -> bool:
    """Whether what stands at `k`, after a relative clause with its verb, predicates the whole that begins at `a`."""
    if t.flags[k] & (Flag.AUX | Flag.NEGATION | Flag.ADVERB) or t.low[k - 1] in _HELPING:
        return True
    if t.flags[k - 1] & Flag.NUMBER and t.flags[k] & Flag.VERB:  # yang berakhir Maret 2007 | naik
        return True
    if _taken(t, k):
        return True  # data yang dibacakan di rapat | diperolehnya dari warga
    return t.low[k] in _ATTAINS and "dengan" not in t.low[a:k]


def _taken(t: Tokens, k: int) -> bool:
    """Whether the word at `k` is a passive with its agent: diperolehnya."""
    return t.low[k][:2] == "di" and t.low[k].endswith("nya")


def _leads_away(t: Tokens, k: int, directive: bool) -> bool:
    """Whether the word at `k` leads in what holds no predicate of the whole: untuk menanam, saat ditemui, termasuk."""
    word, after = t.low[k], t.flags[k + 1]
    if word == "begitu" and after & Flag.ADJECTIVE:
        return False  # ledakan itu begitu hebat
    if word == "untuk":
        return not directive and bool(after & (Flag.VERB | Flag.AUX | Flag.NEGATION))
    if word in _SINCE and after & Flag.VERB:
        return True  # pidato sejak dilantik
    if not t.flags[k] & Flag.SUBORDINATOR:
        return word in ("termasuk", "seperti", "serta")
    if word == "sementara" and after & Flag.DETERMINER and not t.flags[k - 1] & Flag.COMMA:
        return False  # penarikan sementara itu dilakukan
    return not (after & Flag.TIME or t.low[k + 1] in _NOW or (word == "asal" and t.capital(k + 1)))


def _closed(f: int, after: int) -> bool:
    """Whether the predicate of a relative clause ends between two words: yang terdaftar | tidak datang."""
    whole = f & (Flag.VERB | Flag.ADJECTIVE) and not f & (Flag.AUX | Flag.ADVERB)
    return bool(whole and after & (Flag.AUX | Flag.NEGATION) and not after & Flag.VERB & ~f)


def _acts(t: Tokens, passive: int, k: int) -> bool:
    """Whether the active verb at `k` is that of the whole, after a passive in a relative clause (yang digali ...)."""
    return 0 <= passive < k - 1 and t.low[k].startswith(("me", "ber")) and t.flags[k - 1] & _PREDICATIVE == 0


def _is_main(t: Tokens, a: int, k: int, limit: int) -> bool:
    """Whether the predicative word at `k`, outside relative clauses, is the predicate, not an adjective of a noun."""
    first = k == a and t.low[k - 1] == "menyatakan" and t.flags[k + 1] & _GOVERNED  # menyatakan siap membantu
    return not t.flags[k] & Flag.ADJECTIVE or bool(first) or k + 1 >= limit or _predicates(t, k, limit)


def _predicates_after(t: Tokens, k: int, limit: int, relative: int) -> bool:
    """Whether the adverb at `k` opens the predicate: hanya dua, biasanya berada, sangat pincang (whatever it is)."""
    if k + 1 >= limit or relative == 1:
        return False
    after = t.flags[k + 1]
    if t.low[k] in _MERELY:
        return bool(after & (Flag.NUMBER | Flag.PREPOSITION)) or t.low[k + 1] in ("rp", "untuk")
    if t.low[k] in _OFTEN:
        return bool(after & _PREDICATIVE)
    return not relative and t.low[k] in _VERY and not t.capital(k + 1) and not after & ~Flag.ADJECTIVE


def _goes_on(t: Tokens, k: int, limit: int) -> bool:
    """Whether an auxiliary or a negation follows the example at `k`: penyerap seperti lautan akan melemah."""
    for i in range(k, limit):
        if t.flags[i] & (Flag.COMMA | Flag.YANG | Flag.SUBORDINATOR | Flag.PREPOSITION):
            return False
        if t.flags[i] & (Flag.AUX | Flag.NEGATION):
            return True
    return False


def _nominalised(t: Tokens, a: int, b: int) -> bool:
    """Whether what opens with a nominalised predicate is a proposition: dibebaskannya warga, pentingnya warga siap."""
    if t.flags[a] & Flag.ADJECTIVE and not t.flags[a] & Flag.VERB:  # but not: sepinya pembeli
        yang = next((i for i in range(a + 1, min(b, a + 30)) if t.flags[i] & Flag.YANG), min(b, a + 30))
        verbs = [i for i in range(a + 1, min(b, a + 30)) if t.flags[i] & Flag.VERB]
        after = [i for i in verbs if i > yang + 3 and t.low[i][:2] == "me" and not t.flags[i - 1] & _JOINED]
        return any(i < yang for i in verbs) or len(after) > 0  # nor: seriusnya persoalan yang menjadi beban
    return b - a >= 2


def _may_predicate(t: Tokens, a: int, k: int, relative: int, directive: bool) -> bool:
    """Whether the predicative word at `k` is not a name, a noun, or a word with a clitic that stands for a noun."""
    if (t.capital(k) and k > a) or t.flags[k] & (Flag.NOUN | Flag.ROLE):
        return False
    if k > a and t.low[k - 1] == "dalam" and t.low[k][:2] == "me":
        return False  # komitmen kami dalam memberantas korupsi
    if k > a and (t.low[k - 1] == "secara" or (t.flags[k] & Flag.AUX and t.flags[k - 1] & Flag.PREPOSITION)):
        return False  # secara objektif, di tengah
    if relative == 1 or not t.low[k].endswith("nya"):
        return True
    if _taken(t, k) and k > a and (relative == 2 or t.flags[k - 1] & Flag.DETERMINER):
        return True  # kabar itu diterimanya dari warga
    return directive and t.low[k].startswith("me")


def _predicates(t: Tokens, k: int, limit: int) -> bool:
    """Whether an adjective is a predicate: it stands after a determiner, a name or an adverb, or ends the range."""
    before = t.flags[k - 1]
    enough = t.low[k] in _MERELY and bool(t.flags[k + 1] & Flag.PREPOSITION)  # stok cukup | untuk sebulan
    return k + 1 >= limit or bool(before & _BEFORE_ADJECTIVE) or t.capital(k - 1) or enough


def clause_start(t: Tokens, a: int, end: int) -> int:
    """First token of a clause's own words in a sentence: past the connectives and topics that belong to the telling."""
    flags, low = t.flags, t.low
    k = a
    while k < end and flags[k] & _LOOSE:
        k += 1
    if k < end and (low[k] in _LEADS_IN or (low[k] in _CONCESSIVE and low[k + 1] in ("demikian", "begitu"))):
        comma = next((i for i in range(k, min(k + 4, end)) if flags[i] & Flag.COMMA), -1)
        if comma > 0 and comma + 1 < end:
            return comma + 1
    return k
