"""Reports in a relative clause (harga yang dikabarkan naik), and who holds them: yang disebut polisi sudah kabur."""

from typing import Final

from annotate.lexicon import CueEntry, Flag, word_set
from annotate.marking.clauses import has_predicate
from annotate.marking.extents import phrase_after, skip_forward
from annotate.marking.found import COPULAS, Sentence, add_report
from annotate.marking.phrase_marks import PLACES
from annotate.marking.report_ends import report_end
from annotate.marking.tokens import Tokens

OPENS_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.ADJECTIVE | Flag.NEGATION | Flag.ADVERB
MAX_ASIDE: Final = 30  # tokens between the commas of an apposition
MAX_AGENT: Final = 6  # tokens of a name
MAX_NAME: Final = 2  # words of a name that is surely no title of a thing
MAX_HELD: Final = 8  # tokens between a passive and its agent
MAX_LISTED: Final = 10  # tokens
_REASONS: Final = word_set("reasons")
_SUCCEEDS: Final = word_set("succeeds")
_ABLE: Final = word_set("able")
_PLACE_HEADS: Final = word_set("place_heads")
_JOINS: Final = frozenset(("dan", "atau", "serta"))
_LISTED: Final = Flag.NOUN | Flag.CUE | Flag.ROLE
_OF_FIGURES: Final = word_set("of_figures")
_SEVERAL: Final = word_set("several")
_UNNAMED_HEADS: Final = word_set("unnamed_heads")
_CLAIMS: Final = frozenset(("statement", "claim", "accusation"))
_BEFORE_AGENT: Final = word_set("before_agent")
_HELD: Final = frozenset(("dinilai", "dianggap", "dipandang"))
_CAUSES: Final = word_set("causes")
_SUSPECTED: Final = word_set("suspected")
_NESTS: Final = (
    Flag.SUBORDINATOR
    | Flag.COMP
    | Flag.YANG
    | Flag.PREPOSITION
    | Flag.COORDINATOR
    | Flag.AUX
    | Flag.NEGATION
    | Flag.VERB
)
_JOINED: Final = Flag.COORDINATOR | Flag.COMMA | Flag.PREPOSITION | Flag.NEGATION
_ACTS: Final = Flag.VERB | Flag.AUX | Flag.NEGATION


def relative_end(s: Sentence, k: int, *, apart: bool = False) -> int:
    """End of the predicate of a relative clause; `apart`: the noun before it was complete, no `itu` of it follows."""
    t, flags = s.t, s.t.flags
    end = report_end(t, k, s.b, s.quotes)
    placed = listing = False
    past = k
    for i in range(k, end):
        f = flags[i]
        if i < past or not f:
            continue
        if i > k and any(q.b == i for q in s.quotes) and flags[skip_forward(t, i, end)] & Flag.VERB:
            return i  # yang menyebut usul itu "lucu" | juga menolaknya
        copula = i > k + 1 and t.low[i] in COPULAS
        if copula and not flags[i - 1] & Flag.DETERMINER and not has_predicate(t, k, i):
            copula = False  # yang yakin sebabnya adalah hujan
        if f & Flag.COMMA and i + 1 < end and t.low[i + 1] in _REASONS:
            continue
        after = skip_forward(t, i + 1, end) if f & Flag.DETERMINER else i
        main = after > i and after < end and flags[after] & (Flag.VERB | Flag.AUX) and not t.capital(after)
        if main and not apart and not flags[after] & Flag.NOUN and has_predicate(t, k, i):
            return i  # yang dituduh mencuri | itu ditangkap
        if i > k + 1 and t.low[i] in _SUCCEEDS and flags[i + 1] & Flag.VERB and t.low[i + 1][:2] == "di":
            return i  # yang diduga mencuri ayam di Solo | berhasil ditangkap
        if _acted_upon(t, k, i):
            while flags[i - 1] & Flag.ADVERB or t.low[i - 1] in _BEFORE_AGENT:
                i -= 1
            return i  # yang diduga mencuri ayam | langsung ditangkap
        if placed and f & (Flag.VERB | Flag.AUX | Flag.ADVERB) and t.capital(i - 1) and not t.capital(i):
            return i
        place = f & Flag.COMMA and t.capital(i + 1) and _is_place(t.low[i + 1])
        if f & Flag.COMMA:
            listing = _list_goes_on(t, i, end, listing)
        if place or (listing and f & Flag.COMMA):
            placed, listing = placed or bool(place), True  # di Sungai Sema, Kabupaten Karang, | ditangkap
            continue
        if (copula or f & Flag.COMMA) and not any(q.a <= i < q.b for q in s.quotes):
            past = _past_aside(t, k, i, end) if f & Flag.COMMA else 0
            if past <= i:
                return i
    return end


def _past_aside(t: Tokens, k: int, i: int, end: int) -> int:
    """The comma that closes the one at `i`, where the predicate comes after: yang menuduh Budi, lurahnya, curang."""
    if has_predicate(t, k, i):
        return 0
    closing = next((m for m in range(i + 1, min(end, i + MAX_ASIDE)) if t.flags[m] & Flag.COMMA), 0)
    acts = closing and t.flags[closing + 1] & _ACTS and not t.capital(closing + 1)
    return closing + 1 if acts else 0


def _acted_upon(t: Tokens, k: int, i: int) -> bool:
    """Whether the verb at `i` is the passive of the whole, after an active predicate from `k` on and its object."""
    if not t.flags[i] & Flag.VERB or i < k + 2 or t.flags[i] & Flag.NOUN or t.flags[i - 1] & _JOINED:
        return False
    rumoured = (
        t.flags[i] & Flag.CUE and t.flags[i + 1] & OPENS_PREDICATE
    )  # yang diduga mengandung lem | dikabarkan laku
    if not (t.low[i] in _CAUSES or (t.low[i][:2] == "di" and (rumoured or not t.flags[i] & Flag.CUE))):
        return False
    return t.low[k][:2] == "me" and t.low[k] not in _CAUSES and not any(f & _NESTS for f in t.flags[k + 1 : i])


def _is_place(word: str) -> bool:
    return word in _PLACE_HEADS or word in PLACES


def _list_goes_on(t: Tokens, comma: int, b: int, listing: bool) -> bool:
    """Whether a few nouns up to `dan` or `atau` follow the comma: menjual emas, | tanah atau rumah."""
    for i in range(comma + 1, min(b, comma + MAX_LISTED)):
        if t.flags[i] & Flag.COORDINATOR:
            return (
                (listing or i > comma + 1)
                and t.low[i] in _JOINS
                and (not t.flags[i + 1] & ~_LISTED or t.low[i + 1] == "lainnya")
            )
        if t.flags[i] & ~_LISTED and not t.flags[i] & Flag.COMMA:
            return False
    return False


def agent_end(s: Sentence, c: int, entry: CueEntry, start: int, end: int) -> int:
    """Where an agent ends that follows the passive (disebut | Budi | sudah rusak), or the token after the passive."""
    if s.t.low[c + 1] == "oleh":
        stop = phrase_after(s.t, c + 2, end)
        return next((i for i in range(c + 3, stop) if s.t.low[i] == "sebagai"), stop)  # oleh warga | sebagai ancaman
    if _may_name_agent(s, c, entry, start):
        return phrase_after(s.t, c + 1, end)
    opinion = entry.frames["hearsay"] == "opinion" and start < c and not s.headline
    return named_before_as(s.t, c + 1, end) if opinion else c + 1


def _may_name_agent(s: Sentence, c: int, entry: CueEntry, start: int) -> bool:
    """Whether what follows a passive with a subject can be who holds it: Jalan itu disebut Budi sudah rusak."""
    t = s.t
    if start >= c or s.headline:
        return False
    if t.low[c + 1] in _SEVERAL:
        return True  # Utang itu diprediksi para ahli akan bertambah
    told = entry.frames["hearsay"] in ("statement", "claim")
    if t.flags[c + 1] & Flag.ROLE:  # disebut warga sudah lama kosong
        return told or (t.low[c] in _HELD and not t.flags[start] & Flag.PREPOSITION)
    return told and bool(t.capital(c + 1) or t.flags[c + 1] & Flag.PRONOUN)


def hearsay_relative(s: Sentence, c: int, entry: CueEntry) -> bool:
    """harga yang dikabarkan naik / apa yang disebut Budi sebagai tipuan / yang dituduh polisi mencuri"""
    t = s.t
    if t.low[c - 1] in _ABLE or t.low[c + 1] == "adalah":
        return False  # usaha yang bisa dikatakan sempurna; hal yang diingatkan adalah hujan
    k = c + 1
    end = relative_end(s, k)
    kind = entry.frames["hearsay"]
    by = closing_agent(t, k, min(end, k + MAX_HELD))
    held = t.flags[k] & OPENS_PREDICATE or (kind in _CLAIMS and not t.flags[k] & Flag.PREPOSITION)
    if by and held and kind != "hearsay":
        return add_report(s, k, by[0] - 1, [by], [(c, c + 1)], "hearsay-relative-agent")
    agent = next((i for i in range(k + 1, min(end, k + MAX_HELD)) if t.low[i] == "sebagai"), k)
    someone = _is_someone(t, k)
    if agent > k and someone and phrase_after(t, k, agent) == agent:  # apa yang disebut Budi sebagai tipuan
        return add_report(s, agent, end, [(k, agent)], [(c, c + 1)], "hearsay-relative-agent")
    agent = phrase_after(t, k, end) if kind in _CLAIMS and someone else k
    if (
        k < agent < end
        and not _only_named(t, k, agent)
        and (t.flags[agent] & OPENS_PREDICATE or t.low[agent] in ("sebagai", "secara"))
    ):
        return add_report(s, agent, end, [(k, agent)], [(c, c + 1)], "hearsay-relative-agent")
    if end - k >= 2 and (t.flags[k] & OPENS_PREDICATE or t.low[k] == "sebagai"):
        return add_report(s, k, end, [], [(c, c + 1)], "hearsay-relative")
    if t.low[c] in _SUSPECTED and not t.flags[k] & _NESTS:  # orang yang diduga pemberontak
        end = min(end, phrase_after(t, k, end))
        end -= bool(end > k and t.flags[end - 1] & Flag.DETERMINER)
        return end > k and add_report(s, k, end, [], [(c, c + 1)], "hearsay-relative")
    return False


def _is_someone(t: Tokens, k: int) -> bool:
    """Whether the word can begin who claims something: a name, a pronoun, a person, para, sejumlah."""
    person = t.flags[k] & (Flag.PRONOUN | Flag.ROLE) or t.low[k] in _SEVERAL or t.low[k] in _UNNAMED_HEADS
    return t.capital(k) or bool(person)


def _only_named(t: Tokens, k: int, agent: int) -> bool:
    """Whether the words up to `agent` are a name for the thing, or what follows them is the main clause's predicate."""
    name = (
        t.capital(k) and (t.flags[agent - 1] & Flag.DETERMINER or agent - k > MAX_NAME) and not t.flags[k] & Flag.ROLE
    )
    return bool(name) or t.low[agent] in _OF_FIGURES or t.low[agent] in COPULAS  # yang disebut Pasar Lama itu ditutup


def named_before_as(t: Tokens, after: int, end: int) -> int:
    """End of the name of who holds the opinion (dianggap | Budi | sebagai ancaman), or `after`."""
    end = next((i for i in range(after + 1, min(after + MAX_AGENT, end)) if t.low[i] == "sebagai"), after)
    return end if all(t.capital(i) for i in range(after, end)) else after


def begins_predicate(t: Tokens, k: int) -> bool:
    """Whether the last word of a noun phrase begins the predicate after it."""
    f = t.flags[k]
    return bool(f & Flag.ADJECTIVE and t.flags[k + 1] & Flag.VERB) or bool(f & Flag.VERB and t.capital(k - 1))


def closing_agent(t: Tokens, k: int, end: int) -> tuple[int, int] | None:
    """Who holds what is said from `k` on, where `oleh` after it tells: dinilai terlalu tinggi oleh | warga."""
    by = next((i for i in range(k + 1, end) if t.low[i] == "oleh"), 0)
    if not by or (t.low[by - 1].startswith(("di", "ter")) and t.flags[by - 1] & Flag.VERB):
        return None  # dituduh dipukuli oleh warga
    stop = phrase_after(t, by + 1, t.size)
    return (by + 1, stop) if stop > by + 1 else None


def agent_before(t: Tokens, lo: int, j: int) -> int:
    """Where the agent begins that ends at `j` in a relative clause (yang oleh | dokter disarankan pulang), or 0."""
    by = next((k for k in range(j - 1, max(lo, j - MAX_HELD), -1) if t.low[k] == "oleh"), -1)
    if by <= lo or not t.flags[by - 1] & Flag.YANG:
        return 0
    return by + 1 if phrase_after(t, by + 1, j + 1) == j + 1 else 0
